"""deals show ID: everything about one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from dealledger.cli.output import emit
from dealledger.cli.params import EVENT, open_ledger, output_options
from dealledger.cli.report import Column, Report, Style

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import Ledger, Record


@dataclass(frozen=True, slots=True)
class _Fact:
    name: str
    value: str


@click.command("show")
@click.argument("event_id", type=EVENT, metavar="ID")
@output_options
def command(event_id: str, style: Style) -> None:
    """Show one event: what it says, its source, its place in the record, and what refers to it.

    \b
    Example:
      deals show D016
    """
    from dealledger.events import BadInput
    from dealledger.events.errors import closest

    with open_ledger() as ledger:
        record = ledger.find(event_id)
        if record is None:
            known = (each.id for each in ledger.read())
            raise BadInput(
                f"unknown event '{event_id}'",
                closest(event_id, known, fold=str) or "see: deals log",
            )
        emit(_report(ledger, record), style)


def _report(ledger: Ledger, record: Record) -> Report:
    from dealledger.cli.wording import sentence
    from dealledger.events import to_json

    event, place = to_json(record.event), _place(ledger, record)
    facts = [_Fact(name, _text(value)) for name, value in {**event, **place}.items() if value]
    columns = [Column("name", "Field"), Column("value", "Value")]
    return Report(f"{record.id}: {sentence(record.event)}", columns, facts,
                  extra={"event": event, **place})  # fmt: skip


def _place(ledger: Ledger, record: Record) -> dict[str, Json | None]:
    """Return where the event stands in the record, and what became of it."""
    from dealledger.events.dates import instant_text

    retraction = ledger.retraction_of(record)
    replaced = getattr(retraction.event, "replaced_by", None) if retraction else None
    view = ledger.at(date.max)
    return {
        "known_at": view.known_at,
        "root": view.root,
        "position": record.position,
        "deal_version": record.version,
        "recorded_at": instant_text(record.recorded_at),
        "leaf": record.leaf.hex(),
        "retracted_by": retraction.id if retraction else None,
        "replaced_by": replaced,
        "referred_to_by": list(ledger.referring(record.id)),
    }


def _text(value: Json | None) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return " ".join(_text(part) for part in value.values())
    return str(value)
