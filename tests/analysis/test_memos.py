"""What memos state is held against what is computed of the same."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from support.given import Look, event, funds, party, pays, promises

from dealledger.events import Event, Money
from dealledger.projections.memos import memos
from dealledger.projections.reconcile import check_memos


def usd(major: str) -> Money:
    return Money("USD", round(Fraction(major) * 100))


def stated(**fields: Any) -> Event:
    return pays("m", memo=True, **fields)


@pytest.mark.parametrize(
    ("memo", "others", "computed", "differs"),
    [
        # Twelve months up to the statement, both ends included.
        (stated(amount="9", on="2025-06-30"), [pays("a", "5", on="2024-07-01")], "5", True),
        (stated(amount="9", on="2025-06-30"), [pays("a", "5", on="2024-06-30")], "0", True),
        (stated(amount="5", on="2025-06-30"), [pays("a", "5", on="2025-06-30")], "5", False),
        # The same period, and of other periods what lies in it.
        (
            stated(amount="9", on="2025-12-31", period_start="2025-01-01", period_end="2025-12-31"),
            [pays("a", "10", on="2025-06-30", period_start="2024-07-06", period_end="2025-01-21"),
             pays("b", "1", on="2026-01-01")],
            "1.05", True,
        ),
        # Money the other way, of another sort, or a memo, is another thing.
        (
            stated(amount="9", on="2025-06-30"),
            [pays("a", "5", payer="beta", payee="acme", on="2025-01-01"),
             funds("f", "5", investor="acme", investee="beta", on="2025-01-01"),
             pays("n", "5", on="2025-01-01", memo=True)],
            "0", True,
        ),
        (promises("m", "9", memo=True), [promises("c", "4"), promises("d", "5", on="2025-01-01")],
         "9", False),
        (promises("m", "9", memo=True, bound="at-least"), [promises("c", "10")], "10", False),
        (promises("m", "9", memo=True, bound="up-to"), [promises("c", "10")], "10", True),
        (promises("m", "9", memo=True), [promises("c", "10", firmness="talks")], "0", True),
        (promises("m", "9", memo=True, purpose="chips"),
         [promises("c", "10"), promises("d", "8", purpose="chips")], "8", True),
        (promises("m", "9", memo=True, beneficiary="many", purpose="chips"),
         [promises("c", "10"), promises("d", "8", purpose="chips"),
          promises("e", "2", purpose="chips", beneficiary="core")], "10", True),
    ],
)  # fmt: skip
def test_amounts(
    look: Look, memo: Event, others: list[Event], computed: str, differs: bool
) -> None:
    """Of the same two, the same sort and the same time; of a group, of all together."""
    many = party("many", roles=["group"])
    found = memos(look(many, memo, *others, on="2026-06-30"))
    own = next(each for each in found if each.record.id == "m")

    assert (usd(computed), differs) == (own.computed, own.differs)


def test_holdings(look: Look) -> None:
    """A planned stake is held against the stake at the as-of date."""
    plan = event("holding", "m", holder="core", issuer="acme", stake="0.4", memo=True)
    view = look(plan, funds("f", "30", post_money="100"), on="2026-06-30")

    assert [(Fraction(2, 5), Fraction(3, 10))] == [
        (each.stated, each.computed) for each in memos(view)
    ]
    assert [("core in acme", ("m", "f"))] == [
        (each.subject, each.events) for each in check_memos(view)
    ]
    assert () == memos(view.at(date(2023, 1, 1)))
