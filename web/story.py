"""A story beside the page: a text whose every figure is the answer to a question.

It is Markdown with marks: `# Title`; for each step `## Its title`, lines `as_of: DATE`,
`known: now|announced`, `focus: PARTY ...` and `view: diagram|table:NAME|chart:NAME|party:SLUG`, an
empty line, and paragraphs, with `**strong**` and `[text](https://...)`. A figure stands as

    {{QUESTION word=value ... | column=value; column=value | column}}

the value of a column in the one row of the answer that has these values, or, where an answer says
something about the whole,

    {{QUESTION word=value ... | whole | key.key | USD}}

which is shown as money of that currency, as `percent`, or as it is. `count` in place of the column
is how many such rows there are. `as_of=` and `announced_by=` ask at another point. A figure that is
typed is refused: nobody would know whether it is still true.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from dealledger.events import BadInput, Money, PartMoney
from dealledger.events.currency import MINOR_DIGITS, parse_currency
from dealledger.events.dates import parse_day
from dealledger.events.errors import closest
from dealledger.events.text import shown
from dealledger.ledger import MemoryView
from dealledger.projections.answers.asking import Place, ask
from dealledger.projections.answers.numbers import share
from dealledger.projections.answers.report import Report, Value, events_of
from dealledger.projections.answers.values import cell, to_json
from dealledger.projections.parties import parties
from dealledger.web.page_table import money_of
from dealledger.web.places import Places
from dealledger.web.scope import Scope

LONGEST_BYTES: Final = 500_000
_FIGURE: Final = re.compile(r"\{\{(.+?)\}\}")
_MARKED: Final = re.compile(r"\*\*(.+?)\*\*|\[([^\]]+)\]\((https?://[^\s)]+)\)")
_TYPED: Final = re.compile(
    r"[$€£]\s?\d|\d[\d.,]*\s*(?:%|bn\b|[BMTK]\b|USD\b|EUR\b|percent|thousand|million|billion|trillion)"
)
_MARKS: Final = ("as_of", "known", "focus", "view")
_LENSES: Final = {"now": 0, "announced": 1}


class BadStory(BadInput):
    """A line of a story cannot be told."""


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step as it is written. lines: its text, each with its number in the file."""

    title: str
    line: int
    marks: Mapping[str, str]
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """What an answer says at one place. events: what that rests on, by their ids."""

    value: str
    exact: Any
    events: tuple[str, ...]


def story(scope: Scope, text: str, places: Places) -> dict[str, Any]:
    """Return the part `story` of the document. text: of the file.

    Raises: BadInput, with the line.
    """
    title, steps = _read(text)
    return {"title": title, "steps": [_step(scope, each, places) for each in steps]}


def _read(text: str) -> tuple[str, list[StoryStep]]:
    lines = [(number, line.rstrip()) for number, line in enumerate(text.splitlines(), start=1)]
    heads = [at for at, (_, line) in enumerate(lines) if line.startswith("## ")]
    title = next((line[2:].strip() for _, line in lines if line.startswith("# ")), "")
    if not title or not heads:
        raise BadStory("a story has a title and steps", "# Title, and ## for each step")
    ends = [*heads[1:], len(lines)]
    return title, [_written(lines[begin:end]) for begin, end in zip(heads, ends, strict=True)]


def _written(lines: Sequence[tuple[int, str]]) -> StoryStep:
    number, head = lines[0]
    marks: dict[str, str] = {}
    rest = list(lines[1:])
    while rest and (found := re.fullmatch(r"([a-z_]+):\s*(.+)", rest[0][1])):
        if found[1] not in _MARKS:
            raise _at(rest[0][0], f"unknown mark {found[1]}", closest(found[1], _MARKS))
        marks[found[1]] = found[2]
        rest.pop(0)
    return StoryStep(head[3:].strip(), number, marks, tuple(rest))


def _step(scope: Scope, step: StoryStep, places: Places) -> dict[str, Any]:
    day = _day(step) or scope.view.as_of
    known = step.marks.get("known", "now")
    if known not in _LENSES:
        raise _at(step.line, f"known: {shown(known)} is not understood", "now, or announced")
    view = _view(scope.view, day, day if known == "announced" else None)
    behind: set[str] = set()
    blocks = [
        {"kind": kind, "runs": list(_runs(view, words, line, places, behind))}
        for kind, line, words in _blocks(step.lines)
    ]
    return {
        "title": step.title,
        "blocks": blocks,
        "day": scope.stop_at(day),
        "lens": _LENSES[known],
        "focus": step.marks.get("focus", "").split(),
        "view": step.marks.get("view", "diagram"),
        "behind": places(behind),
    }


def _day(step: StoryStep) -> date | None:
    typed = step.marks.get("as_of")
    try:
        return None if typed is None else parse_day(typed)
    except BadInput as error:
        raise _at(step.line, error.message, error.hint) from None


def _view(view: MemoryView, as_of: date, by: date | None) -> MemoryView:
    return replace(view, as_of=as_of, announced_by=by)


def _blocks(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int, str]]:
    """Yield paragraphs, points of lists and headings, each with the line where it begins."""
    words: list[str] = []
    begun, kind = 0, "p"
    for number, line in (*lines, (0, "")):
        is_point, is_head = line.startswith("- "), line.startswith("### ")
        if words and (not line or is_point or is_head):
            yield kind, begun, " ".join(words)
            words = []
        if not line:
            continue
        if not words:
            begun, kind = number, "li" if is_point else "h" if is_head else "p"
        words.append(line[4:] if is_head else line[2:] if is_point else line)


def _runs(
    view: MemoryView, words: str, line: int, places: Places, behind: set[str]
) -> Iterator[Any]:
    """Yield the parts of a text: words, what is strong, links, and figures with what is behind."""
    for number, part in enumerate(_FIGURE.split(words)):
        if number % 2 == 0:
            yield from _plain(part, line)
            continue
        try:
            found = figure(view, part)
        except BadInput as error:
            raise _at(line, f"{{{{{part}}}}}: {error.message}", error.hint) from None
        behind.update(found.events)
        yield {
            "value": found.value,
            "exact": found.exact,
            "command": f"deals {part.partition('|')[0].strip()}",
            "behind": places(found.events),
        }


def _plain(text: str, line: int) -> Iterator[Any]:
    if typed := _TYPED.search(text):
        raise _at(line, f"the figure {typed[0]!r} is typed", "let an answer say it: {{...}}")
    begin = 0
    for found in _MARKED.finditer(text):
        if found.start() > begin:
            yield text[begin : found.start()]
        yield {"strong": found[1]} if found[1] else {"link": found[3], "text": found[2]}
        begin = found.end()
    if begin < len(text):
        yield text[begin:]


def figure(view: MemoryView, asked: str) -> Figure:
    """Return what `{{asked}}` stands for at a point. Raises: BadInput."""
    question, *parts = [each.strip() for each in asked.split("|")]
    if len(parts) not in (2, 3):
        raise BadInput("a figure has two or three parts after its question", "| row | column")
    report = _answer(view, question)
    if parts[0] == "whole":
        return _of_whole(report, parts[1], parts[2] if len(parts) > 2 else "")
    return _of_row(view, report, _wanted(parts[0]), parts[1])


def _answer(view: MemoryView, question: str) -> Report:
    words: dict[str, list[str]] = {}
    names: list[str] = []
    for word in shlex.split(question):
        name, is_said, value = word.partition("=")
        if is_said:
            words.setdefault(name, []).append(value)
        else:
            names.append(word)
    as_of, by = words.pop("as_of", None), words.pop("announced_by", None)
    seen = _view(
        view,
        parse_day(as_of[0]) if as_of else view.as_of,
        parse_day(by[0]) if by else view.announced_by,
    )
    return ask(Place(seen), " ".join(names), words)


def _wanted(typed: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in typed.split(";") if each.strip()]
    return {key.strip(): value.strip() for key, _, value in pairs}


def _of_row(view: MemoryView, report: Report, wanted: Mapping[str, str], column: str) -> Figure:
    found = [row for row in report.rows if wanted.items() <= _said(report, row).items()]
    if column == "count":
        ids = tuple(each for row in found for each in _events(view, row))
        return Figure(f"{len(found):,}", len(found), ids)
    if len(found) != 1:
        keys = ", ".join(f"{key}={value}" for key, value in wanted.items())
        raise BadInput(f"{len(found)} rows have {keys or 'nothing to tell them apart'}", "one must")
    [row] = found
    columns = [each for each in report.columns if each.key == column]
    if not columns:
        known = [each.key for each in report.columns]
        raise BadInput(f"no column {shown(column)}", closest(column, known) or ", ".join(known))
    shown_by = next((each for each in columns if each.heading), columns[0])
    exact = next((each for each in columns if not each.only_shown), columns[0])
    value = exact.exact_value(row)
    return Figure(
        _in_words(view, shown_by.shown_value(row), value),
        to_json(value, full=exact.full),
        _events(view, row),
    )


def _in_words(view: MemoryView, said: Value, exact: Value) -> str:
    """Return a value as a sentence has it: money with its currency, parties by their names."""
    names = {row.party: row.name for row in parties(view)}
    if isinstance(said, str | tuple) and said == exact:
        listed = (said,) if isinstance(said, str) else said
        return " and ".join(names.get(str(each), cell(each, full=True)) for each in listed)
    text = cell(said, full=True)
    if isinstance(exact, Money | PartMoney) and exact.currency not in text:
        return f"{text} {exact.currency}"
    return text


def _said(report: Report, row: Any) -> dict[str, str]:
    """Return what programs are told of a row, as texts."""
    said = {each.key: to_json(each.exact_value(row)) for each in report.for_programs()}
    return {key: str(value) for key, value in said.items()}


def _events(view: MemoryView, row: Any) -> tuple[str, ...]:
    """Return what a row rests on: the events that it names, or the money between its parties."""
    if own := events_of(row):
        return own
    names = ("party", "source", "target", "a", "b")
    named = [value for name in names if (value := getattr(row, name, None)) is not None]
    return tuple(money_of(view, *named)) if named else ()


def _of_whole(report: Report, path: str, unit: str) -> Figure:
    found: Any = report.extra
    for key in path.split("."):
        try:
            found = found[int(key)] if isinstance(found, list | tuple) else found[key]
        except (KeyError, IndexError, ValueError, TypeError):
            keys = ", ".join(found) if isinstance(found, Mapping) else "numbers from 0"
            raise BadInput(f"the answer has no {shown(key)} in {path}", keys) from None
    return Figure(_in_unit(found, unit), found, ())


def _in_unit(value: Any, unit: str) -> str:
    if not unit:
        return str(value)
    try:
        number = Fraction(str(value))
    except ValueError:
        raise BadInput(f"{shown(str(value))} is not a number") from None
    if unit == "percent":
        return share(number)
    code = parse_currency(unit)
    return f"{Money(code, round(number * 10 ** MINOR_DIGITS[code])).short()} {code}"


def _at(line: int, message: str, hint: str = "") -> BadStory:
    return BadStory(f"line {line}: {message}", hint)
