"""The store made again from the hashed bytes, and compared with the one that is there.

In the order of the log, by the code that appends: the rows of a record by `rows`, the sums and
roots of segments by `rollups` and `subtrees`. What an append must know of the records before it,
such as what is retracted, comes from a private database and not from the one that is looked at.
Rows are compared as multisets, with each column, in ranges without gaps; the memory does not grow
with the log.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from typing import Final, cast

from sqlalchemy import (
    Connection,
    StaticPool,
    Table,
    Text,
    create_engine,
    delete,
    func,
    select,
    type_coerce,
)

from dealledger.events import EncodedEvent, Retraction, encode
from dealledger.ledger.audit.findings import Damage
from dealledger.ledger.audit.rereading import read_again
from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import leaf_hash
from dealledger.ledger.storage import rollups, segments, shape, subtrees
from dealledger.ledger.storage.driver import Driver, Fetched, driver_of
from dealledger.ledger.storage.rows import INDEXES, Written, event_row, index_rows, written
from dealledger.ledger.storage.segments import Completed
from dealledger.ledger.storage.sql_log import event_rows, stored_record
from dealledger.ledger.storage.statements import AnySelect, put
from dealledger.ledger.storage.tables import (
    ENTRY,
    EVENT,
    HEAD,
    METADATA,
    ROLLUP,
    SUBTREE,
    EventRow,
    HeadRow,
    IsoDate,
)

_AT_ONCE: Final = 500
_PRIVATE: Final = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -65536",
    "CREATE TABLE known (id TEXT PRIMARY KEY, position INTEGER, leaf BLOB) WITHOUT ROWID",
    "CREATE TABLE version (deal TEXT PRIMARY KEY, version INTEGER) WITHOUT ROWID",
    "CREATE TABLE retracted (position INTEGER PRIMARY KEY)",
)
_NAMED: Final = (EVENT, *INDEXES)


def stored(table: Table) -> AnySelect:
    """Select a table as it is stored: dates as their texts, for what is stored may be no date."""
    columns = (
        type_coerce(column, Text).label(column.name) if isinstance(column.type, IsoDate) else column
        for column in table.columns
    )
    return select(*columns)


@contextmanager
def derivation(source: Connection, head: HeadRow) -> Iterator[Derivation]:
    """Give what makes a store again; its private database goes when it is done.

    That database is a temporary file without a name, which memory holds as far as it can.
    """

    def private() -> sqlite3.Connection:
        made = sqlite3.connect("", isolation_level=None)
        for statement in _PRIVATE:
            made.execute(statement)
        return made

    engine = create_engine("sqlite://", creator=private, poolclass=StaticPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        METADATA.create_all(connection, tables=[ENTRY, ROLLUP, SUBTREE], checkfirst=False)
        yield Derivation(source, connection, head)
    engine.dispose()


@dataclass(slots=True)
class Derivation:
    """A store in the making. source: the database that is looked at; private: what is known so far.

    seen: how many rows of each table were compared. moment: that of the last record. completed: the
    roots of segments, as the tree gives them. is_sound: nothing is wrong with the records so far;
    of others no sums are made. is_rolled: the ledger keeps segments.
    """

    source: Connection
    private: Connection
    head: HeadRow
    seen: Counter[str] = field(default_factory=Counter)
    moment: int = 0
    completed: Completed = field(default_factory=Completed)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    is_sound: bool = True
    is_rolled: bool = True

    def __post_init__(self) -> None:
        """See whether the ledger keeps segments."""
        self.is_rolled = ROLLUP.name in shape.tables(self.source)

    def take(
        self, rows: list[EventRow], leaves: list[bytes], before: int, findings: list[Damage]
    ) -> None:
        """Derive what the next records write, and compare it.

        before: the position ahead of them. findings: what is wrong with them so far, and more.
        """
        read = [
            (row, leaf, event)
            for row, leaf in zip(rows, leaves, strict=True)
            if (event := read_again(row, self.head.origin, findings))
        ]
        known = {event.id: (row.position, event) for row, _, event in read}
        twice = self._note(read)
        targets = self._targets([event for _, _, event in read], known)
        records = [written(row, event, targets.get(event.id)) for row, _, event in read]
        for (row, _, _), record in zip(read, records, strict=True):
            wanted, there = event_row(record), tuple(cast("Fetched", row))
            if wanted != there:
                pairs = zip(EVENT.columns, wanted, there, strict=True)
                wrong = ", ".join(column.name for column, one, other in pairs if one != other)
                findings.append(Damage(row.position, f"columns differ from the bytes: {wrong}"))
        for table in INDEXES:
            findings += self._compare(table, records, before, rows[-1].position)
        self.seen[EVENT.name] += len(rows)
        if not findings:
            # What is hashed together may still be what no append has written.
            findings += [*twice, *self._disorder(records)]
        self.is_sound = self.is_sound and not findings
        if self.is_sound and self.is_rolled:
            put(self.private, ENTRY, index_rows(ENTRY, records))

    def _note(self, read: list[tuple[EventRow, bytes, EncodedEvent]]) -> list[Damage]:
        """Keep where each id stands; return which of them stood somewhere before."""
        driver = self._driver()
        before = driver.total_changes
        places = [(event.id, row.position, leaf) for row, leaf, event in read]
        driver.executemany("INSERT OR IGNORE INTO known VALUES (?, ?, ?)", places)
        if driver.total_changes - before == len(places):
            return []
        first = {
            event_id: driver.execute(
                "SELECT position FROM known WHERE id = ?", (event_id,)
            ).fetchone()[0]
            for event_id, _, _ in places
        }
        return [
            Damage(position, f"the id {event_id} stands at @{first[event_id]} already")
            for event_id, position, _ in places
            if first[event_id] != position
        ]

    def _targets(
        self, events: list[EncodedEvent], near: dict[str, tuple[int, EncodedEvent]]
    ) -> dict[str, tuple[int, EncodedEvent]]:
        """Return, by the id of a retraction, the position and event that it retracts."""
        wanted = {
            each.id: each.event.retracts for each in events if isinstance(each.event, Retraction)
        } if any(each.kind == "retraction" for each in events) else {}  # fmt: skip
        far = self._read_known(set(wanted.values()) - near.keys())
        found = near | far
        return {each: found[target] for each, target in wanted.items() if target in found}

    def _read_known(self, ids: Iterable[str]) -> dict[str, tuple[int, EncodedEvent]]:
        """Return earlier records by their ids, if they still have the bytes that were hashed."""
        found = {}
        for event_id in sorted(ids):
            known = self._driver().execute(
                "SELECT position, leaf FROM known WHERE id = ?", (event_id,)
            ).fetchone()  # fmt: skip
            if known is None:
                continue
            query = stored(EVENT).where(EVENT.c.position == known[0])
            row = next(event_rows(self.source, query), None)
            if row is not None and leaf_hash(row.body) == known[1]:
                with suppress(Damaged):
                    found[event_id] = (known[0], encode(stored_record(row).event))
        return found

    def _disorder(self, records: list[Written]) -> Iterator[Damage]:
        """Name what does not follow from the records before: versions, moments, retractions."""
        deals = sorted({each.event.deal for each in records if each.event.deal is not None})
        versions = self._versions(deals)
        for each in records:
            deal = each.event.deal
            wanted = None if deal is None else versions[deal] + 1
            if each.version != wanted:
                yield Damage(each.position, f"deal_version is {each.version}, after {wanted}")
            if deal is not None:
                versions[deal] = each.version or 0
            if each.recorded_at < self.moment:
                yield Damage(each.position, "recorded before the record ahead of it")
            self.moment = each.recorded_at
            if each.event.kind == "retraction" and not self._retracts(each):
                yield Damage(each.position, "retracts what cannot be retracted there")
        self._driver().executemany(
            "INSERT OR REPLACE INTO version VALUES (?, ?)", list(versions.items())
        )

    def _versions(self, deals: list[str]) -> dict[str, int]:
        """Return how many records each deal has so far."""
        versions = dict.fromkeys(deals, 0)
        for begin in range(0, len(deals), _AT_ONCE):
            part = deals[begin : begin + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            query = f"SELECT deal, version FROM version WHERE deal IN ({marks})"
            versions |= dict(self._driver().execute(query, part).fetchall())
        return versions

    def _retracts(self, record: Written) -> bool:
        """Note what a retraction retracts; tell whether it stood before it, and not retracted."""
        if record.retracted is None or record.retracted[0] >= record.position:
            return False
        driver = self._driver()
        before = driver.total_changes
        driver.execute("INSERT OR IGNORE INTO retracted VALUES (?)", (record.retracted[0],))
        return driver.total_changes > before

    def _compare(
        self, table: Table, records: list[Written], before: int, last: int
    ) -> Iterator[Damage]:
        """Name the positions at which an index differs from what the records write.

        From the position behind *before*, so that nothing lies between two ranges.
        """
        query = stored(table).where(table.c.position > before, table.c.position <= last)
        wanted: Counter[Fetched] = Counter(index_rows(table, records))
        there: Counter[Fetched] = Counter(map(tuple, self.source.execute(query).all()))
        self.seen[table.name] += there.total()
        if wanted == there:
            return
        place = list(table.columns).index(table.c.position)
        for position in sorted({row[place] for row in (wanted - there) + (there - wanted)}):
            yield Damage(position, f"the table {table.name} differs from a rebuild")

    def close_segments(self, before: int, after: int, findings: list[Damage]) -> None:
        """Derive the sums and roots of the segments that end in between, and compare them."""
        ends = segments.ends(before, after, segments.SEGMENT)
        if not ends or not self.is_rolled or not self.is_sound:
            return
        rollups.keep(self.private, before, after)
        for level, end in rollups.levels(before, after):
            if self._digest(self.private, level, end) != self._digest(self.source, level, end):
                findings.append(Damage(end, "the roll-up up to here differs from the journal"))
        subtrees.keep(self.private, before, self.completed.roots)
        self.completed.roots.clear()
        self.private.execute(delete(ENTRY).where(ENTRY.c.position <= ends[-1]))

    def _digest(self, connection: Connection, level: int, end: int) -> tuple[int, int]:
        """Return how many rows a roll-up has, and a sum of their hashes, which needs no order.

        The key is new each time and stays here, so that nobody can choose rows of the same sum.
        """
        query = select(ROLLUP).where(ROLLUP.c.level == level, ROLLUP.c.segment == end)
        rows = connection.execute(query, execution_options={"stream_results": True})
        count, total = 0, 0
        for row in chain.from_iterable(rows.partitions(_AT_ONCE)):
            digest = blake2b(repr(tuple(row)).encode(), key=self._key, digest_size=32).digest()
            count, total = count + 1, total + int.from_bytes(digest)
        self.seen[ROLLUP.name] += count if connection is self.source else 0
        return count, total

    def end(self, last: int, size: int, findings: list[Damage]) -> None:
        """Look for rows behind, before and beside all records."""
        for table in _NAMED:
            query = select(func.min(table.c.position), func.max(table.c.position))
            first, end = self.source.execute(query).one()
            if first is not None and first < 1:
                findings.append(
                    Damage(first, f"the table {table.name} begins before the first record")
                )
            if end is not None and end > last:
                findings.append(
                    Damage(end, f"the table {table.name} goes on behind the last record")
                )
        if self.is_rolled and self.is_sound:
            findings += self._other_segments(size)
        if not findings:
            findings += self._other_rows()

    def _other_segments(self, size: int) -> Iterator[Damage]:
        """Name roll-ups and subtrees that belong to no segment, and subtrees that differ."""
        wanted = set(rollups.levels(0, size))
        there = self.source.execute(select(ROLLUP.c.level, ROLLUP.c.segment).distinct())
        for _, end in sorted(tuple(row) for row in there if tuple(row) not in wanted):
            yield Damage(end, "the roll-up up to here differs from the journal")
        ends = segments.ends(0, size, segments.SEGMENT)
        query = select(SUBTREE).order_by(SUBTREE.c.position).limit(len(ends) + _AT_ONCE)
        made = Counter(tuple(row) for row in self.private.execute(query))
        kept = Counter(tuple(row) for row in self.source.execute(query))
        self.seen[SUBTREE.name] += kept.total()
        for position in sorted({row[0] for row in (made - kept) + (kept - made)}):
            yield Damage(position, "the subtree up to here differs from the leaves")

    def _other_rows(self) -> Iterator[Damage]:
        """Count all rows of all tables: what an index does not lead to was not compared."""
        if self.source.dialect.name == "postgresql":
            for way in ("indexscan", "indexonlyscan", "bitmapscan"):
                self.source.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        for name in sorted(shape.tables(self.source) - {HEAD.name}):
            query = select(func.count()).select_from(METADATA.tables[name])
            count = self.source.execute(query).scalar_one()
            if count != self.seen[name]:
                yield Damage(
                    None, f"the table {name} has {count:,} rows, {self.seen[name]:,} of records"
                )

    def _driver(self) -> Driver:
        return driver_of(self.private)
