"""A stored record read back: the event in its bytes, if these are what an append writes there."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from dealledger.events import DealLedgerError, EncodedEvent, encode, parse_event, read_object
from dealledger.events.dates import instant_text
from dealledger.ledger.audit.findings import Damage
from dealledger.ledger.errors import Damaged
from dealledger.ledger.record import Sealer
from dealledger.ledger.storage.sql_log import stored_record
from dealledger.ledger.storage.tables import EventRow


def read_again(row: EventRow, origin: str, findings: list[Damage]) -> EncodedEvent | None:
    """Return the event that a row holds, if it can be read; add what is wrong with its bytes."""
    event = _resealed(row, origin)
    if event is None and isinstance(row.body, bytes):
        findings += _misplaced(row, origin)
        try:
            event = encode(stored_record(row).event)
        except Damaged as error:
            findings.append(Damage(row.position, error.message))
    return event


def _resealed(row: EventRow, origin: str) -> EncodedEvent | None:
    """Return the event of a row whose bytes are those that an append in its place writes."""
    try:
        content = orjson.loads(row.body)
        said = {**content["event"], "v": content["v"], "actor": row.actor}
        event = encode(parse_event(said))
        sealer = Sealer(origin, row.recorded_at)
        body = sealer.body(event, row.position, row.deal_version, row.actor)
    except (DealLedgerError, LookupError, TypeError, ValueError, OverflowError):
        return None
    return event if body == row.body else None


def _misplaced(row: EventRow, origin: str) -> Iterator[Damage]:
    """Say what the bytes of a record say otherwise than the columns beside them."""
    try:
        content = read_object(row.body)
    except DealLedgerError as error:
        yield Damage(row.position, f"the bytes of {row.id} are not JSON: {error}")
        return
    for name, stored in (
        ("position", row.position),
        ("ledger", origin),
        ("recorded_at", _moment(row.recorded_at)),
        ("actor", row.actor),
        ("deal_version", row.deal_version),
    ):
        if content.get(name) != stored:
            yield Damage(
                row.position,
                f"{name} is {content.get(name)!r} in the hashed bytes, {stored!r} stored",
            )


def _moment(microseconds: int) -> str:
    try:
        return instant_text(microseconds)
    except OverflowError:
        return f"{microseconds} microseconds"
