"""The folder of a run: its inputs, its ledgers, and the commands that it runs."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench import inputs
from bench.measuring import Process, process

PYTHON = Path(sys.executable)


@dataclass(frozen=True)
class Place:
    """Where a run keeps its files. events: how many deals the long inputs have."""

    folder: Path
    events: int
    runs: int

    @cached_property
    def lines(self) -> Path:
        """Return the events as JSONL."""
        return inputs.write_events(self.events, self.folder / f"deals-{self.events}.jsonl")

    @cached_property
    def journal(self) -> Path:
        """Return the same deals as transactions of hledger and ledger-cli."""
        return inputs.write_journal(self.events, self.folder / f"deals-{self.events}.journal")

    @cached_property
    def ledger(self) -> Path:
        """Return a ledger that holds the events; it is imported once."""
        file = self.folder / f"deals-{self.events}.db"
        if not file.exists():
            self.imported(file)
        return file

    @cached_property
    def demo(self) -> Path:
        """Return the demo's ledger."""
        self.deals("demo", self.folder / "demo")
        return self.folder / "demo" / "deals.db"

    def imported(self, file: Path) -> Process:
        """Import the events into a new ledger."""
        made = file.with_suffix(".part")
        made.unlink(missing_ok=True)
        self.deals("--ledger", made, "init", "--origin", "example.org/bench")
        done = self.deals("--ledger", made, "import", self.lines)
        made.rename(file)
        return done

    def deals(self, *words: str | Path) -> Process:
        """Run one command of Deal Ledger."""
        return process([PYTHON.parent / "deals", *words])

    def timed(self, *words: str | Path) -> float:
        """Return how many seconds one command of Deal Ledger takes."""
        return self.deals(*words).seconds


def found(program: str) -> bool:
    """Tell whether another program is installed here."""
    return shutil.which(program) is not None
