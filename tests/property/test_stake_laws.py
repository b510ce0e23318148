"""What holds for the stakes of every ledger, whatever is said of an issuer."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from support.given import event, funds, party
from support.memory import Told, told_by

from dealledger.events import Event
from dealledger.ledger import View
from dealledger.projections import stakes
from dealledger.projections.analysis.market.lookthrough import direct_stakes, look_through
from dealledger.projections.ownership.stakes import StakeTable
from dealledger.projections.trace import trace_stake

FIRST = date(2024, 1, 1)
LAST = FIRST + timedelta(days=40)
HOLDERS: Final = ("beta", "core", "dora", "x")
PARTS: Final = ("0.1", "0.3", "0.5", "0.9", "1")
few = settings(max_examples=settings().max_examples // 2)


@st.composite
def sayings(draw: st.DrawFn, *kinds: str, days: int = 6) -> list[Event]:
    """Draw events about the stakes in acme, of some kinds, on a few days."""
    count = draw(st.integers(1, 9))
    return [_said(draw, f"e{n}", draw(st.sampled_from(kinds)), days) for n in range(count)]


def _said(draw: st.DrawFn, name: str, kind: str, days: int) -> Event:
    one, other = draw(st.permutations(HOLDERS))[:2]
    on = (FIRST + timedelta(days=draw(st.integers(0, days)))).isoformat()
    part = draw(st.sampled_from(PARTS))
    amount = {
        "amount": str(draw(st.integers(1, 9))),
        "currency": draw(st.sampled_from(["USD", "EUR"])),
    }
    deal = draw(st.sampled_from([{}, {"deal": "a"}, {"deal": "b"}]))
    instrument = draw(st.sampled_from([{}, {}, {"instrument": "convertible"}]))
    terms: dict[str, Any] = draw(st.sampled_from(
        [{}, {"stake": part}, {"stake": part}, {"pre_money": "10"}, {"post_money": "20"}]
    ))  # fmt: skip
    moved: dict[str, Any] = draw(st.sampled_from([{"stake": part}, {"stake": part}, {"shares": 3}]))
    if kind == "funding":
        money = {name: value for name, value in amount.items() if name != "amount"}
        return funds(
            name, amount["amount"], on=on, investor=one, **money, **deal, **terms, **instrument
        )
    if kind == "transfer":
        return event(kind, name, on=on, seller=one, buyer=other, issuer="acme", **moved)
    if kind == "issuance":
        return event(kind, name, on=on, issuer="acme", holder=one, shares=draw(st.integers(1, 9)))
    if kind == "rate":
        return event(kind, name, on=on, base="EUR", quote="USD", rate="1.5")
    includes = draw(st.lists(st.sampled_from(HOLDERS), max_size=2, unique=True))
    return event("holding", name, on=on, holder=one, issuer="acme", stake=part, includes=includes)


def seen(*batches: list[Event]) -> AbstractContextManager[Told]:
    """Make a ledger that holds these batches."""
    known = map(party, ("acme", *HOLDERS))
    return told_by(str(batches), known, *batches)


FOLDED: Final = ("funding", "transfer", "holding", "rate")


def table(view: View) -> StakeTable | None:
    return next(iter(stakes(view, "acme")), None)


def held(view: View) -> dict[str, Fraction]:
    """Return the stakes that count."""
    found = table(view)
    return (
        {row.holder: row.stake for row in found.rows if row.stake and row.counted} if found else {}
    )


@given(sayings("funding", "transfer", "rate"))
def test_no_more_than_everything_from_fundings_and_transfers(events: list[Event]) -> None:
    """Whatever rounds, currencies and sales there are; with what is undisclosed it is all."""
    with seen(events) as ledger:
        found = table(ledger.at(LAST))
        if found:
            assert 1 == sum(held(ledger.at(LAST)).values()) + found.undisclosed
            assert not found.over


@given(sayings(*FOLDED))
def test_the_parts_add_up_to_the_whole(events: list[Event]) -> None:
    """Nobody has less than nothing; undisclosed or over is what the stakes leave or exceed."""
    with seen(events) as ledger:
        found = table(ledger.at(LAST))
        parts = held(ledger.at(LAST)).values()
        assert all(part > 0 for part in parts)
        if found:
            assert sum(parts) == 1 - found.undisclosed + found.over
            assert not (found.undisclosed and found.over)


@given(sayings(*FOLDED), st.sampled_from(PARTS))
def test_a_round_dilutes_everybody_alike(events: list[Event], part: str) -> None:
    """Group lines too: each keeps 1 - S, and the investor has S more."""
    later = funds("z", "5", on=LAST.isoformat(), investor="x", stake=part)
    with seen(events, [later]) as ledger:
        before, after = held(ledger.at(LAST - timedelta(days=1))), held(ledger.at(LAST))

    keep = 1 - Fraction(part)
    wanted = {holder: stake * keep for holder, stake in before.items()}
    wanted["x"] = wanted.get("x", Fraction()) + Fraction(part)
    assert {holder: stake for holder, stake in wanted.items() if stake} == after


@few
@given(sayings(*FOLDED, "issuance"))
def test_what_explains_a_stake_is_the_table_of_each_day(events: list[Event]) -> None:
    """`explain` and `history` end at the table's number, and pass through that of each day."""
    with seen(events) as ledger:
        for holder in HOLDERS:
            steps = trace_stake(ledger.at(LAST), "acme", holder)
            for day in range(8):
                view = ledger.at(FIRST + timedelta(days=day))
                so_far = [step for step in steps if step.day <= view.as_of]
                number = held(view).get(holder, Fraction())
                assert number == (so_far[-1].after if so_far else 0)
                assert number == sum((step.effect for step in so_far), Fraction())


@few
@given(sayings(*FOLDED, "issuance"), st.randoms(use_true_random=False))
def test_of_one_day_only_the_order_within_a_kind_matters(events: list[Event], chance: Any) -> None:
    """Rounds, transfers and holdings may be recorded in any order of the kinds."""
    kinds = chance.sample(["funding", "issuance", "transfer", "holding", "rate"], 5)
    other = sorted(events, key=lambda each: kinds.index(each.kind))
    with seen(events) as one, seen(other) as two:
        assert held(one.at(LAST)) == held(two.at(LAST))


@few
@given(sayings(*FOLDED, "issuance"), sayings(*FOLDED))
def test_look_through_is_between_nothing_and_all(mine: list[Event], theirs: list[Event]) -> None:
    """Also where issuers hold each other, or more than there is."""
    swap = {"acme": "beta", "beta": "acme"}
    other = [_swapped(each, swap) for each in theirs]
    with seen(mine, other) as ledger:
        for row in look_through(direct_stakes(ledger.at(LAST))).rows:
            assert 0 <= row.direct <= row.total <= 1
            assert 0 <= row.indirect


def _swapped(said: Event, names: dict[str, str]) -> Event:
    """Return an event under another id, about the other of two issuers."""
    fields = ("investor", "investee", "seller", "buyer", "issuer", "holder")
    update: dict[str, Any] = {
        name: names.get(getattr(said, name), getattr(said, name))
        for name in fields
        if hasattr(said, name)
    }
    if hasattr(said, "includes"):
        update["includes"] = tuple(names.get(each, each) for each in said.includes)
    return said.model_copy(update={**update, "id": f"t-{said.id}"})
