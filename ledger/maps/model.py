"""What a map says, as values: conditions, sources of fields, rules of events.

Columns are named by their headings in lower case with _ for blanks, as tables have them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from dealledger.ledger.append.dialect import Dialect

PLANNED: Final = frozenset(
    [
        *("repayment", "distribution", "refund", "split", "cancellation", "pool", "conversion"),
        *("share_class", "same"),
    ]
)
"""Kinds that a map may name although no event is of them yet: such rows are counted."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a cell must be. words: one of these, without case. pattern: found in it.

    is_empty: whether it must be blank. turned: the other way round.
    """

    column: str
    words: frozenset[str] | None = None
    pattern: re.Pattern[str] | None = None
    is_empty: bool | None = None
    turned: bool = False

    def holds(self, cells: Mapping[str, str]) -> bool:
        """Tell whether a row is as it says."""
        cell = cells.get(self.column, "")
        if self.is_empty is not None:
            return self.is_empty is (not cell)
        if self.words is not None:
            return (cell.casefold() in self.words) is not self.turned
        assert self.pattern is not None
        return (self.pattern.search(cell) is not None) is not self.turned


def all_hold(conditions: tuple[Condition, ...], cells: Mapping[str, str]) -> bool:
    """Tell whether a row is as all of them say."""
    return all(each.holds(cells) for each in conditions)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is changed in cells before they are read. column: None for all of them."""

    pattern: re.Pattern[str]
    by: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """How cells are written.

    dates: forms of strptime. grouping: thousands, lakh as well, or any. undisclosed: words
    for an amount that is not known. nothing: words for a blank cell.
    """

    dates: tuple[str, ...] = ()
    grouping: str = "thousands"
    undisclosed: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()
    replacements: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where a field comes from: a constant, a text with columns in it, or one column.

    place: of the map. parts: texts and columns in turn. split: what separates several values in a
    cell. words: what a cell means, without case; otherwise: what all others mean; empty: what a
    blank one means. unit: what numbers are multiplied by. each: how a total that several events
    share is told apart: evenly, once or whole; of: the columns that name what it is the total of.
    """

    place: str
    constant: str | None = None
    parts: tuple[str, ...] = ()
    column: str | None = None
    split: re.Pattern[str] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    empty: str | None = None
    unit: Decimal = Decimal(1)
    currency: str | None = None
    dates: tuple[str, ...] = ()
    each: str | None = None
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One event of a row. is_planned: its kind is none yet."""

    place: str
    kind: str
    when: tuple[Condition, ...]
    fields: Mapping[str, FieldSource]
    id: FieldSource | None = None
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows that are left out on purpose. reason: counted in the end."""

    when: tuple[Condition, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Map:
    """All that a map says. headings: of tables that have none. names: who is meant, by slug.

    columns: which it uses, with the place where each is first named.
    """

    name: str
    dialect: Dialect
    headings: tuple[str, ...]
    writing: Writing
    names: Mapping[str, str]
    skips: tuple[Skip, ...]
    rules: tuple[Rule, ...]
    columns: Mapping[str, str]

    def counts_ahead(self) -> bool:
        """Tell whether a table must be read twice, to know how many rows share a total."""
        return any(
            source.each == "evenly" and source.of
            for rule in self.rows_of_events()
            for source in rule.fields.values()
        )

    def shares(self) -> bool:
        """Tell whether it says of any amount how several events share it."""
        rules = self.rows_of_events()
        return any(source.each for rule in rules for source in rule.fields.values())

    def rows_of_events(self) -> tuple[Rule, ...]:
        """Return the rules of kinds that there are."""
        return tuple(rule for rule in self.rules if not rule.is_planned)
