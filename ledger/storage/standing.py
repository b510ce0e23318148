"""What it means, asked of a database, that an event stands.

An event stands until a later one retracts it, as known at a position of the record.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists

from dealledger.ledger.storage.tables import EVENT


def stands(known_at: int | None = None) -> ColumnElement[bool]:
    """Return the condition that an event is not retracted: by known_at, or by all that is known."""
    later = EVENT.alias("later")
    retracted = exists().where(later.c.retracts == EVENT.c.position)
    return ~(retracted if known_at is None else retracted.where(later.c.position <= known_at))
