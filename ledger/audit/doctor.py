"""What is wrong with this ledger and this machine, and what to do about it.

Each check looks at one thing and says it in a line; `verify` does the long work on the record.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import Connection, select, text

from dealledger.events import Party
from dealledger.events.names import Names
from dealledger.ledger.address import is_postgres
from dealledger.ledger.audit.mounts import network_of
from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.storage import shape
from dealledger.ledger.storage.head import head_row
from dealledger.ledger.storage.sql_log import event_rows, record_of
from dealledger.ledger.storage.sqlite import SOURCE, keeps_log, sqlite
from dealledger.ledger.storage.standing import stands
from dealledger.ledger.storage.tables import EVENT

LEAST_FREE_BYTES: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found. hint: what to do, if it is not well."""

    check: str
    state: Literal["well", "warning", "wrong"]
    message: str
    hint: str = ""


def machine_findings() -> Iterator[Check]:
    """Look at this machine: versions, and what draws diagrams."""
    yield Check("python", "well", sys.version.split()[0])
    yield _library()
    program = shutil.which("dot")
    drawing = program or ("in process" if find_spec("pygraphviz") else None)
    if drawing:
        yield Check("graphviz", "well", drawing)
    else:
        yield Check("graphviz", "wrong", "nothing draws diagrams", "pip install pygraphviz")
    if not find_spec("psycopg"):
        yield Check("postgresql", "well", "no driver: pip install 'deal-ledger[postgres]'")


def ledger_findings(connection: Connection, name: str, now: int) -> Iterator[Check]:
    """Look at one ledger. now: microseconds since 1970, to see whether the clock went back."""
    problems = shape.problems(connection)
    yield from _guards(problems)
    if shape.are_unreadable(problems):
        return
    for check in CHECKS:
        yield from check(connection)
    if is_postgres(name):
        yield from _roles(connection)
    else:
        yield from _file(connection, Path(name).resolve())
    head = head_row(connection)
    if head.recorded_at > now:
        yield Check("clock", "warning", "this machine's clock is behind the last record",
                      "set it; records are ordered by position, so none is lost")  # fmt: skip


def _size(connection: Connection) -> Iterator[Check]:
    head = head_row(connection)
    yield Check("record", "well", f"{head.size:,} events of origin {head.origin}")


def _guards(problems: list[str]) -> Iterator[Check]:
    for problem in problems:
        yield Check("guards", "wrong", problem, "run: deals verify, with a checkpoint")
    if not problems:
        yield Check(
            "guards", "well", "made as the code makes it; the database refuses to change events"
        )


def _roles(connection: Connection) -> Iterator[Check]:
    """Look at what others than the owner may do in PostgreSQL."""
    from dealledger.ledger.storage.granting import are_bounded, rights

    if not are_bounded(connection):
        yield Check("guards", "wrong", "older ones: who may append can add rows to the past",
                      "put today's there: deals doctor --fix-guards")  # fmt: skip
    for right in rights(connection):
        yield Check("rights", "warning", right, "take it back with: deals grant, or REVOKE")


def _root(connection: Connection) -> Iterator[Check]:
    head = head_row(connection)
    leaves = connection.execute(select(EVENT.c.leaf).order_by(EVENT.c.position)).scalars()
    tree = Frontier().extended(leaves)
    if (tree.size, tree.to_bytes()) == (head.size, head.frontier):
        yield Check("root", "well", tree.root().hex())
    else:
        yield Check("root", "wrong", "the head does not fit the records", "run: deals verify")


def _names(connection: Connection) -> Iterator[Check]:
    """Look for names of parties that could pass for others.

    A warning and no finding of `reconcile`, which fails: such a name may be right.
    """
    found = False
    names = Names()
    query = select(EVENT).where(EVENT.c.kind == "party", stands())
    for row in event_rows(connection, query.order_by(EVENT.c.position)):
        try:
            event = record_of(row).event
        except Damaged as error:
            found = True
            yield Check("names", "wrong", error.message, error.hint)
            continue
        for doubt in event.doubts() if isinstance(event, Party) else ():
            found = True
            yield Check("names", "warning", doubt, f"see: deals show {row.id}")
        if isinstance(event, Party):
            names.add(event)
    for clash in names.clashes():
        found = True
        yield Check("names", "warning", str(clash), f"see: deals show {clash.event}")
    if not found:
        yield Check("names", "well", "none mixes scripts or has invisible characters")


def _file(connection: Connection, path: Path) -> Iterator[Check]:
    """Look at what only a SQLite file has: its pages, its mode, its folder."""
    said = connection.execute(text("PRAGMA quick_check")).scalar()
    if said != "ok":
        yield Check("pages", "wrong", str(said), "restore a backup: deals restore")
    yield from _journal(str(connection.execute(text("PRAGMA journal_mode")).scalar()).upper())
    yield from _places(path)
    for place in (path, path.parent):
        if not os.access(place, os.W_OK):
            yield Check("rights", "warning", f"{place} is read-only", "appends will be refused")
    free = shutil.disk_usage(path.parent).free
    if free < LEAST_FREE_BYTES:
        yield Check("disk", "warning", f"{free // 1_000_000} MB are free", "make room")


def _library() -> Check:
    """Look at the SQLite that this process uses."""
    if keeps_log(sqlite.sqlite_version_info):
        return Check(
            "sqlite", "well", f"{sqlite.sqlite_version} {SOURCE and f'of {SOURCE}'}".strip()
        )
    said = f"{sqlite.sqlite_version} can lose a write-ahead log, so new ledgers have none"
    return Check("sqlite", "warning", said, "pip install pysqlite3, or upgrade Python's own")


def _journal(mode: str) -> Iterator[Check]:
    """Look at whether the file's journal is the better one of those that are safe here."""
    safe = keeps_log(sqlite.sqlite_version_info)
    if mode == "WAL" and not safe:
        yield Check("journal", "warning", "a write-ahead log, which this SQLite can corrupt",
                      "see above; or: deals doctor --fix-journal")  # fmt: skip
    if mode != "WAL" and safe:
        yield Check("journal", "warning", "a rollback journal: who reads keeps writers waiting",
                      "run: deals doctor --fix-journal")  # fmt: skip


def _places(path: Path) -> Iterator[Check]:
    """Look at where a SQLite file lies: its locks and its journal go by the file's name."""
    names = path.stat().st_nlink
    if names > 1:
        yield Check("file", "warning", f"{path} has {names} names (hard links)",
                      "open it under one; its journal lies beside that")  # fmt: skip
    network = network_of(path)
    if network:
        yield Check("file", "warning", f"{path} lies on {network}, whose locks may not hold",
                      "keep it on a local disk, or use PostgreSQL")  # fmt: skip


CHECKS: Final[tuple[Callable[[Connection], Iterator[Check]], ...]] = (
    _size,
    _root,
    _names,
)
"""The checks of a ledger, in the order in which they are reported."""
