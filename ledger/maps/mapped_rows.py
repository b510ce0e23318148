"""Applies a map to rows: each becomes the events that its rules say, with whom its names mean."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from dealledger.events import KINDS, BadInput, Event, Party, Problem, parse_event
from dealledger.events.currency import MINOR_DIGITS
from dealledger.events.dates import parse_day
from dealledger.events.decimals import decimal_text, scaled_text
from dealledger.events.errors import closest
from dealledger.events.money import minor_units
from dealledger.events.text import shown
from dealledger.events.typed import typed_fields
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.maps.cells import Cells, several, text_of
from dealledger.ledger.maps.field_plan import Hand, Plan, RowSaid
from dealledger.ledger.maps.model import FieldSource, Map, Rule, all_hold

_NO_ID: Final = re.compile("[^A-Za-z0-9._:-]+")
_LONGEST_ID: Final = 64
_NOT_MAPPED: Final = "no [[event]] of the map takes it"


class _Share(NamedTuple):
    """An amount of a row, and which of the row's events takes of it, of how many."""

    source: FieldSource
    amount: str
    currency: str
    which: int
    among: int


class Mapped:
    """A map at work on tables. It remembers what totals were shared among rows."""

    def __init__(self, found: Map, parties: Parties, account: ImportSummary) -> None:
        """parties: finds whom names mean. account: takes in what has no place."""
        self._map = found
        self._parties = parties
        self._account = account
        self._plans = {id(rule): Plan(rule, found) for rule in found.rows_of_events()}
        self.hand = Hand(found.writing, found.dialect.decimal)
        self._ahead: Counter[int] = Counter()
        self._seen: Counter[int] = Counter()
        self._totals: dict[int, int] = {}

    @property
    def numbers(self) -> frozenset[str]:
        """Return the columns that hold numbers."""
        return frozenset().union(*(plan.numbers for plan in self._plans.values()))

    def check(self, headings: Mapping[str, str], name: str) -> list[Problem]:
        """Return the columns that the map names and the table *name* has not."""
        return [
            Problem(
                f"there is no column {shown(column)} in {name}",
                closest(column, headings) or f"there are {', '.join(headings.values())}",
                place,
            )
            for column, place in self._map.columns.items()
            if column not in headings
        ]

    def count(self, cells: Cells) -> None:
        """Look at a row ahead of the others: among how many events are totals shared?"""
        cells = self._cleaned(cells)
        if self._reason(cells):
            return
        for rule in self._fitting(cells):
            plan = self._plans[id(rule)]
            for source in plan.shared:
                self._ahead[_total(rule, source, cells)] += len(plan.spread_over(cells))

    def events(self, cells: Cells) -> Iterator[Event]:
        """Yield the events of a row, without parties that are new.

        Raises: BadInput or Refused, with the column where something is wrong.
        """
        cells = self._cleaned(cells)
        if reason := self._reason(cells):
            self._account.skipped[reason] += 1
            return
        found = False
        for rule in self._map.rules:
            if all_hold(rule.when, cells):
                found = True
                if rule.is_planned:
                    self._account.homeless[rule.kind] += 1
                else:
                    yield from self._of_rule(rule, cells)
        if not found:
            self._account.skipped[_NOT_MAPPED] += 1

    def end(self) -> None:
        """Say what only all rows together tell."""
        if self.hand.inexact:
            self._account.notes.append(
                f"dates known to the month or the year only, taken as its last day: "
                f"{self.hand.inexact:,}"
            )

    def _reason(self, cells: Cells) -> str:
        """Return why a row is left out; nothing, if it is not."""
        return next((each.reason for each in self._map.skips if all_hold(each.when, cells)), "")

    def _fitting(self, cells: Cells) -> list[Rule]:
        return [rule for rule in self._map.rows_of_events() if all_hold(rule.when, cells)]

    def _cleaned(self, cells: Cells) -> Cells:
        writing = self._map.writing
        if not writing.replacements and not writing.nothing:
            return cells
        found = {}
        for name, cell in cells.items():
            for each in writing.replacements:
                if each.column is None or each.column == name:
                    cell = each.pattern.sub(each.by, cell)  # noqa: PLW2901
            plain = cell.strip()
            if plain and plain.casefold() not in writing.nothing:
                found[name] = plain
        return found

    def _of_rule(self, rule: Rule, cells: Cells) -> Iterator[Event]:
        plan = self._plans[id(rule)]
        parts = plan.spread_over(cells)
        if plan.spread and not parts:
            column = shown(plan.spread[1].column or "")
            self._account.skipped[f"nobody is named under {column}"] += 1
            return
        said, day = self._read(rule, plan, cells)
        amounts = {name: said.pop(name) for name, _ in plan.money if name in said}
        for number, word in enumerate(parts):
            event = dict(said)
            name = "id"
            try:
                if plan.id:
                    event["id"] = _id_of(plan.id, cells, number)
                if plan.spread:
                    name = plan.spread[0]
                    event[name] = self._parties.slug(word, day)
                for name, source in plan.money:
                    if name in amounts:
                        plain, currency = amounts[name]
                        share = _Share(source, plain, currency, number, len(parts))
                        self._share(event, name, share, rule, cells)
            except BadInput as error:
                raise BadInput(f"{name}: {error.message}", error.hint) from None
            made = parse_event(event)
            if isinstance(made, Party):
                self._parties.learn(made)
            yield made

    def _read(self, rule: Rule, plan: Plan, cells: Cells) -> tuple[dict[str, Any], date]:
        """Return what all events of a row say, with pairs for amounts, and their day."""
        said: dict[str, Any] = {"kind": rule.kind}
        texts, day = dict(plan.texts), date.max
        row, name = RowSaid(self.hand, cells, said, texts), ""
        try:
            for name, source, read in plan.readers:
                read(row, name, source)
            name = "amount"
            _share_currency(said, plan)
            if "effective_on" in said:
                day = parse_day(said["effective_on"])
            for name, source in plan.named:
                words = several(source, cells) if source.split else [text_of(source, cells)]
                slugs = [self._parties.slug(word, day) for word in words if word]
                if slugs:
                    said[name] = slugs if source.split else slugs[0]
        except BadInput as error:
            raise BadInput(f"{name}: {error.message}", error.hint) from None
        if texts:
            said.update(typed_fields(rule.kind, texts))
        return said, day

    def _share(
        self, event: dict[str, Any], name: str, share: _Share, rule: Rule, cells: Cells
    ) -> None:
        """Put in what one of several events has of an amount."""
        source, plain, currency, number, count = share
        if source.of:
            key = _total(rule, source, cells)
            number, count = self._seen[key], self._ahead[key]
            self._seen[key] += 1
            self._check_total(key, plain, currency, source)
        if source.each == "evenly" and count > 1:
            whole, rest = divmod(minor_units(Decimal(plain), currency), count)
            part = whole + (number < rest)
            if not part:
                return
            plain = scaled_text(part, MINOR_DIGITS[currency])
            if name == "amount" and "bound" in KINDS[rule.kind].model_fields:
                event.setdefault("bound", "about")
        elif source.each == "once" and number:
            return
        event[name], event["currency"] = plain, currency

    def _check_total(self, key: int, plain: str, currency: str, source: FieldSource) -> None:
        minor = minor_units(Decimal(plain), currency)
        if self._totals.setdefault(key, minor) != minor:
            raise BadInput(
                f"the rows of one total say {decimal_text(Decimal(plain))} and another amount",
                f"name one more column in of ({source.place})",
            )


def _share_currency(said: dict[str, Any], plan: Plan) -> None:
    """Give amounts without a currency that of the others of the row. Raises: BadInput."""
    named = [name for name, _ in plan.money if name in said]
    known = {said[name][1] for name in named} - {None}
    for name in named:
        if said[name][1] is None:
            if len(known) != 1:
                raise BadInput("an amount needs a currency", 'currency = "USD" in the map')
            said[name] = said[name][0], next(iter(known))


def _total(rule: Rule, source: FieldSource, cells: Cells) -> int:
    """Return by what a total that stands on several rows is known."""
    return hash((id(rule), *(cells.get(name, "").casefold() for name in source.of)))


def _id_of(source: FieldSource, cells: Cells, number: int) -> str:
    """Return the id of an event of a row: of its columns, and of which event of the row it is."""
    text = _NO_ID.sub("-", text_of(source, cells)).strip("-")
    if not text:
        raise BadInput("id: the columns that make it are blank", source.place)
    end = f":{number + 1}" if number else ""
    if len(text) + len(end) > _LONGEST_ID:
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        text = f"{text[: _LONGEST_ID - len(end) - 13]}-{digest}"
    return text + end
