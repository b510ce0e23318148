"""Sums and stakes of a long ledger at a date, beside the balances of others on the same deals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench import inputs
from bench.measuring import Pairs, by_turns, process
from bench.place import Place, found
from bench.rows import Goal, Result, Skipped, memory, ratio

MOST_MB: Final = 200
PEERS: Final = {"ledger": 0.25, "hledger": 0.05}
AS_OF: Final = "2025-05-17"
"""In the middle of a month, so that no roll-up ends there."""

ASKED: Final = {
    "`flows`": ("flows", "--as-of", AS_OF),
    "`stakes` of one": ("stakes", inputs.slug(7), "--as-of", AS_OF),
}


def measure(place: Place) -> Iterator[Result]:
    """Yield rows 5 and 7."""
    theirs = {peer: _balance(place, peer) for peer in PEERS if found(peer)}
    for name, words in ASKED.items():
        done = [place.deals("--ledger", place.ledger, *words) for _ in range(place.runs)]
        times = tuple(each.seconds for each in done)
        what = f"{name} at a date, {place.events:,} events"
        for peer, bound in PEERS.items():
            if peer not in theirs:
                yield Skipped("5", what, f"{peer} is not installed")
                continue
            pairs = Pairs(times, (theirs[peer],) * len(times))
            yield ratio("5", what, f"{peer} balance", pairs, Goal(bound))
        peaks = [each.peak for each in done]
        yield memory("5", f"memory of {name}", peaks, Goal(MOST_MB, unit=" MB"))
    for name, words in ASKED.items():
        past = (*words, "--known-at", f"@{place.events * 2 // 3}")
        pairs = by_turns(
            lambda past=past: place.timed("--ledger", place.ledger, *past),  # type: ignore[misc]
            lambda words=words: place.timed("--ledger", place.ledger, *words),  # type: ignore[misc]
            place.runs,
        )
        yield ratio("7", f"{name} as known in the past", "as known now", pairs, Goal(3))


def _balance(place: Place, peer: str) -> float:
    """Return the median time of a peer; it takes long, so it runs less often than we do."""
    command: list[str | Path] = [peer, "-f", place.journal, "balance", "-e", AS_OF]
    times = [process(command).seconds for _ in range(max(1, place.runs // 3))]
    return sorted(times)[len(times) // 2]


def measure_larger(place: Place, events: int) -> Iterator[Result]:
    """Yield row 6: the same questions of a ledger with so many events."""
    larger = replace(place, events=events)
    for name, words in ASKED.items():
        pairs = by_turns(
            lambda words=words: larger.timed("--ledger", larger.ledger, *words),  # type: ignore[misc]
            lambda words=words: place.timed("--ledger", place.ledger, *words),  # type: ignore[misc]
            place.runs,
        )
        what = f"{name} at a date, {events:,} events"
        yield ratio("6", what, f"{place.events:,} events", pairs, Goal(2))
