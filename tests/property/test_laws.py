"""What holds for every ledger, whatever is in it: sums, and what may not change an answer.

Laws that need only a web are tested with random webs, in tests/analysis; here they go through the
store. Source: quantities, section 3.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.given import event as event_of
from support.given import funds, party, pays, promises, retracts
from support.memory import Told, told_by

from dealledger.events import Event
from dealledger.ledger import View
from dealledger.projections import flows, stakes
from dealledger.projections.analysis.circles.circulation import circularity
from dealledger.projections.analysis.circles.cycles import static_cycles, timed_cycles
from dealledger.projections.analysis.lockin import clocks
from dealledger.projections.analysis.market.concentration import concentrations
from dealledger.projections.analysis.market.lookthrough import direct_stakes, look_through
from dealledger.projections.analysis.market.rivals import rival_partners
from dealledger.projections.analysis.reciprocity import reciprocity
from dealledger.projections.analysis.risk.exposure import exposure
from dealledger.projections.analysis.ties import ties
from dealledger.projections.analysis.tracing.organic import organic
from dealledger.projections.analysis.tracing.roundtrip import round_trip
from dealledger.projections.analysis.web import LAYERS, web
from dealledger.projections.rivalries import rivalries

NAMES = ("acme", "beta", "core", "dora", "x")
FIRST = date(2024, 1, 1)
LAST = FIRST + timedelta(days=365)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
few = settings(max_examples=settings().max_examples // 4)


@st.composite
def told(draw: st.DrawFn, *, apart: bool = False, currencies: str = "USD") -> list[Event]:
    """Draw events between a few parties, in the order of the record; apart: each on its own day."""
    count = draw(st.integers(1, 8))
    offsets = draw(st.lists(st.integers(0, 300), min_size=count, max_size=count, unique=apart))
    return [draw(_one(f"e{n}", offset, currencies)) for n, offset in enumerate(offsets)]


@st.composite
def _one(draw: st.DrawFn, name: str, offset: int, currencies: str) -> Event:
    one, other, third = draw(st.permutations(NAMES))[:3]
    on = (FIRST + timedelta(days=offset)).isoformat()
    amount = str(draw(st.integers(1, 50)))
    money = {"currency": draw(st.sampled_from(currencies.split())), "on": on}
    terms: dict[str, Any] = draw(st.sampled_from(
        [{}, {"stake": "0.1"}, {"stake": "0.9"}, {"pre_money": "30"}, {"tied": "full"}]))  # fmt: skip
    return draw(st.sampled_from([
        pays(name, amount, payer=one, payee=other, **money),
        pays(name, amount, payer=other, payee=one, **money),
        funds(name, amount, investor=one, investee=other, **money, **terms),
        promises(name, amount, obligor=one, beneficiary=other, **money),
        event_of("transfer", name, on=on, seller=one, buyer=other, issuer=third, stake="0.3"),
        event_of("rivalry", name, on=on, a=one, b=other, market="models"),
        event_of("right", name, on=on, grantor=one, grantee=other, right="exclusivity",
                 until="2025-06"),
    ]))  # fmt: skip


def seen(*batches: list[Event]) -> AbstractContextManager[Told]:
    """Make a ledger that holds these batches; x is the outside world."""
    known = (party(name, roles=["outside"] if name == "x" else []) for name in NAMES)
    return told_by(str(batches), known, *batches)


def answers(view: View) -> dict[str, object]:
    """Return what the analysis says of a view, without places in the record."""
    paid, everything = web(view), web(view, LAYERS)
    timed = timed_cycles(paid)
    return {
        "circularity": [circularity(paid), circularity(everything)],
        "reciprocity": reciprocity(everything),
        "static cycles": static_cycles(everything),
        "timed cycles": sorted((each.events, each.bottleneck.minor) for each in timed.cycles),
        "round trips": [round_trip(paid, name) for name in NAMES],
        "organic": [organic(paid, name) for name in NAMES],
        "exposure": [exposure(view, everything, name) for name in NAMES],
        "concentration": concentrations(everything),
        "rivals": rival_partners(view, rivalries(view)),
        "ties": ties(view),
        "clocks": clocks(view),
        "stakes": (stakes(view), look_through(direct_stakes(view))),
    }


@few
@given(told(currencies="USD EUR JPY"))
def test_nets_sum_to_zero_in_every_currency(events: list[Event]) -> None:
    """What some get, others pay."""
    with seen(events) as ledger:
        nets: dict[str, int] = defaultdict(int)
        for row in flows(ledger.at(LAST)).by_party():
            nets[row.currency] += row.net.minor

    assert not any(nets.values())


@few
@given(told())
def test_no_more_than_all_is_held(events: list[Event]) -> None:
    """From fundings and transfers alone, stakes and the rest that is undisclosed are 1."""
    with seen(events) as ledger:
        for table in stakes(ledger.at(LAST)):
            held = sum(row.stake or 0 for row in table.rows if row.counted)

            assert 0 <= held <= 1
            assert 1 == held + table.undisclosed
            assert not table.over


@few
@given(told(), told())
def test_what_is_appended_and_retracted_leaves_no_trace(
    kept: list[Event], wrong: list[Event]
) -> None:
    """Every answer is as it was before."""
    wrong = [each.model_copy(update={"id": f"w-{each.id}"}) for each in wrong]
    undone = [retracts(str(each.id)) for each in wrong]
    with seen(kept) as ledger:
        before = answers(ledger.at(LAST))
        ledger.append(wrong)
        ledger.append(undone)

        assert before == answers(ledger.at(LAST))


@few
@given(told(apart=True), st.randoms(use_true_random=False))
def test_the_order_of_the_record_does_not_matter(events: list[Event], chance: Any) -> None:
    """Events of different days may be recorded in any order."""
    other = chance.sample(events, len(events))
    with seen(events) as one, seen(other) as two:
        assert answers(one.at(LAST)) == answers(two.at(LAST))


@few
@given(told(), told(), st.integers(0, 300))
def test_what_comes_later_changes_nothing(
    known: list[Event], later: list[Event], offset: int
) -> None:
    """Neither events after the as-of date, nor those recorded after the known-at position."""
    as_of = FIRST + timedelta(days=offset)
    with seen(known) as ledger:
        size = ledger.at(LAST).known_at
        then, whole = answers(ledger.at(as_of)), answers(ledger.at(LAST))
        days = {"effective_on": as_of + timedelta(days=1)}
        ledger.append(each.model_copy(update={**days, "id": f"l-{each.id}"}) for each in later)

        assert then == answers(ledger.at(as_of))
        assert whole == answers(ledger.at(LAST, size))
