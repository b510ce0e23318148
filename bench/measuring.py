"""Whole processes, timed by turns with their peers; machines are noisy, ratios of neighbours less.

Times are wall-clock seconds. Memory is what a process and those that it started hold at once.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_LOOK_EVERY_S: Final = 0.02

Timed = Callable[[], float]
"""Does something once; returns the seconds that it took."""


@dataclass(frozen=True)
class Pairs:
    """Seconds of ours and of the peer, measured by turns."""

    ours: tuple[float, ...]
    peer: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """Return ours over the peer's, pair by pair."""
        return tuple(one / other for one, other in zip(self.ours, self.peer, strict=True))

    @property
    def ratio(self) -> float:
        """Return the median of the ratios."""
        return statistics.median(self.ratios)


def by_turns(ours: Timed, peer: Timed, runs: int) -> Pairs:
    """Do both so many times, one after the other; if often, a first time does not count."""
    if runs > 1:
        ours()
        peer()
    pairs = [(ours(), peer()) for _ in range(runs)]
    return Pairs(tuple(one for one, _ in pairs), tuple(other for _, other in pairs))


@dataclass(frozen=True)
class Process:
    """A command that has ended well. peak: bytes that it and its children held at the most."""

    seconds: float
    peak: int


def process(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None
) -> Process:
    """Run a command to its end; what it prints is read and thrown away.

    Raises: RuntimeError, with what it said, if it fails.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        [str(each) for each in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    ) as started:
        watch = _Watch(started.pid)
        watch.start()
        _, said = started.communicate()
        seconds = time.perf_counter() - start
        watch.end()
    if started.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {said.decode(errors='replace').strip()}")
    return Process(seconds, watch.peak)


class _Watch(threading.Thread):
    """Looks every now and then how much memory a process and its children hold."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self._over = pid, 0, threading.Event()

    def run(self) -> None:
        """Look until `end`."""
        while not self._over.wait(_LOOK_EVERY_S):
            self.peak = max(self.peak, _resident(self.pid))

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self.join()


def _resident(pid: int) -> int:
    """Return the resident bytes of a process and its children; 0 where /proc does not say."""
    place = Path(f"/proc/{pid}")
    try:
        pages = int((place / "statm").read_text().split()[1])
        children = (place / "task" / str(pid) / "children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * _PAGE + sum(_resident(int(child)) for child in children)
