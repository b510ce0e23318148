"""Roll-ups: sums of the journal over whole segments of the record and whole months or years.

A sum up to a date and a position is then a sum of roll-ups, of the lines in the month of the date,
and of the lines behind the last whole segment; its cost follows the answer, not the log. Since a
correction is a reversing entry, the sums of a segment are final once its positions are written:
nothing that is recorded later changes them. They are an index: disposable, and `verify` compares
them with the journal. Segments are merged by sixteens, with years beside the months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, SupportsInt, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    func,
    insert,
    literal,
    literal_column,
    select,
    type_coerce,
    union_all,
)

from dealledger.ledger.storage import segments
from dealledger.ledger.storage.statements import AnySelect
from dealledger.ledger.storage.tables import ENTRY, ROLLUP

Key: TypeAlias = "ColumnElement[object]"
Keys: TypeAlias = "Mapping[str, Key]"

Only: TypeAlias = "Callable[[Keys], ColumnElement[bool]]"
"""A condition on the keys of a sum."""

_LOW_BITS: Final = 32
NOTHING: Final[Key] = literal_column("''")
_KEYS: Final = ("category", "source", "target", "currency", "confidence")


def exact_sum(minor: ColumnElement[int]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return the sum as two halves, since a sum of 64-bit amounts may need more than 64 bits."""
    return (
        # Literals, since PostgreSQL shifts a bigint by an integer only, and drivers send bigints.
        func.sum(minor.op(">>")(literal_column(str(_LOW_BITS)))).label("high"),
        func.sum(minor.op("&")(literal_column(str((1 << _LOW_BITS) - 1)))).label("low"),
    )


def joined(high: SupportsInt, low: SupportsInt) -> int:
    """Return the sum that `exact_sum` halved."""
    return (int(high) << _LOW_BITS) + int(low)


MONTHS: Final = 0
"""The level of a segment by month; of pairs, as the next two."""

MERGED_MONTHS: Final = 1
MERGED_YEARS: Final = 2
TOTALS: Final = 3
"""What to add to a level for the sums of all pairs by confidence."""


def keep(connection: Connection, before: int, after: int) -> None:
    """Write the roll-ups of all segments that end behind *before* and not behind *after*."""
    names = [column.name for column in ROLLUP.columns]
    for level, end in levels(before, after):
        connection.execute(insert(ROLLUP).from_select(names, _made(level, end)))


def levels(before: int, after: int) -> Iterator[tuple[int, int]]:
    """Yield (level, last position) of what a record that grew from *before* to *after* has more.

    Each is made of what comes before it.
    """
    for kind in (0, TOTALS):
        for end in segments.ends(before, after, segments.SEGMENT):
            yield MONTHS + kind, end
        for end in segments.ends(before, after, segments.MERGED):
            yield MERGED_MONTHS + kind, end
            yield MERGED_YEARS + kind, end


def _made(level: int, end: int) -> AnySelect:
    """Return what the roll-up of a segment is made of."""
    kind = level % TOTALS
    if kind == MONTHS:
        return _of_journal(level, end)
    if kind == MERGED_MONTHS:
        inside = _segments(level - 1, segments.ends(end - segments.MERGED, end, segments.SEGMENT))
        return _again(level, end, ROLLUP.c.period, inside)
    year = func.substr(ROLLUP.c.period, 1, 4)
    return _again(level, end, year, _segments(level - 1, [end]))


def _of_journal(level: int, end: int) -> AnySelect:
    """Sum one segment of the journal by month. What is not said is an empty text here.

    By pair, without confidence; or, for the totals, by confidence without parties.
    """
    empty = ("source", "target") if level >= TOTALS else ("confidence",)
    month = _prefix(ENTRY.c.effective_on, 7)
    keys = [NOTHING if name in empty else func.coalesce(ENTRY.c[name], NOTHING) for name in _KEYS]
    said = [key for key in keys if key is not NOTHING]
    return (
        select(literal(level), literal(end), month, *keys, *exact_sum(ENTRY.c.minor),
               func.sum(ENTRY.c.undisclosed))
        .where(ENTRY.c.position > end - segments.SEGMENT, ENTRY.c.position <= end)
        .group_by(month, *said)
    )  # fmt: skip


def _again(level: int, end: int, period: Key, rows: ColumnElement[bool]) -> AnySelect:
    keys = [ROLLUP.c[name] for name in _KEYS]
    sums = [func.sum(ROLLUP.c[name]) for name in ("high", "low", "undisclosed")]
    return (
        select(literal(level), literal(end), period, *keys, *sums)
        .where(rows)
        .group_by(period, *keys)
    )


def _prefix(day: Key, length: int) -> Key:
    return func.substr(type_coerce(day, Text), 1, length)


@dataclass(frozen=True, slots=True)
class Addends:
    """One table to sum: its keys by name, its sums, and which of its rows."""

    keys: Keys
    sums: tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]
    rows: ColumnElement[bool]

    def select(self, names: Sequence[str], only: Sequence[Only]) -> AnySelect:
        """Return the sums by the keys *names*. only: functions of the keys that rows must meet."""
        keys = [self.keys[name].label(name) for name in names]
        high, low, undisclosed = self.sums
        return (
            select(*keys, high.label("high"), low.label("low"), undisclosed.label("undisclosed"))
            .where(self.rows, *(each(self.keys) for each in only))
            .group_by(*keys)
        )


def added(parts: Sequence[AnySelect], names: Sequence[str]) -> AnySelect:
    """Return the sum of several sums by the keys *names*."""
    if len(parts) == 1:
        return parts[0]
    every = union_all(*parts).subquery()
    keys = [every.c[name] for name in names]
    sums = [func.sum(every.c[name]).label(name) for name in ("high", "low", "undisclosed")]
    return select(*keys, *sums).group_by(*keys)


def journal_source(rows: ColumnElement[bool]) -> Addends:
    """Return the lines of the journal that meet *rows*."""
    keys: dict[str, Key] = {name: ENTRY.c[name] for name in _KEYS}
    keys |= {"year": _prefix(ENTRY.c.effective_on, 4), "day": ENTRY.c.effective_on}
    return Addends(keys, (*exact_sum(ENTRY.c.minor), func.sum(ENTRY.c.undisclosed)), rows)


def sources(as_of: date, known_at: int, *, pairs: bool = True) -> tuple[Addends, ...]:
    """Return what adds up to the journal up to a date and a position, each line in just one.

    pairs: by source and target, without confidence; otherwise the sums of all pairs, with it.
    """
    merged = known_at // segments.MERGED * segments.MERGED
    whole = known_at // segments.SEGMENT * segments.SEGMENT
    behind = and_(ENTRY.c.position > whole, ENTRY.c.position <= known_at)
    found = [journal_source(and_(behind, ENTRY.c.effective_on <= as_of))]
    if whole and not _ends_month(as_of):
        month = ENTRY.c.effective_on.between(as_of.replace(day=1), as_of)
        found.append(journal_source(and_(month, ENTRY.c.position <= whole)))
    kind = 0 if pairs else TOTALS
    return (*found, *(_rolled(rows) for rows in _periods(as_of, merged, whole, kind)))


def _periods(as_of: date, merged: int, whole: int, kind: int) -> Iterator[ColumnElement[bool]]:
    """Yield which roll-ups are wanted: small segments by month, merged ones by year and month."""
    months = _over(as_of, 7, whole=_ends_month(as_of))
    small = segments.ends(merged, whole, segments.SEGMENT)
    if small:
        yield and_(_segments(MONTHS + kind, small), months)
    large = segments.ends(0, merged, segments.MERGED)
    if large:
        ends_year = (as_of.month, as_of.day) == (12, 31)
        years = _over(as_of, 4, whole=ends_year)
        yield and_(_segments(MERGED_YEARS + kind, large), years)
        if not ends_year:
            this_year = ROLLUP.c.period >= as_of.isoformat()[:4]
            yield and_(_segments(MERGED_MONTHS + kind, large), this_year, months)


def _rolled(rows: ColumnElement[bool]) -> Addends:
    keys: dict[str, Key] = {name: ROLLUP.c[name] for name in _KEYS}
    keys |= {name: func.nullif(ROLLUP.c[name], "") for name in ("currency", "confidence")}
    keys["year"] = func.substr(ROLLUP.c.period, 1, 4)
    sums = (func.sum(ROLLUP.c.high), func.sum(ROLLUP.c.low), func.sum(ROLLUP.c.undisclosed))
    return Addends(keys, sums, rows)


def _segments(level: int, ends: Iterable[int]) -> ColumnElement[bool]:
    # A list, not a range: so the database finds the periods of each segment by its index.
    return and_(ROLLUP.c.level == level, ROLLUP.c.segment.in_(list(ends)))


def _over(as_of: date, length: int, *, whole: bool) -> ColumnElement[bool]:
    """Return which periods, months or years, are over by the end of the day *as_of*.

    whole: the period of that day is one of them.
    """
    period = as_of.isoformat()[:length]
    return ROLLUP.c.period <= period if whole else ROLLUP.c.period < period


def _ends_month(day: date) -> bool:
    return day == date.max or (day + timedelta(days=1)).day == 1
