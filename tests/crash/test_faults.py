"""Faults of storage: what a full disk, a lock, a cut or changed file does to a ledger."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event as hooks
from support.given import party, pays

from dealledger.cli.main import run
from dealledger.events import DealLedgerError
from dealledger.ledger import Busy, Ledger, NotALedger, Unwritable
from dealledger.ledger.storage import engine
from dealledger.ledger.storage.sqlite import sqlite
from dealledger.ledger.storage.tables import METADATA
from dealledger.projections import commitments, flows, parties, rights, stakes
from dealledger.projections.reconcile import reconcile

STEP = 97 if os.environ.get("CI") else 809
"""Of so many bytes one is changed."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Make a ledger of a few pages and return its file."""
    path = tmp_path / "deals.db"
    with Ledger.create(path, origin="example.org/x") as ledger:
        ledger.append([party("acme"), party("beta")])
        ledger.append([pays(f"p{number}", "10") for number in range(40)])
    return path


def content(path: Path) -> list[list[str]]:
    """Return all that a file holds, as SQLite itself reads it."""
    connection = sqlite.connect(path)
    try:
        tables = [*(f"SELECT * FROM {table}" for table in METADATA.tables),
                  "SELECT type, name, tbl_name, sql FROM sqlite_master"]  # fmt: skip
        return [sorted(map(repr, connection.execute(query))) for query in tables]
    finally:
        connection.close()


def is_found(path: Path) -> bool:
    """Tell whether opening or verifying a file says that something is wrong with it."""
    try:
        with Ledger.open(path) as ledger:
            return bool(ledger.verify().findings)
    except DealLedgerError:
        return True


@pytest.mark.parametrize("seed", range(4))
def test_any_changed_bit_is_found_or_in_unused_space(file: Path, seed: int) -> None:
    """A flipped bit is found by verify, or SQLite reads the very same content."""
    data, good = file.read_bytes(), content(file)
    choice = random.Random(seed)
    for _ in range(60):
        changed = bytearray(data)
        changed[choice.randrange(len(data))] ^= 1 << choice.randrange(8)
        file.write_bytes(changed)

        assert is_found(file) or good == content(file)


def ask(ledger: Ledger) -> None:
    """Ask what people ask, of every table and index."""
    view = ledger.at(date(2030, 1, 1))
    for question in (parties, stakes, flows, commitments, rights, reconcile):
        question(view)
    for record in ledger.read():
        ledger.referring(record.id)
    ledger.health()


@pytest.mark.long
def test_a_changed_byte_is_found_or_said_or_in_unused_space(file: Path) -> None:
    """In pages that are full: found by verify, or the same content; questions answer or refuse.

    Whatever a changed page gives to whatever column, it is no other error than ours.
    """
    with sqlite.connect(file) as connection:
        connection.execute("PRAGMA page_size=512")
        connection.execute("VACUUM")
    connection.close()
    data, good = file.read_bytes(), content(file)
    choice = random.Random(len(data))
    for place in range(choice.randrange(STEP), len(data), STEP):
        changed = bytearray(data)
        changed[place] ^= choice.randrange(1, 256)
        file.write_bytes(changed)
        with contextlib.suppress(DealLedgerError), Ledger.open(file) as ledger:
            ask(ledger)

        assert is_found(file) or good == content(file), place


@pytest.mark.parametrize(
    "column", ["event.body", "event.leaf", "event.recorded_at", "entry.effective_on"]
)
def test_nothing_where_something_must_be_is_said(
    file: Path, column: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a damaged page can make it: one line on what is damaged, and verify fails."""
    table, name = column.split(".")
    with sqlite.connect(file) as connection:
        triggers = list(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
        for trigger, _ in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        [made] = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = ?", [table]
        ).fetchone()
        lax = made.replace(" NOT NULL", "")
        connection.execute("PRAGMA writable_schema=ON")
        redefine = "UPDATE sqlite_master SET sql = ? WHERE name = ?"
        connection.execute(redefine, [lax, table])
    connection.close()
    with sqlite.connect(file) as connection:
        connection.execute(f"UPDATE {table} SET {name} = NULL")
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(redefine, [made, table])
    connection.close()
    told = {
        command: (run(["--ledger", str(file), command]), capsys.readouterr().err)
        for command in ("verify", "doctor", "log", "stakes", "flows", "export")
    }

    assert (1, 1) == (told["verify"][0], told.pop("doctor")[0])
    for code, err in told.values():
        assert (code == 0) == (err == "")
        assert all(line.startswith("deals: ") for line in err.splitlines())


def test_a_disk_that_is_full_records_nothing(file: Path) -> None:
    """The append says so, and the ledger is as before."""
    good = content(file)
    with Ledger.open(file) as ledger:

        @hooks.listens_for(ledger._engine, "connect")
        def limit(connection: sqlite.Connection, _record: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages + 1}")

        ledger._engine.dispose()
        with pytest.raises(Unwritable, match="database or disk is full"):
            ledger.append([pays(f"q{number}", "10") for number in range(400)])

    assert good == content(file)


def test_a_write_error_records_nothing(file: Path) -> None:
    """A limit on the file's size stops the write: said in one line; nothing is recorded.

    It is not said that nothing is: at a commit, this is told from a failed sync by nobody.
    """
    code = (
        "import sys; from dealledger.ledger import Ledger; from support.given import pays\n"
        "with Ledger.open(sys.argv[1]) as ledger:\n"
        "    try: ledger.append([pays(f'q{n}', '10') for n in range(400)])\n"
        "    except Exception as error: print(type(error).__name__)\n"
    )
    good = content(file)
    limit = file.stat().st_size + 4096
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )

    assert ("MaybeRecorded\n", "", 0) == (done.stdout, done.stderr, done.returncode)
    assert good == content(file)
    assert not is_found(file)


def test_a_read_only_file_can_be_asked_and_not_appended_to(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queries work; an append is refused before anything is written."""
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with Ledger.open(file) as ledger:
        assert 42 == ledger.head().size
        with pytest.raises(Unwritable, match="cannot be written"):
            ledger.append([pays("q", "10")])


def test_a_locked_ledger_is_busy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer waits, for so long and no longer, and then says that nothing was recorded."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.1)
    other = sqlite.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Ledger.open(file) as ledger, pytest.raises(Busy, match="another writer holds it"):
        ledger.append([pays("q", "10")])
    other.close()


def test_a_forked_process_opens_connections_of_its_own(file: Path) -> None:
    """Two processes must not share a connection: each appends, and nothing is lost."""
    code = (
        "import os, sys; from dealledger.ledger import Ledger; from support.given import pays\n"
        "ledger = Ledger.open(sys.argv[1]); ledger.head(); child = os.fork()\n"
        "ledger.append([pays('child' if child == 0 else 'parent', '1')])\n"
        "if child: sys.exit(os.waitpid(child, 0)[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )

    assert ("", 0) == (done.stderr, done.returncode)
    with Ledger.open(file) as ledger:
        assert {"child", "parent"} == {record.id for record in ledger.read(after=42)}
        assert () == ledger.verify().findings


def test_a_cut_file_is_damaged(file: Path) -> None:
    """Whatever is left of a file: an error or a finding, never a shorter ledger that looks well."""
    data = file.read_bytes()
    for pages in range(1, len(data) // 4096):
        file.write_bytes(data[: pages * 4096])

        assert is_found(file)


PEAK = """
import sys
from pathlib import Path
from dealledger.cli.main import run
assert 0 == run(["--ledger", sys.argv[1], "init"])
assert 0 == run(["--ledger", sys.argv[1], "import", sys.argv[2], "--register"])
[peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
print(peak.split()[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to say the peak")
def test_the_memory_of_an_import_does_not_grow_with_it(tmp_path: Path) -> None:
    """Lines are read one by one and written in chunks; of what is written, counts are kept."""
    peaks = []
    for count in (8_000, 40_000):
        events = tmp_path / f"{count}.jsonl"
        events.write_text("".join(
            f'{{"kind":"payment","id":"e{number}","effective_on":"2024-01-02","payer":"acme",'
            f'"payee":"beta","amount":"{number + 1}","currency":"USD"}}\n'
            for number in range(count)
        ))  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(tmp_path / f"{count}.db"), str(events)],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(done.stdout.split()[-1]))

    # In kB: less than half a kilobyte for each further event, most of it pages of the database.
    assert 16_000 > peaks[1] - peaks[0]


BAD_PEAK = """
import sys
from pathlib import Path
from dealledger.cli.main import run
assert 0 == run(["--ledger", sys.argv[1], "init"])
assert 2 == run(["--ledger", sys.argv[1], "import", sys.argv[2]])
[peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
print(peak.split()[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to say the peak")
@pytest.mark.parametrize("line", ["{}", '{"id":"%d","kind":"payment"}', '{"id":"%d","kind":"x"}'])
def test_the_memory_of_bad_lines_does_not_grow_with_them(tmp_path: Path, line: str) -> None:
    """The first are named and the others counted; what they would have defined is not kept."""
    peaks = []
    for count in (10_000, 60_000):
        events = tmp_path / f"{count}.jsonl"
        events.write_text("".join(line.replace("%d", str(n)) + "\n" for n in range(count)))
        done = subprocess.run(
            [sys.executable, "-c", BAD_PEAK, str(tmp_path / f"{count}.db"), str(events)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert len(done.stderr.splitlines()) <= 10_001
        peaks.append(int(done.stdout.split()[-1]))

    assert " problems in all; the first 10,000 are: " in done.stderr.splitlines()[-1]
    assert 10_000 > peaks[1] - peaks[0]  # kB; a fifth of a kilobyte for each further line


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00" * 5000, b"SQLite format 3\x00"])
def test_what_is_no_ledger_is_refused(tmp_path: Path, data: bytes) -> None:
    """An empty file, another file, and the first bytes of a database."""
    path = tmp_path / "deals.db"
    path.write_bytes(data)

    with pytest.raises(NotALedger, match="is not a ledger"):
        Ledger.open(path)
    assert data == path.read_bytes()
