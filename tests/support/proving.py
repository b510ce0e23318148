"""A small ledger, keys, and ways to change a ledger behind its back: for tests of evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from support.given import recorded

from dealledger.cli.main import run
from dealledger.events import Party
from dealledger.ledger import Ledger
from dealledger.ledger.proof.note import SigningKey
from dealledger.ledger.storage.guards_sqlite import SQLITE
from dealledger.ledger.storage.sqlite import sqlite

ORIGIN = "example.org/deals"
MOMENT = "2025-06-15T15:06:40"
ROOT = "267175fe"
LINES = """
{"id":"p-n","kind":"party","effective_on":"2024-01-01","party":"n","name":"N"}
{"id":"p-l","kind":"party","effective_on":"2024-01-01","party":"l","name":"L"}
{"id":"f1","kind":"funding","effective_on":"2024-02-01","investor":"n","investee":"l","amount":"10","currency":"USD","source_title":"A filing"}
{"id":"r1","kind":"payment","effective_on":"2024-03-01","payer":"l","payee":"n","amount":"4","currency":"USD"}
{"id":"r2","kind":"payment","effective_on":"2024-04-01","payer":"l","payee":"n","amount":"5","currency":"USD"}
"""
KEY = SigningKey(ORIGIN, bytes(range(32)))
VKEY = str(KEY.verifier())
CHANGED = """UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '"10"', '"99"') AS BLOB)"""
OTHER = SigningKey("other.example/deals", bytes(range(32)))


class Done(NamedTuple):
    code: int
    out: str
    err: str


def failed(code: int, *lines: str) -> Done:
    return Done(code, "", "".join(f"deals: {line}\n" for line in lines))


class Deals:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, line: str, *more: str) -> Done:
        self.capsys.readouterr()
        code = run([*line.split(), *more])
        return Done(code, *self.capsys.readouterr())


def grow(name: str = "deals.db") -> None:
    with Ledger.open(name) as opened:
        day = date(2024, 5, 1)
        opened.append([Party(id="p-x", effective_on=day, announced_on=day, party="x", name="X")])


def tamper(*statements: str) -> None:
    """Change the file as its owner can: drop the guards, change, make them again."""
    with sqlite.connect("deals.db") as connection:
        for guard in SQLITE:
            connection.execute(f"DROP TRIGGER {guard.split()[2]}")
        for statement in statements:
            connection.execute(statement)
        for guard in SQLITE:
            connection.execute(guard)
    connection.close()


def rewrite(say: str) -> None:
    """Make another ledger of the same origin, whose events say something else."""
    Path("deals.db").unlink()
    recorded(LINES.replace('"amount":"4"', f'"amount":"{say}"'), ORIGIN, MOMENT)
