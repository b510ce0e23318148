"""deals retract ID: take an event out of the sums, and leave it in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dealledger.cli.appending import Appending, appending_options, say_appended
from dealledger.cli.params import EVENT, open_ledger

if TYPE_CHECKING:
    from dealledger.events import Event
    from dealledger.ledger import Ledger


@click.command("retract")
@click.argument("event_id", type=EVENT, metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why it was wrong.")
@click.option("--cascade", is_flag=True, help="Retract what depends on it, too.")
@appending_options
def command(event_id: str, reason: str, cascade: bool, appending: Appending) -> None:
    """Record that an event was recorded wrongly: a reversing entry at the event's own dates.

    Answers as known before stay as they were; --known-at shows them.

    \b
    Example:
      deals retract D048 --reason "the tender did not close"
    """
    from dealledger.projections.answers.whereabouts import find_record

    with open_ledger() as ledger:
        event_id = find_record(ledger, event_id, changing=True).id
        ids = [*(_dependants(ledger, event_id) if cascade else ()), event_id]
        events = [retraction(ledger, each, reason) for each in ids]
    say_appended(appending(events), dry_run=appending.dry_run)


def retraction(ledger: Ledger, event_id: str, reason: str, replaced_by: str | None = None) -> Event:
    """Return the retraction of an event, in the event's deal.

    Its id is made from the event's: an event is retracted at most once.
    """
    from dealledger.events import BadInput, parse_event

    said: dict[str, Any] = {"kind": "retraction", "retracts": event_id, "reason": reason}
    record = ledger.find(event_id)
    before = ledger.retraction_of(record) if record else None
    if before and getattr(before.event, "reason", reason) != reason:
        raise BadInput(
            f"{event_id} is retracted already, by {before.id}", f"deals show {before.id}"
        )
    if record and record.event.deal:
        said["deal"] = record.event.deal
    if replaced_by:
        said["replaced_by"] = replaced_by
    if len(event_id) <= 54:
        said["id"] = f"{event_id}.retracted"
    return parse_event(said)


def _dependants(ledger: Ledger, event_id: str) -> list[str]:
    """Return all that refers to an event, directly or not, in the order in which it can go."""
    found: dict[str, None] = {}
    for each in ledger.referring(event_id):
        if each not in found:
            found |= dict.fromkeys([*_dependants(ledger, each), each])
    return list(found)
