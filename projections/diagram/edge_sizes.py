"""How large each edge of money is from which day on: what a picture chooses by, at all dates alike.

Cash adds up from its first day; what is open of a commitment falls with its draws and cuts, and
ends with its term. Several currencies are compared by their minor units, unless all are converted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import groupby

from dealledger.ledger import Record, View
from dealledger.projections.alliances import (
    EdgeKey,
    Size,
    converted,
    paid_edge,
    promised_edge,
    within,
)
from dealledger.projections.promises.account import open_by_day
from dealledger.projections.promises.commitments import CommitmentRow
from dealledger.projections.promises.endings import endings
from dealledger.projections.promises.owed import owing
from dealledger.projections.rates import Converter

SizeChange = tuple[date, EdgeKey, str, Fraction]
"""A day, an edge, a currency, and by how many minor units its sum changed."""

Series = list[tuple[date, int | None]]
"""What is open at the end of a day and until the next; None: open, of undisclosed amount."""


def open_over_time(view: View, rows: Iterable[CommitmentRow]) -> dict[str, Series]:
    """Return what counts of each commitment on its edge and when; what never counts is left out.

    Memos never do; what serves another promise between the same two does while that is not open.
    rows: all commitments of *view*, with all their draws.
    """
    ends = endings(view)
    known = {row.id: row for row in rows}
    whole = {
        name: open_by_day(row.event, row.draws, ends.get(name, ())) for name, row in known.items()
    }
    found = {}
    for name, row in known.items():
        served = known.get(row.backs or "")
        is_part = served is not None and within(row) == within(served)
        series = _outside(whole[name], whole[served.id]) if served and is_part else whole[name]
        if not row.event.memo and any(minor != 0 for _, minor in series):
            found[name] = series
    return found


def sizes_over_time(
    moved: Iterable[Record],
    rows: Iterable[CommitmentRow],
    promised: Mapping[str, Series],
    convert: Converter,
) -> tuple[Size, ...]:
    """Return the size of every edge of money after each day that changed it, by day and edge.

    moved: what moved cash or credits. promised: of *rows*, as `open_over_time` gives it.
    """
    changes = [*_paid(moved, convert), *_promised(rows, promised)]
    sums: dict[EdgeKey, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    found = []
    for day, of_day in groupby(sorted(changes), key=lambda change: change[0]):
        touched = {}
        for _, key, currency, minor in of_day:
            sums[key][currency] += minor
            touched[key] = True
        found += [Size(day, key, round(max(sums[key].values()))) for key in touched]
    return tuple(found)


def largest_ever(sizes: Iterable[Size]) -> dict[EdgeKey, int]:
    """Return the most that each edge ever was."""
    found: dict[EdgeKey, int] = {}
    for size in sizes:
        found[size.key] = max(size.minor, found.get(size.key, 0))
    return found


def ever_among_largest(
    sizes: Iterable[Size], keys: Collection[EdgeKey], count: int
) -> set[EdgeKey]:
    """Return which of *keys* are among the *count* largest of them at the end of any day.

    sizes: by day. Of equals the later keys come first, on every day alike.
    """
    now: dict[EdgeKey, int] = {}
    ranked: list[tuple[int, EdgeKey]] = []
    found: set[EdgeKey] = set()
    for _, of_day in groupby(sizes, key=lambda size: size.day):
        for size in of_day:
            if size.key not in keys:
                continue
            if size.key in now:
                del ranked[bisect_left(ranked, (now.pop(size.key), size.key))]
            if size.minor:
                now[size.key] = size.minor
                insort(ranked, (size.minor, size.key))
        found.update(key for _, key in ranked[-count:])
    return found


def _paid(moved: Iterable[Record], convert: Converter) -> Iterator[SizeChange]:
    for record in moved:
        for posting in record.event.postings():
            currency, minor = converted(posting, record, convert)
            if currency is not None and minor is not None:
                yield record.effective_on, paid_edge(posting).key, currency, minor


def _promised(
    rows: Iterable[CommitmentRow], promised: Mapping[str, Series]
) -> Iterator[SizeChange]:
    for row in rows:
        before: dict[str, Fraction] = {}
        for day, minor in promised.get(row.id, ()):
            now = dict(_owing_on(row, day, (minor or 0) * row.rate))
            for party in sorted({*before, *now}):
                change = now.get(party, Fraction()) - before.get(party, Fraction())
                yield day, promised_edge(row, party).key, row.currency or "", change
            before = now


def _owing_on(row: CommitmentRow, day: date, minor: Fraction) -> list[tuple[str, Fraction]]:
    """Return who owes how much of what is open of a commitment at the end of a day."""
    if not row.event.bearers:
        return [(row.obligor, minor)]
    draws = tuple(draw for draw in row.draws if draw.effective_on <= day)
    return owing(replace(row, draws=draws, still_open=minor))


def _outside(series: Series, other: Series) -> Series:
    """Return *series* where *other* is not open, and 0 where it is."""
    days = sorted({day for day, _ in (*series, *other) if day >= series[0][0]})
    return [(day, 0 if _at(other, day) != 0 else _at(series, day)) for day in days]


def _at(series: Series, day: date) -> int | None:
    place = bisect_right(series, day, key=lambda point: point[0])
    return series[place - 1][1] if place else 0
