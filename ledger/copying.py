"""Backup and restore: a ledger copied record by record, byte for byte.

A backup is a ledger of its own, in a SQLite file, whatever the original is kept in; so it can be
asked, verified and restored anywhere. Positions, moments of recording, bytes and root are the same;
the indexes are built again from the records. It is read at one position, so writers may go on.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from dealledger.events import DealLedgerError, Event, Retraction
from dealledger.ledger import rollups, subtrees
from dealledger.ledger.errors import Damaged
from dealledger.ledger.merkle import Frontier, leaf_hash
from dealledger.ledger.reading import head_row, stored_record
from dealledger.ledger.records import Record
from dealledger.ledger.rows import entry_rows, event_row, mention_rows, reference_rows
from dealledger.ledger.tables import ENTRY, EVENT, HEAD, MENTION, REFERENCE

CHUNK = 1_000


class NotEmpty(DealLedgerError):
    """Somebody wants to restore into a ledger that has records."""


def copy_records(
    source: Connection, target: Connection, progress: Callable[[int], None] = lambda count: None
) -> None:
    """Copy all records into an empty ledger.

    progress: called with the number of records copied since the last call.
    Raises: NotEmpty; Damaged, if a record or the root of the source does not verify.
    """
    head = head_row(source)
    if target.execute(select(HEAD.c.size)).scalar():
        raise NotEmpty("the ledger to restore into has records", "name a new one")
    tree = Frontier()
    query = select(EVENT).where(EVENT.c.position <= head.size).order_by(EVENT.c.position)
    for rows in source.execution_options(stream_results=True).execute(query).partitions(CHUNK):
        records = [stored_record(row) for row in rows]
        if any(leaf_hash(record.body) != record.leaf for record in records):
            raise Damaged("a record is not what was hashed", "run: deals verify")
        _write(source, target, records)
        tree = tree.extended(record.leaf for record in records)
        progress(len(records))
    if tree.to_bytes() != head.frontier:
        raise Damaged("the root of the records is not that of the head", "run: deals verify")
    rollups.keep(target, 0, tree.size)
    subtrees.keep(target, 0, tree.size)
    values = {"origin": head.origin, "size": tree.size, "frontier": tree.to_bytes()}
    target.execute(
        update(HEAD).where(HEAD.c.id == 1).values(recorded_at=head.recorded_at, **values)
    )


def _write(source: Connection, target: Connection, records: list[Record]) -> None:
    targets = {record.position: _target(source, record.event) for record in records}
    events, entries, mentions, references = [], [], [], []
    for record in records:
        position, event = targets[record.position] or (None, None)
        events.append(event_row(record, position))
        entries += entry_rows(record, event)
        mentions += mention_rows(record)
        references += reference_rows(record)
    tables = ((EVENT, events), (ENTRY, entries), (MENTION, mentions), (REFERENCE, references))
    for table, rows in tables:
        if rows:
            target.execute(insert(table), rows)


def _target(source: Connection, event: Event) -> tuple[int, Event] | None:
    """Return the position and event that a retraction reverses."""
    if not isinstance(event, Retraction):
        return None
    row = source.execute(select(EVENT).where(EVENT.c.id == event.retracts)).one()
    return row.position, stored_record(row).event
