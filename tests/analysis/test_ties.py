"""Q10: what ties a funding, what fulfils it, and what depends on a technology."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.given import Look, event, funds, pays, promises

from dealledger.events import BadInput, Event
from dealledger.projections.analysis.ties import Bond, Paid, TiedIssuer, Ties, fulfil, ties

DAY = date(2025, 1, 1)


def spends(name: str, amount: str | None, payee: str = "core", **fields: Any) -> Event:
    """Return a payment of acme, which core funds."""
    return pays(name, amount, payee=payee, **{"on": "2025-01-01", **fields})


def minors(found: Ties, *names: str) -> list[tuple[int | None, ...]]:
    return [
        tuple(None if (money := getattr(tie, name)) is None else money.minor for name in names)
        for tie in found.fundings
    ]


def acme(found: Ties) -> TiedIssuer:
    [issuer] = [each for each in found.issuers if each.issuer == "acme"]
    return issuer


@pytest.mark.parametrize(
    ("terms", "grade", "tied", "most"),
    [
        ({}, None, 0, 0),
        ({"tied": "untied"}, "untied", 0, 0),
        ({"tied": "full"}, "full", 10000, 10000),
        ({"tied": "partial", "tied_amount": "30"}, "partial", 3000, 3000),
        ({"tied_amount": "30"}, "partial", 3000, 3000),
        ({"tied": "partial"}, "partial", 0, 10000),
        ({"instrument": "credits"}, "full", 10000, 10000),
        ({"tied": "full", "amount": None}, "full", None, None),
        ({"tied": "partial", "amount": None}, "partial", None, None),
    ],
)
def test_what_is_tied(
    look: Look, terms: dict[str, Any], grade: str | None, tied: int | None, most: int | None
) -> None:
    """In full, in part, or not; a part without an amount is anything up to the whole."""
    found = ties(look(funds("f", **{"amount": "100", **terms})))
    [tie] = found.fundings

    assert grade == tie.grade
    assert [(tied, most)] == minors(found, "tied", "most_tied")
    assert ("core" if grade in ("partial", "full") else None) == tie.to


@pytest.mark.parametrize(
    ("to", "payments", "met"),
    [
        (None, [spends("p", "30")], 3000),
        ("Core", [spends("p", "30"), spends("q", "90")], 10000),
        ("beta", [spends("p", "30"), spends("q", "20", "beta")], 2000),
        ("Trainium", [spends("p", "30", purpose="trainium"), spends("q", "9")], 3000),
        (None, [spends("before", "30", on="2023-12-31")], 0),
        (None, [spends("memo", "30", memo=True), spends("unknown", None)], 0),
        (None, [spends("same-day", "30", on="2024-01-01")], 3000),
    ],
)  # fmt: skip
def test_what_fulfils_a_tie(look: Look, to: str | None, payments: list[Event], met: int) -> None:
    """Later payments to the party, or for the technology, that it is tied to; to the funder."""
    given_to = {} if to is None else {"tied_to": to}
    found = ties(look(funds("f", "100", tied="full", **given_to), *payments))

    assert [(met,)] == minors(found, "fulfilled")


def test_a_payment_serves_a_tie_once(look: Look) -> None:
    """50 for two ties of 40: 40 for the older, 10 for the other."""
    view = look(
        funds("f", "40", tied="full"),
        funds("g", "40", tied="full", on="2024-02-01"),
        spends("p", "50"),
    )

    assert [(4000,), (1000,)] == minors(ties(view), "fulfilled")


def test_what_is_surely_tied_comes_first(look: Look) -> None:
    """A tie of unknown size is older, and is served by what the known one leaves."""
    view = look(
        funds("maybe", "40", tied="partial"),
        funds("sure", "40", tied="full", on="2024-02-01"),
        spends("p", "50"),
    )

    assert [(0, 1000), (4000, 4000)] == minors(ties(view), "fulfilled", "most_fulfilled")


def test_all_funding_of_an_issuer(look: Look) -> None:
    """30 to 70 of 110 is tied; an undisclosed funding is in no share, credits are."""
    found = acme(
        ties(
            look(
                funds("a", "30", instrument="credits"),
                funds("b", "40", tied="partial"),
                funds("c", "40"),
                funds("d", None, tied="full"),
            )
        )
    )

    assert (11000, 3000, 7000) == tuple(
        money.minor for money in (found.funding, found.tied, found.most_tied)
    )
    assert (Fraction(3, 11), Fraction(7, 11)) == (found.share, found.most_share)
    assert (1, 1) == (found.unsaid, found.undisclosed)


def test_spending_on_a_technology_that_is_required(look: Look) -> None:
    """Only what was paid while the right was in force: 30 of 100."""
    right = {"grantor": "acme", "grantee": "core", "right": "required-technology"}
    found = acme(
        ties(
            look(
                event("right", "g", on="2024-06-01", until="2025-06", **right),
                event("right", "talks", firmness="talks", **{**right, "grantee": "beta"}),
                spends("before", "20", on="2024-05-31"),
                spends("p", "10", on="2024-06-01"),
                spends("q", "20", on="2025-06-30"),
                spends("after", "30", on="2025-07-01"),
                spends("other", "20", "beta"),
            )
        )
    )

    assert Fraction(3, 10) == found.dependency
    assert (None, 0) == (found.share, found.funding.minor)


def test_terms_are_those_of_the_date_as_known_then(look: Look) -> None:
    """Before its correction was known the funding was untied, and before its date there is none."""
    before = look(funds("f", "100", tied="untied"))
    retraction = event("retraction", retracts="f", reason="x", replaced_by="g")
    after = look(retraction, funds("g", "100", tied="full"))

    assert [("f", "untied")] == [(tie.event, tie.grade) for tie in ties(before).fundings]
    assert [("g", "full")] == [(tie.event, tie.grade) for tie in ties(after).fundings]
    assert () == ties(after.at(date(2023, 12, 31))).fundings


def test_currencies_do_not_mix(look: Look) -> None:
    """Two currencies are refused, or converted at the date of each."""
    view = look(
        funds("f", "10", tied="full"),
        event("payment", "eur", payer="acme", payee="core", amount="4", currency="EUR"),
        event("rate", on="2020-01-01", base="EUR", quote="USD", rate="1.5"),
    )
    with pytest.raises(BadInput, match="do not add up"):
        ties(view)

    assert [(1000, 600)] == minors(ties(view, currency="USD"), "tied", "fulfilled")


steps = st.lists(
    st.tuples(
        st.booleans(), st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=10,
)  # fmt: skip


def walk(
    told: list[tuple[bool, str, str, int, int]], names: dict[str, str], later: int, parts: int
) -> list[tuple[int, int, int, int]]:
    """Return (sure, maybe, met, met beyond that) of each tie, after all payments in *parts*."""
    found: list[Bond | Paid] = []
    for number, (is_tie, who, other, sure, maybe) in enumerate(told):
        day = DAY + timedelta(days=number + later)
        key = ("party", names[other])
        if is_tie:
            found.append(Bond(f"e{number}", day, names[other], names[who], 20, "partial",
                              credits=False, sure=sure, maybe=maybe, to=names[other], key=key))  # fmt: skip
        else:
            whole = sure + maybe
            paid = [whole // parts] * (parts - 1) + [whole - whole // parts * (parts - 1)]
            found += [Paid(day, names[who], names[other], each, (key,)) for each in paid]
    fulfil(found)
    return [
        (step.sure or 0, step.maybe, step.met, step.maybe_met)
        for step in found
        if isinstance(step, Bond)
    ]


@given(steps)
def test_ties_of_any_story(told: list[tuple[bool, str, str, int, int]]) -> None:
    """No more than is tied, nor than was paid; names, days and parts do not matter."""
    same = {name: name for name in "abxy"}
    found = walk(told, same, 0, 1)
    paid = sum(sure + maybe for is_tie, _, _, sure, maybe in told if not is_tie)

    assert all(met <= sure and beyond <= maybe for sure, maybe, met, beyond in found)
    assert sum(met + beyond for _, _, met, beyond in found) <= paid
    assert found == walk(told, dict(zip("abxy", "bayx", strict=True)), 0, 1)
    assert found == walk(told, same, 400, 1)
    assert found == walk(told, same, 0, 2)


def test_what_investors_have_a_right_to_ask_for(look: Look) -> None:
    """A right of an investor stands beside fundings; that of a mere supplier does not."""

    def must_use(name: str, grantee: str) -> Event:
        return event("right", name, grantor="acme", grantee=grantee, right="required-technology")

    found = ties(look(funds("f", "5"), must_use("r", "core"), must_use("s", "people")))
    promised = promises("c", obligor="people", beneficiary="acme", purpose="equity")
    later = ties(look(promised))

    assert [("r", 500)] == [
        (each.right.id, each.funded and each.funded.minor) for each in found.required
    ]
    assert [("r", 500), ("s", None)] == [
        (each.right.id, each.funded and each.funded.minor) for each in later.required
    ]
