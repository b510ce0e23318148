"""A private database with a copy of a record, in which an append can be tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, StaticPool, create_engine, update

from dealledger.events import Retraction, encode
from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.record import Record
from dealledger.ledger.storage import guards_sqlite as guards
from dealledger.ledger.storage.making import make_tables
from dealledger.ledger.storage.memory_log import MemoryLog
from dealledger.ledger.storage.rows import Written, write
from dealledger.ledger.storage.sqlite import sqlite
from dealledger.ledger.storage.tables import HEAD

_AT_ONCE: Final = 1_000


@contextmanager
def scratch(log: MemoryLog) -> Iterator[Connection]:
    """Give a database with the records of *log*, and without guards of insertion.

    It is a file without a name, which memory holds as far as it can, and goes when this is done.
    Raises: Damaged, if a record retracts what is not there.
    """
    engine = create_engine(
        "sqlite://",
        module=sqlite,
        creator=lambda: sqlite.connect("", isolation_level=None),
        poolclass=StaticPool,
    )
    with engine.connect() as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("BEGIN")
        make_tables(connection, log.origin)
        guards.lift(connection)
        known: dict[str, Record] = {}
        for start in range(0, len(log.records), _AT_ONCE):
            some = log.records[start : start + _AT_ONCE]
            known.update((each.id, each) for each in some)
            write(connection, [_written(each, known) for each in some])
        connection.execute(update(HEAD).values(_head(log)))
        yield connection
    engine.dispose()


def _head(log: MemoryLog) -> dict[str, Any]:
    tree = Frontier().extended(each.leaf for each in log.records)
    moment = log.records[-1].recorded_at if log.records else 0
    return {"size": tree.size, "frontier": tree.to_bytes(), "recorded_at": moment}


def _written(record: Record, known: dict[str, Record]) -> Written:
    event = record.event
    retracted = None
    if isinstance(event, Retraction):
        target = known.get(event.retracts)
        if target is None:
            said = f"{record.id} retracts what is not recorded"
            raise Damaged(said, "run: deals verify")
        retracted = target.position, encode(target.event)
    return Written(
        record.position, encode(event), record.version, record.recorded_at, record.actor,
        record.body, record.leaf, retracted,
    )  # fmt: skip
