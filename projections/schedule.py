"""When promised money falls due: whole amounts spread over calendar years, to the last cent."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from dealledger.events import Commitment
from dealledger.events.dates import is_over
from dealledger.events.money import minor_units


def spread(minor: int, weights: Sequence[Fraction]) -> list[int]:
    """Divide an amount in proportion to *weights*; the parts add up to it exactly.

    Each running total is rounded half to even, so no part is off by more than one minor unit.

    >>> spread(100, [Fraction(1), Fraction(1), Fraction(1)])
    [33, 34, 33]
    """
    total = sum(weights, Fraction())
    parts, given, reached = [], 0, Fraction()
    for weight in weights:
        reached += weight
        upto = round(minor * reached / total) if total else 0
        parts.append(upto - given)
        given = upto
    return parts


def years_of(start: date, end: date) -> Fraction:
    """Return the length of a term in years, both days inclusive: whole months, and parts by days.

    >>> years_of(date(2025, 7, 1), date(2030, 12, 31)), years_of(date(2025, 1, 1), date(2025, 1, 1))
    (Fraction(11, 2), Fraction(1, 372))
    """
    if (start.year, start.month) == (end.year, end.month):
        return Fraction((end - start).days + 1, 12 * _month(start))
    first = Fraction(_month(start) - start.day + 1, _month(start))
    last = Fraction(end.day, _month(end))
    between = (end.year - start.year) * 12 + end.month - start.month - 1
    return (first + between + last) / 12


def yearly_total(minor: int, start: date, end: date) -> int:
    """Return what an amount per year adds up to from *start* to *end*, both inclusive."""
    return round(minor * years_of(start, end))


@dataclass(frozen=True, slots=True)
class Due:
    """A part of what is open that falls due evenly on the days from start to end; None: unknown."""

    minor: int
    start: date | None = None
    end: date | None = None


def remaining_due(event: Commitment, remaining: int, as_of: date) -> list[Due]:
    """Return when what is still open of a commitment falls due; the parts add up to it.

    A given schedule is drawn from its front; what it does not cover, and what has no dates, has no
    days. Otherwise the open amount is spread straight-line by days over what is left of the term.
    """
    if event.schedule and event.currency:
        planned = [(part.year, minor_units(part.amount, event.currency)) for part in event.schedule]
        return _from_schedule(sorted(planned), remaining, as_of)
    start = event.start or event.effective_on
    if event.end is None or is_over(event.end, as_of):
        return [Due(remaining)]
    return [Due(remaining, max(start, as_of + timedelta(days=1)), event.end)]


def due_between(due: Due, cuts: Sequence[date]) -> list[int]:
    """Divide a part with days at *cuts*: what falls before the first, from each to the next, ...

    One part more than there are cuts; a cut is the first day of what follows it.

    >>> due_between(Due(100, date(2025, 1, 1), date(2025, 1, 4)), [date(2025, 1, 2)])
    [25, 75]
    """
    assert due.start is not None
    assert due.end is not None
    edges = [due.start, *cuts, due.end + timedelta(days=1)]
    inside = [min(max(edge, due.start), due.end + timedelta(days=1)) for edge in edges]
    weights = [Fraction((after - before).days) for before, after in pairwise(inside)]
    return spread(due.minor, weights)


def remaining_by_year(
    event: Commitment, remaining: int, as_of: date
) -> list[tuple[int | None, int]]:
    """Return (year, minor units) of what is still open of a commitment; they add up to it."""
    parts: list[tuple[int | None, int]] = []
    for due in remaining_due(event, remaining, as_of):
        if due.start is None or due.end is None:
            parts.append((None, due.minor))
            continue
        years = range(due.start.year, due.end.year + 1)
        cuts = [date(year, 1, 1) for year in years[1:]]
        parts += zip(years, due_between(due, cuts), strict=True)
    return parts


def _from_schedule(planned: Iterable[tuple[int, int]], remaining: int, as_of: date) -> list[Due]:
    """Leave the last *remaining* of the planned amounts: the earlier are drawn or cancelled."""
    tomorrow = as_of + timedelta(days=1)
    parts: list[Due] = []
    for year, minor in reversed(list(planned)):
        part = min(minor, remaining)
        remaining -= part
        first, last = date(year, 1, 1), date(year, 12, 31)
        # What is due this year is due in what is left of it; what is past stays where it was due.
        parts.append(Due(part, max(first, tomorrow) if last > as_of else first, last))
    if remaining:
        parts.append(Due(remaining))
    return list(reversed([part for part in parts if part.minor]))


def _month(day: date) -> int:
    """Return how many days the month of *day* has."""
    return monthrange(day.year, day.month)[1]
