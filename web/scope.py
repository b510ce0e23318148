"""What a page is about: which record, up to which date, through which lenses, at which stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from dealledger.events.dates import instant_text
from dealledger.ledger import Ledger, Memory, MemoryView, Record
from dealledger.projections.timeline import Lens, days_of

MOST_STOPS: Final = 600
"""If things change on more days than that, the slider stops at the ends of months."""

MOST_MARKS: Final = 6
"""So many moments of the record, and so many days of announcement, can be chosen in a file."""
MANY_RECORDS: Final = 3_000
MARKS_OF_MANY: Final = 2
"""Of a record that is longer than that, only so many of each."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The record of a page. view: all of it, at the last date; lenses: the first is as known now.

    stops: the days at which the slider of dates stops; marks: those of them for which answers are
    asked that are about the whole web. records: in the order of the record.
    """

    view: MemoryView
    records: tuple[Record, ...]
    lenses: tuple[Lens, ...]
    stops: tuple[date, ...]
    marks: tuple[date, ...]

    def moments(self) -> list[tuple[int, str]]:
        """Return the moments of recording, each with the last position that was recorded then."""
        found = {each.recorded_at: each.position for each in self.records}
        return [(position, instant_text(moment)) for moment, position in found.items()]

    def stop_at(self, day: date) -> int:
        """Return the last stop that is not later than a day, or the first."""
        return max(sum(stop <= day for stop in self.stops) - 1, 0)


def scope_of(ledger: Ledger, as_of: date, size: int, begin: date | None = None) -> Scope:
    """Return the scope of a page of the first *size* records of a ledger, up to a date.

    begin: no stop lies before it.
    """
    records = tuple(ledger.read(limit=size))
    memory = Memory.of(records)
    view = MemoryView.of(ledger.at(as_of, size), memory)
    stops = _stops(memory, as_of, begin)
    return Scope(
        view, records, lenses_of(view, records), stops, _marks(stops, is_long=size > MANY_RECORDS)
    )


def _marks(stops: Sequence[date], *, is_long: bool) -> tuple[date, ...]:
    """Return the ends of years, of the quarters of the last three years, and the last stop.

    is_long: of a long record only the ends of the last four years.
    """
    last = stops[-1]
    ends = {day for day in stops if day == _month_end(day) and day.month % 3 == 0}
    if is_long:
        return tuple(sorted({last, *(day for day in ends if day.month == 12)}))[-5:]
    kept = {day for day in ends if day.month == 12 or day.year >= last.year - 2}
    return tuple(sorted({*kept, last}))


def lenses_of(view: MemoryView, records: Sequence[Record]) -> tuple[Lens, ...]:
    """Return how a page can look at a record: now, as it came, and by a few marks of both kinds."""
    most = MOST_MARKS if len(records) <= MANY_RECORDS else MARKS_OF_MANY
    moments = sorted({each.recorded_at: each.position for each in records}.values())
    announced = sorted(each.event.announced_on for each in records)
    ends = sorted({_month_end(each) for each in announced if _month_end(each) < view.as_of})
    return (
        Lens(view.known_at),
        Lens(view.known_at, as_it_came=True),
        *(Lens(position) for position in _spread(moments[:-1], most)),
        *(Lens(view.known_at, day) for day in _spread(ends, most)),
    )


def lens_said(lens: Lens, number: int, records: Sequence[Record]) -> dict[str, Any]:
    """Return a lens as the document has it."""
    said: dict[str, Any] = {"known_at": lens.known_at}
    if number == 0:
        return {"kind": "now", **said, "said": "as known now"}
    if lens.as_it_came:
        return {"kind": "then", **said, "said": "only what was announced by the date"}
    if lens.announced_by is not None:
        day = lens.announced_by.isoformat()
        return {"kind": "announced", **said, "announced_by": day, "said": f"as announced by {day}"}
    moment = instant_text(records[lens.known_at - 1].recorded_at)
    where = f"as recorded on {moment[:10]} (@{lens.known_at})"
    return {"kind": "known", **said, "recorded_at": moment, "said": where}


def _stops(memory: Memory, as_of: date, begin: date | None) -> tuple[date, ...]:
    """Return every day on which something may change, and the ends of months between them.

    If they are too many, only the ends of months.
    """
    effective = [each.record.effective_on for each in memory.kept]
    days = {day for each in memory.kept for day in days_of(each.record.event)}
    first = max(min([*effective, as_of]), begin or date.min)
    inside = {day for day in days if first <= day <= as_of}
    ends = {*_month_ends(first, as_of), as_of}
    return tuple(sorted(ends if len(inside) > MOST_STOPS else ends | inside))


def _month_ends(first: date, last: date) -> Iterator[date]:
    day = _month_end(first)
    while day <= last:
        yield day
        day = _month_end(day + timedelta(days=1)) if day < date.max else date.max
        if day == date.max:
            return


def _month_end(day: date) -> date:
    if (day.year, day.month) == (date.max.year, date.max.month):
        return date.max
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


def _spread(marks: Sequence[Any], most: int) -> list[Any]:
    """Return some of many marks, as evenly as can be, the last among them."""
    if len(marks) <= most:
        return list(marks)
    return [marks[(number + 1) * len(marks) // most - 1] for number in range(most)]
