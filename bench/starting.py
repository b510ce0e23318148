"""How long a short command takes from nothing, beside the import of a library that it stands on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from bench.measuring import by_turns, process
from bench.place import PYTHON, Place
from bench.rows import Goal, Result, ratio

SHORT_RUNS: Final = 11
_COMPLETION: Final = {
    "_DEALS_COMPLETE": "bash_complete",
    "COMP_WORDS": "deals comm",
    "COMP_CWORD": "1",
}


def measure(place: Place) -> Iterator[Result]:
    """Yield rows 1 and 2."""
    runs = max(place.runs, SHORT_RUNS) if place.runs > 1 else 1
    stakes = ("--ledger", place.demo, "stakes", "openai", "--as-of", "2026-06-30")
    pairs = by_turns(lambda: place.timed(*stakes), lambda: _imported("sqlmodel"), runs)
    yield ratio("1", "`deals stakes openai`, cold", "`import sqlmodel`", pairs, Goal(1.3))
    pairs = by_turns(lambda: place.timed("--help"), lambda: _imported("click"), runs)
    yield ratio("2", "`deals --help`", "`import click`", pairs, Goal(2))
    pairs = by_turns(_completed, lambda: _imported("click"), runs)
    yield ratio("2", "completion of a command", "`import click`", pairs, Goal(2))


def _imported(library: str) -> float:
    return process([PYTHON, "-c", f"import {library}"]).seconds


def _completed() -> float:
    command = [PYTHON.parent / "deals"]
    return process(command, environment={**os.environ, **_COMPLETION}).seconds
