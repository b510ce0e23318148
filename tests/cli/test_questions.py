"""The answers: programs get what is exact and people what is shown; others find them by name."""

from __future__ import annotations

import csv
import inspect
import io
import json
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.cli.main import deals
from dealledger.cli.terminal.formats import FORMATS, Style, formatted, inferred
from dealledger.cli.terminal.writers import as_csv
from dealledger.ledger import Log, View
from dealledger.projections.answers.questions import QUESTIONS, SPELLED
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.webs import Asked
from dealledger.projections.answers.whereabouts import Opened

WORDS = st.text("abcdefgh", min_size=3, max_size=8)


@st.composite
def reports(draw: Any) -> Report:
    """Return a report of columns for programs, for people, and for both, with values in each."""
    columns = []
    for at in range(draw(st.integers(1, 5))):
        exact, shown = f"exact{at}", f"shown{at}"
        columns.append(
            Column(
                f"key{at}",
                draw(st.sampled_from(["", f"Heading{at}"])),
                lambda row, text=exact: text + row,  # type: ignore[misc]
                draw(st.sampled_from([None, lambda row, text=shown: text + row])),
                only_shown=draw(st.booleans()),
                rank=draw(st.integers(0, 3)),
                sparse=draw(st.booleans()),
            )
        )
    return Report("T", columns, draw(st.lists(WORDS, min_size=1, max_size=3)))


@given(reports())
def test_programs_are_told_what_is_exact_and_people_what_is_shown(report: Report) -> None:
    """JSON and CSV are made of `exact`, tables and Markdown of `shown`, and of nothing else."""
    exact = [
        {each.key: f"exact{each.key[3:]}{row}" for each in report.columns if not each.only_shown}
        for row in report.rows
    ]
    shown = {
        f"{'shown' if each.shown else 'exact'}{each.key[3:]}{row}"
        for each in report.columns
        if each.heading
        for row in report.rows
    }

    assert exact == json.loads(formatted(report, Style("json")))["rows"]
    assert [*map(list, map(dict.values, exact))] == [
        *csv.reader(io.StringIO(formatted(report, Style("csv", headers=False))))
    ] or not exact[0]
    for form in ("table", "md"):
        text = formatted(report, Style(form, wide=True))
        found = {word for word in text.split() if word.startswith(("exact", "shown"))}
        assert shown == found


def test_a_report_does_not_change() -> None:
    """What adds a note, or what knows where events stand, gives another."""
    report = Report("T", [Column("a", "A")], [], further={"more": Report("M", [], [])})
    noted = report.noting("last").placing(lambda ids: {})

    assert ((), ("last",)) == (noted.notes, noted.further["more"].notes)
    assert all(each.places for each in noted.tables())
    assert not any(each.places or each.notes for each in report.tables())
    with pytest.raises(FrozenInstanceError):
        report.title = "U"  # type: ignore[misc]


def commands(group: click.Group, *names: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that answers a query in JSON, with its name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from commands(found, *names, name)
        elif name not in NO_QUESTIONS and any(each.name == "no_headers" for each in found.params):
            yield " ".join((*names, name)), found


NO_QUESTIONS = {
    "doctor": "looks at a machine and a file",
    "verify-proof": "needs no ledger",
}
"""Commands that answer in some format, and ask no View."""

OF_A_COMMAND = {
    "as_of", "known_at", "announced_by", "today", "form", "output", "no_headers", "wide", "exact",
    "raw", "follow", "chart", "svg", "verified", "checkpoint", "vkeys", "policy", "assumed",
}  # fmt: skip
"""Where in time, on what footing, how to print, and how to draw: no business of an answer."""


@pytest.mark.parametrize(("name", "command"), [*commands(deals)])
def test_a_command_and_its_answer_agree(name: str, command: click.Command) -> None:
    """The table has every question; options, arguments and what can be chosen are the same."""
    assert name in QUESTIONS, f"add a row for {name} to projections/answers/questions.py"
    taken = arguments(QUESTIONS[name].answer())
    options = {str(each.name): each for each in command.params if each.name not in OF_A_COMMAND}

    assert options.keys() == taken.keys(), "the command and its answer take different things"
    for key, option in options.items():
        if isinstance(option, click.Option):
            assert f"--{SPELLED.get(key, key).replace('_', '-')}" in option.opts
        choices = getattr(option.type, "choices", None)
        assert choices is None or set(choices) == set(literals(taken[key]))


def arguments(function: Any) -> dict[str, Any]:
    """Return the types of what an answer takes besides a View or a ledger, by their names."""
    hints = get_type_hints(function, globalns=types(function))
    found: dict[str, Any] = {}
    for name in list(inspect.signature(function).parameters)[1:]:
        if name in ("opened", "earlier", "words"):
            continue
        if is_dataclass(hints[name]):
            own = get_type_hints(hints[name], globalns=types(hints[name]))
            found |= {each.name: own[each.name] for each in fields(hints[name])}
        else:
            found[name] = hints[name]
    if function.__module__.endswith("diff"):
        found |= {"first": str, "second": str}
    if function.__module__.endswith("relation"):
        del found["since"]  # the options of `relation` have none
    return found


def types(thing: Any) -> dict[str, Any]:
    """Return what the annotations of something may name."""
    import importlib
    from datetime import date
    from pathlib import Path

    from dealledger.projections.analysis.market.concentration import Direction
    from dealledger.projections.analysis.web import Layer

    known = {"Asked": Asked, "View": View, "Log": Log, "Report": Report, "Opened": Opened,
             "Direction": Direction, "Layer": Layer, "Path": Path, "date": date}  # fmt: skip
    return {**known, **vars(importlib.import_module(thing.__module__))}


def literals(hint: Any) -> Iterator[Any]:
    """Yield what a literal type, or a union with one, allows."""
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    for each in get_args(hint):
        yield from literals(each)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_found_by_the_ending_of_its_files(name: str) -> None:
    """The one table gives the choices of -f and the endings."""
    from pathlib import Path

    assert name == inferred(Path(f"x.{FORMATS[name].ending}"))


def test_the_headings_of_csv_do_not_depend_on_its_rows() -> None:
    """A program that reads an empty answer finds the same columns."""
    from dealledger.projections.answers.stakes import COLUMNS

    keys = as_csv(Report("T", COLUMNS, []), Style("csv")).strip().split(",")

    assert [each.key for each in COLUMNS if not each.only_shown] == keys
