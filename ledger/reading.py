"""From stored rows back to records, and the one row of the head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from dealledger.events import BadInput, Refused
from dealledger.ledger.asking import Question
from dealledger.ledger.errors import Damaged
from dealledger.ledger.merkle import Frontier
from dealledger.ledger.records import Record, read_event
from dealledger.ledger.tables import HEAD


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: how many records, and the tree over them."""

    origin: str
    size: int
    tree: Frontier
    recorded_at: int


LOCKED_HEAD: Final = Question(
    select(HEAD.c.origin, HEAD.c.size, HEAD.c.frontier, HEAD.c.recorded_at).with_for_update()
)
"""The head, so that nobody else appends until the transaction ends; its rows make a `Head`."""


def head_of(rows: Sequence[Any]) -> Head:
    """Return the head that rows of (origin, size, frontier, moment of recording) say.

    Raises: Damaged, if there is none or another one beside it, or if it cannot be read.
    """
    origin, size, frontier, recorded_at = _only(rows)
    try:
        tree = Frontier.from_bytes(size, frontier)
    except ValueError as error:
        raise Damaged(f"the head cannot be read: {error}", "run: deals verify") from None
    return Head(origin, size, tree, recorded_at)


def head_row(connection: Connection) -> Any:
    """Return the row of the head.

    Raises: Damaged, if there is none or another one beside it.
    """
    return _only(connection.execute(select(HEAD)).all())


def _only(rows: Sequence[Any]) -> Any:
    if len(rows) != 1:
        raise Damaged(heads_message(len(rows)), "restore a backup: deals restore")
    return rows[0]


def heads_message(count: int) -> str:
    """Say that the head has not the one row that it should have."""
    return f"the table head has {count} rows instead of one"


def record_from_row(row: Any) -> Record:
    """Return the record that a row of the event table holds.

    Raises: Damaged, if its bytes hold no event; corrupt data is never skipped.
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
