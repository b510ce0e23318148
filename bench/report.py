"""The results as a table for people, as Markdown, and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.rows import HEADINGS, Result
from dealledger.ledger.storage.sqlite import sqlite


def as_table(results: Sequence[Result]) -> str:
    """Return the table as plain text."""
    lines = [HEADINGS, *(each.cells() for each in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
              for line in lines)  # fmt: skip
    return "\n".join(line.rstrip() for line in padded)


def as_markdown(results: Sequence[Result]) -> str:
    """Return the table as Markdown, with the machine under it."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *(each.cells() for each in results)]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{table}\n\n{_machine()}"


def as_json(results: Sequence[Result], events: int) -> str:
    """Return the results for programs."""
    found = {"machine": _machine(), "events": events, "rows": [e.as_json() for e in results]}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _machine() -> str:
    said = f"{os.cpu_count()} cores, {_memory_gb()} GB, Python {platform.python_version()}"
    day = datetime.now(UTC).date()
    return f"Measured on {day}: {said}, SQLite {sqlite.sqlite_version}, {platform.system()}."


def _memory_gb() -> int:
    """Return the memory of the machine, where /proc tells."""
    file = Path("/proc/meminfo")
    if not file.exists():
        return 0
    return int(file.read_text().split()[1]) // 1_000_000
