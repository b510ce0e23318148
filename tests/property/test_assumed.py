"""What is assumed behind a record answers as if it had been appended to it, at every point."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.everything import everything
from support.given import ORIGIN
from support.grown import FIRST, PARTIES, grown

from dealledger.events import Event, Retraction
from dealledger.ledger import Draft, Ledger, MemoryLog, Record, View
from dealledger.ledger.append.assuming import NOBODY, Assumption, assuming

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
POINTS = 4
SPLITS = 3


def _events(records: tuple[Record, ...]) -> list[Event]:
    """Return what was recorded, as if nobody had said who did it."""
    return [each.event.model_copy(update={"actor": None}) for each in records]


def _split(records: tuple[Record, ...], choice: random.Random) -> int:
    """Return a place between two batches: a replacement stands behind its retraction."""
    while True:
        place = choice.randrange(len(PARTIES), len(records))
        last = records[place - 1].event
        if not (isinstance(last, Retraction) and last.replaced_by):
            return place


@pytest.fixture(params=range(SPLITS))
def both(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Ledger, MemoryLog, list[date]]]:
    """Give a ledger with all of a random record, and the record with its end only assumed."""
    choice = random.Random(request.param)
    with grown(tmp_path / "grown.db", request.param) as source:
        records = tuple(source.read())
    days = sorted({each.effective_on for each in records})
    end = _split(records, choice)
    file = tmp_path / "whole.db"
    with Ledger.create(file, origin=ORIGIN, clock=lambda: MOMENT) as whole:
        whole.append(_events(records[:end]))
        begun = MemoryLog(tuple(whole.read()), ORIGIN)
        whole.append(_events(records[end:]), actor=NOBODY)
        middle = choice.randrange(len(records) - end + 1)
        files = [_events(records[end:])[:middle], _events(records[end:])[middle:]]
        drafts = [tuple(Draft(event, f"{n}:1") for event in some) for n, some in enumerate(files)]
        assumed = assuming(begun, [Assumption(str(n), each) for n, each in enumerate(drafts)])
        yield whole, assumed, days


def test_assumed_records_are_those_that_an_append_makes(
    both: tuple[Ledger, MemoryLog, list[date]],
) -> None:
    """Byte for byte, at the moment of the last record; the root is that of what is recorded."""
    whole, assumed, _ = both
    end = assumed.grounds.end
    view = assumed.at(date.max)

    assert end is not None
    assert tuple(whole.read()) == assumed.records
    assert whole.head().size == view.known_at > end
    assert whole.at(date.max, end).root == view.root == view.at(date.min).root
    assert {NOBODY} == {each.actor for each in assumed.records[end:]}
    assert _events(assumed.records[end:]) == [
        each for file in assumed.grounds.assumed for each in file.events
    ]


def test_answers_are_those_of_an_append(both: tuple[Ledger, MemoryLog, list[date]]) -> None:
    """Each projection, at random points, with and without announced_by."""
    whole, assumed, days = both
    choice = random.Random(7)
    for number in range(POINTS):
        as_of = choice.choice([*days, FIRST]) + timedelta(days=choice.randrange(-1, 40))
        public = choice.choice((None, choice.choice(days)))
        one, other = choice.sample(PARTIES, 2)
        wanted, found = (
            everything(log.at(as_of, None, public), (one, other)) for log in (whole, assumed)
        )
        assert wanted.keys() == found.keys()
        for name, answer in wanted.items():
            assert answer == found[name], (number, name)


def test_a_log_in_memory_answers_what_a_ledger_answers(
    both: tuple[Ledger, MemoryLog, list[date]],
) -> None:
    """Event by event: where it is, what retracts it, what it replaced, who refers to it."""
    whole, log, _ = both
    size = whole.head().size
    for record in (*whole.read(), None):
        name = record.id if record else "none"
        assert whole.find(name) == log.find(name)
        assert whole.ids(name[:2]) == log.ids(name[:2])
        assert whole.replacing(name) == log.replacing(name)
        assert whole.referring(name) == log.referring(name)
        if record:
            assert whole.retraction_of(record) == log.retraction_of(record)
    for after, limit in ((0, None), (3, 2), (size, None), (size - 1, 5), (0, 0)):
        read = [tuple(each.read(after=after, limit=limit)) for each in (whole, log)]
        assert read[0] == read[1]


def test_points_of_the_record_are_the_same(both: tuple[Ledger, MemoryLog, list[date]]) -> None:
    """By position and by moment, before what is assumed and behind it."""
    whole, log, days = both
    size, moment = whole.head().size, "2100-01-01"

    def of(view: View) -> tuple[int, object]:
        return view.known_at, view.sums()

    for known in (None, 0, size - 1, size, f"@{size // 2}", moment, "2001-01-01"):
        assert of(whole.at(days[-1], known)) == of(log.at(days[-1], known))
