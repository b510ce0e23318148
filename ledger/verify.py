"""Does the ledger still hold what was appended? Everything is derived again from the stored bytes.

Per record: the leaf hash, the place and origin inside the bytes, the query columns. Per index: the
journal, mentions and references that a rebuild gives. At the end: the Merkle root of the head, and
the guards. A root kept in the same database proves nothing against its owner; compare it with one
kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Select, Table, Text, func, select, text, type_coerce

from dealledger.events import (
    DealLedgerError,
    EncodedEvent,
    Retraction,
    encode,
    parse_event,
    read_object,
)
from dealledger.events.dates import instant_text
from dealledger.ledger import rollups, shape, subtrees
from dealledger.ledger.errors import Damaged
from dealledger.ledger.guards import layout
from dealledger.ledger.merkle import Frontier, leaf_hash, leaf_hashes
from dealledger.ledger.reading import head_row, heads_message, stored_record
from dealledger.ledger.records import Sealer
from dealledger.ledger.rows import INDEXES, Written, event_row, index_rows, written
from dealledger.ledger.tables import (
    EVENT,
    HEAD,
    ROLLUP,
    SCHEMA_VERSION,
    IsoDate,
)

_CHUNK: Final = 1_000
_PLACE_AND_BYTES: Final = ("position", "id", "recorded_at", "body", "leaf")
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
    connection: Connection,
    progress: Callable[[int], None] = lambda count: None,
    *,
    quick: bool = False,
) -> Verification:
    """Check the whole ledger.

    quick: only the stored bytes with their hashes and places, the root and the guards; not what the
    bytes say, nor what is derived from them. progress: called with the number of records checked
    since the last call.
    """
    problems = shape.problems(connection)
    findings = [Finding(None, _classed(each)) for each in problems]
    if shape.are_unreadable(problems):
        findings.append(Finding(None, "no row was read: the tables are not as they were made"))
        return Verification("", 0, "", tuple(findings))
    pages = [] if quick else _page_problems(connection)
    head = _head(connection, findings)
    tree, last, moment = Frontier(), 0, 0
    for rows in _chunks(connection, quick=quick):
        leaves = _leaves(rows)
        tree = tree.extended(leaves)
        findings += _check_places(rows, last)
        findings += _check_leaves(rows, leaves)
        if not quick:
            findings += _check_contents(connection, rows, head.origin)
        last, moment = rows[-1].position, rows[-1].recorded_at
        progress(len(rows))
    if not quick:
        findings += _check_strays(connection, last)
        findings += _check_segments(connection, head)
    findings += _check_head(head, tree, moment)
    findings += _check_layout(connection, head)
    findings += [Finding(None, f"SQLite: {problem}") for problem in pages]
    return Verification(head.origin, tree.size, tree.root().hex(), tuple(findings))


def _classed(problem: str) -> str:
    """Say of a problem of definitions whether it is one of the guards."""
    is_guard = problem.startswith(("the trigger ", "the function "))
    return f"guard: {problem}" if is_guard else f"definition: {problem}"


def _head(connection: Connection, findings: list[Finding]) -> Any:
    """Return the row of the head, the first one if there are several.

    Raises: Damaged, if there is none.
    """
    rows = connection.execute(select(HEAD).order_by(HEAD.c.id != 1)).all()
    if len(rows) > 1:
        findings.append(Finding(None, heads_message(len(rows))))
    return rows[0] if rows else head_row(connection)


def _chunks(connection: Connection, *, quick: bool) -> Iterator[list[Any]]:
    """Yield the rows of all records, in order. quick: only what says their place and bytes."""
    wanted = select(*(EVENT.c[name] for name in _PLACE_AND_BYTES)) if quick else _stored(EVENT)
    query = wanted.order_by(EVENT.c.position).limit(_CHUNK)
    last = 0
    while rows := list(connection.execute(query.where(EVENT.c.position > last)).all()):
        places = [last, *_column(rows, "position")]
        # Pages that point at each other in a circle would be read for ever.
        if places != sorted(set(places)):
            raise Damaged(f"the records behind @{last} are out of order", "restore a backup")
        yield rows
        last = rows[-1].position


def _column(rows: list[Any], name: str) -> list[Any]:
    """Return one column of rows; by its place, which is sooner found than its name in each."""
    place = rows[0]._fields.index(name)
    return [row[place] for row in rows]


def _stored(table: Table) -> Select[Any]:
    """Select a table as it is stored: dates as their texts, for what is stored may be no date."""
    columns = (
        type_coerce(column, Text).label(column.name) if isinstance(column.type, IsoDate) else column
        for column in table.columns
    )
    return select(*columns)


def _bytes(stored: Any) -> bytes:
    """Return a body as bytes, whatever type a damaged page gives it."""
    return stored if isinstance(stored, bytes) else str(stored).encode("utf-8", "replace")


def _leaves(rows: list[Any]) -> list[bytes]:
    """Return the leaf hashes of the stored bytes."""
    try:
        return leaf_hashes(_column(rows, "body"))
    except TypeError:
        return [leaf_hash(_bytes(row.body)) for row in rows]


def _check_places(rows: list[Any], before: int) -> Iterator[Finding]:
    """Name the first position of each gap. before: the position in front of the rows."""
    if rows[-1].position == before + len(rows):
        return
    for row in rows:
        if row.position != before + 1:
            yield Finding(before + 1, f"missing; the next record is @{row.position}")
        before = row.position


def _check_leaves(rows: list[Any], leaves: list[bytes]) -> Iterator[Finding]:
    """Compare the stored hashes with those of the stored bytes."""
    if leaves == _column(rows, "leaf") and set(map(type, _column(rows, "body"))) == {bytes}:
        return
    for row, leaf in zip(rows, leaves, strict=True):
        if not isinstance(row.body, bytes):
            yield Finding(row.position, f"the bytes of {row.id} are stored as another type")
        elif row.leaf != leaf:
            yield Finding(row.position, f"the bytes of {row.id} are not those that were hashed")


def _check_contents(connection: Connection, rows: list[Any], origin: str) -> Iterator[Finding]:
    """Compare columns, journal, mentions and references with what the bytes give again."""
    findings: list[Finding] = []
    events = [(row, event) for row in rows if (event := _event(row, origin, findings))]
    yield from findings
    if not events:
        return
    targets = _targets(connection, [event for _, event in events])
    rebuilt = [written(row, event, targets.get(event.id)) for row, event in events]
    for (row, _), record in zip(events, rebuilt, strict=True):
        wanted, stored = event_row(record), tuple(row)
        if wanted != stored:
            pairs = zip(EVENT.columns, wanted, stored, strict=True)
            wrong = ", ".join(column.name for column, one, other in pairs if one != other)
            yield Finding(row.position, f"columns differ from the bytes: {wrong}")
    for table in INDEXES:
        yield from _compare(connection, table, rebuilt)


def _event(row: Any, origin: str, findings: list[Finding]) -> EncodedEvent | None:
    """Return the event that a row holds, if it can be read; add what is wrong with its bytes."""
    event = _resealed(row, origin)
    if event is None and isinstance(row.body, bytes):
        findings += _misplaced(row, origin)
        try:
            event = encode(stored_record(row).event)
        except Damaged as error:
            findings.append(Finding(row.position, error.message))
    return event


def _resealed(row: Any, origin: str) -> EncodedEvent | None:
    """Return the event of a row whose bytes are those that an append in its place writes."""
    try:
        content = orjson.loads(row.body)
        said = {**content["event"], "v": content["v"], "actor": row.actor}
        event = encode(parse_event(said))
        sealer = Sealer(origin, row.recorded_at)
        body = sealer.body(event, row.position, row.deal_version, row.actor)
    except (DealLedgerError, LookupError, TypeError, ValueError, OverflowError):
        return None
    return event if body == row.body else None


def _misplaced(row: Any, origin: str) -> Iterator[Finding]:
    """Say what the bytes of a record say otherwise than the columns beside them."""
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


def _moment(microseconds: int) -> str:
    try:
        return instant_text(microseconds)
    except OverflowError:
        return f"{microseconds} microseconds"


def _targets(
    connection: Connection, events: list[EncodedEvent]
) -> dict[str, tuple[int, EncodedEvent]]:
    """Return, by the id of a retraction, the position and event that it retracts."""
    retractions = [each.event for each in events if each.kind == "retraction"]
    ids = {each.retracts: each.id or "" for each in retractions if isinstance(each, Retraction)}
    found = {}
    for row in connection.execute(_stored(EVENT).where(EVENT.c.id.in_(sorted(ids)))):
        with suppress(Damaged):
            found[ids[row.id]] = (row.position, encode(stored_record(row).event))
    return found


def _compare(connection: Connection, table: Table, rebuilt: list[Written]) -> Iterator[Finding]:
    """Name the positions at which an index differs from its rebuild."""
    wanted = set(index_rows(table, rebuilt))
    first, last = rebuilt[0].position, rebuilt[-1].position
    query = _stored(table).where(table.c.position.between(first, last))
    stored = {tuple(row) for row in connection.execute(query)}
    place = list(table.columns).index(table.c.position)
    for position in sorted({row[place] for row in wanted ^ stored}):
        yield Finding(position, f"the table {table.name} differs from a rebuild")


def _check_strays(connection: Connection, size: int) -> Iterator[Finding]:
    for table in (EVENT, *INDEXES):
        query = select(func.min(table.c.position), func.max(table.c.position))
        first, last = connection.execute(query).one()
        if first is not None and first < 1:
            yield Finding(first, f"the table {table.name} begins before the first record")
        if last is not None and last > size:
            yield Finding(last, f"the table {table.name} goes on behind the last record")


def _check_segments(connection: Connection, head: Any) -> Iterator[Finding]:
    """Compare what is kept of whole segments with the journal and the leaves."""
    rolled = ROLLUP.name in shape.tables(connection)
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
