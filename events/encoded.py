"""An event as a ledger takes it in: its canonical bytes, and what of it is kept beside them.

Encoding is done once, outside of the lock and perhaps in another process; what is decided and
written under the lock then needs the event itself only where rules ask for more than this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, TypeAlias

import orjson

from dealledger.events.base import Event, Posting, plain, said
from dealledger.events.codec import parse_event, read_object
from dealledger.events.errors import BadInput

EncodedPosting: TypeAlias = "tuple[str, str, str, str | None, int, int, str | None, str | None]"
"""A posting as it is stored: category, source, target, currency, minor units (0 if undisclosed),
how many amounts are undisclosed (0 or 1), first and last day of its period."""


@dataclass(slots=True)
class EncodedEvent:
    """An event that was read and checked, ready to be recorded.

    said: the canonical bytes of what it says, without its actor. parties: sorted. version: of the
    schema of its kind. moved: the cash or credits that it moved.
    """

    kind: str
    id: str
    deal: str | None
    effective_on: str
    announced_on: str
    confidence: str | None
    actor: str | None
    version: int
    said: bytes
    parties: tuple[str, ...]
    refs: tuple[str, ...]
    moved: tuple[EncodedPosting, ...]
    currencies: tuple[str, ...]
    _event: Event | None = None

    def fields(self) -> tuple[Any, ...]:
        """Return what `EncodedEvent` takes, in that order, as plain values."""
        return _FIELDS(self)

    @property
    def event(self) -> Event:
        """Return the event itself."""
        if self._event is None:
            actor = {} if self.actor is None else {"actor": self.actor}
            self._event = parse_event({**read_object(self.said), "v": self.version, **actor})
        return self._event


_FIELDS: Final[Callable[[EncodedEvent], tuple[Any, ...]]] = attrgetter(
    *(field.name for field in fields(EncodedEvent) if field.init and field.name != "_event")
)


def encode(event: Event) -> EncodedEvent:
    """Return *event*, which has an id, as a ledger takes it in."""
    assert event.id is not None
    content = said(event)
    content.pop("actor", None)
    return EncodedEvent(
        event.kind,
        event.id,
        event.deal,
        event.effective_on.isoformat(),
        event.announced_on.isoformat(),
        event.confidence,
        event.actor,
        type(event).version,
        event_bytes(content),
        tuple(sorted(event.parties())),
        event.refs(),
        tuple(_moved(each) for each in event.postings()),
        event.currencies(),
        event,
    )


def event_bytes(value: Any) -> bytes:
    """Return the RFC 8785 bytes of what an event says, as `canonical_bytes` does, but sooner.

    The two are the same where keys are ASCII and values are texts, flags, whole numbers up to
    2**53 - 1, dates, decimals, and lists and objects of such: an event holds nothing else.
    """
    try:
        return orjson.dumps(value, plain, orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError as error:
        raise BadInput(f"this cannot be written as canonical JSON: {error}") from None


def _moved(posting: Posting) -> EncodedPosting:
    start, end = posting.period or (None, None)
    return (
        posting.category,
        posting.source,
        posting.target,
        posting.currency,
        posting.minor or 0,
        int(posting.minor is None),
        None if start is None else start.isoformat(),
        None if end is None else end.isoformat(),
    )
