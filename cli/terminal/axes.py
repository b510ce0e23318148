"""Where values and days stand on the axes of a chart, and which of them are named there.

All in whole numbers and fractions: a tick is a round number, and what is drawn is where it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

MOST_TICKS: Final = 7
_STEPS: Final = (1, 2, 5)
_MONTHS: Final = (1, 3, 6)
_YEARS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Span:
    """A scale from first to last, drawn from start to end (points; end may be below start)."""

    first: Fraction
    last: Fraction
    start: int
    end: int

    def at(self, value: Fraction | int) -> int:
        """Return where a value stands."""
        length = (self.last - self.first) or Fraction(1)
        return self.start + round((value - self.first) * (self.end - self.start) / length)


def round_ticks(values: Iterable[Fraction]) -> list[Fraction]:
    """Return round numbers, evenly apart, from below the least of zero and *values* to above all.

    >>> [str(tick) for tick in round_ticks([Fraction(-3), Fraction(14)])]
    ['-5', '0', '5', '10', '15']
    """
    known = [Fraction(), *values]
    low, high = min(known), max(known)
    step = _step((high - low) / (MOST_TICKS - 2))
    first, last = low // step, -(-high // step)
    return [step * place for place in range(first, max(last, first + 1) + 1)]


def _step(least: Fraction) -> Fraction:
    """Return the smallest of 1, 2, 5, 10, 20 ... and of their tenths that is not below *least*."""
    if not least:
        return Fraction(1)
    scale = Fraction(1)
    while scale > least:
        scale /= 10
    while scale * 10 <= least:
        scale *= 10
    return next(scale * times for times in (*_STEPS, 10) if scale * times >= least)


def day_ticks(first: date, last: date) -> list[tuple[date, str]]:
    """Return the days that are named on a time axis: beginnings of years, else of months.

    Where no month begins, the first day and the last one.
    """
    months = [date(year, month, 1) for year in range(first.year, last.year + 1)
              for month in range(1, 13)] if last.year - first.year < 10 else []  # fmt: skip
    inside = [day for day in months if first <= day <= last]
    for step in _MONTHS:
        found = [day for day in inside if (day.month - 1) % step == 0]
        if 1 < len(found) <= MOST_TICKS:
            return [(day, f"{day:%Y-%m}") for day in found]
    for every in _YEARS:
        years = [
            year
            for year in range(first.year, last.year + 1)
            if year % every == 0 and first <= date(year, 1, 1)
        ]
        if 1 < len(years) <= MOST_TICKS + 5:
            return [(date(year, 1, 1), str(year)) for year in years]
    return [(day, day.isoformat()) for day in dict.fromkeys((first, last))]
