"""What a record writes: its row in the truth and its rows in the three indexes.

The append writes them and `verify` compares them with what stands in the database; both call this.
A row has the values as they are stored, in the order of the columns of its table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table

from dealledger.events import EncodedEvent
from dealledger.ledger.storage.driver import Row
from dealledger.ledger.storage.journal import entry_rows
from dealledger.ledger.storage.statements import put
from dealledger.ledger.storage.tables import ENTRY, EVENT, MENTION, REFERENCE, EventRow

INDEXES: Final = (ENTRY, MENTION, REFERENCE)
"""The tables whose rows follow from the records."""


@dataclass(slots=True)
class Written:
    """A record as it is written. retracted: position and event of what a retraction retracts.

    recorded_at: microseconds since 1970, UTC. body: the bytes that are hashed to leaf.
    """

    position: int
    event: EncodedEvent
    version: int | None
    recorded_at: int
    actor: str
    body: bytes
    leaf: bytes
    retracted: tuple[int, EncodedEvent] | None = None


def written(
    row: EventRow, event: EncodedEvent, retracted: tuple[int, EncodedEvent] | None
) -> Written:
    """Return the record that a row of the event table holds; *event* was read from its bytes."""
    return Written(
        row.position,
        event,
        row.deal_version,
        row.recorded_at,
        row.actor,
        row.body,
        row.leaf,
        retracted,
    )


def event_row(record: Written) -> Row:
    """Return the row of the event table."""
    event = record.event
    return (
        record.position,
        event.id,
        event.kind,
        event.deal,
        record.version,
        event.effective_on,
        event.announced_on,
        record.recorded_at,
        record.actor,
        None if record.retracted is None else record.retracted[0],
        record.body,
        record.leaf,
    )


def index_rows(table: Table, records: list[Written]) -> list[Row]:
    """Return the rows of one of the indexes that *records* have."""
    if table is ENTRY:
        return [
            row
            for each in records
            for row in entry_rows(each.position, each.event, each.retracted and each.retracted[1])
        ]
    if table is MENTION:
        return [(r.position, party, r.event.kind) for r in records for party in r.event.parties]
    return [(each.position, ref) for each in records for ref in each.event.refs]


def write(connection: Connection, records: list[Written]) -> None:
    """Insert the rows of *records* into all four tables."""
    put(connection, EVENT, [event_row(record) for record in records])
    for table in INDEXES:
        put(connection, table, index_rows(table, records))
