"""deals diff: what changed between two points of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dealledger.cli.params import Query, query_options
from dealledger.projections.answers.point import caption
from dealledger.projections.answers.report import Column, Report

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import Ledger, View
    from dealledger.projections.answers.report import Value
    from dealledger.projections.changes import Change

COLUMNS = (
    Column("what", "What", rank=3),
    Column("name", "Name", lambda row: _name(row), narrow=True),
    Column("name", wide=True),
    Column("parties", wide=True),
    Column("change", "Change"),
    Column("before", "Before", full=True, right=True),
    Column("after", "After", full=True, right=True),
    Column("events", "Events", rank=1),
)
_HEADINGS = {
    "stake": "Stakes",
    "net": "Net cash",
    "commitment": "Open commitments",
    "right": "Rights",
}


@click.command("diff")
@click.option(
    "--from", "first", required=True, metavar="POINT", help="A date, @WHEN, or DATE@WHEN."
)
@click.option("--to", "second", default="", metavar="POINT", help="The same. Default: now.")
@query_options
def command(query: Query, first: str, second: str) -> None:
    """Show what appeared, changed or went between two points, and the events that did it.

    A point is a date (2025-06-30), a moment of the record (@120 or, as --known-at takes it,
    @2026-11-26), or both (2025-06-30@120). Two moments at one date (--as-of) show what corrections
    and late records changed. What is not said is today, and all that is recorded.

    \b
    Examples:
      deals diff --from 2025-06-30 --to 2025-12-31
      deals diff --from @300 --to @335 --as-of 2025-12-31
      deals diff --from @2025-11-01
    """
    from dealledger.cli.params import open_ledger
    from dealledger.projections.answers.confidence import confidence_json, confidence_notes
    from dealledger.projections.changes import changes, sureness

    with open_ledger() as ledger:
        one, other = _view(ledger, query, first), _view(ledger, query, second)
        rows, sure = changes(one, other), sureness(one, other)
        report = Report(
            f"From {first} to {second or 'now'}",
            COLUMNS,
            rows,
            extra={"from": _point(one), "to": _point(other), "confidence": confidence_json(sure)},
            notes=[*confidence_notes(sure), f"from: {caption(one)}"],
            section=lambda row: _HEADINGS[row.what],
            own_fields=_corrected_json,
        )
        asked = ["diff", "--from", _said(one), "--to", _said(other)]
        query.answer(report, other, asked)


def _view(ledger: Ledger, query: Query, point: str) -> View:
    from dealledger.events.dates import parse_as_of

    day, at, moment = point.partition("@")
    as_of = parse_as_of(day or query.as_of, query.today)
    by = parse_as_of(query.announced_by, query.today) if query.announced_by else None
    known = f"@{moment}" if moment.isdecimal() else moment
    return ledger.at(as_of, known if at else query.known_at, by)


def _said(view: View) -> str:
    """Return a point with both of its times, which means the same whenever it is asked again."""
    return f"{view.as_of}@{view.known_at}"


def _point(view: View) -> Json:
    return {"as_of": view.as_of.isoformat(), "known_at": view.known_at, "root": view.root}


def _name(change: Change) -> str:
    """Return what changed; of a correction also the event that it was, and the fields set anew."""
    if change.became is None:
        return change.name
    fields = [f"{each.field} {_field(each.before)} to {_field(each.after)}"
              for each in change.corrected]  # fmt: skip
    said = f"{change.became[0]} became {change.became[1]} ({' to '.join(change.parties)})"
    return f"{said}: {', '.join(fields)}" if fields else said


def _field(value: Value) -> str:
    from dealledger.projections.answers.values import cell

    return "none" if value is None else cell(value)


def _corrected_json(change: Change) -> dict[str, Json | None]:
    from dealledger.projections.answers.values import to_json

    fields: list[Any] = [
        {"field": each.field, "before": to_json(each.before), "after": to_json(each.after)}
        for each in change.corrected
    ]
    return {"replaces": change.became[0] if change.became else None, "corrected": fields}
