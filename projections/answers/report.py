"""What a command answers: columns and typed rows, said once, whatever the format.

Light on purpose: what prints answers imports this, and `deals stakes --help` should load little.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from fractions import Fraction

    from dealledger.events import Json, Money, PartMoney
    from dealledger.ledger import Record


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number: in tables with so many decimals, and no share that reads as percent."""

    value: Fraction
    places: int = 2


def plain(value: Fraction | None, places: int = 2) -> Number | None:
    """Return a plain number for a table, or nothing."""
    return None if value is None else Number(value, places)


def index(part: Fraction | None) -> Number | None:
    """Return an index of 0 to 1 as it is usually printed, 0 to 10,000."""
    return None if part is None else Number(part * 10_000, 0)


@dataclass(frozen=True, slots=True)
class Nested:
    """What is no single value: JSON as it is, and as text in a cell of CSV."""

    json: Json


Value: TypeAlias = (
    "str | int | bool | date | Money | PartMoney | Number | Fraction | Nested "
    "| tuple[Any, ...] | None"
)
Get: TypeAlias = "Callable[[Any], Value]"


@dataclass(frozen=True, slots=True)
class Column:
    """One value of each row, said once: exact for programs, and as it is shown to people.

    key: its name in JSON and CSV. heading: over it in tables; without one it is for programs only.
    exact: where the value comes from, if not from the attribute *key* of a row. shown: what people
    read instead, if that is not all: shorter, with a sign, or empty. only_shown: it is for people
    only. full: money as {currency, amount}, for rows without a currency. right: shown on the right,
    as numbers are. rank: of those that a screen may have no room for, the highest is left out
    first; 0 always stays. sparse: no column of a table where all of it would be empty.
    kind, about: its type and what it means, for docs/output.md, where `terms` does not say it.
    """

    key: str
    heading: str = ""
    exact: Get | None = None
    shown: Get | None = None
    only_shown: bool = False
    full: bool = False
    right: bool = False
    rank: int = 0
    sparse: bool = False
    kind: str = ""
    about: str = ""

    def exact_value(self, row: Any) -> Value:
        """Return what programs are told of *row*."""
        value: Value = self.exact(row) if self.exact else getattr(row, self.key)
        return value

    def shown_value(self, row: Any) -> Value:
        """Return what people are shown of *row*."""
        return self.shown(row) if self.shown else self.exact_value(row)


@dataclass(frozen=True, slots=True)
class Report:
    """One answer. extra: further top-level keys of the JSON. notes: lines under the table.

    section: the heading under which a row stands in tables. totals: rows of (key, value).
    own_fields: further keys that each row brings in JSON, behind those of the columns, where no
    column can say which: those of an event.
    further: more tables of the same answer, by their keys in JSON. places: where events stand, for
    those whose ids people cannot read. cited: the records of events by their ids, for whoever lists
    their sources.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    extra: Mapping[str, Json | None] = field(default_factory=dict)
    notes: Sequence[str] = ()
    section: Callable[[Any], str] | None = None
    totals: Sequence[Mapping[str, Value]] = ()
    own_fields: Callable[[Any], Mapping[str, Json | None]] | None = None
    further: Mapping[str, Report] = field(default_factory=dict)
    places: Callable[[Iterable[str]], Mapping[str, int]] | None = None
    cited: Callable[[Iterable[str]], Sequence[Record]] | None = None

    def tables(self) -> list[Report]:
        """Return all tables of the answer, in their order."""
        return [self, *self.further.values()]

    def noting(self, note: str) -> Report:
        """Return the answer with one more line under its last table."""
        if not self.further:
            return replace(self, notes=(*self.notes, note))
        *_, last = self.further
        return replace(self, further={**self.further, last: self.further[last].noting(note)})

    def placing(self, places: Callable[[Iterable[str]], Mapping[str, int]]) -> Report:
        """Return the answer with what knows where events stand, in all its tables."""
        further = {name: each.placing(places) for name, each in self.further.items()}
        return replace(self, places=places, further=further)

    def for_programs(self) -> list[Column]:
        """Return the columns of JSON and CSV."""
        return [column for column in self.columns if not column.only_shown]

    def for_people(self) -> list[Column]:
        """Return the columns of tables; sparse ones only where they say something."""
        return [
            column
            for column in self.columns
            if column.heading
            and (
                not column.sparse or any(column.shown_value(row) not in _EMPTY for row in self.rows)
            )
        ]


_EMPTY: tuple[Value, ...] = (None, "", False, ())


def events_of(row: Any) -> tuple[str, ...]:
    """Return the events that a row of an answer names as what it rests on, by id; none, if none."""
    own = getattr(row, "events", None) or getattr(row, "id", None) or getattr(row, "event", None)
    return (own,) if isinstance(own, str) else tuple(own or ())
