"""What a writer of -o leaves that is killed at any moment, and what the next one takes away."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dealledger.cli.main import run
from dealledger.cli.terminal import output_files as files
from dealledger.cli.terminal.output_files import put


@pytest.fixture(autouse=True)
def folder(empty_ledger: None) -> None:
    """Stand in a folder with a ledger of one party."""
    assert 0 == run(
        ["append", "party", "--id", "A", "--party", "a", "--name", "A", "--on", "2024-01-01"]
    )


KILLED = """
import os, sys
from dealledger.cli.main import main
count = int(sys.argv.pop(1))
def trace(frame, event, arg):
    global count
    if not frame.f_code.co_filename.endswith("cli/terminal/output_files.py"):
        return None
    if event == "line":
        count -= 1
        if count == 0:
            os.kill(os.getpid(), 9)
    return trace
sys.settrace(trace)
main()
"""


def killed_at(line: int, arguments: list[str], program: str = KILLED) -> bool:
    """Run a command that is killed before the so manieth line of the writer; tell if it was."""
    done = subprocess.run([sys.executable, "-c", program, str(line), *arguments],
                          capture_output=True, check=False)  # fmt: skip
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="needs files without names")
@pytest.mark.parametrize("step", range(4))
def test_a_killed_key_new_leaves_nothing_or_all(step: int) -> None:
    """At any line of the writer; a second try is not refused for what the first left."""
    line, before = step + 1, set(Path().iterdir())
    while killed_at(line, ["key", "new", "--name", "example.org/x", "-o", "new.key"]):
        made = set(Path().iterdir()) - before
        assert made <= {Path("new.key")}
        for each in made:
            assert 0 == run(["key", "show", str(each)])
            each.unlink()
        line += 12


@pytest.mark.long
def test_a_killed_writer_leaves_the_old_or_the_new() -> None:
    """And beside it at most one file under a name that says what it is, which the next one removes."""
    Path("x.json").write_text("old")
    named = f"import os; vars(os).pop('O_TMPFILE', 0)\n{KILLED}"
    line, most = 1, 0
    while killed_at(line, ["parties", "-o", "x.json"], named):
        said = Path("x.json").read_text()
        left = list(Path().glob(".*"))
        assert said == "old" or said.startswith("{")
        assert all(re.fullmatch(r"\.deals-[0-9a-f]{16}\.tmp", each.name) for each in left)
        most = max(most, len(left))
        line += 17
    assert 1 == most

    assert [] == list(Path().glob(".*"))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="needs files without names")
def test_a_writer_killed_between_two_names_leaves_a_copy_that_goes() -> None:
    """A file without a name gets ours before that of another, for a moment."""
    Path("x.json").write_text("old")
    killing = "import os; os.replace = lambda *names, **more: os.kill(os.getpid(), 9)\n"
    program = killing + KILLED.replace("sys.settrace(trace)", "")
    assert killed_at(0, ["parties", "-o", "x.json"], program)
    assert "old" == Path("x.json").read_text()
    assert 1 == len(list(Path().glob(".deals-*.tmp")))

    assert 0 == run(["flows", "-o", "y.json"])
    assert [] == list(Path().glob(".deals-*"))


def test_only_what_the_dead_left_is_removed() -> None:
    """Not the file of a writer that still writes, nor what others called nearly so."""
    kept = [".deals-0123456789abcdef.tmp.old", ".deals-0123.tmp", ".deals-fedcba9876543210.tmp.d"]
    for each in kept:
        Path(each).write_text("mine")
    Path(".deals-0123456789abcdef.tmp").write_text("left by a dead one")
    Path(".deals-aaaaaaaaaaaaaaaa.tmp").mkdir()
    Path(".deals-bbbbbbbbbbbbbbbb.tmp").symlink_to(kept[0])
    with Path(".deals-cccccccccccccccc.tmp").open("wb") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        put([b"new"], Path("new"))
        there = {each.name for each in Path().glob(".deals-*")}
    put([b"newer"], Path("new"))

    folder, link = ".deals-aaaaaaaaaaaaaaaa.tmp", ".deals-bbbbbbbbbbbbbbbb.tmp"
    assert {*kept, folder, link, ".deals-cccccccccccccccc.tmp"} == there
    assert {*kept, folder, link} == {each.name for each in Path().glob(".deals-*")}


def test_a_writer_whose_file_was_taken_for_one_left_makes_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody who clears up may come between its making and its lock."""
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    lock = fcntl.flock
    taken: list[Path] = []

    def late(handle: int, how: int) -> None:
        if not taken:
            taken.extend(Path().glob(".deals-*"))
            taken[0].unlink()
        lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    put([b"new"], Path("new"))

    assert 1 == len(taken)
    assert (b"new", []) == (Path("new").read_bytes(), list(Path().glob(".*")))


def test_where_files_need_names_the_writer_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every file system has files without."""
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    files.make_secret(b"secret", Path("s"))

    assert (b"secret", 0o600) == (Path("s").read_bytes(), stat.S_IMODE(Path("s").stat().st_mode))
    with pytest.raises(FileExistsError):
        files.make_secret(b"other", Path("s"))
    put([b"a", b"b"], Path("new"))
    put([b"c"], Path("new"))
    assert b"c" == Path("new").read_bytes()
    assert [] == list(Path().glob(".*"))


def test_where_there_are_no_links_the_writer_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a memory stick: no files without names, no second names."""

    def refused(*names: object, **folders: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(os, "link", refused)
    files.make_secret(b"secret", Path("s"))
    put([b"new"], Path("new"))
    put([b"newer"], Path("new"))

    assert (b"secret", b"newer") == (Path("s").read_bytes(), Path("new").read_bytes())
    with pytest.raises(FileExistsError):
        files.make_secret(b"other", Path("s"))
    assert [] == list(Path().glob(".*"))
