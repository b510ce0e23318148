"""A long import, beside hledger reading the same deals, and the bare insertion of its rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.measuring import Pairs, process
from bench.place import Place, found
from bench.rows import Goal, Result, Skipped, memory, speed
from dealledger.ledger.storage.sqlite import sqlite

_TABLES: Final = ("event", "entry", "mention", "reference")
_CHUNK: Final = 1_000
MOST_MB: Final = 300


def measure(place: Place) -> Iterator[Result]:
    """Yield row 4."""
    what = f"import of {place.events:,} events"
    file = place.ledger.with_name("imported.db")
    imports, bare, read = [], [], []
    with_hledger = found("hledger")
    for _ in range(max(1, place.runs // 3)):
        file.unlink(missing_ok=True)
        imports.append(place.imported(file))
        bare.append(_inserted(file, place.folder / "bare.db"))
        if with_hledger:
            read.append(process(["hledger", "-f", place.journal, "stats"]).seconds)
    file.unlink()
    ours = tuple(each.seconds for each in imports)
    if with_hledger:
        pairs = Pairs(ours, tuple(read))
        yield speed("4", what, "hledger reads them", pairs, Goal(1.5, at_most=False))
    else:
        yield Skipped("4", what, "hledger is not installed")
    pairs = Pairs(ours, tuple(bare))
    yield speed("4", what, "plain executemany of its rows", pairs, Goal(0.25, at_most=False))
    peaks = [each.peak for each in imports]
    yield memory("4", "memory of the import", peaks, Goal(MOST_MB, unit=" MB"))


def _inserted(source: Path, target: Path) -> float:
    """Insert all rows of a ledger into the same tables without guards; return the seconds."""
    target.unlink(missing_ok=True)
    there = sqlite.connect(source)
    here = sqlite.connect(target, isolation_level=None)
    here.execute("PRAGMA synchronous=EXTRA")
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'"
    for (statement,) in there.execute(query).fetchall():
        here.execute(statement)
    start = time.perf_counter()
    here.execute("BEGIN IMMEDIATE")
    spent = time.perf_counter() - start
    (size,) = there.execute("SELECT max(position) FROM event").fetchone()
    for first in range(1, size + 1, _CHUNK):
        for table in _TABLES:
            span = (first, first + _CHUNK - 1)
            rows = there.execute(f"SELECT * FROM {table} WHERE position BETWEEN ? AND ?", span)
            spent += _insert(here, table, rows.fetchall())
    start = time.perf_counter()
    here.execute("COMMIT")
    spent += time.perf_counter() - start
    here.close()
    target.unlink()
    return spent


def _insert(here: sqlite.Connection, table: str, rows: list[tuple[object, ...]]) -> float:
    if not rows:
        return 0
    marks = ", ".join("?" * len(rows[0]))
    start = time.perf_counter()
    here.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    return time.perf_counter() - start
