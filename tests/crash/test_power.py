"""Power that goes off in the middle of an append: writes that were not synced are lost or torn.

The exact statements of an append are run once more on a copy of the file, through a file system
that notes each write and sync. Then power fails after each of them: what was synced stays, and of
everything else any part. What is left is opened by the real ledger.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import apsw
import pytest
from sqlalchemy import event as hooks
from support.given import party, pays

from dealledger.ledger import Ledger

LOSSES: Final = 6 if os.environ.get("CI") else 1
"""How many random losses are tried at each point, beside those of all and of nothing."""

Content = dict[str, bytearray]


@dataclass(frozen=True)
class Step:
    """One thing that SQLite asks of a file system. file: the ending of its name.

    at: where a write begins, or the size to cut to. lasting: a removal that is synced at once.
    """

    what: Literal["write", "cut", "sync", "remove"]
    file: str
    at: int = 0
    data: bytes = b""
    lasting: bool = False

    def happen(self, files: Content, *, torn: int | None = None) -> None:
        """Change *files*; torn: only so many bytes of a write arrive."""
        if self.what == "remove":
            files.pop(self.file, None)
            return
        content = files.setdefault(self.file, bytearray())
        if self.what == "cut":
            del content[self.at :]
        else:
            content.extend(bytes(max(0, self.at - len(content))))
            data = self.data[:torn]
            content[self.at : self.at + len(data)] = data


class NotingFile(apsw.VFSFile):
    """A file whose writes and syncs are noted."""

    def __init__(self, name: Any, flags: list[int], steps: list[Step]) -> None:
        super().__init__("", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._file = _ending(path)
        self._steps = steps

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._steps.append(Step("write", self._file, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._steps.append(Step("cut", self._file, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._steps.append(Step("sync", self._file))


class NotingFiles(apsw.VFS):
    """The file system of this machine, with what is asked of it noted."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__("noting", "")
        self._steps = steps

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return NotingFile(name, flags, self._steps)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self._steps.append(Step("remove", _ending(filename), lasting=syncdir))


def _ending(name: str) -> str:
    return name.rpartition(".db")[2]


def statements(file: Path) -> tuple[list[str], int]:
    """Append to a ledger; return what SQLite was told, and how it is told to sync."""
    told: list[str] = []
    with Ledger.open(file) as ledger:

        @hooks.listens_for(ledger._engine, "connect")
        def trace(connection: Any, _record: object) -> None:
            connection.set_trace_callback(told.append)

        ledger._engine.dispose()
        with ledger._reading() as connection:
            sync = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        told.clear()
        ledger.append([pays(f"q{number}", "10") for number in range(8)])
    # A statement is told once more for each trigger that it sets off.
    once = dict.fromkeys(told)
    return [each for each in once if not each.startswith(("SELECT", "PRAGMA"))], sync


def noted(file: Path, mode: str, told: list[str], sync: int) -> tuple[list[Step], int]:
    """Run the statements; return all steps, and how many were taken when the append was done."""
    steps: list[Step] = []
    files = NotingFiles(steps)
    connection = apsw.Connection(str(file), vfs="noting", flags=apsw.SQLITE_OPEN_READWRITE)
    # A log without shared memory, which this file system does not have.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute(f"PRAGMA synchronous={sync}")
    connection.execute("PRAGMA locking_mode=NORMAL" if mode == "DELETE" else "SELECT 1")
    connection.execute("SELECT * FROM head").fetchall()
    steps.clear()
    for statement in told:
        connection.execute(statement)
    done = len(steps)
    connection.close()
    files.unregister()
    return steps, done


def left(start: Content, steps: list[Step], choice: random.Random, share: float) -> Content:
    """Return what is on the disk when power goes off after *steps*.

    share: how many of the writes that were not synced arrive all the same.
    """
    files = {name: bytearray(data) for name, data in start.items()}
    pending: dict[str, list[Step]] = {}
    for step in steps:
        waiting = pending.setdefault(step.file, [])
        if step.what == "sync" or step.lasting:
            for each in waiting:
                each.happen(files)
            waiting.clear()
        if step.lasting:
            step.happen(files)
        elif step.what != "sync":
            waiting.append(step)
    for each in (step for waiting in pending.values() for step in waiting):
        if choice.random() < share:
            torn = choice.randrange(len(each.data) + 1) if 0 < share < choice.random() else None
            each.happen(files, torn=torn)
    return files


def losses(choice: random.Random) -> Iterator[float]:
    """Yield shares of what arrives: nothing, all, and some."""
    yield from (0, 1, *(choice.uniform(0.1, 0.9) for _ in range(LOSSES)))


def sizes_after(folder: Path, mode: str, sync: int | None = None) -> tuple[set[int], set[int]]:
    """Return the sizes of the ledgers that are left: of an append not done yet, and of one done.

    sync: another way of syncing than the ledger's own.
    """
    file, copy, rest = (folder / f"{name}.db" for name in ("deals", "copy", "rest"))
    with Ledger.create(file, origin="example.org/x") as ledger:
        ledger.append([party("acme"), party("beta")])
        ledger.append([pays("p", "10")])
    shutil.copy(file, copy)
    told, own = statements(file)
    connection = apsw.Connection(str(copy))
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.close()
    start = {"": bytearray(copy.read_bytes())}
    steps, done = noted(copy, mode, told, own if sync is None else sync)
    choice = random.Random(mode)
    before: set[int] = set()
    after: set[int] = set()
    for taken in range(len(steps) + 1):
        for share in losses(choice):
            found = left(start, steps[:taken], choice, share)
            for ending in ("", "-journal", "-wal", "-shm"):
                Path(f"{rest}{ending}").unlink(missing_ok=True)
            for ending, data in found.items():
                Path(f"{rest}{ending}").write_bytes(data)
            with Ledger.open(rest) as ledger:
                whole = () == ledger.verify().findings
                (after if taken >= done else before).add(ledger.head().size if whole else -1)
    return before, after


@pytest.mark.parametrize(("mode", "before"), [("DELETE", {3}), ("WAL", {3, 11})])
def test_power_loss_leaves_whole_appends(tmp_path: Path, mode: str, before: set[int]) -> None:
    """Until the append is acknowledged: nothing or all of it; from then on, all of it.

    To remove the journal, for good, is the last step, and the commit; a log may be whole earlier.
    """
    assert (before, {11}) == sizes_after(tmp_path, mode)


@pytest.mark.parametrize(("mode", "sync"), [("DELETE", 2), ("WAL", 1)])
def test_less_syncing_would_lose_appends(tmp_path: Path, mode: str, sync: int) -> None:
    """The same losses, where the disk is asked for less: what was acknowledged is gone."""
    assert {3, 11} <= sizes_after(tmp_path, mode, sync)[1]
