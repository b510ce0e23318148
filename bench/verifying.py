"""How many records a second are verified: their stored bytes, and all that follows from them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bench.place import Place
from bench.rows import Goal, Result, Row, seconds
from dealledger.ledger import Ledger


def measure(place: Place) -> Iterator[Result]:
    """Yield row 8."""
    yield _row(place, "`verify --quick`: stored bytes", Goal(300_000, at_most=False, unit="/s"), 3)
    yield _row(place, "`verify`: all of it", None, 1)


def _row(place: Place, what: str, goal: Goal | None, runs: int) -> Row:
    found = []
    with Ledger.open(place.ledger) as ledger:
        size = ledger.head().size
        for _ in range(runs):
            start = time.perf_counter()
            if ledger.verify(quick=goal is not None).findings:
                raise RuntimeError("the ledger does not verify")
            found.append(time.perf_counter() - start)
    rates = sorted(size / each for each in found)
    middle = rates[len(rates) // 2]
    shown = seconds(tuple(found))
    return Row("8", what, shown, f"{size:,} records", middle, rates[0], rates[-1], goal)
