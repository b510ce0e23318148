"""From stored rows back to records, and the one row of the head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from dealledger.events import BadInput, Refused
from dealledger.events.text import shown
from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.record import Record, read_event
from dealledger.ledger.storage.statements import Question
from dealledger.ledger.storage.tables import EVENT, HEAD


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: how many records, and the tree over them."""

    origin: str
    size: int
    tree: Frontier
    recorded_at: int


OTHER_HEAD: Final = "the row of the table head is not the one that appends grow"
_HOW_MANY: Final = select(func.count()).select_from(HEAD.alias("heads")).scalar_subquery()
LOCKED_HEAD: Final = Question(
    # By its key alone: there are databases that lock rows in no other way.
    select(HEAD.c.origin, HEAD.c.size, HEAD.c.frontier, HEAD.c.recorded_at, _HOW_MANY)
    .where(HEAD.c.id == 1)
    .with_for_update(of=HEAD)
)
"""The head, so that nobody else appends until the transaction ends; `locked_head` reads it."""


def locked_head(rows: Sequence[Any]) -> Head:
    """Return the head that was asked for by `LOCKED_HEAD`.

    Raises: Damaged, if there is none or another one beside it, or if it cannot be read.
    """
    count = rows[0][-1] if rows else 0
    if count != 1:
        raise _not_one(count)
    return head_of(rows[0])


def head_of(row: Sequence[Any]) -> Head:
    """Return the head that (origin, size, frontier, moment of recording, ...) say.

    Raises: Damaged, if it cannot be read.
    """
    origin, size, frontier, recorded_at, *_ = row
    try:
        tree = Frontier.from_bytes(size, frontier)
    except ValueError as error:
        raise Damaged(f"the head cannot be read: {error}", "run: deals verify") from None
    return Head(origin, size, tree, recorded_at)


def head_row(connection: Connection) -> Any:
    """Return the row of the head.

    Raises: Damaged, if there is none or another one beside it.
    """
    rows = connection.execute(select(HEAD)).all()
    if len(rows) != 1:
        raise _not_one(len(rows))
    if rows[0].id != 1:
        raise Damaged(OTHER_HEAD, "restore a backup: deals restore")
    return rows[0]


def moment_at(connection: Connection, position: int) -> int | None:
    """Return when a position was recorded, in microseconds since 1970; None, if it is missing."""
    query = select(EVENT.c.recorded_at).where(EVENT.c.position == position)
    return connection.execute(query).scalar()


def _not_one(count: int) -> Damaged:
    return Damaged(heads_message(count), "restore a backup: deals restore")


def heads_message(count: int) -> str:
    """Say that the head has not the one row that it should have."""
    return f"the table head has {count} rows instead of one"


def record_from_row(row: Any) -> Record:
    """Return the record that a row of the event table holds.

    Raises: Damaged, if its bytes hold no event, or another one than its columns say; corrupt data
    is never skipped.
    """
    record = stored_record(row)
    if (record.id, record.event.kind) != (row.id, row.kind):
        raise Damaged(
            f"the event at @{row.position} is the {record.event.kind} {record.id} by its bytes, "
            f"{shown(row.kind)} {shown(row.id)} by its columns",
            "run: deals verify",
        )
    return record


def stored_record(row: Any) -> Record:
    """Return the record that the bytes of a row hold, whatever its columns say.

    Raises: Damaged, if they hold no event.
    """
    try:
        event = read_event(row.body, row.actor)
    except (BadInput, Refused, KeyError, TypeError) as error:
        raise Damaged(
            f"the event at @{row.position} cannot be read: {error}", "run: deals verify"
        ) from error
    return Record(
        row.position, event, row.deal_version, row.recorded_at, row.actor, row.body, row.leaf
    )
