"""deals show ID: everything about one event."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from dealledger.cli.params import EVENT, open_ledger, output_options
from dealledger.cli.terminal.output import emit
from dealledger.projections.answers.report import Report, Style

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import Ledger, Record


@click.command("show")
@click.argument("event_id", type=EVENT, metavar="ID")
@output_options
def command(event_id: str, style: Style) -> None:
    """Show one event: what it says, its source, its place in the record, and what refers to it.

    ID may be a position, or the begin of an id, if no other id begins so.

    \b
    Examples:
      deals show D016
      deals show @3
    """
    from dealledger.projections.answers.whereabouts import find_record

    with open_ledger() as ledger:
        emit(_report(ledger, find_record(ledger, event_id)), style)


def _report(ledger: Ledger, record: Record) -> Report:
    from dealledger.events import to_json
    from dealledger.projections.answers.event import facts_report
    from dealledger.projections.answers.wording import sentence

    event, place = to_json(record.event), _place(ledger, record)
    title = f"{record.id}: {sentence(record.event)}"
    return facts_report(title, {**event, **place}, {"event": event, **place}, [])


def _place(ledger: Ledger, record: Record) -> dict[str, Json | None]:
    """Return where the event stands in the record, what it replaced and what became of it."""
    from dealledger.events.dates import instant_text

    retraction, before = ledger.retraction_of(record), ledger.replacing(record.id)
    view = ledger.at(date.max)
    return {
        "known_at": view.known_at,
        "root": view.root,
        "position": record.position,
        "deal_version": record.version,
        "recorded_at": instant_text(record.recorded_at),
        "leaf": record.leaf.hex(),
        "replaces": _said(before, "retracts"),
        "replaces_because": _said(before, "reason"),
        "retracted_by": retraction.id if retraction else None,
        "retracted_because": _said(retraction, "reason"),
        "replaced_by": _said(retraction, "replaced_by"),
        "referred_to_by": list(ledger.referring(record.id)),
    }


def _said(retraction: Record | None, field: str) -> str | None:
    """Return a field of a retraction, if there is one."""
    said: str | None = getattr(retraction.event, field) if retraction else None
    return said
