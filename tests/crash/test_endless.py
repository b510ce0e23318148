"""A small file whose pages hold more rows than could ever be read: no command reads them to the end."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.given import ORIGIN, party, pays

from dealledger.ledger import Damaged, Ledger
from dealledger.ledger.storage import watching
from dealledger.ledger.storage.sqlite import sqlite

PAGE = 4_096
CHILDREN = 300
DEPTH = 12


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a ledger that is looked at almost at once."""
    monkeypatch.setattr(watching, "PATIENCE_S", 0)
    path = tmp_path / "deals.db"
    with Ledger.create(path, origin=ORIGIN) as ledger:
        ledger.append([party("acme"), party("beta"), *(pays(f"p{number}") for number in range(40))])
    with closing(sqlite.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


def varint(number: int) -> bytes:
    low = number & 0x7F
    return bytes([low]) if number < 128 else bytes([number >> 7 | 0x80, low])


def pointing(child: int) -> bytes:
    """Return a page of a table all of whose children are one page."""
    cells = [struct.pack(">I", child) + varint(key) for key in range(1, CHILDREN + 1)]
    content, places = b"".join(cells), []
    start = PAGE - len(content)
    for number in range(len(cells)):
        places.append(start + sum(len(cell) for cell in cells[:number]))
    head = struct.pack(">BHHHBI", 5, 0, len(cells), start, 0, child)
    front = head + b"".join(struct.pack(">H", place) for place in places)
    return front.ljust(start, b"\0") + content


def make_endless(path: Path) -> None:
    """Put a tower of such pages over the records: 300 to the power of 13 times as many."""
    with closing(sqlite.connect(path)) as connection:
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'")
    data = bytearray(path.read_bytes())
    place = slice((root - 1) * PAGE, root * PAGE)
    first = len(data) // PAGE + 1
    data += data[place]
    for number in range(DEPTH):
        data += pointing(first + number)
    data[place] = pointing(first + DEPTH)
    data[28:32] = struct.pack(">I", len(data) // PAGE)
    path.write_bytes(data)


ASKED: list[Callable[[Ledger], Any]] = [
    lambda ledger: sum(1 for _ in ledger.read()),
    lambda ledger: ledger.verify(),
    lambda ledger: ledger.verify(quick=True),
    lambda ledger: ledger.health(),
]


@pytest.mark.parametrize("asked", ASKED)
def test_what_never_ends_is_said_to_be_damaged(
    path: Path, monkeypatch: pytest.MonkeyPatch, asked: Callable[[Ledger], Any]
) -> None:
    """The work is stopped when the pages turn out to be no tree."""
    make_endless(path)
    with Ledger.open(path) as ledger, pytest.raises(Damaged, match=r"damaged|out of order"):
        asked(ledger)


def test_what_takes_long_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file that is sound, and of one that a writer holds for now."""
    monkeypatch.setattr(watching, "_STEPS", 100)
    looked: list[Path] = []
    kept = watching._are_sound

    def noted(path: Path) -> bool | None:
        looked.append(path)
        return kept(path)

    monkeypatch.setattr(watching, "_are_sound", noted)
    with Ledger.open(path) as ledger:
        assert 42 == sum(1 for _ in ledger.read())
        assert () == ledger.verify().findings
        assert [path] == looked
        ledger.append([pays(f"q{number}") for number in range(3_000)])
    with Ledger.open(path) as ledger:
        assert () == ledger.verify().findings
        monkeypatch.setattr(watching, "_are_sound", lambda path: None)
    with Ledger.open(path) as ledger:
        assert 3_042 == sum(1 for _ in ledger.read())
