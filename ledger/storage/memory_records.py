"""Records of events that are in no database: assumed ones, and those of tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dealledger.events import Event, Retraction, encode
from dealledger.ledger.proof.merkle import leaf_hash
from dealledger.ledger.record import Record, Sealer, new_id, read_event

NOBODY: Final = "nobody"
"""The actor of a record of which nobody said who records it."""


def records_of(
    events: Iterable[Event],
    *,
    origin: str,
    after: Sequence[Record] = (),
    recorded_at: int = 0,
    actor: str = NOBODY,
) -> tuple[Record, ...]:
    """Return the records that *events* would become behind those of *after*.

    No rule is checked: `Ledger.append` with dry_run does that. recorded_at: their moment, in
    microseconds since 1970, if the last of *after* is not later.
    Raises: BadInput, if the bytes of one would be too many.
    """
    sealer = Sealer(origin, max(recorded_at, after[-1].recorded_at if after else 0))
    known = {each.id: each.event for each in after}
    versions = {each.event.deal: each.version for each in after}
    position = after[-1].position if after else 0
    found = []
    for each in events:
        event = each if each.id else each.model_copy(update={"id": new_id()})
        if isinstance(event, Retraction) and event.retracts in known:
            event = event.dated(known[event.retracts])
        encoded, who = encode(event), event.actor or actor
        position += 1
        version = None if event.deal is None else (versions.get(event.deal) or 0) + 1
        versions[event.deal] = version
        known[encoded.id] = event
        body = sealer.body(encoded, position, version, who)
        read, leaf = read_event(body, who), leaf_hash(body)
        found.append(Record(position, read, version, sealer.recorded_at, who, body, leaf))
    return tuple(found)
