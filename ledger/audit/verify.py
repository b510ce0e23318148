"""Does the ledger still hold what was appended? Everything is derived again from the stored bytes.

Per record: the leaf hash, the place and origin inside the bytes, the query columns. Per index: the
journal, mentions and references that a rebuild gives. At the end: the Merkle root of the head, and
the guards. A root kept in the same database proves nothing against its owner; compare it with one
kept elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import Connection, Row, select, text

from dealledger.ledger.audit.deriving import Derivation, derivation, stored
from dealledger.ledger.audit.findings import Damage
from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import Frontier, leaf_hash, leaf_hashes
from dealledger.ledger.storage import indexes_postgresql, shape, shape_postgresql
from dealledger.ledger.storage.guards_sqlite import layout
from dealledger.ledger.storage.head import OTHER_HEAD, head_row, heads_message
from dealledger.ledger.storage.sql_log import event_rows
from dealledger.ledger.storage.tables import EVENT, HEAD, SCHEMA_VERSION, SINCE_2, EventRow, HeadRow

_CHUNK: Final = 1_000
_PLACE_AND_BYTES: Final = ("position", "id", "recorded_at", "body", "leaf")
_OF_PAGES: Final = re.compile(r"\bpage\b|\bin database\b|^Tree ")
"""What SQLite says of pages, before it looks at rows."""
_SHOWN: Final = 10
"""So many problems of pages are told."""

Take = Callable[[list[Any], list[bytes]], Iterable[Damage]]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and everything that is wrong. root: as computed, in hex."""

    origin: str
    events: int
    root: str
    findings: tuple[Damage, ...]


def verify(
    connection: Connection,
    progress: Callable[[int], None] = lambda count: None,
    *,
    quick: bool = False,
    take: Take = lambda rows, leaves: (),
) -> Verification:
    """Check the whole ledger.

    quick: only the stored bytes with their hashes and places, the root and the guards; not what the
    bytes say, nor what is derived from them. progress: called with the number of records checked
    since the last call. take: called with rows and the hashes of their bytes, for whoever needs
    just the bytes that were hashed; what is wrong with them is a finding too.
    """
    problems = shape.problems(connection)
    findings = [Damage(None, _classed(each)) for each in problems]
    if shape.are_unreadable(problems):
        findings.append(Damage(None, "no row was read: the tables are not as they were made"))
        return Verification("", 0, "", tuple(findings))
    pages = [] if quick else _page_problems(connection)
    head = _head(connection, findings)
    tree, last, moment = Frontier(), 0, 0
    deriving: AbstractContextManager[Derivation | None] = (
        nullcontext() if quick else derivation(connection, head)
    )
    with deriving as derived:
        for rows in _chunks(connection, quick=quick):
            leaves, before = _leaves(rows), tree.size
            tree = tree.extended(leaves, derived.completed.note if derived else _ignore)
            wrong = [*_check_places(rows, last), *_check_leaves(rows, leaves)]
            if derived:
                derived.take(rows, leaves, last, wrong)
                derived.close_segments(before, tree.size, wrong)
            findings += [*wrong, *take(rows, leaves)]
            last, moment = rows[-1].position, rows[-1].recorded_at
            progress(len(rows))
        if derived:
            derived.end(last, tree.size, findings)
    findings += _check_head(head, tree, moment)
    findings += _check_version(connection, head)
    findings += _check_layout(connection, head)
    findings += [Damage(None, f"SQLite: {problem}") for problem in pages]
    if connection.dialect.name == "postgresql":
        findings += _check_server(connection, quick=quick)
    return Verification(head.origin, tree.size, tree.root().hex(), tuple(findings))


def _ignore(_height: int, _roots: list[bytes]) -> None:
    """Keep no subtrees: only a whole look compares them."""


def _classed(problem: str) -> str:
    """Say of a problem of definitions whether it is one of the guards."""
    is_guard = problem.startswith(("the trigger ", "the function "))
    return f"guard: {problem}" if is_guard else f"definition: {problem}"


def _head(connection: Connection, findings: list[Damage]) -> HeadRow:
    """Return the row of the head, the first one if there are several.

    Raises: Damaged, if there is none.
    """
    rows = connection.execute(select(HEAD).order_by(HEAD.c.id != 1)).all()
    if len(rows) > 1:
        findings.append(Damage(None, heads_message(len(rows))))
    elif rows and rows[0].id != 1:
        findings.append(Damage(None, OTHER_HEAD))
    return cast("HeadRow", rows[0]) if rows else head_row(connection)


def _chunks(connection: Connection, *, quick: bool) -> Iterator[list[EventRow]]:
    """Yield the rows of all records, in order. quick: only what says their place and bytes."""
    wanted = stored(EVENT)
    if quick:
        wanted = wanted.with_only_columns(*(EVENT.c[name] for name in _PLACE_AND_BYTES))
    query = wanted.order_by(EVENT.c.position).limit(_CHUNK)
    last = 0
    while rows := list(event_rows(connection, query.where(EVENT.c.position > last))):
        places = [last, *_column(rows, "position")]
        # Pages that point at each other in a circle would be read for ever.
        if places != sorted(set(places)):
            raise Damaged(f"the records behind @{last} are out of order", "restore a backup")
        yield rows
        last = rows[-1].position


def _column(rows: list[EventRow], name: str) -> list[Any]:
    """Return one column of rows; by its place, which is sooner found than its name in each."""
    stored = cast("list[Row[*tuple[Any, ...]]]", rows)
    place = stored[0]._fields.index(name)
    return [row[place] for row in stored]


def _bytes(stored: object) -> bytes:
    """Return a body as bytes, whatever type a damaged page gives it."""
    return stored if isinstance(stored, bytes) else str(stored).encode("utf-8", "replace")


def _leaves(rows: list[EventRow]) -> list[bytes]:
    """Return the leaf hashes of the stored bytes."""
    try:
        return leaf_hashes(_column(rows, "body"))
    except TypeError:
        return [leaf_hash(_bytes(row.body)) for row in rows]


def _check_places(rows: list[EventRow], before: int) -> Iterator[Damage]:
    """Name the first position of each gap. before: the position in front of the rows."""
    if rows[-1].position == before + len(rows):
        return
    for row in rows:
        if row.position != before + 1:
            yield Damage(before + 1, f"missing; the next record is @{row.position}")
        before = row.position


def _check_leaves(rows: list[EventRow], leaves: list[bytes]) -> Iterator[Damage]:
    """Compare the stored hashes with those of the stored bytes."""
    if leaves == _column(rows, "leaf") and set(map(type, _column(rows, "body"))) == {bytes}:
        return
    for row, leaf in zip(rows, leaves, strict=True):
        if not isinstance(row.body, bytes):
            yield Damage(row.position, f"the bytes of {row.id} are stored as another type")
        elif row.leaf != leaf:
            yield Damage(row.position, f"the bytes of {row.id} are not those that were hashed")


def _page_problems(connection: Connection) -> list[str]:
    """Return what SQLite says of its pages, and of its indexes against their tables.

    Before anything is read: pages that stand in two places may lead in a circle.

    Raises: Damaged, if there are such.
    """
    if connection.dialect.name != "sqlite":
        return []
    # The first problem ends this, so it is not read through pages that are no tree.
    first = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
    if _OF_PAGES.search(first):
        problem = " ".join(first.split())
        raise Damaged(f"the pages are damaged: {problem}", "restore a backup: deals restore")
    rows = connection.execute(text("PRAGMA integrity_check")).scalars()
    found = [" ".join(str(row).split()) for row in islice(rows, _SHOWN)]
    return [problem for problem in found if problem != "ok"]


def _check_version(connection: Connection, head: HeadRow) -> Iterator[Damage]:
    """Compare the version that the head says with the tables that there are."""
    there = shape.tables(connection)
    version = SCHEMA_VERSION if all(each.name in there for each in SINCE_2) else 1
    if head.schema_version != version:
        said = f"the head says store version {head.schema_version}, the tables are of {version}"
        yield Damage(None, said)


def _check_layout(connection: Connection, head: HeadRow) -> Iterator[Damage]:
    """Compare what the head of a SQLite file notes of its definitions; others note nothing."""
    wanted = layout(connection) if connection.dialect.name == "sqlite" else None
    if head.layout != wanted:
        yield Damage(None, "the definitions are not those that the head notes")


def _check_server(connection: Connection, *, quick: bool) -> Iterator[Damage]:
    """Look at what only PostgreSQL has: guards of two ages, and indexes that a catalog switches."""
    if shape_postgresql.lacking(connection):
        # Whether it was made before them, or they were taken away since, nothing in it can say.
        yield Damage(None, "guard: older ones, which do not bound who was granted to append; "
                      "put today's there: deals doctor --fix-guards")  # fmt: skip
    if not quick:
        for each in indexes_postgresql.astray(connection, shape.tables(connection)):
            yield Damage(None, f"PostgreSQL: {each}")


def _check_head(head: HeadRow, tree: Frontier, moment: int) -> Iterator[Damage]:
    if head.recorded_at != moment:
        yield Damage(None, "the head says another moment than the last record")
    if head.size != tree.size:
        yield Damage(None, f"the head says {head.size} records, {tree.size} are stored")
    elif head.frontier != tree.to_bytes():
        yield Damage(None, "the root of the stored records is not that of the head")
