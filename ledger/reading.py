"""From stored rows back to records."""

from __future__ import annotations

from typing import Any

from dealledger.events import BadInput, Refused
from dealledger.ledger.errors import Damaged
from dealledger.ledger.records import Record, read_event


def record_from_row(row: Any) -> Record:
    """Return the record that a row of the event table holds.

    Raises: Damaged, if its bytes hold no event; corrupt data is never skipped.
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
