"""Records in memory as a log: what a ledger answers event by event, as loops over a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from itertools import islice

from dealledger.events import Retraction
from dealledger.ledger.moments import position_at
from dealledger.ledger.record import Record
from dealledger.ledger.storage.memory_view import Memory, MemoryView
from dealledger.ledger.view import AS_RECORDED, Assumed, Grounds


@dataclass(frozen=True)
class MemoryLog:
    """Records from the first on, in their order; what they say is believed.

    origin: of the ledger. grounds: what is known about them.
    """

    records: tuple[Record, ...] = field(repr=False)
    origin: str
    grounds: Grounds = AS_RECORDED

    def assuming(self, records: Sequence[Record], files: Sequence[Assumed]) -> MemoryLog:
        """Return the log with records behind its own that are only assumed. files: where from."""
        grounds = replace(self.grounds, assumed=tuple(files), end=len(self.records))
        return MemoryLog((*self.records, *records), self.origin, grounds)

    def until(self, position: int) -> MemoryLog:
        """Return the log as it was when it ended at *position*."""
        return replace(self, records=self.records[:position])

    def at(
        self,
        as_of: date,
        known_at: datetime | int | str | None = None,
        announced_by: date | None = None,
    ) -> MemoryView:
        """Return the record as it stood, as `Ledger.at` does; what is assumed is known last."""
        position = position_at(
            len(self.records), known_at, lambda place: self.records[place - 1].recorded_at
        )
        return MemoryView(as_of, position, announced_by, self.origin, self._memory, self.grounds)

    @cached_property
    def _memory(self) -> Memory:
        return Memory.of(self.records)

    def read(self, *, after: int = 0, limit: int | None = None) -> Iterator[Record]:
        """Yield the records behind a position in their order, retractions included."""
        return islice(self.records, after, None if limit is None else after + limit)

    def find(self, event_id: str) -> Record | None:
        """Return the record of an event id, or None."""
        return self._by_id.get(event_id)

    @cached_property
    def _by_id(self) -> dict[str, Record]:
        return {each.id: each for each in self.records}

    def ids(self, start: str = "") -> tuple[str, ...]:
        """Return the ids that begin with *start*, in the order of the record, retracted or not."""
        return tuple(each.id for each in self.records if each.id.startswith(start))

    @cached_property
    def _retractions(self) -> dict[str, tuple[Record, Retraction]]:
        """By the id of what is retracted."""
        return {
            each.event.retracts: (each, each.event)
            for each in self.records
            if isinstance(each.event, Retraction)
        }

    def retraction_of(self, record: Record) -> Record | None:
        """Return the retraction of a record, or None if it stands."""
        found = self._retractions.get(record.id)
        return None if found is None else found[0]

    def replacing(self, event_id: str) -> Record | None:
        """Return the retraction that this event came with in place of another, or None."""
        for record, event in self._retractions.values():
            if event.replaced_by == event_id:
                return record
        return None

    def referring(self, event_id: str) -> tuple[str, ...]:
        """Return the ids of the events that refer to *event_id* and are not retracted, sorted."""
        names = [event_id]
        for name in names:  # grows
            before = [retracts for retracts, (_, event) in self._retractions.items()
                      if event.replaced_by == name and retracts not in names]  # fmt: skip
            names += before
        wanted = set(names)
        return tuple(
            sorted(
                each.id
                for each in self.records
                if not isinstance(each.event, Retraction)
                and each.id not in self._retractions
                and wanted.intersection(each.event.refs())
            )
        )
