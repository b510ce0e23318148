"""Real processes that append to one ledger, and are killed while they do; run by the tests.

`workers.py MODE URL [WRITERS]` prints what happened as JSON. It imports once and forks each worker.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, event
from support.given import emptied, party, pays

from dealledger.cli.main import run
from dealledger.events import Conflict, DealLedgerError, to_json
from dealledger.ledger import Expected, Ledger

KILLS: Final = {"killing": {True: 80, False: 12}, "importing": {True: 40, False: 6}}
"""How often a writer is killed on each database, by mode and by whether this is CI: 240 in all."""

EACH, BATCH, LINES = 25, 3, 1_200


def forked(work: Callable[[], None]) -> int:
    """Run *work* in a process of its own; return the id of that process."""
    process = os.fork()
    if process == 0:
        try:
            work()
        finally:
            os._exit(0)
    return process


def appending(
    url: str, name: str, count: int, acks: int, batch: int = 1, ready: int | None = None
) -> None:
    """Append *count* batches, and say after each that it is durable; say first, when it begins."""
    with Ledger.open(url) as ledger:
        if ready is not None:
            os.write(ready, b"!")
        for number in range(count):
            done = ledger.append([pays(f"{name}-{number}-{part}") for part in range(batch)])
            os.write(acks, f"{done[0].id} {done[0].position}\n".encode())


def racing(url: str, name: str, acks: int) -> None:
    """Append to one deal if nobody did, and say whether it worked."""
    with Ledger.open(url) as ledger:
        try:
            ledger.append([pays(name, deal="d")], expected_version=Expected.NO_STREAM)
        except Conflict:
            os.write(acks, f"{name} lost\n".encode())
        else:
            os.write(acks, f"{name} won\n".encode())


def acknowledged(acks: int) -> list[tuple[str, str]]:
    with os.fdopen(os.dup(acks), "rb") as file:
        file.seek(0)
        lines = file.read().decode().splitlines()
    return [(line.split()[0], line.split()[1]) for line in lines]


def together(url: str, acks: int, names: str) -> dict[str, Any]:
    """Let all writers, one for each letter, append at once."""
    work = [forked(partial(appending, url, name, EACH, acks)) for name in names]
    for process in work:
        os.waitpid(process, 0)
    return {"acknowledged": acknowledged(acks)}


def sharing(url: str, acks: int, names: str, seconds: str) -> dict[str, Any]:
    """Let all writers, one for each letter, append without pause for so long."""
    work = [forked(partial(appending, url, name, 10**6, acks, BATCH)) for name in names]
    time.sleep(int(seconds))
    for process in work:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return {"problems": damage(url, acks), "acknowledged": acknowledged(acks)}


def race(url: str, acks: int) -> dict[str, Any]:
    """Let many writers begin one deal, all expecting that it is new."""
    work = [forked(partial(racing, url, name, acks)) for name in "abcdef"]
    for process in work:
        os.waitpid(process, 0)
    return {"acknowledged": acknowledged(acks)}


def damage(url: str, acks: int) -> list[str]:
    """Return what is wrong with the ledger after a crash: it must be nothing."""
    with Ledger.open(url) as ledger:
        problems = [str(finding) for finding in ledger.verify().findings]
        stored = {record.id: record.position for record in ledger.read()}
    if sorted(stored.values()) != list(range(1, len(stored) + 1)):
        problems.append("positions have gaps")
    for event_id, position in acknowledged(acks):
        if stored.get(event_id) != int(position):
            problems.append(f"{event_id} was acknowledged at {position} and is not there")
    batches = Counter(each.rpartition("-")[0] for each in stored if each.count("-") == 2)
    problems += [f"{name} has {n} of {BATCH} events" for name, n in batches.items() if n != BATCH]
    return problems


def killing(url: str, acks: int, kills: int) -> dict[str, Any]:
    """Kill a writer at a random moment, look at the ledger, and begin again."""
    chance, problems = random.Random(7), []
    # Loads what appends before the forks: they are to be killed while they write.
    with Ledger.open(url) as ledger:
        ledger.append([pays("unwritten")], dry_run=True)
    for number in range(kills):
        begun, ready = os.pipe()
        name = f"w{number}"
        process = forked(partial(appending, url, name, 10**6, acks, BATCH, ready))
        os.read(begun, 1)
        time.sleep(chance.random() * 0.15)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(begun)
        os.close(ready)
        problems += damage(url, acks)
    return {"problems": problems, "acknowledged": acknowledged(acks)}


def importing(url: str, acks: int, kills: int) -> dict[str, Any]:
    """Kill `deals import` at a random moment, look at the ledger, and import the file again.

    The file is longer than what is written at a time, so half of it may be written and not
    committed. Moments lie between the begin and a tenth after the time that one import takes.
    """
    chance = random.Random(11)
    events = [party("acme"), party("beta"), *(pays(f"e{n}", str(n + 1)) for n in range(LINES - 2))]
    problems: list[str] = []
    found: Counter[int] = Counter()
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(to_json(each)) + "\n" for each in events)
        file.flush()
        command = ["--ledger", url, "import", file.name]
        whole = _timed(url, command, acks)
        for number in range(kills):
            told = _killed(url, command, acks, chance.random() * 1.1 * whole)
            size = _imported(url, problems)
            found[size] += 1
            if size not in (0, LINES) or (told and not size):
                problems.append(f"import {number} left {size} events, and said {told!r}")
            forked_and_done(partial(run_into, command, acks))
            if _imported(url, problems) != LINES:
                problems.append(f"import {number}, repeated, is not complete")
    return {"problems": problems, "nothing": found[0], "everything": found[LINES]}


def run_into(command: list[str], out: int) -> None:
    """Run a command line that prints into a file."""
    os.dup2(out, sys.stdout.fileno())
    os._exit(run(command))


def forked_and_done(work: Callable[[], None]) -> None:
    """Run *work* in a process of its own, to its end."""
    os.waitpid(forked(work), 0)


def _timed(url: str, command: list[str], acks: int) -> float:
    """Return the seconds that one import into a new ledger takes."""
    emptied(url)
    Ledger.create(url).close()
    begin = time.perf_counter()
    forked_and_done(partial(run_into, command, acks))
    return time.perf_counter() - begin


def _killed(url: str, command: list[str], acks: int, seconds: float) -> str:
    """Kill an import into a new ledger after so long; return what it printed."""
    emptied(url)
    Ledger.create(url).close()
    os.ftruncate(acks, 0)
    os.lseek(acks, 0, os.SEEK_SET)
    process = forked(partial(run_into, command, acks))
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return os.pread(acks, 1_000, 0).decode()


def _imported(url: str, problems: list[str]) -> int:
    """Return how many events a ledger holds; add to the problems what does not verify."""
    with Ledger.open(url) as ledger:
        found = ledger.verify()
    problems += [str(each) for each in found.findings]
    return found.events


def suicide(url: str, name: str, statement: int, acks: int) -> None:
    """Append one batch, and die before the given SQL statement of it, or before the commit."""
    count, armed = iter(range(10**6)), False

    def die(*args: Any) -> None:
        if armed and next(count) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    # Statements go to the driver itself, so it is there that they are counted.
    if "://" in url:
        before_each(psycopg.Cursor, die)
        event.listen(Engine, "commit", die)
    else:
        event.listen(Engine, "connect", lambda driver, _record: driver.set_trace_callback(die))
    with Ledger.open(url) as ledger:
        armed = True
        ledger.append([pays(f"{name}-0-{part}") for part in range(BATCH)])
        os.write(acks, f"{name}-0-0 {ledger.head().size - BATCH + 1}\n".encode())


def before_each(cursor: Any, do: Callable[[], None]) -> None:
    """Do something before each statement that a cursor of this class executes."""
    execute = cursor.execute

    def executing(*args: Any, **kwargs: Any) -> Any:
        do()
        return execute(*args, **kwargs)

    cursor.execute = executing


def points(url: str, acks: int) -> dict[str, Any]:
    """Kill a writer before each statement of an append, until one lives; each is then retried."""
    problems: list[str] = []
    for number in range(100):
        process = forked(partial(suicide, url, f"s{number}", number, acks))
        _, status = os.waitpid(process, 0)
        problems += damage(url, acks)
        with Ledger.open(url) as ledger:
            ledger.append([pays(f"s{number}-0-{part}") for part in range(BATCH)])
        if not os.WIFSIGNALED(status):
            return {"problems": problems, "points": number}
    raise AssertionError("no writer lived")


def unborn(url: str, statement: int) -> None:
    """Make a ledger, and die before the given SQL statement of that, or before a commit."""
    count = iter(range(10**6))

    def die(*args: Any) -> None:
        if next(count) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", die)
    event.listen(Engine, "commit", die)
    Ledger.create(url).close()


def making(url: str, acks: int) -> dict[str, Any]:
    """Kill a process before each statement with which it makes a ledger, until one lives."""
    found = []
    for number in range(1_000):
        emptied(url)
        _, status = os.waitpid(forked(partial(unborn, url, number)), 0)
        try:
            with Ledger.open(url) as ledger:
                found.append("made" if not ledger.verify().findings else "wrong")
        except DealLedgerError as error:
            found.append(type(error).__name__)
        if not os.WIFSIGNALED(status):
            return {"found": found}
    raise AssertionError("no ledger was made")


def main(mode: str, url: str, *arguments: str) -> None:
    modes: dict[str, Callable[..., dict[str, Any]]] = {
        "together": together, "sharing": sharing, "race": race, "points": points,
        "killing": killing, "importing": importing, "making": making,
    }  # fmt: skip
    with tempfile.TemporaryFile() as file:
        acks = file.fileno()
        os.set_inheritable(acks, True)
        more = [KILLS[mode]["CI" in os.environ]] if mode in KILLS else arguments
        result = modes[mode](url, acks, *more)
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
