"""What `known_at` means: from a moment of the record, as people say it, to a position."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from dealledger.events import BadInput
from dealledger.events.dates import instant_microseconds, parse_instant
from dealledger.ledger.errors import Damaged

MomentOf = Callable[[int], int | None]
"""Tells when a position was recorded, in microseconds since 1970; None, if it is missing."""


def position_at(size: int, known_at: datetime | int | str | None, moment_of: MomentOf) -> int:
    """Return the last position that is recorded at *known_at*, in a log of *size* records.

    Raises: BadInput, for a position that is not recorded yet and for what is not a moment; Damaged.
    """
    if known_at is None:
        return size
    if isinstance(known_at, str):
        known_at = _parse_known_at(known_at)
    if isinstance(known_at, int):
        if not 0 <= known_at <= size:
            raise BadInput(f"there is no position @{known_at}", f"the ledger ends at @{size}")
        return known_at
    if known_at.tzinfo is None:
        raise BadInput("a moment of the record needs a time zone", "UTC: 2025-11-01T09:30:00Z")
    return _last_until(size, instant_microseconds(known_at), moment_of)


def _last_until(size: int, limit: int, moment_of: MomentOf) -> int:
    """Return the last position whose moment is not later than *limit*, in microseconds.

    Moments never decrease with the position, so halving finds it, and they need no index.
    """
    first, behind = 0, size + 1
    while behind - first > 1:
        middle = (first + behind) // 2
        moment = moment_of(middle)
        if moment is None:
            raise Damaged(f"the record @{middle} is missing", "run: deals verify")
        if moment <= limit:
            first = middle
        else:
            behind = middle
    return first


def parse_position(typed: str) -> int | None:
    """Return the position that a text means, or None, if it is something else.

    >>> parse_position("@120"), parse_position("2025-11-01")
    (120, None)
    """
    return int(typed[1:]) if re.fullmatch("@[0-9]{1,18}", typed) else None


def _parse_known_at(typed: str) -> int | datetime:
    position = parse_position(typed)
    return parse_instant(typed) if position is None else position
