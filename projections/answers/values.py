"""One value as people and as programs want it: short and literal, or exact; and a whole answer."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

from dealledger.events import Json, Money, PartMoney
from dealledger.events.decimals import exact_text
from dealledger.events.text import visible
from dealledger.projections.answers.numbers import amount, money, number, share
from dealledger.projections.answers.report import Nested, Number, Report, Value

_MOST_NAMES: Final = 5
"""So many parties with their shares stand in a cell for people."""


def answer_json(report: Report) -> dict[str, Any]:
    """Return an answer for programs: what stands beside the rows, the rows, further tables."""
    columns = report.for_programs()
    rows = [
        {column.key: to_json(column.exact_value(row), full=column.full) for column in columns}
        | (dict(report.own_fields(row)) if report.own_fields else {})
        for row in report.rows
    ]
    further = {name: answer_json(each) for name, each in report.further.items()}
    return {**report.extra, "rows": rows, **further}


def to_json(value: Value, *, full: bool = False) -> Json | None:
    """Return *value* for programs: exact, numbers that matter as strings."""
    match value:
        case Money() | PartMoney():
            return {"currency": value.currency, "amount": value.text()} if full else value.text()
        case Number():
            return exact_text(value.value)
        case Fraction():
            return exact_text(value)
        case Nested():
            return value.json
        case date():
            return value.isoformat()
        case tuple() | list():
            return [to_json(each, full=full) for each in value]  # type: ignore[misc]
        case _:
            return value


def cell(value: Value, *, full: bool = False) -> str:
    """Return *value* for people, on one line."""
    match value:
        case None:
            return "–"
        case Nested():
            return ""
        case bool():
            return "yes" if value else ""
        case Money() | PartMoney():
            return money(value) if full else amount(value)
        case Number():
            return number(value.value, value.places)
        case Fraction():
            return share(value)
        case int():
            return f"{value:,}"
        case tuple():
            parts = [cell(each, full=full) for each in value]
            return ("; " if any("," in part for part in parts) else ", ").join(parts)
        case _:
            return visible(str(value).replace("\n", " "))


def shares_text(shares: list[tuple[str, Fraction]]) -> str:
    """Return the first shares in a line, and how many more there are."""
    said = [f"{name} {share(part, 1)}" for name, part in shares[:_MOST_NAMES]]
    more = len(shares) - _MOST_NAMES
    return ", ".join([*said, *([f"{more} more"] if more > 0 else [])])
