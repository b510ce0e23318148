"""When promised money falls due: exact parts of what is open, by day, year or band."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from dealledger.events import Commitment
from dealledger.events.dates import day_after, is_over, years_of
from dealledger.events.money import minor_units


def yearly_total(minor: int, start: date, end: date) -> int:
    """Return what an amount per year adds up to from *start* to *end*, both inclusive."""
    return round(minor * years_of(start, end))


@dataclass(frozen=True, slots=True)
class Due:
    """A part of what is open that falls due evenly on the days from start to end; None: unknown.

    minor: exact, in minor units.
    """

    minor: Fraction
    start: date | None = None
    end: date | None = None


def remaining_due(event: Commitment, remaining: Fraction, as_of: date) -> list[Due]:
    """Return when what is still open of a commitment falls due; the parts add up to it.

    remaining: in minor units of the commitment's own currency. A given schedule is drawn from its
    front; what it does not cover, and what has no dates, has no days. Otherwise the open amount is
    spread straight-line by days over what is left of the term.
    """
    if event.schedule and event.currency:
        planned = [(part.year, minor_units(part.amount, event.currency)) for part in event.schedule]
        return _from_schedule(sorted(planned), remaining, as_of)
    start = event.start or event.effective_on
    if event.end is None or is_over(event.end, as_of) or event.end < start:
        return [Due(remaining)]
    return [Due(remaining, max(start, day_after(as_of)), event.end)]


def due_between(due: Due, lasts: Sequence[date]) -> list[Fraction]:
    """Divide a part with days: what falls up to the first of *lasts*, from there to the next, ...

    One part more than there are lasts; each is the last day of its part.

    >>> due_between(Due(Fraction(100), date(2025, 1, 1), date(2025, 1, 4)), [date(2025, 1, 1)])
    [Fraction(25, 1), Fraction(75, 1)]
    """
    assert due.start is not None
    assert due.end is not None
    first, stop = due.start.toordinal(), due.end.toordinal() + 1
    inside = [min(max(last.toordinal() + 1, first), stop) for last in lasts]
    days = [after - before for before, after in pairwise([first, *inside, stop])]
    return [due.minor * each / (stop - first) for each in days]


def due_by_year(due: Due) -> list[tuple[int | None, Fraction]]:
    """Divide a part by the calendar years in which it falls due; None: nobody knows when."""
    if due.start is None or due.end is None:
        return [(None, due.minor)]
    years = range(due.start.year, due.end.year + 1)
    lasts = [date(year, 12, 31) for year in years[:-1]]
    return list(zip(years, due_between(due, lasts), strict=True))


def _from_schedule(
    planned: Iterable[tuple[int, int]], remaining: Fraction, as_of: date
) -> list[Due]:
    """Leave the last *remaining* of the planned amounts: the earlier are drawn or cancelled."""
    parts: list[Due] = []
    for year, minor in reversed(list(planned)):
        part = min(Fraction(minor), remaining)
        remaining -= part
        first, last = date(year, 1, 1), date(year, 12, 31)
        # What is due this year is due in what is left of it; what is past stays where it was due.
        parts.append(Due(part, max(first, day_after(as_of)) if last > as_of else first, last))
    if remaining:
        parts.append(Due(remaining))
    return list(reversed([part for part in parts if part.minor]))
