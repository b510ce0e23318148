"""A ledger without a database: tests of answers tell it events, and look at it.

A database answers the same (tests/property/test_views.py), but takes longer to make, and refuses what
no ledger has. So a sample of the tests asks one, or all of them: `DEALS_TEST_VIEWS=sql pytest`.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol

from dealledger.events import Event
from dealledger.ledger import Ledger, Record, View, memory_view, records_of

SAMPLE: Final = 8
"""One of so many tests asks a database."""

_QUICK: Final = "/dev/shm" if Path("/dev/shm").is_dir() else None


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


@contextmanager
def told_by(test: str, *batches: Iterable[Event]) -> Iterator[Told]:
    """Give what was told these events: in memory, or in a SQLite file if *test* is in the sample.

    test: its name, which decides that.
    """
    every = os.environ.get("DEALS_TEST_VIEWS") == "sql"
    if not every and zlib.crc32(test.encode()) % SAMPLE:
        memory = Memory("example.org/x")
        for batch in batches:
            memory.append(batch)
        yield memory
        return
    with (
        tempfile.TemporaryDirectory(dir=_QUICK) as folder,
        Ledger.create(Path(folder) / "deals.db", origin="example.org/x") as ledger,
    ):
        for batch in batches:
            ledger.append(batch)
        yield ledger
