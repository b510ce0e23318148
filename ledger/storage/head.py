"""The one row of the head: the end of the log, and the tree over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy import Connection, bindparam, func, select, update

from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.storage.driver import Fetched, Value
from dealledger.ledger.storage.statements import BatchedQuery, change
from dealledger.ledger.storage.tables import HEAD, HeadRow


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: how many records, and the tree over them."""

    origin: str
    size: int
    tree: Frontier
    recorded_at: int


OTHER_HEAD: Final = "the row of the table head is not the one that appends grow"
_HOW_MANY: Final = select(func.count()).select_from(HEAD.alias("heads")).scalar_subquery()
LOCKED_HEAD: Final = BatchedQuery(
    # By its key alone: there are databases that lock rows in no other way.
    select(HEAD.c.origin, HEAD.c.size, HEAD.c.frontier, HEAD.c.recorded_at, _HOW_MANY)
    .where(HEAD.c.id == 1)
    .with_for_update(of=HEAD)
)
"""The head, so that nobody else appends until the transaction ends; `locked_head` reads it."""


_GROWN: Final = (
    update(HEAD)
    .where(HEAD.c.id == 1)
    .values(size=bindparam("grown"), frontier=bindparam("roots"), recorded_at=bindparam("moment"))
)


def grow(connection: Connection, tree: Frontier, recorded_at: int) -> None:
    """Move the head to the end of *tree*. recorded_at: microseconds since 1970, UTC."""
    values: dict[str, Value] = {"grown": tree.size, "roots": tree.to_bytes(), "moment": recorded_at}
    change(connection, _GROWN, values)


def locked_head(rows: Sequence[Fetched]) -> Head:
    """Return the head that was asked for by `LOCKED_HEAD`.

    Raises: Damaged, if there is none or another one beside it, or if it cannot be read.
    """
    count = rows[0][-1] if rows else 0
    if count != 1:
        raise _not_one(count)
    return head_of(rows[0])


def head_of(row: Fetched) -> Head:
    """Return the head that (origin, size, frontier, moment of recording, ...) say.

    Raises: Damaged, if it cannot be read.
    """
    origin, size, frontier, recorded_at, *_ = row
    try:
        tree = Frontier.from_bytes(size, frontier)
    except ValueError as error:
        raise Damaged(f"the head cannot be read: {error}", "run: deals verify") from None
    return Head(origin, size, tree, recorded_at)


def read_head(connection: Connection) -> Head:
    """Return the head.

    Raises: Damaged, as `head_row` and `head_of`.
    """
    row = head_row(connection)
    return head_of((row.origin, row.size, row.frontier, row.recorded_at))


def schema_version(connection: Connection) -> int | None:
    """Return the version of the store; None, if it was not made completely."""
    return connection.execute(select(HEAD.c.schema_version)).scalar()


def head_row(connection: Connection) -> HeadRow:
    """Return the row of the head.

    Raises: Damaged, if there is none or another one beside it.
    """
    rows = connection.execute(select(HEAD)).all()
    if len(rows) != 1:
        raise _not_one(len(rows))
    if rows[0].id != 1:
        raise Damaged(OTHER_HEAD, "restore a backup: deals restore")
    return cast("HeadRow", rows[0])


def _not_one(count: int) -> Damaged:
    return Damaged(heads_message(count), "restore a backup: deals restore")


def heads_message(count: int) -> str:
    """Say that the head has not the one row that it should have."""
    return f"the table head has {count} rows instead of one"
