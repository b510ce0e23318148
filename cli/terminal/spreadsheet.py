"""Answers as workbooks: numbers that compute, exact; texts that are only texts; and the sources.

A spreadsheet keeps a number in so many digits. Where a column holds one that would lose some, the
exact values stand as text in a column beside it. Nothing that comes from a ledger is ever a formula
or a link: texts are written as texts.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from dealledger.cli.terminal.writers import program_columns
from dealledger.events import BadInput, Money, PartMoney
from dealledger.events.text import visible
from dealledger.projections.answers.report import Column, Nested, Number, Report, events_of
from dealledger.projections.answers.values import to_json

if TYPE_CHECKING:
    from dealledger.cli.terminal.formats import Style

DIGITS: Final = 15
"""So many digits of a number are kept by every spreadsheet."""
LONGEST_TEXT: Final = 32_767
MOST_ROWS: Final = 1_048_575
_WIDEST: Final = 60
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\\']")
_FIRST_DAY: Final = date(1900, 3, 1)
"""Before it spreadsheets count a day that there never was."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """One column of a sheet: its heading, and the value of each row."""

    heading: str
    values: list[Any]
    style: str = ""


def as_workbook(report: Report, style: Style) -> bytes:
    """Return a workbook: a sheet for each table, the point in time and the notes, and the sources.

    Raises: BadInput, if the package is missing, or for more rows than a sheet holds.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise BadInput(
            "workbooks need the xlsxwriter package", "pip install 'deal-ledger[xlsx]', or -f csv"
        ) from None
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, {"in_memory": True, **plain}) as book:
        sheets = _Sheets(book, headers=style.headers)
        for name, each in zip(_names(report), report.tables(), strict=True):
            sheets.add(name, _table(each))
        sheets.add("About", _about(report))
        sheets.add("Sources", _sources(report))
    return out.getvalue()


class _Sheets:
    """The sheets of a book while they are written."""

    def __init__(self, book: Any, *, headers: bool) -> None:
        self._book, self._headers = book, headers
        formats: dict[str, dict[str, Any]] = {
            "": {},
            "date": {"num_format": "yyyy-mm-dd"},
            "share": {"num_format": "0.00%"},
            "money": {"num_format": "#,##0.00"},
            "head": {"bold": True, "bottom": 1},
        }
        self._formats = {name: book.add_format(each) for name, each in formats.items()}

    def add(self, name: str, columns: Sequence[_Filled]) -> None:
        """Write one sheet."""
        longest = max((len(each.values) for each in columns), default=0)
        if longest > MOST_ROWS:
            raise BadInput(f"a sheet holds {MOST_ROWS:,} rows, and this has {longest:,}", "-f csv")
        sheet = self._book.add_worksheet(name)
        top = 1 if self._headers else 0
        for at, column in enumerate(columns):
            if self._headers:
                sheet.write_string(0, at, column.heading, self._formats["head"])
            for down, value in enumerate(column.values, start=top):
                self._write(sheet, down, at, value, column.style)
            wide = max([len(column.heading), *(len(str(each)) for each in column.values[:500])])
            sheet.set_column(at, at, min(wide + 2, _WIDEST))
        if self._headers:
            sheet.freeze_panes(1, 0)
            if longest:
                sheet.autofilter(0, 0, longest, len(columns) - 1)

    def _write(self, sheet: Any, row: int, at: int, value: Any, style: str) -> None:
        match value:
            case None | "":
                return
            case bool():
                sheet.write_boolean(row, at, value)
            case int() | Decimal():
                sheet.write_number(row, at, value, self._formats[style])
            case date():
                sheet.write_datetime(row, at, value, self._formats["date"])
            case _:
                sheet.write_string(row, at, visible(str(value))[:LONGEST_TEXT])


def _names(report: Report) -> Iterator[str]:
    """Yield the names of the sheets: of the answer, and of its further tables."""
    known: set[str] = {"about", "sources"}
    for text in (report.title, *report.further):
        name = _FORBIDDEN.sub(" ", visible(text)).strip()[:28] or "Answer"
        number = 2
        unique = name
        while unique.casefold() in known:
            unique, number = f"{name} {number}", number + 1
        known.add(unique.casefold())
        yield unique


def _table(report: Report) -> list[_Filled]:
    columns: list[_Filled] = []
    for column in program_columns(report):
        values = [column.exact_value(row) for row in report.rows]
        columns += _filled(column, values)
    return columns


def _filled(column: Column, values: Sequence[Any]) -> Iterator[_Filled]:
    """Yield a column, its currency if no other column says it, and its exact texts if need be."""
    numbers = [_number(value) for value in values]
    plain = [
        _plain(value) if number is None else number
        for value, number in zip(values, numbers, strict=True)
    ]
    is_money = any(isinstance(value, Money | PartMoney) for value in values)
    is_share = any(isinstance(value, Fraction) for value in values)
    yield _Filled(column.key, plain, "money" if is_money else "share" if is_share else "")
    if column.full and is_money:
        yield _Filled(
            f"{column.key} currency", [getattr(each, "currency", None) for each in values]
        )
    if any(number is not None and not _is_kept(value, number)
           for value, number in zip(values, numbers, strict=True)):  # fmt: skip
        exact = [None if number is None else to_json(value)
                 for value, number in zip(values, numbers, strict=True)]  # fmt: skip
        yield _Filled(f"{column.key} exact", exact)


def _number(value: Any) -> int | Decimal | None:
    """Return a value as a number for a cell, as near as it can be; None, if it is none."""
    match value:
        case bool():
            return None
        case int():
            return value
        case Number():
            return _number(value.value)
        case Money() | PartMoney():
            return _number(Fraction(value.text()))
        case Fraction():
            return Decimal(value.numerator) / Decimal(value.denominator)
        case _:
            return None


def _is_kept(value: Any, number: int | Decimal) -> bool:
    """Tell whether a spreadsheet keeps a number to its last digit."""
    exact = Fraction(value.text()) if isinstance(value, Money | PartMoney) else (
        value.value if isinstance(value, Number) else Fraction(value)
    )  # fmt: skip
    kept = Fraction(f"{Decimal(number):.{DIGITS}G}")
    return kept == exact


def _plain(value: Any) -> Any:
    """Return a value that is no number as a cell has it."""
    match value:
        case None | bool():
            return value
        case date():
            return value if value >= _FIRST_DAY else value.isoformat()
        case Nested():
            return json.dumps(value.json, ensure_ascii=False)
        case tuple() | list():
            return "; ".join(str(to_json(each, full=True)) for each in value)
        case _:
            return str(value)


def _about(report: Report) -> list[_Filled]:
    """Return the question, its point in both times, all that stands beside the rows, the notes."""
    lines: list[tuple[str, Any]] = [("title", report.title)]
    for key, value in report.extra.items():
        if key == "query" and isinstance(value, list):
            lines.append((key, "deals " + " ".join(map(str, value))))
        else:
            is_flat = not isinstance(value, list | dict)
            lines.append((key, value if is_flat else json.dumps(value, ensure_ascii=False)))
    lines += [("note", each) for table in report.tables() for each in table.notes if each.strip()]
    return [
        _Filled("what", [key for key, _ in lines]),
        _Filled("value", [value if value is None else str(value) for _, value in lines]),
    ]


def _sources(report: Report) -> list[_Filled]:
    """Return the events that the rows name, each with its publication."""
    ids = dict.fromkeys(each for table in report.tables() for row in table.rows
                        for each in events_of(row))  # fmt: skip
    cited = report.cited(ids) if report.cited and ids else ()
    fields: dict[str, Callable[[Any], Any]] = {
        "event": lambda record: record.id,
        "position": lambda record: record.position,
        "kind": lambda record: record.event.kind,
        "effective_on": lambda record: _plain(record.event.effective_on),
        "source_title": lambda record: record.event.source_title,
        "source_url": lambda record: record.event.source_url,
        "confidence": lambda record: record.event.confidence,
    }
    return [_Filled(name, [get(each) for each in cited]) for name, get in fields.items()]
