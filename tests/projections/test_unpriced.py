"""How far later money without terms dilutes at most, and what is held against an ownership cap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from support.given import event, funds, party
from support.memory import Told

from dealledger.events import Event
from dealledger.ledger import View
from dealledger.projections import stakes
from dealledger.projections.ownership.unpriced import Unpriced
from dealledger.projections.reconcile import reconcile

Record = Callable[..., View]
HALF = event("holding", "h", on="2024-01-01", holder="beta", issuer="acme", stake="0.5")
WORTH = event("valuation", "v", on="2024-01-02", issuer="acme", amount="90", currency="USD")
CAP = event("right", "cap", on="2024-01-01", grantor="acme", grantee="beta", right="ownership-cap",
            stake="0.45")  # fmt: skip


@pytest.fixture
def record(told: Told) -> Record:
    """Return a function that records events and looks at the end of 2024."""
    told.append(map(party, ("acme", "beta", "core")))

    def look(*events: Event) -> View:
        told.append(events)
        return told.at(date(2024, 12, 31))

    return look


def late(view: View) -> Unpriced | None:
    [table] = stakes(view, "acme")
    return table.unpriced


MONEY = funds("f", "10", on="2024-02-01")
POST = event("valuation", "w", on="2024-02-01", issuer="acme", amount="40", currency="USD",
             basis="post-money", deal="a")  # fmt: skip


@pytest.mark.parametrize(
    ("events", "most"),
    [
        # 10 at the 90 that were known before; at the 40 of its own deal; at the round's own terms.
        ([WORTH, MONEY], "1/10"),
        ([WORTH, funds("f", "10", on="2024-02-01", deal="a"), POST], "1/4"),
        ([WORTH, funds("f", "10", on="2024-02-01"), POST], "1/10"),
        ([WORTH, funds("f", "10", on="2024-02-01", deal="a"),
          funds("g", None, on="2024-02-01", deal="a", post_money="50", currency="USD")], None),
        ([WORTH, funds("f", "10", on="2024-02-01", deal="a"),
          funds("g", "5", on="2024-02-01", deal="a", post_money="50")], "2/9"),
        ([WORTH, funds("f", "6", on="2024-02-01", deal="a"), funds("g", "4", on="2024-02-01", deal="a")],
         "1/10"),
        ([WORTH, MONEY, funds("g", "20", on="2024-03-01")], "29/110"),
        ([WORTH, funds("f", "10", on="2024-02-01", instrument="convertible", bound="up-to")], "1/10"),
        # Nothing to go by: no value before, an amount that is not known, or a value that is less.
        ([MONEY], None),
        ([WORTH, funds("f", None, on="2024-02-01")], None),
        ([WORTH, funds("f", "10", on="2024-02-01", bound="at-least")], None),
        ([WORTH, funds("f", "10", on="2024-02-01", currency="EUR")], None),
        ([funds("f", "50", on="2024-02-01", deal="a"), POST], None),
        ([WORTH, event("rate", on="2024-01-01", base="EUR", quote="USD", rate="3"),
          funds("f", "10", on="2024-02-01", currency="EUR")], "1/4"),
    ],
)  # fmt: skip
def test_at_most(record: Record, events: list[Event], most: str | None) -> None:
    """At the value of the round, or the one before it; not said where an amount is not known."""
    view = record(HALF, *events)
    found = late(view)

    assert found is not None
    assert (None if most is None else Fraction(most)) == found.most
    [row] = [row for row in stakes(view, "acme")[0].rows if row.holder == "beta"]
    assert "up-to" == row.bound
    assert row.stake
    if most is not None:
        assert (1 - Fraction(most)) * row.stake == found.least["beta"]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [funds("f", "10", on="2023-12-01")],
        [funds("f", "10", on="2024-02-01", instrument="debt")],
        [funds("f", "10", on="2024-02-01", post_money="100")],
        [MONEY, HALF.model_copy(update={"id": "h2", "effective_on": date(2024, 3, 1)})],
        [MONEY, event("issuance", on="2024-04-01", issuer="acme", holder="beta", shares=1)],
    ],
)
def test_what_dilutes_nothing_that_is_shown(record: Record, events: list[Event]) -> None:
    """Money before what is stated, loans, money with terms; an issuer that is counted in shares."""
    view = record(HALF, WORTH, *events)

    assert None is late(view)
    assert {"exact"} == {row.bound for row in stakes(view, "acme")[0].rows}


def test_who_paid_such_money_may_have_more_or_less(record: Record) -> None:
    """Beta's half is less by core's money and more by its own."""
    view = record(HALF, WORTH, MONEY, funds("own", "10", on="2024-03-01", investor="beta"))
    [row, _] = stakes(view, "acme")[0].rows

    assert ("beta", "about") == (row.holder, row.bound)


ABOVE = "50.00 % of acme, capped at 45.00 % since 2024-01-01"


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([], ABOVE),
        ([WORTH, MONEY], f"{ABOVE}; 45.00 % or more with 1 later funding without terms"),
        ([MONEY], f"{ABOVE}; 1 later funding without terms may have made it less"),
        ([funds("f", "10", on="2024-02-01", post_money="100")], None),
        ([event("termination", on="2024-02-01", ends=["cap"])], None),
        ([event("issuance", on="2024-04-01", issuer="acme", holder="core", shares=1)], None),
    ],
)  # fmt: skip
def test_a_stake_above_its_cap(record: Record, events: list[Event], message: str | None) -> None:
    """As long as the cap is in force; at the cap is not above it."""
    view = record(HALF, CAP, *events)
    found = [each for each in reconcile(view) if each.check == "above its cap"]

    assert [message] * (message is not None) == [each.message for each in found]
    for each in found:
        assert ("beta in acme", Fraction(9, 20), Fraction(1, 2), "cap") == (
            each.subject, each.stated, each.computed, each.events[0],
        )  # fmt: skip


def test_money_that_leaves_no_room_for_what_was_bought(record: Record) -> None:
    """Who bought of what nobody was known to hold may have nothing of it, with the money folded."""
    view = record(
        event("rate", on="2020-01-01", base="BHD", quote="USD", rate="2.65"),
        event("rate", on="2020-01-01", base="JPY", quote="USD", rate="0.0067"),
        event("party", "p-dora", on="2019-01-01", party="dora", name="Dora"),
        event("party", "p-group", on="2019-01-01", party="group", name="Group"),
        event("holding", "h", on="2024-01-01", holder="beta", issuer="acme", stake="0.123456789"),
        event("holding", "g", on="2024-02-29", holder="group", issuer="acme", stake="0.3",
              includes=["beta"]),
        funds("f0", "278", on="2024-02-29", deal="a", currency="JPY", investor="dora"),
        funds("f1", "400.497", on="2024-02-29", deal="a", currency="BHD", pre_money="1237"),
        funds("f2", "116", on="2024-02-29", deal="a"),
        event("transfer", "t", on="2024-08-03", seller="dora", buyer="core", issuer="acme",
              stake="0.25"),
    )  # fmt: skip
    [table] = stakes(view, "acme")

    held = {row.holder: row.stake for row in table.rows}
    assert held["core"]
    assert table.unpriced is not None
    assert {"f0", "f1", "f2"} == set(table.unpriced.fundings)
