"""What it means that an event stands, and which event a reference means.

An event stands until a later one retracts it, as known at a position of the record. What refers to
an event that was replaced means its replacement, and so on; a circle of replacements, which an
append refuses, would lead nowhere and is left where it closes.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, exists

from dealledger.ledger.storage.tables import EVENT


def stands(known_at: int | None = None) -> ColumnElement[bool]:
    """Return the condition that an event is not retracted: by known_at, or by all that is known."""
    later = EVENT.alias("later")
    retracted = exists().where(later.c.retracts == EVENT.c.position)
    return ~(retracted if known_at is None else retracted.where(later.c.position <= known_at))


def meaning(event_id: str, replacement: Callable[[str], str | None]) -> str:
    """Return the id that a reference means. replacement: of an event, or None.

    >>> meaning("a", {"a": "b", "b": "c"}.get), meaning("x", {}.get)
    ('c', 'x')
    """
    seen = {event_id}
    while (found := replacement(event_id)) is not None and found not in seen:
        seen.add(found)
        event_id = found
    return event_id
