"""The tables of the page: each row with its history, as the command line says it at every date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from dealledger.events import DealLedgerError, Money, PartMoney
from dealledger.ledger import Memory, MemoryView
from dealledger.projections.answers.report import Column, Number, Report, events_of
from dealledger.projections.answers.values import cell, to_json
from dealledger.projections.timeline import History, Part, parts, swept
from dealledger.web.histories import Pool, over
from dealledger.web.page_table import PageTable
from dealledger.web.places import Places
from dealledger.web.scope import Scope

SECTION: Final = "_section"
"""The key of the column by which rows are grouped, where an answer has sections."""

WHOLE: Final = ""
"""The name of the one part of an answer that is asked as a whole."""
OF_WHOLES: Final = 2
"""So many lenses see answers that are asked as a whole: as known now, and as it came."""

_PLAIN: Final = {"right": False, "wide": False, "rank": 0}

Cell = Any
"""What is shown, or [what is shown, the exact value], or {"until": the day counted down to}."""


@dataclass(slots=True)
class _Table:
    """A table while it is filled: every column that any answer had, and what it said, each once."""

    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    cells: Pool[Any] = field(default_factory=Pool)
    behind: Pool[Any] = field(default_factory=Pool)
    said: Pool[Any] = field(default_factory=Pool)
    extras: Pool[Any] = field(default_factory=Pool)
    title: str = ""


def tables(
    scope: Scope, questions: Iterable[PageTable], places: Places, focus: str | None = None
) -> dict[str, Any]:
    """Return the part `tables` of the document; a question that is refused says why.

    focus: a party; only rows that name it are there.
    """
    found: dict[str, Any] = {}
    for question in questions:
        try:
            found[question.name] = _answered(scope, question, places, focus)
        except DealLedgerError as error:
            found[question.name] = {"command": question.command, "refused": str(error)}
    return found


def _answered(
    scope: Scope, question: PageTable, places: Places, focus: str | None
) -> dict[str, Any]:
    table = _Table()
    question.ask(scope.view)  # what is refused as a whole is refused in parts
    seen = scope.lenses if question.names else scope.lenses[:OF_WHOLES]
    asker = _Asker(table, question, places, focus)
    histories = swept(scope.view, seen, _parts(scope, question), asker.ask, scope.stops)
    if question.notes == "whole":
        whole = [Part(WHOLE, _memory(scope, question))]
        found = swept(scope.view, scope.lenses[:OF_WHOLES], whole, asker.notes, scope.stops)
        silent: tuple[History[int], ...] = tuple(() for _ in scope.lenses[OF_WHOLES:])
        histories |= {key: (*each, *silent) for key, each in found.items()}
    rows = [(key, each) for key, each in histories.items() if key[0] == "row"]
    names = list(table.columns)
    return {
        "title": table.title,
        "command": question.command,
        "columns": [{"key": name, **table.columns[name]} for name in names],
        "section": names.index(SECTION) if SECTION in names else None,
        "sort": [list(each) for each in question.sort],
        "rows": [{"key": list(key[2]), "at": over(each, scope.stops, int)} for key, each in rows],
        "cells": [
            [*(values.get(name) for name in names), behind] for values, behind in table.cells.values
        ],
        "behind": table.behind.values,
        "notes": _of_parts("notes", histories, scope),
        "said": table.said.values,
        "extra": _of_parts("extra", histories, scope),
        "extras": table.extras.values,
        "marks": None if question.names else [scope.stop_at(day) for day in scope.marks],
        "lenses": len(seen),
    }


def _of_parts(
    what: str, histories: dict[Any, tuple[History[int], ...]], scope: Scope
) -> dict[str, Any]:
    return {
        key[1]: over(each, scope.stops, int) for key, each in histories.items() if key[0] == what
    }


def _parts(scope: Scope, question: PageTable) -> tuple[Part, ...]:
    if question.names is None:
        return (Part(WHOLE, scope.view.memory, scope.marks),)
    return parts(_memory(scope, question), question.names, ("rate", *question.common))


def _memory(scope: Scope, question: PageTable) -> Memory:
    """Return the events that matter to a question."""
    memory, kinds = scope.view.memory, {*question.kinds, *question.common}
    if not question.kinds:
        return memory
    return memory.only(each for each in memory.kept if each.record.event.kind in kinds)


@dataclass(frozen=True, slots=True)
class _Asker:
    table: _Table
    question: PageTable
    places: Places
    focus: str | None

    def ask(self, view: MemoryView, part: str) -> Iterator[tuple[Any, int]]:
        """Yield the number of each row, and of the notes and further keys, of a part at a point."""
        report = self.question.ask(view)
        self.table.title = report.title
        merged = _merged(report)
        events = self.question.behind(view) if self.question.behind else events_of
        seen: dict[tuple[Any, ...], int] = {}
        for row in report.rows:
            if self.question.owner and part != str(getattr(row, self.question.owner)):
                continue
            values = self._values(report, merged, row, view.as_of)
            if self.focus and not any(map(self._names_focus, values.values())):
                continue
            key = tuple(_exact(values.get(name)) for name in self.question.key)
            seen[key] = seen.get(key, 0) + 1
            behind = self.table.behind.number(self.places(events(row)))
            number = self.table.cells.number([values, behind])
            yield ("row", part, (*key, seen[key]) if seen[key] > 1 else key), number
        if seen and self.question.notes == "parts":
            yield from self._notes(part, report)

    def notes(self, view: MemoryView, part: str) -> Iterator[tuple[Any, int]]:
        """Yield the numbers of the notes and further keys alone."""
        yield from self._notes(part, self.question.ask(view))

    def _notes(self, part: str, report: Report) -> Iterator[tuple[Any, int]]:
        yield ("notes", part), self.table.said.number(list(report.notes))
        yield ("extra", part), self.table.extras.number(report.extra)

    def _names_focus(self, value: Cell) -> bool:
        exact = _exact(value)
        return exact == self.focus or (isinstance(exact, list) and self.focus in exact)

    def _values(
        self, report: Report, merged: dict[str, _Pair], row: Any, as_of: date
    ) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for name, pair in merged.items():
            self._note(name, pair.described(row))
            value = pair.cell(row)
            if name == self.question.countdown and value is not None:
                value = {"until": (as_of + timedelta(days=int(_exact(value)))).isoformat()}
            if value is not None:
                found[name] = value
        if report.section is not None:
            self._note(SECTION, {**_PLAIN, "heading": "", "shown_only": True})
            found[SECTION] = report.section(row)
        return found

    def _note(self, name: str, described: dict[str, Any]) -> None:
        """Keep how a column is described; what is right-aligned once is so in all."""
        known = self.table.columns.setdefault(name, described)
        if described["right"]:
            known["right"] = True


@dataclass(frozen=True, slots=True)
class _Pair:
    """A column for people, one for programs, or one for both."""

    shown: Column | None
    exact: Column | None

    def described(self, row: Any) -> dict[str, Any]:
        """Return how the page describes the column."""
        column = self.shown or self.exact
        assert column is not None
        value = column.shown_value(row)
        right = isinstance(value, Money | PartMoney | Number | Fraction) or type(value) is int
        return {
            "heading": column.heading or column.key,
            "right": column.right or right,
            "wide": self.shown is None,
            "rank": column.rank,
            **({"shown_only": True} if self.exact is None else {}),
        }

    def cell(self, row: Any) -> Cell:
        """Return what is shown, and the exact value if that differs; None for nothing."""
        if self.exact is None:
            assert self.shown is not None
            return cell(self.shown.shown_value(row), full=self.shown.full) or None
        column = self.exact
        exact = to_json(column.exact_value(row), full=column.full)
        of = self.shown or column
        shown = cell(of.shown_value(row), full=of.full)
        if exact is None and shown in ("–", ""):
            return None
        return shown if exact == shown else [shown, exact]


def _merged(report: Report) -> dict[str, _Pair]:
    """Return the columns by key: what is for people beside what is for programs."""
    found: dict[str, _Pair] = {}
    for column in report.columns:
        pair = found.get(column.key, _Pair(None, None))
        if column.heading:
            pair = replace(pair, shown=column)
        if not column.only_shown:
            pair = replace(pair, exact=column)
        found[column.key] = pair
    return found


def _exact(value: Cell) -> Any:
    return value[1] if isinstance(value, list) else value
