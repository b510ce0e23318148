"""Several processes at one ledger, and processes that die in the middle of an append."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from crash.workers import damage
from support.given import party, pays, positions

from dealledger.ledger import Ledger
from dealledger.ledger.address import is_postgres
from dealledger.ledger.storage.sqlite import sqlite

FOLDER = Path(__file__).parent


@pytest.fixture
def url(ledger_url: str) -> str:
    """Make a ledger that knows acme and beta, at @1 and @2, and return where it is."""
    with Ledger.create(ledger_url) as ledger:
        ledger.append([party("acme"), party("beta")])
    return ledger_url


def run(mode: str, url: str, *arguments: str) -> Any:
    """Run the workers in a process of their own, since a process of threads must not fork."""
    ci = {"CI": "true"} if "CI" in os.environ else {}
    done = subprocess.run(
        [sys.executable, FOLDER / "workers.py", mode, url, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
        env={"PYTHONPATH": str(FOLDER.parent), "PATH": "", **ci},
    )
    assert (0, "") == (done.returncode, done.stderr)
    return json.loads(done.stdout)


@pytest.mark.parametrize("writers", ["ab", "abcdefgh"])
def test_writers_at_once_lose_nothing(url: str, writers: str) -> None:
    """Two and eight: positions are gapless, nothing is lost or twice, each one's order is kept."""
    told = run("together", url, writers)["acknowledged"]
    with Ledger.open(url) as ledger:
        stored = [(record.id, record.position) for record in ledger.read(after=2)]
        findings = ledger.verify().findings

    assert () == findings
    assert list(range(3, 3 + 25 * len(writers))) == [position for _, position in stored]
    assert sorted(stored) == sorted((name, int(position)) for name, position in told)
    for writer in writers:
        own = [name for name, _ in stored if name.startswith(f"{writer}-")]
        assert [f"{writer}-{number}-0" for number in range(25)] == own


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_writers_of_a_file_take_turns(tmp_path: Path, mode: str) -> None:
    """None starves, in either journal mode: SQLite itself gave one of two a thirtieth."""
    file = tmp_path / "deals.db"
    with Ledger.create(file) as ledger:
        ledger.append([party("acme"), party("beta")])
    connection = sqlite.connect(file)
    assert (mode.lower(),) == connection.execute(f"PRAGMA journal_mode={mode}").fetchone()
    connection.close()
    told = run("sharing", str(file), "abcd", "4")
    counts = Counter(name[0] for name, _ in told["acknowledged"])

    assert [] == told["problems"]
    assert set("abcd") == set(counts)
    assert max(counts.values()) <= 8 * min(counts.values())


def test_one_of_many_writers_wins(url: str) -> None:
    """Of all who expect the same version of one deal, exactly one appends."""
    told = [outcome for _, outcome in run("race", url)["acknowledged"]]
    with Ledger.open(url) as ledger:
        assert [1, 2, 3] == positions(ledger.read())

    assert ["lost"] * 5 + ["won"] == sorted(told)


def test_killed_writers_leave_whole_batches(url: str) -> None:
    """A writer killed at any moment leaves all that it acknowledged, and nothing by halves."""
    told = run("killing", url)

    assert [] == told["problems"]
    assert 1 <= len(told["acknowledged"])


def test_killed_imports_leave_all_or_nothing(ledger_url: str) -> None:
    """`deals import` killed at any moment: the whole file or none of it; repeated, it completes."""
    told = run("importing", ledger_url)

    assert [] == told["problems"]
    assert 1 <= told["nothing"]


@pytest.mark.long
def test_killed_at_each_statement(url: str) -> None:
    """A writer killed before any statement of an append, or its commit, leaves none of it.

    The retry then appends it, once.
    """
    told = run("points", url)

    assert [] == told["problems"]
    assert 8 <= told["points"]
    with Ledger.open(url) as ledger:
        assert 2 + 3 * (told["points"] + 1) == ledger.head().size
        assert () == ledger.verify().findings


@pytest.mark.long
def test_killed_while_a_ledger_is_made(ledger_url: str) -> None:
    """There is not a ledger, or a whole one; of a file, nothing at its name."""
    *killed, last = run("making", ledger_url)["found"]

    assert "made" == last
    # Behind what makes it stands what opens it.
    assert {"NotALedger" if is_postgres(ledger_url) else "NoLedger"} == set(killed) - {"made"}
    assert sorted(killed, key="made".__eq__) == killed
    assert 15 <= len(killed)


def test_the_search_for_damage_finds_it(url: str, tmp_path: Path) -> None:
    """A lost acknowledgement and half a batch would be seen."""
    with Ledger.open(url) as ledger:
        ledger.append([pays("w0-0-0"), pays("w0-0-1")])
    acks = os.open(tmp_path / "acks", os.O_RDWR | os.O_CREAT)
    os.write(acks, b"w0-0-0 3\nw0-1-0 6\n")
    found = damage(url, acks)
    os.close(acks)

    assert ["w0-1-0 was acknowledged at 6 and is not there", "w0-0 has 2 of 3 events"] == found
