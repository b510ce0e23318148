"""What a ledger takes from around it, if nobody brings it along: the moment, and the user."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

Clock = Callable[[], datetime]
"""Tells the moment, with its time zone."""

MakeId = Callable[[], str]
"""Makes an id for an event that has none; never the same twice."""


def utc_now() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)


@cache
def user_name() -> str:
    """Return the name of the user of this process, which is asked of the system once."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
