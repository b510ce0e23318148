"""The formats of answers: one table, from which come the choices of -f and the endings of files.

To add one is a line here, a function that writes it, and tests. Light on purpose: every command
reads it for its options, and the writers load what they need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dealledger.projections.answers.report import Report

_HOME: Final = "dealledger.cli.terminal"


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


@dataclass(frozen=True, slots=True)
class Format:
    """How an answer is written. ending: of files that hold it. writer: a function in *module*.

    for_people: numbers are short, unless --exact. is_text: it can stand on a terminal.
    """

    ending: str
    writer: str
    for_people: bool = False
    module: str = "writers"
    is_text: bool = True


FORMATS: Final[dict[str, Format]] = {
    "table": Format("txt", "as_tables", for_people=True),
    "json": Format("json", "as_json"),
    "csv": Format("csv", "as_csv"),
    "md": Format("md", "as_markdown", for_people=True),
    "xlsx": Format("xlsx", "as_workbook", module="spreadsheet", is_text=False),
}


def written(report: Report, style: Style) -> str | bytes:
    """Return *report* in the format of *style*. Raises: BadInput."""
    form = FORMATS[style.form]
    found: str | bytes = getattr(import_module(f"{_HOME}.{form.module}"), form.writer)(
        report, style
    )
    return found


def formatted(report: Report, style: Style) -> str:
    """Return *report* in a format that is text."""
    text = written(report, style)
    assert isinstance(text, str)
    return text


def check_place(style: Style, *, is_terminal: bool) -> None:
    """Refuse to print on a terminal what is not text. Raises: BadInput."""
    from dealledger.events.errors import BadInput

    if is_terminal and style.file is None and not FORMATS[style.form].is_text:
        ending = FORMATS[style.form].ending
        raise BadInput(f"{style.form} is not text for a terminal", f"name a file: -o x.{ending}")


def inferred(output: Path | None) -> str:
    """Return the format of an answer by the ending of its file; a table, if there is none.

    Raises: BadInput.
    """
    if output is None:
        return "table"
    return by_ending(output, {each.ending: name for name, each in FORMATS.items()})


def by_ending(output: Path, forms: Mapping[str, str], hint: str = "say it with -f: {}") -> str:
    """Return the format that the ending of a file's name means.

    forms: by their endings. hint: with a place for the names of all.
    Raises: BadInput, with the formats that there are.
    """
    from dealledger.events.errors import BadInput

    form = forms.get(output.suffix.lower().lstrip("."))
    if form is None:
        *names, last = forms.values()
        known = f"{', '.join(names)} or {last}"
        raise BadInput(f"{output}: the ending says no known format", hint.format(known))
    return form
