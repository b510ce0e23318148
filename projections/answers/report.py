"""What a command answers: columns and typed rows, said once, whatever the format.

Light on purpose: every command's file imports this, and `deals --help` imports every command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from dealledger.events import Json, Money, PartMoney

FORMATS: Final = ("table", "json", "csv", "md")


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


Value: TypeAlias = (
    "str | int | bool | date | Money | PartMoney | Number | Fraction | tuple[Any, ...] | None"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in JSON and CSV, its heading for people, and where its value comes from.

    wide: only in JSON and CSV; narrow: only in tables. full: money as
    {currency, amount}, for rows without a currency. rank: of those that a screen may have no room
    for, the highest is left out first; 0 always stays. sparse: no column of a table where all of it
    would be empty.
    """

    key: str
    heading: str = ""
    get: Callable[[Any], Value] | None = None
    wide: bool = False
    narrow: bool = False
    full: bool = False
    right: bool = False
    rank: int = 0
    sparse: bool = False

    def value(self, row: Any) -> Value:
        """Return the value of this column in *row*."""
        value: Value = self.get(row) if self.get else getattr(row, self.key)
        return value


@dataclass(slots=True)
class Report:
    """One answer. extra: further top-level keys of the JSON. notes: lines under the table.

    section: the heading under which a row stands in tables. totals: rows of (key, value).
    own_fields: further keys that each row brings in JSON, behind those of the columns.
    further: more tables of the same answer, by their keys in JSON. places: where events stand, for
    those whose ids people cannot read.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    extra: dict[str, Json | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    section: Callable[[Any], str] | None = None
    totals: list[dict[str, Value]] = field(default_factory=list)
    own_fields: Callable[[Any], dict[str, Json | None]] | None = None
    further: dict[str, Report] = field(default_factory=dict)
    places: Callable[[Iterable[str]], Mapping[str, int]] | None = None

    def tables(self) -> list[Report]:
        """Return all tables of the answer, in their order."""
        return [self, *self.further.values()]


@dataclass(frozen=True, slots=True)
class Style:
    """How the user wants it. file: where to, or None for stdout. raw: CSV without safety quotes.

    wide: tables with all columns, however wide.
    """

    form: str = "table"
    file: Path | None = None
    headers: bool = True
    raw: bool = False
    wide: bool = False
