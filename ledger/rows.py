"""What a record writes: its row in the truth and its rows in the three indexes.

The append writes them and `verify` compares them with what stands in the database; both call this.
"""

from __future__ import annotations

from typing import Any

from dealledger.events import Event
from dealledger.ledger.journal import Line, lines
from dealledger.ledger.records import Record


def event_row(record: Record, retracts: int | None) -> dict[str, Any]:
    """Return the row of the event table. retracts: the position of what a retraction retracts."""
    event = record.event
    return {
        "position": record.position,
        "id": record.id,
        "kind": event.kind,
        "deal": event.deal,
        "deal_version": record.version,
        "effective_on": event.effective_on,
        "announced_on": event.announced_on,
        "recorded_at": record.recorded_at,
        "actor": record.actor,
        "retracts": retracts,
        "body": record.body,
        "leaf": record.leaf,
    }


def entry_rows(record: Record, target: Event | None) -> list[dict[str, Any]]:
    """Return the rows of the journal; *target* is what a retraction reverses."""
    found = enumerate(lines(record.event, target), start=1)
    return [_entry_row(record.position, number, line) for number, line in found]


def _entry_row(position: int, number: int, line: Line) -> dict[str, Any]:
    start, end = line.period or (None, None)
    return {
        "position": position,
        "line": number,
        "effective_on": line.effective_on,
        "announced_on": line.announced_on,
        "category": line.category,
        "source": line.source,
        "target": line.target,
        "currency": line.currency,
        "minor": line.minor,
        "undisclosed": line.undisclosed,
        "confidence": line.confidence,
        "period_start": start,
        "period_end": end,
    }


def mention_rows(record: Record) -> list[dict[str, Any]]:
    """Return the rows that say which parties the event names."""
    return [
        {"party": slug, "kind": record.event.kind, "position": record.position}
        for slug in sorted(record.event.parties())
    ]


def reference_rows(record: Record) -> list[dict[str, Any]]:
    """Return the rows that say which events the event refers to."""
    return [{"referred": ref, "position": record.position} for ref in record.event.refs()]
