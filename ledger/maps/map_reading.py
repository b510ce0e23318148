"""Reads a map: what it says is checked against the kinds of events, each mistake with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path as File
from typing import Any, Final

from dealledger.events import KINDS, BadInput, Problem, Refused
from dealledger.events.base import MONEY, PARTY
from dealledger.events.currency import parse_currency
from dealledger.events.errors import closest
from dealledger.events.money import SIGNS
from dealledger.events.text import SLUG, shown
from dealledger.events.typed import Anatomy, anatomies
from dealledger.ledger.append.dialect import (
    Dialect,
    parse_decimal_sign,
    parse_quote,
    parse_separator,
)
from dealledger.ledger.append.lines import known_encoding
from dealledger.ledger.append.sheet import heading
from dealledger.ledger.maps.model import (
    PLANNED,
    Condition,
    FieldSource,
    Map,
    Replacement,
    Rule,
    Skip,
    Writing,
)
from dealledger.ledger.maps.toml_lines import Path, Statements
from dealledger.ledger.named_files import read_bytes

LARGEST_BYTES: Final = 1_000_000
_TABLES: Final = ("file", "values", "names", "skip", "every", "event")
_FILE: Final = ("separator", "quote", "encoding", "sheet", "head", "headings")
_VALUES: Final = ("date", "decimal", "grouping", "undisclosed", "nothing", "replace")
_TESTS: Final = ("is", "is_not", "matches", "matches_not", "empty")
_SOURCE: Final = (
    "column", "split", "words", "otherwise", "empty", "unit", "currency", "date", "each", "of"
)  # fmt: skip
_EACH: Final = ("evenly", "once", "whole")
_UNITS: Final = {
    "": 0, "thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12,
}  # fmt: skip
_COLUMN: Final = re.compile(r"\{([^{}]*)\}")


def read_map(file: File) -> Map:
    """Return what a map says.

    Raises: Refused, with the line of every mistake; BadInput, if it cannot be read.
    """
    data = read_bytes(file, LARGEST_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8", "a map is TOML, which is") from None
    return map_of(text.replace("\r\n", "\n"), str(file))


def map_of(text: str, name: str) -> Map:
    """Return what the text of a map says. name: for errors. Raises: as `read_map`."""
    return _Reading(Statements(text, name)).map()


class _Reading:
    """The reading of one map. columns: what it names so far. problems: its mistakes so far."""

    def __init__(self, said: Statements) -> None:
        self._said = said
        self._problems: list[Problem] = []
        self._columns: dict[str, str] = {}

    def map(self) -> Map:
        data = self._said.data
        self._known(data, _TABLES, ())
        file = self._table(data, ("file",), _FILE)
        values = self._table(data, ("values",), _VALUES)
        dialect = self._dialect(file, values)
        headings = self._texts(file, ("file", "headings"))
        writing = self._writing(values)
        found = Map(
            self._said.name,
            dialect,
            headings,
            writing,
            dict(self._names(data)),
            tuple(self._skips(data)),
            tuple(self._rules(data)),
            self._columns,
        )
        if not found.rules:
            self._wrong((), "the map has no [[event]]", "it says what a row becomes")
        if self._problems:
            raise Refused(sorted(dict.fromkeys(self._problems), key=_line))
        return found

    def _wrong(self, path: Path, said: str, hint: str = "") -> None:
        self._problems.append(Problem(said, hint, self._said.place(path), rule="map"))

    @contextmanager
    def _mistakes_at(self, path: Path) -> Iterator[None]:
        try:
            yield
        except BadInput as error:
            self._wrong(path, error.message, error.hint)

    def _known(self, table: Mapping[str, Any], names: Collection[str], path: Path) -> None:
        for name in table:
            if name not in names:
                hint = closest(name, names) or f"one of {', '.join(names)}"
                self._wrong((*path, name), f"a map has no {shown(name)} here", hint)

    def _table(self, data: Mapping[str, Any], path: Path, names: Collection[str]) -> dict[str, Any]:
        table = data.get(str(path[-1]), {})
        if not isinstance(table, dict):
            self._wrong(path, f"{path[-1]} is not a table", f"[{path[-1]}]")
            return {}
        self._known(table, names, path)
        return table

    def _tables(self, data: Mapping[str, Any], name: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        tables = data.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self._wrong((name,), f"{name} is not a list of tables", f"[[{name}]]")
            return
        for number, table in enumerate(tables):
            yield (name, number), table

    def _texts(self, table: Mapping[str, Any], path: Path) -> tuple[str, ...]:
        """Return one text or a list of texts."""
        value = table.get(str(path[-1]), [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
            self._wrong(path, f"{path[-1]} is not a list of texts", 'such as ["a", "b"]')
            return ()
        return tuple(texts)

    def _text(self, table: Mapping[str, Any], path: Path) -> str | None:
        value = table.get(str(path[-1]))
        if value is None or isinstance(value, str):
            return value
        self._wrong(path, f"{path[-1]} is not a text", f'{path[-1]} = "{value}"')
        return None

    def _column(self, name: str, path: Path) -> str:
        """Note that a column is used, and return its heading as tables have it."""
        found = heading(name)
        self._columns.setdefault(found, self._said.place(path))
        return found

    def _dialect(self, file: Mapping[str, Any], values: Mapping[str, Any]) -> Dialect:
        found: dict[str, Any] = {}
        readers: dict[str, Callable[[str], str]] = {
            "separator": parse_separator, "quote": parse_quote, "encoding": known_encoding,
            "sheet": str,
        }  # fmt: skip
        for name, parse in readers.items():
            if (text := self._text(file, ("file", name))) is not None:
                with self._mistakes_at(("file", name)):
                    found[name] = parse(text)
        if (text := self._text(values, ("values", "decimal"))) is not None:
            with self._mistakes_at(("values", "decimal")):
                found["decimal"] = parse_decimal_sign(text)
        head = file.get("head", [])
        lines = [head] if isinstance(head, int) else head
        if isinstance(lines, list) and all(type(each) is int and each > 0 for each in lines):
            found["head"] = tuple(sorted(lines))
        else:
            self._wrong(("file", "head"), "head is not a line of headings", "such as 3, or [2, 3]")
        return Dialect(**found)

    def _writing(self, values: Mapping[str, Any]) -> Writing:
        grouping = self._text(values, ("values", "grouping")) or "thousands"
        if grouping not in ("thousands", "lakh", "any"):
            self._wrong(("values", "grouping"), f"{shown(grouping)} groups no digits",
                        "thousands, lakh for 20,00,000, or any")  # fmt: skip
        return Writing(
            self._dates(values, ("values", "date")),
            grouping,
            _folded(self._texts(values, ("values", "undisclosed"))),
            _folded(self._texts(values, ("values", "nothing"))),
            tuple(self._replacements(values)),
        )

    def _dates(self, table: Mapping[str, Any], path: Path) -> tuple[str, ...]:
        forms = self._texts(table, path)
        for form in forms:
            if not re.search("%[Yy]", form) or re.search("%[^YymdbBj%]", form):
                self._wrong(path, f"{shown(form)} is not a form of a date",
                            "such as %d/%m/%Y, %b %Y or %Y")  # fmt: skip
        return forms

    def _replacements(self, values: Mapping[str, Any]) -> Iterator[Replacement]:
        for number, each in enumerate(values.get("replace", [])):
            path: Path = ("values", "replace", number)
            if not isinstance(each, dict) or ("text" in each) is ("pattern" in each):
                self._wrong(path, "a replacement has a text or a pattern", 'and by = "..."')
                continue
            self._known(each, ("text", "pattern", "by", "column"), path)
            column = self._text(each, (*path, "column"))
            pattern = self._pattern(each, (*path, "pattern"), each.get("text"))
            if pattern is not None:
                by = self._text(each, (*path, "by")) or ""
                name = column and self._column(column, (*path, "column"))
                yield Replacement(pattern, by, name or None)

    def _pattern(
        self, table: Mapping[str, Any], path: Path, text: object = None
    ) -> re.Pattern[str] | None:
        found = re.escape(text) if isinstance(text, str) else self._text(table, path)
        try:
            return None if found is None else re.compile(found)
        except re.error as error:
            self._wrong(path, f"{shown(found or '')} is not a pattern: {error.msg}")
            return None

    def _names(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for name, slug in self._table(data, ("names",), data.get("names", {})).items():
            if isinstance(slug, str) and SLUG.fullmatch(slug):
                yield name, slug
            else:
                self._wrong(("names", name), f"{shown(str(slug))} is not a slug", "such as openai")

    def _skips(self, data: Mapping[str, Any]) -> Iterator[Skip]:
        for path, table in self._tables(data, "skip"):
            self._known(table, ("when", "reason"), path)
            reason = self._text(table, (*path, "reason"))
            when = self._conditions(table, (*path, "when"))
            if not reason or not when:
                self._wrong(path, "what is left out needs when and a reason")
            else:
                yield Skip(when, reason)

    def _conditions(self, table: Mapping[str, Any], path: Path) -> tuple[Condition, ...]:
        value = table.get("when", [])
        found = []
        for number, each in enumerate([value] if isinstance(value, dict) else value):
            place: Path = (*path, number) if isinstance(value, list) else path
            tests = [name for name in _TESTS if isinstance(each, dict) and name in each]
            if len(tests) != 1 or not isinstance(each.get("column"), str):
                hint = f'such as {{ column = "Type", is = "Loan" }}; tests: {", ".join(_TESTS)}'
                self._wrong(place, "a condition is a column and one test", hint)
                continue
            self._known(each, ("column", *_TESTS), place)
            column = self._column(each["column"], (*place, "column"))
            found.append(self._condition(each, column, tests[0], place))
        return tuple(found)

    def _condition(self, each: Mapping[str, Any], column: str, test: str, path: Path) -> Condition:
        turned = test.endswith("_not")
        if test == "empty":
            if not isinstance(each["empty"], bool):
                self._wrong((*path, "empty"), "empty is true or false")
            return Condition(column, is_empty=each["empty"] is True)
        if test.startswith("is"):
            return Condition(column, words=_folded(self._texts(each, (*path, test))), turned=turned)
        pattern = self._pattern(each, (*path, test)) or re.compile("")
        return Condition(column, pattern=pattern, turned=turned)

    def _rules(self, data: Mapping[str, Any]) -> Iterator[Rule]:
        every = data.get("every", {})
        for path, table in self._tables(data, "event"):
            kind = table.get("kind")
            place = self._said.place((*path, "kind"))
            when = self._conditions(table, (*path, "when"))
            if kind in PLANNED and kind not in KINDS:
                for name in table.keys() - {"kind", "when"}:
                    self._source(table[name], (*path, name), None)  # it notes the columns
                yield Rule(place, str(kind), when, {}, is_planned=True)
            elif kind not in KINDS:
                hint = closest(str(kind), KINDS) or f"one of {', '.join(KINDS)}"
                self._wrong((*path, "kind"), f"unknown kind {shown(str(kind or ''))}", hint)
            else:
                shared = {name: value for name, value in every.items()
                          if name in KINDS[kind].model_fields and name not in table}  # fmt: skip
                yield self._rule(kind, place, when, [(("every",), shared), (path, table)])
        for name in every:
            kinds = [table.get("kind") for _, table in self._tables(data, "event")]
            models = [KINDS[kind] for kind in kinds if kind in KINDS]
            if models and not any(name in model.model_fields for model in models):
                self._wrong(("every", name), f"no [[event]] here has a field {shown(name)}")

    def _rule(
        self,
        kind: str,
        place: str,
        when: tuple[Condition, ...],
        tables: list[tuple[Path, Mapping[str, Any]]],
    ) -> Rule:
        fields: dict[str, FieldSource] = {}
        about = anatomies(kind)
        for path, table in tables:
            for name, value in table.items():
                if name in ("kind", "when"):
                    continue
                if name not in about:
                    self._wrong((*path, name), f"a {kind} has no field {shown(name)}",
                                closest(name, about))  # fmt: skip
                    continue
                source = self._source(value, (*path, name), about[name])
                if source is not None:
                    fields[name] = source
        found = fields.pop("id", None)
        spread = [name for name, each in fields.items() if each.split and not about[name].many]
        for name, each in fields.items():
            if MONEY in about[name].marks and spread and not each.constant and each.each is None:
                self._wrong(_path_of(tables, name), f"{spread[0]} may be several: say of what each "
                            f"has of {name}", 'each = "evenly", "once" or "whole"')  # fmt: skip
        if len(spread) > 1:
            self._wrong(_path_of(tables, spread[1]), f"{' and '.join(spread)} are both split",
                        "one field makes several events")  # fmt: skip
        return Rule(place, kind, when, fields, found)

    def _source(self, value: Any, path: Path, field: Anatomy | None) -> FieldSource | None:
        place = self._said.place(path)
        if isinstance(value, dict):
            return self._from_column(value, path, field)
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return FieldSource(place, constant=";".join(value))
        if isinstance(value, bool):
            return FieldSource(place, constant=str(value).lower())
        if isinstance(value, int | date):
            return FieldSource(place, constant=str(value))
        if not isinstance(value, str):
            self._wrong(path, f"{path[-1]} is not a text", f'such as {path[-1]} = "{value}"')
            return None
        parts = _COLUMN.split(value)
        if len(parts) == 1:
            return FieldSource(place, constant=value)
        names = [self._column(each, path) if odd % 2 else each for odd, each in enumerate(parts)]
        return FieldSource(place, parts=tuple(names))

    def _from_column(
        self, table: Mapping[str, Any], path: Path, field: Anatomy | None
    ) -> FieldSource | None:
        name = table.get("column")
        if not isinstance(name, str):
            if field is not None:
                self._wrong(path, f"{path[-1]} needs a column", '{ column = "..." }')
            return None
        self._known(table, _SOURCE, path)
        unit, currency = self._unit(table, path)
        each = self._text(table, (*path, "each"))
        if each is not None and each not in _EACH:
            self._wrong((*path, "each"), f"{shown(each)} divides no total", ", ".join(_EACH))
        of = tuple(self._column(one, (*path, "of")) for one in self._texts(table, (*path, "of")))
        if of and each not in ("evenly", "once"):
            self._wrong((*path, "of"), "of needs each", 'each = "evenly" or "once"')
        source = FieldSource(
            self._said.place(path),
            column=self._column(name, (*path, "column")),
            split=self._split(table, (*path, "split")),
            words=self._words(table, (*path, "words")),
            otherwise=self._text(table, (*path, "otherwise")),
            empty=self._text(table, (*path, "empty")),
            unit=unit,
            currency=currency,
            dates=self._dates(table, (*path, "date")),
            each=each,
            of=of,
        )
        self._check_fit(source, path, field)
        return source

    def _check_fit(self, source: FieldSource, path: Path, field: Anatomy | None) -> None:
        if field is None:
            return
        if source.split and not field.many and PARTY not in field.marks:
            self._wrong((*path, "split"), f"{path[-1]} is one value, not several")
        if (source.each or source.currency or source.unit != 1) and MONEY not in field.marks:
            self._wrong(path, f"{path[-1]} is not an amount of money")

    def _split(self, table: Mapping[str, Any], path: Path) -> re.Pattern[str] | None:
        signs = self._texts(table, path)
        return re.compile("|".join(map(re.escape, signs)), re.IGNORECASE) if signs else None

    def _words(self, table: Mapping[str, Any], path: Path) -> dict[str, str]:
        words = table.get("words", {})
        if not isinstance(words, dict) or not all(isinstance(each, str) for each in words.values()):
            self._wrong(path, "words is not a table of texts", 'such as { Loan = "debt" }')
            return {}
        return {word.casefold().strip(): meant for word, meant in words.items()}

    def _unit(self, table: Mapping[str, Any], path: Path) -> tuple[Decimal, str | None]:
        currency = self._text(table, (*path, "currency"))
        unit = self._text(table, (*path, "unit")) or ""
        found = re.fullmatch(r"([$€£]|[A-Z]{3}\b)?\s*([a-z]*?)s?", unit)
        if found is None or found[2] not in _UNITS:
            hint = "such as millions, or $ millions"
            self._wrong((*path, "unit"), f"{shown(unit)} is not a unit", hint)
            return Decimal(1), None
        currency = currency or (SIGNS.get(found[1], found[1]) if found[1] else None)
        if currency is not None:
            with self._mistakes_at((*path, "currency" if "currency" in table else "unit")):
                parse_currency(currency)
        return Decimal(10) ** _UNITS[found[2]], currency


def _path_of(tables: list[tuple[Path, Mapping[str, Any]]], name: str) -> Path:
    return next((*path, name) for path, table in reversed(tables) if name in table)


def _folded(words: Collection[str]) -> frozenset[str]:
    return frozenset(word.casefold().strip() for word in words)


def _line(problem: Problem) -> int:
    return int(problem.where.rpartition(":")[2])
