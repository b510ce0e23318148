"""How the fields of a rule are read, worked out once for all rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from dealledger.events import KINDS, Party
from dealledger.events.base import MONEY, PARTY
from dealledger.events.currency import parse_currency
from dealledger.events.dates import parse_day
from dealledger.events.text import parse_slug, slug_of
from dealledger.events.typed import Anatomy, anatomies, check_number
from dealledger.ledger.maps.cells import Cells, amount_of, day_of, number_of, several, text_of
from dealledger.ledger.maps.model import FieldSource, Map, Rule, Writing


@dataclass(slots=True)
class Hand:
    """How a table is written. sign: before its decimals. doubtful: it may be a comma as well.

    inexact: how many dates were no one day.
    """

    writing: Writing
    sign: str | None = None
    doubtful: bool = False
    inexact: int = 0


@dataclass(slots=True)
class RowSaid:
    """One row while it is read. said: what is ready. texts: what is still as somebody typed it."""

    hand: Hand
    cells: Cells
    said: dict[str, Any]
    texts: dict[str, str]


Reader: TypeAlias = Callable[[RowSaid, str, FieldSource], None]
"""Adds a field, by its name and where it comes from, to what a row says."""


def _day(row: RowSaid, name: str, source: FieldSource) -> None:
    if text := text_of(source, row.cells):
        forms = source.dates or (row.hand.writing.dates if source.constant is None else ())
        row.said[name], is_exact = day_of(text, forms)
        row.hand.inexact += not is_exact and name == "effective_on"


def _money(row: RowSaid, name: str, source: FieldSource) -> None:
    if text := text_of(source, row.cells):
        if row.hand.doubtful:
            check_number(text, row.texts.get("currency", source.currency or ""))
        plain, currency = amount_of(text, source, row.hand.writing, row.hand.sign)
        if plain is not None:
            currency = currency or row.texts.get("currency")
            row.said[name] = plain, currency and parse_currency(currency)


def _text(row: RowSaid, name: str, source: FieldSource) -> None:
    if text := text_of(source, row.cells):
        row.texts[name] = text


def _number(row: RowSaid, name: str, source: FieldSource) -> None:
    if text := text_of(source, row.cells):
        if row.hand.doubtful:
            check_number(text)
        row.texts[name] = number_of(text, row.hand.writing, row.hand.sign)


def _slug(row: RowSaid, name: str, source: FieldSource) -> None:
    if text := text_of(source, row.cells):
        row.texts[name] = slug_of(text)


def _list(row: RowSaid, name: str, source: FieldSource) -> None:
    if found := several(source, row.cells):
        row.said[name] = found


class Plan:
    """What is to be read for a rule.

    spread: the field that makes several events of one row. named: other fields of parties. money:
    amounts. shared: those that are parts of a total which stands on several rows. readers: of all
    fields but those of parties. numbers: columns that hold some. texts: what is the same in all
    rows, as typed.
    """

    def __init__(self, rule: Rule, found: Map) -> None:
        """Work it out. found: the map that the rule stands in."""
        self.id = rule.id
        self.texts: dict[str, str] = {}
        self.spread: tuple[str, FieldSource] | None = None
        self.named: list[tuple[str, FieldSource]] = []
        self.money: list[tuple[str, FieldSource]] = []
        self.readers: list[tuple[str, FieldSource, Reader]] = []
        describes = KINDS[rule.kind] is Party
        fields = anatomies(rule.kind)
        for name, source in rule.fields.items():
            self._take(name, source, fields[name], describes=describes)
        # A column of currencies is read before all amounts.
        self.readers.sort(key=lambda each: each[2] is _money)
        self.numbers = frozenset(
            source.column
            for name, source, _ in self.readers
            if source.column and fields[name].is_number
        )
        self.shared = [source for _, source in self.money if source.of]

    def spread_over(self, cells: Cells) -> list[str]:
        """Return the names for each of which there is an event; if none makes several, one."""
        return [""] if self.spread is None else several(self.spread[1], cells)

    def _take(self, name: str, source: FieldSource, field: Anatomy, *, describes: bool) -> None:
        if PARTY in field.marks and not describes:
            if source.split and not field.many:
                self.spread = name, source
            else:
                self.named.append((name, source))
            return
        if MONEY in field.marks:
            self.money.append((name, source))
        elif source.constant is not None and field.parser is not parse_day:
            self.texts[name] = source.constant
            return
        self.readers.append((name, source, _reader(source, field)))


def _reader(source: FieldSource, field: Anatomy) -> Reader:
    """Return what reads a field, by what it takes."""
    if MONEY in field.marks:
        return _money
    if field.parser is parse_day:
        return _day
    if source.split:
        return _list
    if field.parser is parse_slug:
        return _slug
    return _number if field.is_number else _text
