"""A ledger without a database: tests of answers tell it events, and look at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from dealledger.events import Event
from dealledger.ledger import Record, View, memory_view, records_of


class Told(Protocol):
    """What can be told events and then asked: a ledger, or a list of records."""

    def append(self, events: Iterable[Event]) -> object: ...

    def at(
        self,
        as_of: date,
        known_at: datetime | int | str | None = None,
        announced_by: date | None = None,
    ) -> View: ...


class Memory:
    """A list of records that grows as a ledger does, but believes whatever it is told."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.records: tuple[Record, ...] = ()

    def append(self, events: Iterable[Event]) -> None:
        """Take in events behind those that are there."""
        self.records += records_of(events, origin=self.origin, after=self.records)

    def at(
        self,
        as_of: date,
        known_at: datetime | int | str | None = None,
        announced_by: date | None = None,
    ) -> View:
        """Return the View at a point of both times."""
        return memory_view(self.records, as_of, known_at, announced_by, origin=self.origin)
