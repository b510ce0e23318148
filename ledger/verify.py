"""Does the ledger still hold what was appended? Everything is derived again from the stored bytes.

Per record: the leaf hash, the place and origin inside the bytes, the query columns. Per index: the
journal, mentions and references that a rebuild gives. At the end: the Merkle root of the head, and
the guards. A root kept in the same database proves nothing against its owner; compare it with one
kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, Text, func, inspect, select, text, type_coerce

from dealledger.events import DealLedgerError, Event, Retraction, read_object
from dealledger.events.dates import instant_text
from dealledger.ledger import rollups, subtrees
from dealledger.ledger.errors import Damaged
from dealledger.ledger.guards import guard_problems, layout
from dealledger.ledger.merkle import Frontier, leaf_hash
from dealledger.ledger.reading import head_row, heads_message, stored_record
from dealledger.ledger.records import Record
from dealledger.ledger.rows import entry_rows, event_row, mention_rows, reference_rows
from dealledger.ledger.tables import (
    ENTRY,
    EVENT,
    HEAD,
    MENTION,
    REFERENCE,
    ROLLUP,
    SCHEMA_VERSION,
    IsoDate,
)

_CHUNK: Final = 1_000
_SHOWN: Final = 10
"""So many problems of pages are told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was appended. position: where, or None for the whole ledger."""

    position: int | None
    message: str

    def __str__(self) -> str:
        """Return the one line that people read."""
        return self.message if self.position is None else f"@{self.position}: {self.message}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and everything that is wrong. root: as computed, in hex."""

    origin: str
    events: int
    root: str
    findings: tuple[Finding, ...]


def verify(
    connection: Connection, progress: Callable[[int], None] = lambda count: None
) -> Verification:
    """Check the whole ledger.

    progress: called with the number of records checked since the last call.
    """
    findings: list[Finding] = []
    pages = _page_problems(connection)
    head = _head(connection, findings)
    tree, expected, moment = Frontier(), 1, 0
    for rows in _chunks(connection):
        records = []
        for row in rows:
            if row.position != expected:
                findings.append(Finding(expected, f"missing; the next record is @{row.position}"))
            expected, moment = row.position + 1, row.recorded_at
            tree = tree.extended([leaf_hash(_bytes(row.body))])
            findings += _check_row(row, head.origin)
            records.append(_readable(row, findings))
        findings += _check_indexes(connection, rows, [each for each in records if each])
        progress(len(rows))
    findings += _check_strays(connection, expected - 1)
    findings += _check_segments(connection, head)
    findings += _check_head(head, tree, moment)
    findings += [Finding(None, f"guard: {problem}") for problem in guard_problems(connection)]
    findings += _check_layout(connection, head)
    findings += [Finding(None, f"SQLite: {problem}") for problem in pages]
    return Verification(head.origin, tree.size, tree.root().hex(), tuple(findings))


def _head(connection: Connection, findings: list[Finding]) -> Any:
    """Return the row of the head, the first one if there are several.

    Raises: Damaged, if there is none.
    """
    rows = connection.execute(select(HEAD).order_by(HEAD.c.id != 1)).all()
    if len(rows) > 1:
        findings.append(Finding(None, heads_message(len(rows))))
    return rows[0] if rows else head_row(connection)


def _chunks(connection: Connection) -> Iterator[list[Any]]:
    last = 0
    query = _stored(EVENT).order_by(EVENT.c.position).limit(_CHUNK)
    while rows := list(connection.execute(query.where(EVENT.c.position > last))):
        places = [last, *(row.position for row in rows)]
        # Pages that point at each other in a circle would be read for ever.
        if places != sorted(set(places)):
            raise Damaged(f"the records behind @{last} are out of order", "restore a backup")
        yield rows
        last = rows[-1].position


def _stored(table: Table) -> Select[Any]:
    """Select a table as it is stored: dates as their texts, for what is stored may be no date."""
    columns = (
        type_coerce(column, Text).label(column.name) if isinstance(column.type, IsoDate) else column
        for column in table.columns
    )
    return select(*columns)


def _wanted(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row that a rebuild gives as it would be stored."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }


def _bytes(stored: Any) -> bytes:
    """Return a body as bytes, whatever type a damaged page gives it."""
    return stored if isinstance(stored, bytes) else str(stored).encode("utf-8", "replace")


def _moment(microseconds: int) -> str:
    try:
        return instant_text(microseconds)
    except OverflowError:
        return f"{microseconds} microseconds"


def _check_row(row: Any, origin: str) -> Iterator[Finding]:
    """Check what one row says of itself: hash, place, and origin."""
    if not isinstance(row.body, bytes):
        yield Finding(row.position, f"the bytes of {row.id} are stored as another type")
        return
    if leaf_hash(row.body) != row.leaf:
        yield Finding(row.position, f"the bytes of {row.id} are not those that were hashed")
    try:
        content = read_object(row.body)
    except DealLedgerError as error:
        yield Finding(row.position, f"the bytes of {row.id} are no JSON: {error}")
        return
    for name, stored in (
        ("position", row.position),
        ("ledger", origin),
        ("recorded_at", _moment(row.recorded_at)),
        ("actor", row.actor),
        ("deal_version", row.deal_version),
    ):
        if content.get(name) != stored:
            yield Finding(
                row.position,
                f"{name} is {content.get(name)!r} in the hashed bytes, {stored!r} stored",
            )


def _readable(row: Any, findings: list[Finding]) -> Record | None:
    try:
        return stored_record(row)
    except Damaged as error:
        findings.append(Finding(row.position, error.message))
        return None


def _check_indexes(
    connection: Connection, rows: list[Any], records: list[Record]
) -> Iterator[Finding]:
    """Compare columns, journal, mentions and references with what the events give again."""
    if not records:
        return
    first, last = records[0].position, records[-1].position
    targets = _targets(connection, records)
    stored = {row.position: row._asdict() for row in rows}
    for record in records:
        found = targets.get(record.position)
        wanted = _wanted(event_row(record, found[0] if found else None))
        wrong = [name for name, value in wanted.items() if stored[record.position][name] != value]
        if wrong:
            yield Finding(record.position, f"columns differ from the bytes: {', '.join(wrong)}")
    rebuilt = (
        (ENTRY, lambda r: entry_rows(r, targets[r.position][1] if r.position in targets else None)),
        (MENTION, mention_rows),
        (REFERENCE, reference_rows),
    )
    for table, make in rebuilt:
        wanted_rows = chain.from_iterable(make(record) for record in records)
        yield from _compare(connection, table, wanted_rows, first, last)


def _targets(connection: Connection, records: list[Record]) -> dict[int, tuple[int, Event]]:
    """Return, by position of a retraction, the position and event that it retracts."""
    ids = {r.event.retracts: r.position for r in records if isinstance(r.event, Retraction)}
    found = {}
    for row in connection.execute(_stored(EVENT).where(EVENT.c.id.in_(sorted(ids)))):
        record = _readable(row, [])
        if record:
            found[ids[row.id]] = (row.position, record.event)
    return found


def _compare(
    connection: Connection,
    table: Table,
    wanted_rows: Iterator[dict[str, Any]],
    first: int,
    last: int,
) -> Iterator[Finding]:
    """Name the positions at which an index differs from its rebuild."""
    names = [column.name for column in table.columns]
    wanted = {tuple(row[name] for name in names) for row in map(_wanted, wanted_rows)}
    query = _stored(table).where(table.c.position.between(first, last))
    stored = {tuple(row) for row in connection.execute(query)}
    place = names.index("position")
    for position in sorted({row[place] for row in wanted ^ stored}):
        yield Finding(position, f"the table {table.name} differs from a rebuild")


def _check_strays(connection: Connection, size: int) -> Iterator[Finding]:
    for table in (EVENT, ENTRY, MENTION, REFERENCE):
        query = select(func.min(table.c.position), func.max(table.c.position))
        first, last = connection.execute(query).one()
        if first is not None and first < 1:
            yield Finding(first, f"the table {table.name} begins before the first record")
        if last is not None and last > size:
            yield Finding(last, f"the table {table.name} goes on behind the last record")


def _check_segments(connection: Connection, head: Any) -> Iterator[Finding]:
    """Compare what is kept of whole segments with the journal and the leaves."""
    rolled = inspect(connection).has_table(ROLLUP.name)
    version = SCHEMA_VERSION if rolled else 1
    if head.schema_version != version:
        said = f"the head says store version {head.schema_version}, the tables are of {version}"
        yield Finding(None, said)
    if not rolled:
        return
    for end in rollups.differing(connection, head.size):
        yield Finding(end, "the roll-up up to here differs from the journal")
    for end in subtrees.differing(connection, head.size):
        yield Finding(end, "the subtree up to here differs from the leaves")


def _page_problems(connection: Connection) -> list[str]:
    """Return what SQLite says of its pages, and of its indexes against their tables.

    Before anything is read: pages that stand in two places may lead in a circle.

    Raises: Damaged, if there are such.
    """
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.execute(text("PRAGMA integrity_check")).scalars()
    found = [" ".join(str(row).split()) for row in rows]
    for problem in found:
        if "reference to page" in problem:
            raise Damaged(f"the pages are damaged: {problem}", "restore a backup: deals restore")
    return [problem for problem in found[:_SHOWN] if problem != "ok"]


def _check_layout(connection: Connection, head: Any) -> Iterator[Finding]:
    """Compare the definitions in a SQLite file with those that it was made with."""
    if connection.dialect.name == "sqlite" and head.layout != layout(connection):
        yield Finding(None, "the definitions of tables, indexes or guards are not as made")


def _check_head(head: Any, tree: Frontier, moment: int) -> Iterator[Finding]:
    if head.recorded_at != moment:
        yield Finding(None, "the head says another moment than the last record")
    if head.size != tree.size:
        yield Finding(None, f"the head says {head.size} records, {tree.size} are stored")
    elif head.frontier != tree.to_bytes():
        yield Finding(None, "the root of the stored records is not that of the head")
