"""Every command that writes, ended by force at many moments; run by the tests.

`kills.py COUNT SEED [URL]` prints as JSON what was found; URL is an empty database of PostgreSQL, to
restore into. A moment is behind so many steps of a command (a statement of SQL, a file that is
opened, made, linked or removed), or a random part of a millisecond later, which may be in the middle
of a commit. Most are killed, some are terminated or
interrupted. What is left must be as before or as after the command; the command, repeated, completes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event
from support.given import emptied, party, pays

from dealledger.cli.main import run
from dealledger.cli.terminal.recorded import catch_signals
from dealledger.events import to_json
from dealledger.ledger import Ledger, NotALedger
from dealledger.ledger.address import is_postgres
from dealledger.ledger.storage.sqlite import sqlite

LINES: Final = 1_100
_FILES: Final = ("open", "os.link", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate",
                 "os.chmod", "shutil.rmtree", "tempfile.mkdtemp", "tempfile.mkstemp")  # fmt: skip
_LATEST_S: Final = 0.004
_OURS: Final = (".deals-", ".new.db.unfinished-")
"""How the names begin that a killed process may leave."""


@dataclass(frozen=True)
class Command:
    """A command line. makes: the file or ledger that it makes; else it writes to deals.db.

    grows: how many events it records. again: exit codes of the same command, if it is done already.
    halves: how many events a ledger that it makes may hold besides all; of those it goes on.
    """

    words: tuple[str, ...]
    makes: str = ""
    grows: int = 0
    again: tuple[int, ...] = (0,)
    halves: tuple[int, ...] = ()


PAY: Final = ("--payer", "acme", "--payee", "beta", "--amount", "$1", "--on", "2024-01-01")
COMMANDS: Final = (
    Command(("append", "payment", *PAY, "--id", "new"), grows=1),
    Command(("append", "payment", "--register", "--payer", "acme", "--payee", "gamma", "--amount",
             "$2", "--on", "2024-01-01", "--id", "new"), grows=2),
    Command(("import", "short.jsonl"), grows=2),
    Command(("import", "long.jsonl"), grows=LINES),
    Command(("retract", "p1", "--reason", "r"), grows=1),
    Command(("correct", "p1", "--set", "amount=11", "--reason", "r", "--id", "p1.2"), grows=2),
    Command(("--ledger", "new.db", "init", "--origin", "example.org/x"), makes="new.db", again=(2,)),
    Command(("--ledger", "new.db", "restore", "deals.db"), makes="new.db", again=(2,)),
    Command(("backup", "new.db"), makes="new.db", again=(2,)),
    Command(("checkpoint", "-o", "old.checkpoint"), makes="old.checkpoint"),
    Command(("checkpoint", "-o", "new.checkpoint"), makes="new.checkpoint"),
    Command(("key", "new", "--name", "example.org/x", "-o", "new.key"), makes="new.key", again=(2,)),
    Command(("export", "-o", "old.jsonl"), makes="old.jsonl"),
    Command(("flows", "-o", "new.csv", "--as-of", "2025-01-01"), makes="new.csv"),
    Command(("doctor", "--fix-journal", "-o", "new.txt"), makes=""),
    Command(("demo", "shown"), makes="shown/deals.db", halves=(0,)),
)  # fmt: skip
URLS: Final = tuple(sys.argv[3:])
ON_A_SERVER: Final = tuple(
    Command(("--ledger", url, "restore", "deals.db"), makes=url, again=(2,)) for url in URLS
)


def prepared(folder: Path) -> None:
    """Make the folder in which each command is run: a ledger, files to import, older answers."""
    with Ledger.create(folder / "deals.db", origin="example.org/x") as ledger:
        ledger.append([party("acme"), party("beta"), *(pays(f"p{n}", "10") for n in range(60))])
    for name, count in (("short", 2), ("long", LINES)):
        lines = [json.dumps(to_json(pays(f"{name}-{n}", str(n + 1)))) + "\n" for n in range(count)]
        (folder / f"{name}.jsonl").write_text("".join(lines))
    (folder / "old.jsonl").write_text("old\n")
    with inside(folder):
        assert 0 == ended(forked(("checkpoint", "-o", "old.checkpoint")))
        with Ledger.open("deals.db") as ledger:
            ledger.append([pays("last", "10")])


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


def forked(words: tuple[str, ...], arm: Callable[[], None] = lambda: None) -> int:
    """Run a command in a process of its own, silently; return its id."""
    process = os.fork()
    if process:
        return process
    code = 99
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        catch_signals()
        arm()
        code = run(words)
    finally:
        os._exit(code)


def ended(process: int) -> int:
    """Wait for a process; return its exit code, or the signal that ended it, below zero."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def at_each_step(do: Callable[[], None]) -> None:
    """Do something before each step of this process."""

    def connected(driver: Any, _record: object) -> None:
        if hasattr(driver, "set_trace_callback"):
            driver.set_trace_callback(lambda _: do())
            return

        class Cursor(driver.cursor_factory):  # type: ignore[misc]
            def execute(self, *arguments: Any, **options: Any) -> Any:
                do()
                return super().execute(*arguments, **options)

        driver.cursor_factory = Cursor

    event.listen(Engine, "connect", connected)

    def hook(name: str, _arguments: tuple[Any, ...]) -> None:
        if name in _FILES:
            do()

    sys.addaudithook(hook)


def steps_of(words: tuple[str, ...]) -> int:
    """Return how many steps a command has."""
    with tempfile.NamedTemporaryFile() as file:
        handle = os.dup(file.fileno())

        def note() -> None:
            os.write(handle, b".")

        assert ended(forked(words, lambda: at_each_step(note))) == 0
        os.close(handle)
        return Path(file.name).stat().st_size


def ending(step: int, number: signal.Signals, later_s: float) -> Callable[[], None]:
    """Return what makes a process end behind so many steps; killed ones perhaps a bit later."""
    count = 0

    def do() -> None:
        nonlocal count
        count += 1
        if count != step:
            return
        if number is signal.SIGKILL and later_s:
            # Its default is to end the process, wherever it is.
            signal.setitimer(signal.ITIMER_REAL, later_s)
        else:
            os.kill(os.getpid(), number)

    return lambda: at_each_step(do)


def content(file: str) -> bytes:
    return Path(file).read_bytes() if Path(file).is_file() else b""


def ledger_size(name: str) -> int:
    """Return how many events a ledger holds, which verifies; -1, if there is none."""
    if is_postgres(name):
        wait_for_others(name)
    elif not os.path.lexists(name):
        return -1
    try:
        with Ledger.open(name) as ledger:
            found = ledger.verify()
    except NotALedger:
        assert is_postgres(name)  # there is nothing in it: a half ledger has tables
        return -1
    assert not found.findings, f"{name}: {found.findings[0]}"
    return found.events


def wait_for_others(url: str) -> None:
    """Wait until a server has noticed that a process ended, which may still commit until then."""
    import psycopg

    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(others).fetchone() != (0,):
            time.sleep(0.01)


@dataclass
class Case:
    """One command that is ended at one moment, in a folder of its own.

    before: how many events there are. whole: what it makes. size: how many events are in that.
    """

    command: Command
    before: int
    whole: bytes
    size: int

    def made(self) -> str:
        """Return what became of it: nothing, everything; or raise."""
        command, name = self.command, self.command.makes
        size = ledger_size("deals.db")
        if not name:
            assert size in {self.before, self.before + command.grows}, f"{size} events"
            return "everything" if size > self.before else "nothing"
        assert size == self.before, f"{size} events"
        if self.size >= 0:
            found = ledger_size(name)
            assert found in {-1, self.size, *command.halves}, f"{found} copied"
            broken = [each.name for each in Path(name).parent.glob("*.???") if not is_whole(each)]
            assert not broken, f"not whole: {broken}"
            return "everything" if found == self.size else "nothing"
        return self._file(name)

    def _file(self, name: str) -> str:
        now, old = content(name), content(f"../template/{name}")
        if now == old and old != self.whole:
            return "nothing"
        if name.endswith(".key"):
            assert ended(forked(("key", "show", name))) == 0, f"{name} holds {len(now)} bytes"
        else:
            assert now == self.whole, f"{name} holds {len(now)} bytes"
        return "everything"

    def left(self) -> list[str]:
        """Return the names of files that are neither there before nor made."""
        known = {each.name for each in Path("../template").iterdir()}
        known |= {self.command.makes, "new.txt", "shown"}
        known |= {f"deals.db{ending}" for ending in ("-wal", "-shm", "-journal")}
        there = [*Path().iterdir(), *Path().glob("shown/.*")]
        return sorted(each.name for each in there if each.name not in known)


def is_whole(picture: Path) -> bool:
    """Tell whether a picture that a command drew is whole; other files are looked at elsewhere."""
    ends = {".svg": b"</svg>", ".png": b"IEND\xaeB`\x82"}
    return ends.get(picture.suffix, b"") in picture.read_bytes()[-20:]


def tried(case: Case, step: int, number: signal.Signals, later_s: float) -> str:
    """End a command once; return what became of it."""
    command = case.command
    if command in ON_A_SERVER:
        emptied(command.makes)
    if "--fix-journal" in command.words:
        connection = sqlite.connect("deals.db")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.close()
    code = ended(forked(command.words, ending(step, number, later_s)))
    became = case.made()
    left = case.left()
    assert all(each.startswith(_OURS) for each in left), f"left {left}"
    assert number is signal.SIGKILL or not left, f"left {left} behind {number.name}"
    assert code != 0 or became == "everything" or not (command.makes or command.grows)
    again = ended(forked(command.words))
    assert again == 0 or (became == "everything" and again in command.again), f"repeated: {again}"
    assert case.made() == "everything" or not (command.makes or command.grows)
    assert not case.left(), f"still there: {case.left()}"
    return became if code else "ended by itself"


def all_cases(template: Path) -> list[tuple[Case, int]]:
    """Return each command, with its number of steps."""
    found = []
    for command in (*COMMANDS, *ON_A_SERVER):
        folder = template.with_name("whole")
        shutil.copytree(template, folder)
        with inside(folder):
            before = ledger_size("deals.db")
            steps = steps_of(command.words)
            is_ledger = command.makes.endswith(".db") or command in ON_A_SERVER
            size = ledger_size(command.makes) if is_ledger else -1
            found.append((Case(command, before, content(command.makes), size), steps))
        shutil.rmtree(folder)
    return found


def main(count: int, seed: int) -> None:
    """End commands so many times."""
    choice = random.Random(seed)
    problems: list[str] = []
    became: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        template = Path(name) / "template"
        template.mkdir()
        prepared(template)
        cases = all_cases(template)
        for each in range(count):
            case, steps = cases[each % len(cases)]
            # What it does for good stands near its end, so half of all moments do.
            step = choice.choice([choice.randint(1, steps), max(1, steps - choice.randint(0, 9))])
            number = choice.choice([signal.SIGKILL] * 6 + [signal.SIGTERM, signal.SIGINT])
            later_s = choice.choice([0, choice.uniform(1e-6, _LATEST_S)])
            folder = template.with_name("one")
            shutil.copytree(template, folder)
            with inside(folder):
                try:
                    became[tried(case, step, number, later_s)] += 1
                except Exception as error:  # noqa: BLE001  it is told, with how to see it again
                    words = " ".join(case.command.words)
                    problems.append(f"{words}: {number.name} at {step} + {later_s}: {error!r}")
            shutil.rmtree(folder)
    steps_found = {" ".join(case.command.words): steps for case, steps in cases}
    sys.stdout.write(json.dumps({"problems": problems, "became": became, "steps": steps_found}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
