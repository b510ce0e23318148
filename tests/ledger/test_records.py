"""The bytes of a record: those of RFC 8785, however they are put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.given import pays
from support.strategies import events

from dealledger.events import BadInput, Event, Json, canonical_bytes, encode
from dealledger.events.base import content
from dealledger.ledger.record import LARGEST_BODY, Sealer, read_event

MOMENT = 1_700_000_000_000_001
names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    str.strip
)


@given(events(), st.integers(1, 2**53 - 1), st.none() | st.integers(1, 2**31), names, names)
def test_bytes_are_those_of_rfc_8785(
    event: Event, position: int, version: int | None, origin: str, actor: str
) -> None:
    """Putting the parts together in the order of their keys is the same as writing the whole."""
    event = event.model_copy(update={"id": "E1", "actor": None})
    body = Sealer(origin, MOMENT).body(encode(event), position, version, actor)
    whole: dict[str, Json] = {
        "actor": actor,
        "event": content(event),
        "ledger": origin,
        "position": position,
        "recorded_at": "2023-11-14T22:13:20.000001Z",
        "v": type(event).version,
    }

    assert canonical_bytes(whole | ({} if version is None else {"deal_version": version})) == body
    assert event.model_copy(update={"actor": actor}) == read_event(body, actor)


def test_the_largest_record_has_the_size_of_a_log_entry() -> None:
    """Its length fits 16 bits; one byte more is refused."""
    event, sealer = encode(pays("a", note="x")), Sealer("o", MOMENT)
    room = LARGEST_BODY - len(sealer.body(event, 1, None, ""))

    assert LARGEST_BODY == len(sealer.body(event, 1, None, "a" * room))
    with pytest.raises(BadInput, match="a record of 65,536 bytes is too large"):
        sealer.body(event, 1, None, "a" * (room + 1))
