"""From stored rows back to records, and the one row of the head."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from dealledger.events import BadInput, Refused
from dealledger.events.text import shown
from dealledger.ledger.errors import Damaged
from dealledger.ledger.records import Record, read_event
from dealledger.ledger.tables import HEAD


def head_row(connection: Connection, *, lock: bool = False) -> Any:
    """Return the row of the head; with lock, nobody else appends until the transaction ends.

    Raises: Damaged, if there is none or another one beside it.
    """
    query = select(HEAD).with_for_update() if lock else select(HEAD)
    rows = connection.execute(query).all()
    if len(rows) != 1:
        raise Damaged(heads_message(len(rows)), "restore a backup: deals restore")
    return rows[0]


def heads_message(count: int) -> str:
    """Say that the head has not the one row that it should have."""
    return f"the table head has {count} rows instead of one"


def record_from_row(row: Any) -> Record:
    """Return the record that a row of the event table holds.

    Raises: Damaged, if its bytes hold no event, or another one than its columns say; corrupt data
    is never skipped.
    """
    record = stored_record(row)
    if (record.id, record.event.kind) != (row.id, row.kind):
        raise Damaged(
            f"the event at @{row.position} is the {record.event.kind} {record.id} by its bytes, "
            f"{shown(row.kind)} {shown(row.id)} by its columns",
            "run: deals verify",
        )
    return record


def stored_record(row: Any) -> Record:
    """Return the record that the bytes of a row hold, whatever its columns say.

    Raises: Damaged, if they hold no event.
    """
    try:
        event = read_event(row.body, row.actor)
    except (BadInput, Refused, KeyError, TypeError) as error:
        raise Damaged(
            f"the event at @{row.position} cannot be read: {error}", "run: deals verify"
        ) from error
    return Record(
        row.position, event, row.deal_version, row.recorded_at, row.actor, row.body, row.leaf
    )
