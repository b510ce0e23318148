"""A log: the record event by event, and the Views of it.

A ledger is one, kept by a database; so are records in memory (storage/memory_log.py), such as those
that were just verified, or that somebody only assumes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Protocol

from dealledger.ledger.record import Record
from dealledger.ledger.view import View


class Log(Protocol):
    """What can be asked of a record without changing it; see `Ledger` for each."""

    def at(
        self,
        as_of: date,
        known_at: datetime | int | str | None = None,
        announced_by: date | None = None,
    ) -> View:
        """Return the record as it stood. Raises: BadInput, for what is no point of it."""

    def read(self, *, after: int = 0, limit: int | None = None) -> Iterator[Record]:
        """Yield the records behind a position in their order, retractions included."""

    def find(self, event_id: str) -> Record | None:
        """Return the record of an event id, or None."""

    def ids(self, start: str = "") -> tuple[str, ...]:
        """Return the ids that begin with *start*, in the order of the record, retracted or not."""

    def retraction_of(self, record: Record) -> Record | None:
        """Return the retraction of a record, or None if it stands."""

    def replacing(self, event_id: str) -> Record | None:
        """Return the retraction that this event came with in place of another, or None."""

    def referring(self, event_id: str) -> tuple[str, ...]:
        """Return the ids of the events that refer to *event_id* and are not retracted, sorted.

        Who refers to an event that it replaced refers to it.
        """
