"""Readers that stay: a paused export, files that may only be read, and what they do to writers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.given import party, pays

from dealledger.cli.main import run
from dealledger.events import BadInput
from dealledger.ledger import Busy, Ledger, Unwritable
from dealledger.ledger.audit import doctor as health
from dealledger.ledger.storage import engine, making
from dealledger.ledger.storage.completion import parties_in_file
from dealledger.ledger.storage.sqlite import keeps_log, sqlite

COMMAND = [sys.executable, "-c", "from dealledger.cli.main import main; main()"]

logged = pytest.mark.skipif(
    not keeps_log(sqlite.sqlite_version_info), reason="no SQLite here keeps a write-ahead log safe"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Make a ledger whose export is longer than a pipe holds."""
    path = tmp_path / "deals.db"
    with Ledger.create(path, origin="example.org/x") as ledger:
        ledger.append([party("acme"), party("beta")])
        ledger.append([pays(f"p{number}", "10", note="x" * 900) for number in range(400)])
    return path


@contextmanager
def paused_export(file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Export into a pipe of which only the beginning is read, as a pager does."""
    with subprocess.Popen(
        [*COMMAND, "--ledger", str(file), "export"], stdout=subprocess.PIPE
    ) as it:
        assert it.stdout is not None
        assert it.stdout.read(10_000)
        time.sleep(0.2)  # until the pipe is full
        yield it
        it.stdout.read()
    assert 0 == it.returncode


@logged
def test_a_paused_reader_keeps_no_writer_waiting(file: Path) -> None:
    """`deals export | less` may be left open: appends go on, and the reader sees what it saw."""
    with paused_export(file) as reader:
        done = subprocess.run(
            [*COMMAND, "--ledger", str(file), "append", "payment", "--payer", "acme", "--payee", "beta",
             "--amount", "$1", "--on", "2024-01-01", "--id", "new"],
            capture_output=True, text=True, check=False, timeout=9,
        )  # fmt: skip
        assert reader.poll() is None

    assert ("recorded new at @403\n", "", 0) == (done.stdout, done.stderr, done.returncode)


def test_a_paused_reader_is_blamed_and_no_writer(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a rollback journal it does keep a writer waiting, who is told for whom."""
    with closing(sqlite.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.3)
    said = r"is busy: somebody who reads holds it \(nothing was recorded; try again"
    with (
        paused_export(file),
        Ledger.open(file) as ledger,
        pytest.raises(Busy, match=said),
    ):
        ledger.append([pays("new", "10")])
    with Ledger.open(file) as ledger:
        assert 402 == ledger.head().size


def test_who_asks_is_told_that_a_writer_holds_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not that nothing was recorded, which nobody wanted."""
    with closing(sqlite.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.1)
    with closing(sqlite.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy) as caught:
            Ledger.open(file)

    assert f"{file} is busy: a writer holds it (try again)" == str(caught.value)


@logged
def test_the_doctor_moves_an_old_ledger(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It warns of a rollback journal, and --fix-journal changes it; the record is the same."""
    with closing(sqlite.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    words = ["--ledger", str(file), "doctor", "-f", "csv"]
    assert 0 == run(words)
    assert (
        "journal,warning,a rollback journal: who reads keeps writers waiting,run: deals doctor"
        in (capsys.readouterr().out)
    )
    assert 0 == run([*words, "--fix-journal"])
    told = capsys.readouterr().out
    with closing(sqlite.connect(file)) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()

    assert "journal,well,now: a write-ahead log," in told
    assert "journal,warning" not in told
    assert ("wal",) == mode
    assert 0 == run(["--ledger", str(file), "verify"])


@logged
def test_the_doctor_does_not_move_what_is_in_use(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says so, and the ledger is as it was."""
    with closing(sqlite.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.1)
    with paused_export(file):
        assert 1 == run(["--ledger", str(file), "doctor", "--fix-journal"])

    assert "is busy" in capsys.readouterr().out


def test_without_a_safe_log_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no SQLite keeps one safe: a rollback journal, and the doctor says why and what to do."""
    monkeypatch.setattr(making, "journal_mode", lambda version: "DELETE")
    monkeypatch.setattr(health, "keeps_log", lambda version: False)
    file = tmp_path / "deals.db"
    assert 0 == run(["--ledger", str(file), "init"])
    assert 0 == run(["--ledger", str(file), "doctor", "-f", "csv"])
    told = capsys.readouterr().out

    assert b"\x01\x01" == file.read_bytes()[18:20]
    assert "can lose a write-ahead log, so new ledgers have none" in told
    assert "pip install pysqlite3" in told


def test_one_library_opens_files() -> None:
    """Two in one process would drop each other's locks; also where somebody loads both."""
    code = "import sys; {}; from dealledger.ledger.storage.sqlite import sqlite; print(sqlite.__name__)"
    named = set()
    for first in ("0", "import sqlite3", "import dealledger.ledger.ledger", "import sqlalchemy"):
        done = subprocess.run([sys.executable, "-c", code.format(first)], capture_output=True,
                              text=True, check=True)  # fmt: skip
        named.add(done.stdout)

    assert {f"{sqlite.__name__}\n"} == named


@pytest.mark.parametrize("name", [":memory:", "file://deals.db"])
def test_a_ledger_in_memory_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be a file of that name, or gone at once."""
    monkeypatch.chdir(tmp_path)
    for use in (Ledger.open, Ledger.create):
        with pytest.raises(BadInput, match="is not a ledger"):
            use(name)
    assert 2 == run(["--ledger", name, "init"])

    assert [] == list(tmp_path.iterdir())


def companions(file: Path) -> list[str]:
    return sorted(each.name for each in file.parent.iterdir())


@logged
def test_a_file_in_a_folder_that_is_read_only(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be asked, verified, completed from and backed up; nothing is left beside it."""
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with Ledger.open(file) as ledger:
        assert 402 == ledger.head().size
        assert () == ledger.verify().findings
        assert {"acme": "Acme"} == parties_in_file(file, "a")
        with pytest.raises(Unwritable, match=r"cannot be written: .*nothing was recorded"):
            ledger.append([pays("new", "10")])

    assert ["deals.db"] == companions(file)


@logged
def test_a_file_that_is_written_while_it_is_read_as_it_lies(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever cannot lock it looks at the end whether it is the same; the next look is well."""
    real = os.access
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with Ledger.open(file) as reader:
        assert 402 == reader.head().size
        rows = reader.read()
        next(rows)
        monkeypatch.setattr("os.access", real)
        with Ledger.open(file) as writer:
            writer.append([pays("new", "10")])
        monkeypatch.setattr("os.access", lambda path, mode: False)
        with pytest.raises(Busy, match=r"it was written while it was read \(ask again"):
            list(rows)
        assert 403 == reader.head().size


@logged
@pytest.mark.skipif(not hasattr(os, "fork") or os.getuid() != 0, reason="needs another user")
def test_another_user_who_may_only_read(file: Path, tmp_path: Path) -> None:
    """Also while somebody writes, whose log the other reads; and takes no companion for himself."""
    tmp_path.chmod(0o755)
    shared = Path(shutil.copytree(tmp_path, Path("/tmp") / f"shared-{os.getpid()}")) / "deals.db"
    shared.parent.chmod(0o755)
    shared.chmod(0o644)
    code = (
        "import os, sys; from dealledger.ledger import Ledger\n"
        "for place in sys.argv[1:]:\n"  # once before, to load what that user may not
        "    with Ledger.open(place) as ledger: size = ledger.head().size\n"
        "    os.setuid(65534)\n"
        "print(size)"
    )

    def ask() -> Any:
        done = subprocess.run([sys.executable, "-c", code, str(file), str(shared)], capture_output=True,
                              text=True, check=False)  # fmt: skip
        return done.stdout, done.stderr

    try:
        assert ("402\n", "") == ask()
        with Ledger.open(shared) as ledger:
            ledger.append([pays("new", "10")])
            assert ("403\n", "") == ask()
        assert ["deals.db"] == companions(shared)
        assert ("403\n", "") == ask()
    finally:
        shutil.rmtree(shared.parent)


@logged
def test_a_backup_and_a_new_ledger_are_one_file(file: Path, tmp_path: Path) -> None:
    """Nothing of them lies in a log: each can be copied as it is when no process has it open."""
    copy = tmp_path / "other" / "copy.db"
    copy.parent.mkdir()
    with Ledger.open(file) as ledger:
        ledger.append([pays("in-the-log", "10")])
        assert Path(f"{file}-wal").stat().st_size
        Ledger.create(copy, source=ledger).close()
    moved = tmp_path / "moved.db"
    shutil.move(copy, moved)

    assert [] == companions(copy)
    assert b"\x02\x02" == moved.read_bytes()[18:20]
    with Ledger.open(moved) as ledger:
        assert 403 == ledger.head().size
        assert () == ledger.verify().findings
