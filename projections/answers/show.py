"""Everything about one event: the answer of `show`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dealledger.events import to_json
from dealledger.events.dates import instant_text
from dealledger.ledger import AS_RECORDED
from dealledger.projections.answers.event import facts_report
from dealledger.projections.answers.point import caption_of_record, grounds_json
from dealledger.projections.answers.whereabouts import find_record
from dealledger.projections.answers.wording import sentence

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import Log, Record
    from dealledger.projections.answers.report import Report


def answer(ledger: Log, event_id: str) -> Report:
    """Return what an event says, its place in the record, and what refers to it.

    event_id: also the begin of one, if no other id begins so. Raises: BadInput, with the closest.
    """
    record = find_record(ledger, event_id)
    event, place = to_json(record.event), _place(ledger, record)
    title = f"{record.id}: {sentence(record.event)}"
    grounds = ledger.at(date.max).grounds
    if grounds.is_assumed(record.position):
        title += " (assumed: it is not recorded)"
    notes = [] if grounds == AS_RECORDED else [caption_of_record(ledger.at(date.max))]
    said = {"event": event, **place, **grounds_json(grounds)}
    return facts_report(title, {**event, **place}, said, notes)


def _place(ledger: Log, record: Record) -> dict[str, Json | None]:
    """Return where the event stands in the record, what it replaced and what became of it.

    An assumed event stands nowhere.
    """
    retraction, before = ledger.retraction_of(record), ledger.replacing(record.id)
    view = ledger.at(date.max)
    is_assumed = view.grounds.is_assumed(record.position)
    return {
        "known_at": view.grounds.recorded(view.known_at),
        "root": view.root,
        **({"assumed": True} if is_assumed else {}),
        "position": None if is_assumed else record.position,
        "deal_version": record.version,
        "recorded_at": None if is_assumed else instant_text(record.recorded_at),
        "leaf": None if is_assumed else record.leaf.hex(),
        "replaces": _field(before, "retracts"),
        "replaces_because": _field(before, "reason"),
        "retracted_by": retraction.id if retraction else None,
        "retracted_because": _field(retraction, "reason"),
        "replaced_by": _field(retraction, "replaced_by"),
        "referred_to_by": list(ledger.referring(record.id)),
    }


def _field(retraction: Record | None, field: str) -> str | None:
    """Return a field of a retraction, if there is one."""
    value: str | None = getattr(retraction.event, field) if retraction else None
    return value
