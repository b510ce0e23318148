"""A list of records answers what a database answers, at every point of both times.

So what tests of projections ask of a list holds for every ledger.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from support.asking import ALLIANCE
from support.everything import everything
from support.given import ORIGIN
from support.grown import FIRST, PARTIES, grown
from support.strategies import histories

from dealledger.events import Event, parse_event, read_object
from dealledger.ledger import Ledger, View, memory_view, records_of

POINTS = 60 if os.environ.get("CI") else 4
CATEGORIES = ((), ("funding", "payment", "credits", "transfer"), ("credits",))


def _alliance(file: Path) -> Ledger:
    ledger = Ledger.create(file, origin=ORIGIN)
    ledger.append(_events_of_the_alliance())
    return ledger


def _events_of_the_alliance() -> list[Event]:
    lines = ALLIANCE.read_bytes().splitlines()
    return [parse_event(read_object(line)) for line in lines]


@pytest.fixture(scope="module", params=["alliance", 0, 1, 2, 3])
def ledger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    file = tmp_path_factory.mktemp("views") / "deals.db"
    known = request.param == "alliance"
    with _alliance(file) if known else grown(file, request.param) as ledger:
        yield ledger


def _said(view: View, names: tuple[str, ...]) -> list[object]:
    """Return all that a View itself can be asked."""
    events = view.events()
    kinds = ("commitment", "payment")
    return [
        (view.as_of, view.known_at, view.announced_by, view.origin, view.root),
        events,
        view.events(retracted=True),
        view.events(*kinds, drawing=True),
        [view.events(party=name) + view.events(*kinds, party=name) for name in names],
        {each.event.deal: view.events(deal=each.event.deal) for each in events if each.event.deal},
        [view.resolve(each.id) for each in events],
        view.positions([*(each.id for each in events), "none"]),
        *([view.sums(*some), view.sums(*some, by_year=True), view.sums(*some, by_day=True),
           view.sureness(*some), view.sureness(*some, by_day=True),
           view.lines(*some), view.lines(*some, by_period=True)] for some in CATEGORIES),
        *((view.sums(party=name), view.sureness(party=name), view.period_lines(name),
           view.period_lines(name, settled=True)) for name in names),
        view.period_lines(),
        view.period_lines(settled=True),
    ]  # fmt: skip


@pytest.mark.slow
def test_projections_are_the_same(ledger: Ledger) -> None:
    """Each of them, of the alliance and of random ledgers, with and without announced_by."""
    choice, size, records = random.Random(5), ledger.head().size, tuple(ledger.read())
    first = min(FIRST, records[0].event.effective_on)
    days = [*sorted({each.effective_on for each in records}), first]
    parties = sorted(slug for each in records if each.event.kind == "party"
                     for slug in each.event.parties())  # fmt: skip
    for number in range(POINTS):
        as_of = choice.choice(days) + timedelta(days=choice.randrange(-1, 40))
        public = choice.choice((None, None, choice.choice(days)))
        known = choice.choice((size, choice.randrange(size + 1)))
        one, other = choice.sample(parties, 2)
        view = ledger.at(as_of, known, public)
        memory = memory_view(records, as_of, known, public, origin=ledger.head().origin)

        assert _said(view, (one, other)) == _said(memory, (one, other))
        wanted, found = (everything(each, (one, other)) for each in (view, memory))
        assert wanted.keys() == found.keys()
        for name, answer in wanted.items():
            assert answer == found[name], (number, name)


@settings(max_examples=settings().max_examples // 8)
@given(history=histories())
def test_views_of_any_history_are_the_same(
    history: list[Event], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever hypothesis thinks of."""
    file = tmp_path_factory.mktemp("any") / "deals.db"
    with Ledger.create(file, origin=ORIGIN) as ledger:
        ledger.append(history)
        records = tuple(ledger.read())
        for as_of in sorted({each.effective_on for each in records}):
            for known in range(0, len(records) + 1, 3):
                view = ledger.at(as_of, known)
                memory = memory_view(records, as_of, known, origin=ORIGIN)
                assert _said(view, PARTIES[:1]) == _said(memory, PARTIES[:1])


def test_records_are_those_that_an_append_makes(tmp_path: Path) -> None:
    """Byte for byte: with positions, versions of deals, dates of retractions and hashes."""
    events = _events_of_the_alliance()
    said = {"kind": "retraction", "id": "r", "retracts": events[-1].id, "reason": "wrong"}
    with _alliance(tmp_path / "deals.db") as ledger:
        ledger.append([parse_event(said)])
        wanted = tuple(ledger.read())
    begun = records_of(
        events, origin=ORIGIN, recorded_at=wanted[0].recorded_at, actor=wanted[0].actor
    )
    last = records_of(
        [parse_event(said)], origin=ORIGIN, after=begun,
        recorded_at=wanted[-1].recorded_at, actor=wanted[-1].actor,
    )  # fmt: skip

    assert wanted == begun + last
