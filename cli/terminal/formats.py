"""Answers as people and programs want them: table, json, csv, md.

Each type of value gets its form here: money is short for people and exact text for programs, shares
are percent or exact fractions. Text from the ledger is always shown literally: no markup, no
control characters, no formulas for a spreadsheet to run.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from dealledger.cli.terminal.markup import guarded, markdown
from dealledger.events import BadInput, Json, Money, PartMoney
from dealledger.events.text import visible
from dealledger.projections.answers.report import Column, Number, Report, Style, Value
from dealledger.projections.answers.values import cell, to_json

if TYPE_CHECKING:
    from dealledger.cli.terminal.table import Line

_EMPTY: Final[tuple[Value, ...]] = (None, "", False, ())


def formatted(report: Report, style: Style) -> str:
    """Return *report* in the format of *style*."""
    match style.form:
        case "json":
            return json.dumps(_object(report), ensure_ascii=False, indent=1)
        case "csv":
            if report.further:
                raise BadInput("CSV holds one table, and this answer has more", "choose with --by")
            return _csv(report, style)
        case "md":
            return "\n\n".join(_named(_markdown(each, style), each) for each in report.tables())
        case _:
            return "\n\n".join(_table(each, style) for each in report.tables())


def _object(report: Report) -> dict[str, Any]:
    columns = _for_programs(report)
    rows = [
        {column.key: to_json(column.value(row), full=column.full) for column in columns}
        | (report.own_fields(row) if report.own_fields else {})
        for row in report.rows
    ]
    further = {name: _object(each) for name, each in report.further.items()}
    return {**report.extra, "rows": rows, **further}


def _for_programs(report: Report) -> list[Column]:
    return [column for column in report.columns if not column.narrow]


def _csv(report: Report, style: Style) -> str:
    columns = _for_programs(report)
    if report.own_fields:
        columns += _own_columns(report, {column.key for column in columns})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if style.headers:
        keys = [column.key for column in columns]
        writer.writerow(keys if style.raw else map(guarded, keys))
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
    if isinstance(value, Money | PartMoney):
        return f"{value.currency} {value.text()}" if column.full else value.text()
    if isinstance(value, tuple | list):
        joined = "; ".join(_csv_cell(Column("", get=lambda each: each, full=True), each, raw=raw)
                           for each in value)  # fmt: skip
        return joined if raw else guarded(joined)
    text = "" if value is None else _plain(to_json(value))
    return text if raw or not isinstance(value, str) else guarded(text)


def _plain(value: Json | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


EVENTS_SHOWN: Final = 4
"""So many events stand in a cell for people; how many more there are is said."""
CURRENCY: Final = 9
"""The rank of a column of currencies that are all the same: nothing is lost without it."""


def _shown(report: Report) -> list[Column]:
    """Return the columns for people: those of the answer, without sparse ones that are empty."""
    return [
        column
        for column in report.columns
        if not column.wide
        and (not column.sparse or any(column.value(row) not in _EMPTY for row in report.rows))
    ]


def _text(column: Column, row: Any, *, whole: bool = False) -> str:
    """Return a cell for people. whole: with all events, however many."""
    value = column.value(row)
    if column.key == "events" and isinstance(value, tuple) and not whole:
        more = len(value) - EVENTS_SHOWN
        return cell(value[:EVENTS_SHOWN]) + (f" +{more}" if more > 0 else "")
    return cell(value, full=column.full)


def _named(text: str, report: Report) -> str:
    from dealledger.projections.answers.ids import shortened

    return shortened([text], report.places)[0] if report.places else text


def _is_right(column: Column, report: Report) -> bool:
    values = (column.value(row) for row in report.rows)
    first = next((value for value in values if value is not None), None)
    return (
        column.right
        or isinstance(first, Money | PartMoney | Number | Fraction)
        or type(first) is int
    )


def _total_rows(report: Report, columns: list[Column]) -> list[list[str]]:
    return [
        [cell(row[column.key]) if column.key in row else "" for column in columns]
        for row in report.totals
    ]


def _markdown(report: Report, style: Style) -> str:
    columns = _shown(report)
    # Without a first row there would be no table.
    headings = [markdown(column.heading or column.key) for column in columns]
    lines = [_md_row(headings if style.headers else [""] * len(columns))]
    lines.append(
        "|"
        + "|".join(" ---: " if _is_right(column, report) else " --- " for column in columns)
        + "|"
    )
    lines += [_md_row([markdown(_text(column, row)) for column in columns]) for row in report.rows]
    lines += [_md_row([f"**{markdown(each)}**" if each else "" for each in row])
              for row in _total_rows(report, columns)]  # fmt: skip
    notes = [f"*{markdown(note)}*" for note in report.notes if note.strip()]
    return "\n".join([f"**{markdown(report.title)}**", "", *lines, "", *notes])


def _md_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _table(report: Report, style: Style) -> str:
    from functools import partial

    from dealledger.cli.terminal.table import Page, printed, screen
    from dealledger.projections.answers.ids import shortened

    columns = _shown(report)
    currencies = {column.value(row) for column in columns if column.key == "currency"
                  for row in report.rows} - {None}  # fmt: skip
    instead = {"currency": f"amounts in {currencies.pop()}"} if len(currencies) == 1 else {}
    page = Page(
        visible(report.title),
        [column.heading or column.key for column in columns],
        [_is_right(column, report) for column in columns],
        _lines(report, columns, style) if report.rows else [],
        [visible(note) for note in report.notes],
        [CURRENCY if column.key in instead else column.rank for column in columns],
        {at: instead[column.key] for at, column in enumerate(columns) if column.key in instead},
        style.headers,
    )
    if report.places and not style.wide:
        page = page.said_by(partial(shortened, places=report.places))
    return printed(page, screen(style.file, wide=style.wide))


def _lines(report: Report, columns: list[Column], style: Style) -> list[Line]:
    """Return the rows for people, under the headings of their sections, and the totals."""
    from dealledger.cli.terminal.table import Line

    lines: list[Line] = []
    section = None

    def part_ends() -> None:
        lines[-1] = Line(lines[-1].cells, lines[-1].is_bold, ends_part=True)

    for row in report.rows:
        here = report.section(row) if report.section else None
        if here != section:
            if section is not None:
                part_ends()
            lines.append(Line([here or ""], is_bold=True, spans=True))
            section = here
        lines.append(Line([_text(each, row, whole=style.wide) for each in columns]))
    if report.totals:
        part_ends()
        lines += [Line(total, is_bold=True) for total in _total_rows(report, columns)]
    return lines
