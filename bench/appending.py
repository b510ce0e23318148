"""One durable append at a time, on SQLite: beside plain sqlite3 with the same bytes, and a peer.

All commit, with a sync each, to files in one folder. The plain one has our journal mode and our
level of syncing, and inserts as many bytes as a record has. The peer is `eventsourcing` with its
own settings: it saves an aggregate with one new event. It always uses SQLite's write-ahead log,
which syncs once for a commit; a ledger only where that is safe, so it is measured both ways. The
SQLite of Python, which the peer uses, may sync a log without the times of its file (`fdatasync`);
that of pysqlite3 syncs them too, so the peer is also measured with the library of a ledger.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final

from bench.measuring import Pairs
from bench.place import Place
from bench.rows import Goal, Result, Skipped, speed
from dealledger.events import Party, Payment
from dealledger.ledger import Ledger
from dealledger.ledger.storage.sqlite import SOURCE, sqlite

BLOCK: Final = 200
_FASTER: Final = Goal(1, at_most=False)
_DAY: Final = date(2026, 1, 2)


def measure(place: Place) -> Iterator[Result]:
    """Yield row 3: blocks of appends, by turns."""
    ours, plain = _Ours(place.folder / "appends.db"), _Plain(place.folder / "plain.db")
    pairs = _by_turns(ours, plain, place.runs)
    what = "a durable append, each alone"
    yield speed("3", what, "plain sqlite3, same bytes", pairs, Goal(0.5, at_most=False))
    try:
        peer = _Peer(place.folder / "peer.db")
    except ModuleNotFoundError:
        yield Skipped("3", what, "eventsourcing is not installed")
        return
    yield speed("3", what, "eventsourcing", _by_turns(ours, peer, place.runs), _FASTER)
    unlogged = _Ours(place.folder / "unlogged.db", logged=False)
    what = "the same with a rollback journal"
    yield speed("3", what, "eventsourcing", _by_turns(unlogged, peer, place.runs), _FASTER)
    if SOURCE:
        peer = _Peer(place.folder / "library.db", sqlite)
        what = "the same by the same library"
        pairs = _by_turns(ours, peer, place.runs)
        yield speed("3", what, f"eventsourcing with {SOURCE}", pairs, _FASTER)


def _by_turns(one: Any, other: Any, runs: int) -> Pairs:
    pairs = [(_seconds(one), _seconds(other)) for _ in range(runs + 1)][1:]
    return Pairs(tuple(first for first, _ in pairs), tuple(second for _, second in pairs))


def _seconds(side: Any) -> float:
    start = time.perf_counter()
    for _ in range(BLOCK):
        side.append()
    return time.perf_counter() - start


class _Ours:
    """`Ledger.append`, as a program that keeps a ledger open does it."""

    def __init__(self, file: Path, *, logged: bool = True) -> None:
        file.unlink(missing_ok=True)
        Ledger.create(file, origin="example.org/bench").close()
        if not logged:
            with closing(sqlite.connect(file)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
        self._ledger = Ledger.open(file)
        day = {"effective_on": _DAY, "announced_on": _DAY}
        self._ledger.append([Party(party=each, name=each, **day) for each in ("acme", "beta")])
        self._numbers = count(1)

    def append(self) -> None:
        payment = Payment(
            id=f"E{next(self._numbers):08}",
            effective_on=_DAY,
            announced_on=_DAY,
            deal="a-deal",
            payer="acme",
            payee="beta",
            amount=Decimal("1234.56"),
            currency="USD",
            source_url="https://example.org/filings/1",
            confidence="reported",
        )
        self._ledger.append([payment])


class _Plain:
    """The limit: one INSERT of so many bytes, and a commit."""

    def __init__(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        mode = sqlite.connect(file.with_name("appends.db")).execute("PRAGMA journal_mode")
        self._connection = sqlite.connect(file, isolation_level=None)
        self._connection.execute(f"PRAGMA journal_mode={mode.fetchone()[0]}")
        self._connection.execute("PRAGMA synchronous=EXTRA")
        self._connection.execute("CREATE TABLE event (position INTEGER PRIMARY KEY, body BLOB)")
        self._body = bytes(430)

    def append(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO event (body) VALUES (?)", (self._body,))
        self._connection.execute("COMMIT")


class _Peer:
    """An aggregate of `eventsourcing`, to which one event is added and saved.

    library: the one of SQLite that all peers use from now on; default: their own.
    """

    def __init__(self, file: Path, library: Any = None) -> None:
        import eventsourcing.sqlite
        from eventsourcing.application import Application

        if library is not None:
            vars(eventsourcing.sqlite)["sqlite3"] = library
        for each in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
            each.unlink(missing_ok=True)
        settings = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(file)}
        self._application: Any = Application(env=settings)
        self._deal = _aggregate()()
        self._application.save(self._deal)

    def append(self) -> None:
        self._deal.pay("1234.56", "https://example.org/filings/1")
        self._application.save(self._deal)


@cache
def _aggregate() -> Any:
    from eventsourcing.domain import Aggregate, event

    class Deal(Aggregate):
        @event("Paid")
        def pay(self, amount: str, source: str) -> None:
            self.last = amount

    return Deal
