"""What is said when something was recorded and something else went wrong, by real processes."""

from __future__ import annotations

import os
import resource
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.given import party, pays

from dealledger.cli.appending import Appending
from dealledger.cli.main import run
from dealledger.ledger import Busy, Ledger

COMMAND = [sys.executable, "-c", "from dealledger.cli.main import main; main()"]
PAY = "append payment --payer acme --payee beta --amount $1 --on 2024-01-01"
EVENTS = '{"kind":"payment","effective_on":"2024-01-01","payer":"acme","payee":"beta"}\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a ledger of two parties and a payment, and a file of one more."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    with Ledger.create("deals.db", origin="example.org/x") as ledger:
        ledger.append([party("acme"), party("beta"), pays("p1", "10")])
    Path("more.jsonl").write_text(EVENTS)


def deals(words: str, **how: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *shlex.split(words)],
        stderr=subprocess.PIPE, text=True, check=False, **how,
    )  # fmt: skip


def to_a_full_disk(words: str) -> subprocess.CompletedProcess[str]:
    with Path("/dev/full").open("w") as full:
        return deals(words, stdout=full)


def to_nowhere(words: str) -> subprocess.CompletedProcess[str]:
    return deals(words, preexec_fn=lambda: os.close(1))


NOWHERE = [
    pytest.param(to_a_full_disk, "No space left on device", id="full"),
    pytest.param(to_nowhere, "stdout is closed", id="closed"),
]


def size(name: str = "deals.db") -> int:
    with Ledger.open(name) as ledger:
        assert () == ledger.verify().findings
        return ledger.head().size


DONE = [
    (f"{PAY} --id new", "recorded new at @4", "deals.db", 4),
    (f"{PAY} --id p1 --note x --dry-run", None, "deals.db", 3),
    ("import more.jsonl", "1 event recorded, 0 known already; the last is @4", "deals.db", 4),
    ("retract p1 --reason r", "recorded p1.retracted at @4", "deals.db", 4),
    ("--ledger new.db init --origin example.org/new", "made new.db with origin example.org/new",
     "new.db", 0),
    ("--ledger new.db restore deals.db", "restored 3 events to new.db, root ", "new.db", 3),
    ("backup new.db", "copied 3 events to new.db, root ", "new.db", 3),
]  # fmt: skip


@pytest.mark.parametrize(("out", "why"), NOWHERE)
@pytest.mark.parametrize(("words", "said", "ledger", "events"), [d for d in DONE if d[1]])
def test_what_is_recorded_is_said_though_stdout_takes_nothing(
    out: Callable[[str], Any], why: str, words: str, said: str, ledger: str, events: int
) -> None:
    """On stderr, with its id, and with an exit code of its own; and so it is."""
    done = out(words)

    assert done.stderr.startswith(f"deals: {said}")
    assert done.stderr.endswith(f"; the answer could not be written: {why}\n")
    assert 1 == done.stderr.count("\n")
    assert (4, events) == (done.returncode, size(ledger))


@pytest.mark.parametrize(("out", "why"), NOWHERE)
def test_every_event_of_a_correction_is_said(out: Callable[[str], Any], why: str) -> None:
    """One line for each, and the reason behind the last."""
    done = out("correct p1 --set amount=11 --reason r")

    assert (
        "deals: recorded p1.retracted at @4\n"
        f"deals: recorded p1.2 at @5; the answer could not be written: {why}\n"
    ) == done.stderr
    assert (4, 5) == (done.returncode, size())


@pytest.mark.parametrize(("out", "why"), NOWHERE)
def test_files_that_are_written_are_said(out: Callable[[str], Any], why: str) -> None:
    """A checkpoint, and a key with how to see its public half."""
    done = out("checkpoint -o now.checkpoint")

    assert done.stderr.startswith("deals: wrote now.checkpoint: @3, root ")
    assert (4, True) == (done.returncode, Path("now.checkpoint").exists())
    done = out("key new -o my.key")
    assert "deals: wrote my.key; its public key: deals key show my.key; " in done.stderr
    assert 4 == done.returncode
    assert 0 == run(["key", "show", "my.key"])


@pytest.mark.parametrize(("out", "why"), NOWHERE)
@pytest.mark.parametrize("words", ["flows", "checkpoint", "log", f"{PAY} --dry-run"])
def test_an_answer_that_cannot_be_written(out: Callable[[str], Any], why: str, words: str) -> None:
    """Nothing was to be recorded, so that is no word of it."""
    done = out(words)

    assert (2, 3) == (done.returncode, size())
    assert "recorded" not in done.stderr.replace("dry run: nothing was recorded", "")
    assert why in done.stderr


AT_THE_SYNC = """
import sys
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from dealledger.ledger.storage.sqlite import sqlite
commit = Connection.commit
def failing(self):
    commit(self)  # the sync behind it fails: the disk may have it or not
    error = sqlite.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite.SQLITE_IOERR
    raise OperationalError("COMMIT", None, error)
Connection.commit = failing
from dealledger.cli.main import main
main()
"""


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (f"{PAY} --id new", f"deals {PAY.replace('$1', shlex.quote('$1'))} --id new"),
        ("import more.jsonl", "deals import more.jsonl"),
        ("retract p1 --reason 'a b'", "deals retract p1 --reason 'a b'"),
        ("correct p1 --set amount=11 --reason r",
         "deals correct p1 --set amount=11 --reason r --id p1.2"),
    ],
)  # fmt: skip
def test_a_disk_that_fails_at_the_last_sync(words: str, again: str) -> None:
    """It is said that nobody knows, and how to repeat it; to do that records it once."""
    done = subprocess.run([sys.executable, "-c", AT_THE_SYNC, *shlex.split(words)],
                          capture_output=True, text=True, check=False)  # fmt: skip
    after = size()

    assert (5, "") == (done.returncode, done.stdout)
    assert (
        "deals: deals.db failed (disk I/O error) at the commit: this may be recorded or not "
        f"(to repeat it safely: {again})\n"
    ) == done.stderr.replace(str(Path.cwd()) + "/", "")
    assert 0 == deals(again.removeprefix("deals "), stdout=subprocess.DEVNULL).returncode
    assert after == size()


def test_an_id_that_nobody_gave_is_in_the_command_that_repeats_it() -> None:
    """So that it is recorded once."""
    done = subprocess.run([sys.executable, "-c", AT_THE_SYNC, *shlex.split(PAY)],
                          capture_output=True, text=True, check=False)  # fmt: skip
    again = done.stderr.partition("(to repeat it safely: deals ")[2].rstrip(")\n")
    repeated = deals(again, stdout=subprocess.PIPE)

    assert " --id 0" in again
    assert repeated.stdout.startswith("was recorded before: 0")
    assert 4 == size()


def test_a_disk_that_fails_to_write_is_not_said_to_have_nothing() -> None:
    """The same, by a real limit of the system on the size of files."""
    Path("long.jsonl").write_text(
        "".join(EVENTS.replace("}", f',"note":"{"x" * 900}{number}"}}') for number in range(900))
    )
    limit = Path("deals.db").stat().st_size + 4096
    done = deals(
        "import long.jsonl",
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )

    assert (5, "") == (done.returncode, done.stdout)
    assert "(to repeat it safely: deals import long.jsonl)" in done.stderr
    assert size() in {3, 903}


def test_a_failed_query_has_nothing_to_do_with_recording(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error of the disk in a query is told without a word of it."""
    from sqlalchemy.exc import OperationalError

    from dealledger.ledger.storage import shape
    from dealledger.ledger.storage.sqlite import sqlite

    def failing(*_args: object) -> None:
        error = sqlite.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite.SQLITE_IOERR
        raise OperationalError("SELECT", None, error)

    monkeypatch.setattr(shape, "computed", failing)

    assert 2 == run(["flows"])
    assert "deals.db: disk I/O error\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "word"),
    [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated"), (signal.SIGHUP, "hung up")],
)
def test_a_signal_before_the_commit(number: signal.Signals, word: str) -> None:
    """Nothing is recorded, and that is known and said; the exit code is the shell's."""
    with subprocess.Popen([*COMMAND, "import", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stderr is not None
        # More than a pipe holds, and than is read before the append begins: it is in the middle.
        process.stdin.write(EVENTS * 4_000)
        process.stdin.flush()
        process.send_signal(number)
        said = process.stderr.read()
        process.wait()

    assert (f"deals: {word}; nothing was recorded\n", 128 + number) == (
        said.lstrip("\n"),
        process.returncode,
    )
    assert 3 == size()


def test_an_error_after_the_commit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is recorded is said beside it, and by the exit code."""

    def busy(*_arguments: object) -> None:
        raise Busy("deals.db", "a writer holds it", "try again")

    monkeypatch.setattr(Appending, "_warn", busy)

    assert 4 == run([*shlex.split(PAY), "--id", "new"])
    assert (
        "deals: recorded new at @4\ndeals: deals.db is busy: a writer holds it (try again)\n"
    ) == capsys.readouterr().err
    assert 4 == size()


STOPPED = """
import os, signal, sys
from dealledger.cli.appending import Appending
def stopped(*_arguments):
    os.kill(os.getpid(), getattr(signal, "SIG" + sys.argv.pop(1)))
Appending._warn = stopped
from dealledger.cli.main import main
main()
"""


@pytest.mark.parametrize(("name", "word"), [("INT", "interrupted"), ("TERM", "terminated")])
@pytest.mark.parametrize("words", [f"{PAY} --id new", "import more.jsonl"])
def test_a_signal_after_the_commit(name: str, word: str, words: str) -> None:
    """It is recorded, and that is said, though the command did not come to its end."""
    code = STOPPED.replace("sys.argv.pop(1)", repr(name))
    done = subprocess.run([sys.executable, "-c", code, *shlex.split(words)],
                          capture_output=True, text=True, check=False)  # fmt: skip

    assert done.stderr.lstrip("\n").startswith(f"deals: {word}; ")
    assert "recorded" in done.stderr
    assert "nothing was recorded" not in done.stderr
    assert (128 + getattr(signal, f"SIG{name}"), 4) == (done.returncode, size())
