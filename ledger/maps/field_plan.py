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


Reader: TypeAlias = Callable[[Hand, str, FieldSource, Cells, dict[str, Any], dict[str, str]], None]
"""Takes a hand, the name and source of a field, and a row; adds to what is ready, or as typed."""


def _day(
    hand: Hand,
    name: str,
    source: FieldSource,
    cells: Cells,
    said: dict[str, Any],
    _: dict[str, str],
) -> None:
    if text := text_of(source, cells):
        forms = source.dates or (hand.writing.dates if source.constant is None else ())
        said[name], is_exact = day_of(text, forms)
        hand.inexact += not is_exact and name == "effective_on"


def _money(
    hand: Hand,
    name: str,
    source: FieldSource,
    cells: Cells,
    said: dict[str, Any],
    texts: dict[str, str],
) -> None:
    if text := text_of(source, cells):
        if hand.doubtful:
            check_number(text, texts.get("currency", source.currency or ""))
        plain, currency = amount_of(text, source, hand.writing, hand.sign)
        if plain is not None:
            currency = currency or texts.get("currency")
            said[name] = plain, currency and parse_currency(currency)


def _text(
    _hand: Hand,
    name: str,
    source: FieldSource,
    cells: Cells,
    _: dict[str, Any],
    texts: dict[str, str],
) -> None:
    if text := text_of(source, cells):
        texts[name] = text


def _number(
    hand: Hand,
    name: str,
    source: FieldSource,
    cells: Cells,
    _: dict[str, Any],
    texts: dict[str, str],
) -> None:
    if text := text_of(source, cells):
        if hand.doubtful:
            check_number(text)
        texts[name] = number_of(text, hand.writing, hand.sign)


def _slug(
    _hand: Hand,
    name: str,
    source: FieldSource,
    cells: Cells,
    _: dict[str, Any],
    texts: dict[str, str],
) -> None:
    if text := text_of(source, cells):
        texts[name] = slug_of(text)


def _list(
    _hand: Hand,
    name: str,
    source: FieldSource,
    cells: Cells,
    said: dict[str, Any],
    _: dict[str, str],
) -> None:
    if found := several(source, cells):
        said[name] = found


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
