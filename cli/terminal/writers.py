"""The writers of answers, one for each row of `formats`.

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
from dealledger.projections.answers.report import Column, Nested, Number, Report, Value
from dealledger.projections.answers.values import answer_json, cell, to_json

if TYPE_CHECKING:
    from dealledger.cli.terminal.formats import Style
    from dealledger.cli.terminal.table import TableRow


def as_json(report: Report, _: Style) -> str:
    """Return one object, exact."""
    return json.dumps(answer_json(report), ensure_ascii=False, indent=1)


def as_csv(report: Report, style: Style) -> str:
    """Return the rows under their keys, exact. Raises: BadInput, for several tables."""
    if report.further:
        raise BadInput("CSV holds one table, and this answer has more", "choose with --by")
    columns = program_columns(report)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if style.headers:
        keys = [column.key for column in columns]
        writer.writerow(keys if style.raw else map(guarded, keys))
    for row in report.rows:
        writer.writerow([_csv_cell(column, row, raw=style.raw) for column in columns])
    return out.getvalue()


def as_markdown(report: Report, style: Style) -> str:
    """Return the tables of an answer in Markdown, with all that people are shown."""
    return "\n\n".join(_named(_markdown(each, style), each) for each in report.tables())


def as_tables(report: Report, style: Style) -> str:
    """Return the tables of an answer for a screen."""
    return "\n\n".join(_table(each, style) for each in report.tables())


def program_columns(report: Report) -> list[Column]:
    """Return the columns for programs, behind them those that rows bring themselves."""
    columns = report.for_programs()
    if report.own_fields:
        columns += _own_columns(report, {column.key for column in columns})
    return columns


def _own_columns(report: Report, known: set[str]) -> list[Column]:
    """Return columns for the fields that rows bring; nested ones as JSON."""
    own = report.own_fields
    assert own is not None
    keys = dict.fromkeys(key for row in report.rows for key in own(row) if key not in known)

    def getter(key: str) -> Callable[[Any], Value]:
        def get(row: Any) -> Value:
            value = own(row).get(key)
            return Nested(value) if isinstance(value, list | dict) else value

        return get

    return [Column(key, exact=getter(key)) for key in keys]


def _csv_cell(column: Column, row: Any, *, raw: bool) -> str:
    value = column.exact_value(row)
    if isinstance(value, Money | PartMoney):
        return f"{value.currency} {value.text()}" if column.full else value.text()
    if isinstance(value, tuple | list):
        joined = "; ".join(
            _csv_cell(Column("", exact=lambda each: each, full=True), each, raw=raw)
            for each in value
        )
        return joined if raw else guarded(joined)
    said = json.dumps(value.json, ensure_ascii=False) if isinstance(value, Nested) else value
    text = "" if said is None else _plain(to_json(said))
    return text if raw or not isinstance(said, str) else guarded(text)


def _plain(value: Json | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


EVENTS_SHOWN: Final = 4
"""So many events stand in a cell for people; how many more there are is said."""
CURRENCY: Final = 9
"""The rank of a column of currencies that are all the same: nothing is lost without it."""


def _text(column: Column, row: Any, *, whole: bool = False) -> str:
    """Return a cell for people. whole: with all events, however many."""
    value = column.shown_value(row)
    if column.key == "events" and isinstance(value, tuple) and not whole:
        more = len(value) - EVENTS_SHOWN
        return cell(value[:EVENTS_SHOWN]) + (f" +{more}" if more > 0 else "")
    return cell(value, full=column.full)


def _named(text: str, report: Report) -> str:
    from dealledger.projections.answers.ids import shortened

    return shortened([text], report.places)[0] if report.places else text


def _is_right(column: Column, report: Report) -> bool:
    values = (column.shown_value(row) for row in report.rows)
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
    columns = report.for_people()
    # Without a first row there would be no table.
    headings = [markdown(column.heading) for column in columns]
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

    columns = report.for_people()
    currencies = {column.shown_value(row) for column in columns if column.key == "currency"
                  for row in report.rows} - {None}  # fmt: skip
    instead = {"currency": f"amounts in {currencies.pop()}"} if len(currencies) == 1 else {}
    page = Page(
        visible(report.title),
        [column.heading for column in columns],
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


def _lines(report: Report, columns: list[Column], style: Style) -> list[TableRow]:
    """Return the rows for people, under the headings of their sections, and the totals."""
    from dealledger.cli.terminal.table import TableRow

    lines: list[TableRow] = []
    section = None

    def part_ends() -> None:
        lines[-1] = TableRow(lines[-1].cells, lines[-1].is_bold, ends_part=True)

    for row in report.rows:
        here = report.section(row) if report.section else None
        if here != section:
            if section is not None:
                part_ends()
            lines.append(TableRow([here or ""], is_bold=True, spans=True))
            section = here
        lines.append(TableRow([_text(each, row, whole=style.wide) for each in columns]))
    if report.totals:
        part_ends()
        lines += [TableRow(total, is_bold=True) for total in _total_rows(report, columns)]
    return lines
