"""A record: an event with its place in the log, and the bytes that are hashed.

The bytes are the RFC 8785 form of the event with its position, deal version, moment of recording,
actor and the ledger's origin; so no record can be moved, or passed off in another ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dealledger.events import (
    BadInput,
    Event,
    Json,
    canonical_bytes,
    parse_event,
    read_object,
    to_json,
)
from dealledger.events.dates import instant_text
from dealledger.ledger.merkle import leaf_hash


@dataclass(frozen=True, slots=True)
class Record:
    """One event as it stands in the log.

    position: 1, 2, 3, ... over the whole ledger. version: the same within the deal, or None.
    recorded_at: microseconds since 1970, UTC. body: the stored bytes. leaf: their hash.
    """

    position: int
    event: Event
    version: int | None
    recorded_at: int
    actor: str
    body: bytes
    leaf: bytes

    @property
    def id(self) -> str:
        """Return the event's id; a recorded event always has one."""
        assert self.event.id is not None
        return self.event.id

    @property
    def effective_on(self) -> date:
        """Return the date at which the event took effect in the world."""
        return self.event.effective_on


def make_record(
    event: Event, *, origin: str, position: int, version: int | None, recorded_at: int, actor: str
) -> Record:
    """Return the record of *event* at *position*.

    Raises: BadInput, if its bytes would be too many.
    """
    said = to_json(event)
    said.pop("actor", None)
    content: dict[str, Json] = {
        "actor": actor,
        "event": said,
        "ledger": origin,
        "position": position,
        "recorded_at": instant_text(recorded_at),
        "v": type(event).version,
    }
    if version is not None:
        content["deal_version"] = version
    body = canonical_bytes(content)
    return Record(position, event, version, recorded_at, actor, body, leaf_hash(body))


def read_event(body: bytes, actor: str) -> Event:
    """Return the event that stored bytes hold, brought up to the current schema version.

    Raises: Refused or BadInput, if the bytes hold no event, or are none: a damaged page can give
    any value to any column.
    """
    if not isinstance(body, bytes):
        raise BadInput("its bytes are stored as another type")
    content = read_object(body)
    return parse_event({**content["event"], "v": content["v"], "actor": actor})
