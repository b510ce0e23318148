"""Files that appear when they are whole."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import pytest
from support.given import party

from dealledger.ledger import Ledger, LedgerExists, Unwritable
from dealledger.ledger.errors import Stopped
from dealledger.ledger.storage.whole import made_beside, unfinished


def made(target: Path, text: str = "whole") -> None:
    with made_beside(target) as file:
        file.write_text(text)


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    """Until then it lies in a folder that says so."""
    target = tmp_path / "x"
    with made_beside(target) as file:
        file.write_text("whole")
        assert [file.parent] == unfinished(target)
        assert not target.exists()

    assert "whole" == target.read_text()
    assert ["x"] == [each.name for each in tmp_path.iterdir()]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError])
def test_a_file_that_fails_is_nowhere(tmp_path: Path, error: type[BaseException]) -> None:
    """Whatever it is that ends its making; that nothing is made is part of an interrupt."""
    expected = Stopped if error is KeyboardInterrupt else error
    with pytest.raises(expected), made_beside(tmp_path / "x") as file:  # noqa: PT012
        file.write_text("half")
        raise error

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("when", ["before", "meanwhile"])
@pytest.mark.parametrize("links", [True, False])
def test_nothing_is_replaced(
    tmp_path: Path, when: str, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there stays, also what came while the file was made, and a link to nowhere."""
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", without_links)
    target, broken = tmp_path / "x", tmp_path / "link"
    broken.symlink_to(tmp_path / "nowhere")
    if when == "before":
        target.write_text("mine")
    with pytest.raises(LedgerExists), made_beside(target) as file:  # noqa: PT012
        file.write_text("new")
        target.write_text("mine")
    with pytest.raises(LedgerExists):
        made(broken)

    assert "mine" == target.read_text()
    assert ["link", "x"] == sorted(each.name for each in tmp_path.iterdir())


def without_links(self: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_disk_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as exFAT: the file is moved."""
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    made(tmp_path / "x")

    assert "whole" == (tmp_path / "x").read_text()
    assert ["x"] == [each.name for each in tmp_path.iterdir()]


def killed_while_making(target: Path) -> None:
    process = os.fork()
    if process == 0:
        with made_beside(target) as file:
            file.write_text("half")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)


@pytest.mark.slow
def test_what_the_killed_leave_is_removed(tmp_path: Path) -> None:
    """By the next one that makes a file of the name, also if there is one; not what is in use."""
    target, other = tmp_path / "x", tmp_path / "y"
    killed_while_making(target)
    killed_while_making(other)
    assert not target.exists()
    [left], [others] = unfinished(target), unfinished(other)
    with made_beside(target) as file:
        assert not left.exists()
        with pytest.raises(Unwritable, match="disk"), made_beside(target) as second:  # noqa: PT012
            assert {file.parent, second.parent} == set(unfinished(target))
            raise OSError(errno.ENOSPC, "the disk is full")
        file.write_text("whole")
    killed_while_making(other)
    other.write_text("mine")
    with pytest.raises(LedgerExists):
        made(other)

    assert [] == [*unfinished(target), *unfinished(other)]
    assert not others.exists()


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    """The folder beside it has a shorter one; its journal has a longer one."""
    target = tmp_path / ("x" * 247)
    with Ledger.create(target) as ledger:
        ledger.append([party("acme")])
    with pytest.raises(Unwritable, match="File name too long"):
        Ledger.create(tmp_path / ("y" * 248))

    assert [target] == list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_a_journal_of_a_file_that_is_gone(tmp_path: Path, ending: str) -> None:
    """It would be played back into the new file, so it is named and nothing is made."""
    (tmp_path / f"deals.db{ending}").write_bytes(b"old")
    with pytest.raises(LedgerExists, match=f"deals.db{ending} exists already"):
        Ledger.create(tmp_path / "deals.db")

    assert [f"deals.db{ending}"] == [each.name for each in tmp_path.iterdir()]
