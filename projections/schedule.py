"""When promised money falls due: whole amounts spread over calendar years, to the last cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

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


def yearly_total(minor: int, start: date, end: date) -> int:
    """Return what an amount per year adds up to from *start* to *end*, both inclusive.

    A part of a calendar year counts by its days.
    """
    years = range(start.year, end.year + 1)
    return round(minor * sum(Fraction(_days(start, end, year), _length(year)) for year in years))


def remaining_by_year(
    event: Commitment, remaining: int, as_of: date
) -> list[tuple[int | None, int]]:
    """Return (year, minor units) of what is still open of a commitment; they add up to it.

    A given schedule is drawn from its front; what it does not cover, and what has no dates, has no
    year. Otherwise the open amount is spread straight-line by days over what is left of the term.
    """
    if event.schedule and event.currency:
        planned = [(part.year, minor_units(part.amount, event.currency)) for part in event.schedule]
        return _from_schedule(sorted(planned), remaining)
    start = event.start or event.effective_on
    if event.end is None or is_over(event.end, as_of):
        return [(None, remaining)]
    start = max(start, date.fromordinal(as_of.toordinal() + 1))
    years = list(range(start.year, event.end.year + 1))
    parts = spread(remaining, [Fraction(_days(start, event.end, year)) for year in years])
    return list(zip(years, parts, strict=True))


def _from_schedule(
    planned: Iterable[tuple[int, int]], remaining: int
) -> list[tuple[int | None, int]]:
    """Leave the last *remaining* of the planned amounts: the earlier are drawn or cancelled."""
    parts: list[tuple[int | None, int]] = []
    for year, minor in reversed(list(planned)):
        part = min(minor, remaining)
        remaining -= part
        parts.append((year, part))
    if remaining:
        parts.append((None, remaining))
    return list(reversed([part for part in parts if part[1]]))


def _days(start: date, end: date, year: int) -> int:
    first, last = max(start, date(year, 1, 1)), min(end, date(year, 12, 31))
    return max((last - first).days + 1, 0)


def _length(year: int) -> int:
    return (date(year, 12, 31) - date(year, 1, 1)).days + 1
