"""Answers as people and programs want them: table, json, csv, md. The only writer to stdout.

A command says its answer once, as a `Report` of typed rows. Here each type gets its form: money is
short for people and exact text for programs, shares are percent or exact fractions. Text from the
ledger is always shown literally: no markup, no control characters, no spreadsheet formulas.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import click

from dealledger.events import Json, Money
from dealledger.events.decimals import exact_text
from dealledger.events.fraction import percent
from dealledger.events.text import visible
from dealledger.ledger import Unwritable

FORMATS: Final = ("table", "json", "csv", "md")
PIPED_WIDTH: Final = 240
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

Value = str | int | bool | date | Money | Fraction | tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in JSON and CSV, its heading for people, and where its value comes from.

    wide: only in JSON and CSV; narrow: only in tables. full: money as
    {currency, amount}, for rows without a currency.
    """

    key: str
    heading: str = ""
    get: Callable[[Any], Value] | None = None
    wide: bool = False
    narrow: bool = False
    full: bool = False
    right: bool = False

    def value(self, row: Any) -> Value:
        """Return the value of this column in *row*."""
        value: Value = self.get(row) if self.get else getattr(row, self.key)
        return value


@dataclass(slots=True)
class Report:
    """One answer. extra: further top-level keys of the JSON. notes: lines under the table.

    section: the heading under which a row stands in tables. totals: rows of (key, value).
    own_fields: further keys that each row brings in JSON, behind those of the columns.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    extra: dict[str, Json | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    section: Callable[[Any], str] | None = None
    totals: list[dict[str, Value]] = field(default_factory=list)
    own_fields: Callable[[Any], dict[str, Json | None]] | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """How the user wants it. file: where to, or None for stdout. raw: CSV without safety quotes."""

    form: str = "table"
    file: Path | None = None
    headers: bool = True
    raw: bool = False


def emit(report: Report, style: Style) -> None:
    """Print or write *report* in the format of *style*."""
    writers = {"table": _table, "json": _json, "csv": _csv, "md": _markdown}
    write(writers[style.form](report, style), style.file)


def write(text: str | bytes, file: Path | None) -> None:
    """Write to stdout, or to a file that is replaced only when all is written.

    Raises: Unwritable.
    """
    if file is None:
        _to_stdout(text)
        return
    data = text.encode("utf-8") if isinstance(text, str) else text
    target = Path(os.path.realpath(file)) if file.is_symlink() else file
    try:
        if target.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink()
            raise
    except OSError as error:
        raise Unwritable(f"{file} cannot be written: {error.strerror}") from None


def _to_stdout(text: str | bytes) -> None:
    if isinstance(text, bytes):
        sys.stdout.buffer.write(text)
        return
    encoding = sys.stdout.encoding or "utf-8"
    safe = text.encode(encoding, "replace").decode(encoding)
    click.echo(safe, nl=not safe.endswith("\n"))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def to_json(value: Value, *, full: bool = False) -> Json | None:
    """Return *value* for programs: exact, numbers that matter as strings."""
    match value:
        case Money():
            return {"currency": value.currency, "amount": value.text()} if full else value.text()
        case Fraction():
            return exact_text(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return [to_json(each, full=full) for each in value]  # type: ignore[misc]
        case _:
            return value


def _json(report: Report, _style: Style) -> str:
    columns = _for_programs(report)
    rows = [
        {column.key: to_json(column.value(row), full=column.full) for column in columns}
        | (report.own_fields(row) if report.own_fields else {})
        for row in report.rows
    ]
    return json.dumps({**report.extra, "rows": rows}, ensure_ascii=False, indent=1)


def _for_programs(report: Report) -> list[Column]:
    return [column for column in report.columns if not column.narrow]


def _csv(report: Report, style: Style) -> str:
    columns = _for_programs(report)
    if report.own_fields:
        columns += _own_columns(report, {column.key for column in columns})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if style.headers:
        writer.writerow([column.key for column in columns])
    for row in report.rows:
        writer.writerow([_csv_cell(column, row, raw=style.raw) for column in columns])
    return out.getvalue()


def _own_columns(report: Report, known: set[str]) -> list[Column]:
    """Return columns for the fields that rows bring; nested ones as JSON."""
    own = report.own_fields
    assert own is not None
    keys = dict.fromkeys(key for row in report.rows for key in own(row) if key not in known)

    def getter(key: str) -> Callable[[Any], Value]:
        def get(row: Any) -> Value:
            value = own(row).get(key)
            nested = isinstance(value, list | dict)
            return json.dumps(value, ensure_ascii=False) if nested else value  # type: ignore[return-value]

        return get

    return [Column(key, get=getter(key)) for key in keys]


def _csv_cell(column: Column, row: Any, *, raw: bool) -> str:
    value = column.value(row)
    if isinstance(value, Money):
        return f"{value.currency} {value.text()}" if column.full else value.text()
    if isinstance(value, tuple):
        return "; ".join(_csv_cell(Column("", get=lambda each: each, full=True), each, raw=True)
                         for each in value)  # fmt: skip
    text = "" if value is None else _plain(to_json(value))
    # A spreadsheet would run a text that begins like a formula; numbers are left as they are.
    if not raw and isinstance(value, str) and text.startswith(_RISKY):
        return f"'{text}"
    return text


def _plain(value: Json | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def cell(value: Value, *, full: bool = False) -> str:
    """Return *value* for people, on one line."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else ""
        case Money():
            return f"{value.short()} {value.currency}" if full else value.short()
        case Fraction():
            return percent(value)
        case int():
            return f"{value:,}"
        case tuple():
            return ", ".join(cell(each, full=full) for each in value)
        case _:
            return visible(str(value).replace("\n", " "))


def _shown(report: Report) -> list[Column]:
    return [column for column in report.columns if not column.wide]


def _is_right(column: Column, report: Report) -> bool:
    values = (column.value(row) for row in report.rows)
    first = next((value for value in values if value is not None), None)
    return column.right or isinstance(first, Money | Fraction) or type(first) is int


def _total_rows(report: Report, columns: list[Column]) -> list[list[str]]:
    return [
        [cell(row[column.key]) if column.key in row else "" for column in columns]
        for row in report.totals
    ]


def _markdown(report: Report, style: Style) -> str:
    columns = _shown(report)
    lines = []
    if style.headers:
        lines.append(_md_row([column.heading or column.key for column in columns]))
    lines.append(
        "|"
        + "|".join(" ---: " if _is_right(column, report) else " --- " for column in columns)
        + "|"
    )
    lines += [
        _md_row([cell(column.value(row), full=column.full) for column in columns])
        for row in report.rows
    ]
    lines += [_md_row([f"**{each}**" if each else "" for each in row])
              for row in _total_rows(report, columns)]  # fmt: skip
    notes = [f"*{_md_text(note)}*" for note in report.notes]
    return "\n".join([f"**{_md_text(report.title)}**", "", *lines, "", *notes])


def _md_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_md_text(each) if "**" not in each else each for each in cells) + " |"


def _md_text(text: str) -> str:
    for character in "\\|<*_`[":
        text = text.replace(character, f"\\{character}" if character != "<" else "&lt;")
    return text


def _table(report: Report, style: Style) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    columns = _shown(report)
    table = Table(box=box.SIMPLE_HEAD, show_header=style.headers, pad_edge=False, show_edge=False)
    for column in columns:
        right = _is_right(column, report)
        table.add_column(
            Text(column.heading or column.key),
            justify="right" if right else "left",
            no_wrap=right,
            overflow="fold",
        )
    section = None
    for row in report.rows:
        here = report.section(row) if report.section else None
        if here != section:
            if section is not None:
                table.add_section()
            table.add_row(Text(here or "", style="bold"))
            section = here
        table.add_row(*(Text(cell(each.value(row), full=each.full)) for each in columns))
    if report.totals:
        table.add_section()
        for total in _total_rows(report, columns):
            table.add_row(*(Text(each, style="bold") for each in total))
    terminal = sys.stdout.isatty() and style.file is None
    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=terminal and "NO_COLOR" not in os.environ,
        width=None if terminal else PIPED_WIDTH,
        highlight=False,
        emoji=False,
        markup=False,
    )
    console.print(Text(visible(report.title), style="bold"))
    console.print()
    console.print(table if report.rows else Text("nothing"))
    for note in report.notes:
        console.print(Text(visible(note), style="dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
