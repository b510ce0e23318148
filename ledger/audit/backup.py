"""Backup and restore: a ledger copied record by record, byte for byte.

A backup is a ledger of its own, in a SQLite file, whatever the original is kept in; so it can be
asked, verified and restored anywhere. Positions, moments of recording, bytes and root are the same;
the indexes are built again from the records. It is read at one position, so writers may go on.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from sqlalchemy import Connection, select, update

from dealledger.events import DealLedgerError, EncodedEvent, Retraction, encode
from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import Frontier, leaf_hash
from dealledger.ledger.storage import rollups, subtrees
from dealledger.ledger.storage.head import head_row
from dealledger.ledger.storage.rows import Written, write, written
from dealledger.ledger.storage.segments import Completed
from dealledger.ledger.storage.sql_log import event_rows, stored_record
from dealledger.ledger.storage.tables import EVENT, HEAD, EventRow

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
    tree, whole = Frontier(), Completed()
    query = select(EVENT).where(EVENT.c.position <= head.size).order_by(EVENT.c.position)
    records = event_rows(source, query, stream=True)
    while rows := list(islice(records, CHUNK)):
        if any(leaf_hash(row.body) != row.leaf for row in rows):
            raise Damaged("a record is not what was hashed", "run: deals verify")
        write(target, _rewritten(target, rows))
        tree = tree.extended([row.leaf for row in rows], whole.note)
        progress(len(rows))
    if tree.to_bytes() != head.frontier:
        raise Damaged("the root of the records is not that of the head", "run: deals verify")
    values = {"origin": head.origin, "size": tree.size, "frontier": tree.to_bytes()}
    target.execute(
        update(HEAD).where(HEAD.c.id == 1).values(recorded_at=head.recorded_at, **values)
    )
    rollups.keep(target, 0, tree.size)  # behind the head: the guards know how far segments go
    subtrees.keep(target, 0, whole.roots)


def _rewritten(target: Connection, rows: list[EventRow]) -> list[Written]:
    """Return the records that rows hold by their bytes, as they are written into *target*.

    What a retraction reverses is what was copied, whatever the source says of its ids.
    """
    read = [(row, encode(stored_record(row).event)) for row in rows]
    near = {event.id: (row.position, event) for row, event in read}
    return [written(row, event, _retracted(target, near, event)) for row, event in read]


def _retracted(
    target: Connection, near: dict[str, tuple[int, EncodedEvent]], encoded: EncodedEvent
) -> tuple[int, EncodedEvent] | None:
    """Return the position and event that a retraction reverses.

    Raises: Damaged, if there is none.
    """
    event = encoded.event if encoded.kind == "retraction" else None
    if not isinstance(event, Retraction):
        return None
    if event.retracts in near:
        return near[event.retracts]
    row = next(event_rows(target, select(EVENT).where(EVENT.c.id == event.retracts)), None)
    if row is None:
        raise Damaged(f"{encoded.id} retracts what is not recorded", "run: deals verify")
    return row.position, encode(stored_record(row).event)
