"""A value that no ledger has is refused by each question, with either library of SQLite."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ASKING = """
import json, sys
from datetime import date
from pathlib import Path

library, file, table, column, value = sys.argv[1:]
if library == "sqlite3":
    sys.modules["pysqlite3"] = None
from support.given import party, pays, retracts
from dealledger.events import DealLedgerError
from dealledger.ledger import Ledger
from dealledger.ledger.storage.guards_sqlite import SQLITE
from dealledger.ledger.storage.sqlite import sqlite

assert library == sqlite.__name__.partition(".")[0]
with Ledger.create(file, origin="example.org/x") as ledger:
    ledger.append([party("acme"), party("beta"), pays("P", "7", deal="d")])
driver = sqlite.connect(file, isolation_level=None)
driver.execute("PRAGMA ignore_check_constraints = ON")
for guard in SQLITE:
    driver.execute(f"DROP TRIGGER {guard.split()[2]}")
last = "" if table == "head" else " WHERE position = 3"
driver.execute(f"UPDATE {table} SET {column} = {value}{last}")
for guard in SQLITE:
    driver.execute(guard)
driver.close()
with Ledger.open(file) as ledger:
    view = lambda: ledger.at(date.max)
    for name, ask in {
        "read": lambda: list(ledger.read()), "find": lambda: ledger.find("P"),
        "ids": ledger.ids, "events": lambda: view().events(), "sums": lambda: view().sums(),
        "lines": lambda: view().lines(), "head": ledger.head, "at": view,
        "append": lambda: ledger.append([retracts("P")]), "verify": ledger.verify,
    }.items():
        try:
            ask()
        except DealLedgerError as error:
            print(json.dumps([name, f"{type(error).__name__}: {error.message}"]))
        else:
            print(json.dumps([name, "answered"]))
"""
TEXT, BLOB = "CAST(zeroblob({0}) AS TEXT)", "zeroblob({0})"
EVENTS = {"read", "find", "events", "append", "verify"}
CASES: list[Any] = [
    ("event", "body", BLOB, EVENTS),
    ("event", "id", TEXT, {"read", "ids", "events", "verify"}),
    ("entry", "source", TEXT, {"sums", "lines", "verify"}),
    ("head", "origin", TEXT, {"head", "at", "append", "verify"}),
]
pytestmark = pytest.mark.slow

LIBRARIES = ("sqlite3", "pysqlite3")


def refusing(library: str, file: Path, table: str, column: str, value: str) -> set[str]:
    """Return which questions say that a value is too big, in a process with that library."""
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", ASKING, library, file, table, column, value],
        capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip
    said = dict(json.loads(line) for line in done.stdout.splitlines())
    return {name for name, text in said.items() if "too big" in text}


@pytest.mark.slow
@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("table", "column", "value", "reading"), CASES)
def test_a_value_that_is_too_big_is_refused(
    tmp_path: Path, library: str, table: str, column: str, value: str, reading: set[str]
) -> None:
    """By whatever returns that column."""
    refused = refusing(library, tmp_path / "x.db", table, column, value.format(10_000_001))

    assert reading <= refused


@pytest.mark.slow
@pytest.mark.parametrize("library", LIBRARIES)
def test_a_value_that_is_not_too_big_is_read(tmp_path: Path, library: str) -> None:
    """What is wrong with it is said otherwise."""
    assert set() == refusing(library, tmp_path / "x.db", "event", "body", BLOB.format(9_900_000))
