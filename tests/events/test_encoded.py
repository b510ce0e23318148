"""Events as a ledger takes them in: the same bytes as RFC 8785, and the same event again."""

from __future__ import annotations

import pytest
from hypothesis import given
from support.given import EXAMPLES, pays
from support.strategies import events

from dealledger.events import BadInput, EncodedEvent, Event, canonical_bytes, encode, parse_event
from dealledger.events.base import content
from dealledger.events.encoded import event_bytes


@given(events())
def test_bytes_are_those_of_rfc_8785(event: Event) -> None:
    """The faster writer says the same as the library of the standard, for any event."""
    encoded = encode(event.model_copy(update={"id": "E1", "actor": "ana"}))

    assert canonical_bytes(content(event.model_copy(update={"id": "E1"}))) == encoded.said


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_event_is_read_back_from_its_bytes(kind: str) -> None:
    """What goes through a pipe is the event, with what the ledger keeps beside it."""
    event = parse_event(EXAMPLES[kind])
    found = EncodedEvent(*encode(event).fields())

    assert event == found.event
    assert encode(event).fields() == encode(found.event).fields()
    assert (event.kind, event.id, event.deal, event.actor) == (
        found.kind, found.id, found.deal, found.actor,
    )  # fmt: skip
    assert tuple(sorted(event.parties())) == found.parties
    assert event.refs() == found.refs


@pytest.mark.parametrize(
    ("amount", "moved"),
    [
        ("0.1", ("payment", "acme", "beta", "USD", 10, 0, None, None)),
        (None, ("payment", "acme", "beta", None, 0, 1, None, None)),
    ],
)
def test_what_moved_is_kept_as_it_is_stored(amount: str | None, moved: tuple[object, ...]) -> None:
    """Minor units, or one undisclosed amount."""
    assert (moved,) == encode(pays("a", amount)).moved


@pytest.mark.parametrize("value", [2**53, "\ud800"])
def test_what_no_event_holds_is_refused(value: object) -> None:
    """Integers that JSON readers round, and lone surrogates."""
    with pytest.raises(BadInput, match="cannot be written as canonical JSON"):
        event_bytes({"a": value})
