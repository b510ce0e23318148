"""A record: an event with its place in the log, and the bytes that are hashed.

The bytes are the RFC 8785 form of the event with its position, deal version, moment of recording,
actor and the ledger's origin; so no record can be moved, or passed off in another ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from dealledger.events import BadInput, EncodedEvent, Event, parse_event, read_object
from dealledger.events.dates import instant_text
from dealledger.events.encoded import event_bytes

LARGEST_BODY: Final = 65_535
"""The most bytes that one record may have; its length fits the 16 bits of a log entry."""


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


@dataclass(frozen=True, slots=True)
class Sealer:
    """Makes the bytes of records; what is the same for all records of one append.

    recorded_at: microseconds since 1970, UTC.
    """

    origin: str
    recorded_at: int

    def body(self, event: EncodedEvent, position: int, version: int | None, actor: str) -> bytes:
        """Return the bytes of the record of *event* at *position*.

        Raises: BadInput, if they would be too many.
        """
        body = b'{"actor":%b%b,"event":%b,"ledger":%b,"position":%d,"recorded_at":"%b","v":%d}' % (
            _quoted(actor),
            b"" if version is None else b',"deal_version":%d' % version,
            event.said,
            _quoted(self.origin),
            position,
            _moment(self.recorded_at),
            event.version,
        )
        if len(body) > LARGEST_BODY:
            raise BadInput(
                f"a record of {len(body):,} bytes is too large", f"at most {LARGEST_BODY:,}"
            )
        return body


@lru_cache(maxsize=256)
def _quoted(text: str) -> bytes:
    return event_bytes(text)


@lru_cache(maxsize=8)
def _moment(recorded_at: int) -> bytes:
    return instant_text(recorded_at).encode()


def read_event(body: bytes, actor: str) -> Event:
    """Return the event that stored bytes hold, brought up to the current schema version.

    Raises: Refused or BadInput, if the bytes hold no event, or are none: a damaged page can give
    any value to any column.
    """
    if not isinstance(body, bytes):
        raise BadInput("its bytes are stored as another type")
    content = read_object(body)
    return parse_event({**content["event"], "v": content["v"], "actor": actor})


def meaning(event_id: str, replacement: Callable[[str], str | None]) -> str:
    """Return the id that a reference means. replacement: of an event, or None.

    What refers to an event that was replaced means its replacement, and so on; a circle of
    replacements, which an append refuses, would lead nowhere and is left where it closes.

    >>> meaning("a", {"a": "b", "b": "c"}.get), meaning("x", {}.get)
    ('c', 'x')
    """
    seen = {event_id}
    while (found := replacement(event_id)) is not None and found not in seen:
        seen.add(found)
        event_id = found
    return event_id


def new_id() -> str:
    """Return an id for an event that has none: a UUIDv7, which sorts by its time."""
    import uuid6

    return str(uuid6.uuid7())
