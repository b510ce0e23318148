"""deals diff: what changed between two points of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealledger.cli.params import Query, caption, query_options
from dealledger.cli.report import Column, Report

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import Ledger, View

COLUMNS = (
    Column("what", "What", rank=3),
    Column("name", "Name"),
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
    "--from", "first", required=True, metavar="POINT", help="A date, @position, or DATE@position."
)
@click.option("--to", "second", required=True, metavar="POINT", help="The same.")
@query_options
def command(query: Query, first: str, second: str) -> None:
    """Show what appeared, changed or went between two points, and the events that did it.

    A point is a date (2025-06-30), a position of the record (@120), or both (2025-06-30@120). Two
    positions at one date (--as-of) show what corrections and late records changed.

    \b
    Examples:
      deals diff --from 2025-06-30 --to 2025-12-31
      deals diff --from @300 --to @335 --as-of 2025-12-31
    """
    from dealledger.cli.confidence import confidence_json, confidence_notes
    from dealledger.cli.params import open_ledger
    from dealledger.projections.changes import changes, sureness

    with open_ledger() as ledger:
        one, other = _view(ledger, query, first), _view(ledger, query, second)
        rows, sure = changes(one, other), sureness(one, other)
        report = Report(
            f"From {first} to {second}",
            COLUMNS,
            rows,
            extra={"from": _point(one), "to": _point(other), "confidence": confidence_json(sure)},
            notes=[*confidence_notes(sure), f"from: {caption(one)}"],
            section=lambda row: _HEADINGS[row.what],
        )
        asked = ["diff", "--from", _said(one), "--to", _said(other)]
        query.answer(report, other, asked)


def _view(ledger: Ledger, query: Query, point: str) -> View:
    from dealledger.events.dates import parse_as_of

    day, at, position = point.partition("@")
    as_of = parse_as_of(day or query.as_of, query.today)
    by = parse_as_of(query.announced_by, query.today) if query.announced_by else None
    return ledger.at(as_of, f"@{position}" if at else query.known_at, by)


def _said(view: View) -> str:
    """Return a point with both of its times, which means the same whenever it is asked again."""
    return f"{view.as_of}@{view.known_at}"


def _point(view: View) -> Json:
    return {"as_of": view.as_of.isoformat(), "known_at": view.known_at, "root": view.root}
