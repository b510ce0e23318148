"""The log: records read in their order, by id, or by what they say of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from sqlalchemy import Connection, select
from sqlmodel import col

from dealledger.events import BadInput, Refused, Retraction
from dealledger.events.text import shown
from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import leaf_hash
from dealledger.ledger.record import Record, read_event
from dealledger.ledger.storage.standing import stands
from dealledger.ledger.storage.statements import AnySelect
from dealledger.ledger.storage.tables import EVENT, EVENTS, REFERENCE, REFERENCES, EventRow, Model


def rows_of(
    model: type[Model], connection: Connection, query: AnySelect, *, stream: bool = False
) -> Iterator[Model]:
    """Yield the rows of a query for whole rows of the table of a model.

    stream: as they are taken, so that any number of them needs the same memory.
    """
    # Said for this statement only: on a connection it would also hold for the next INSERT.
    options = {"stream_results": True} if stream else {}
    with connection.execute(query, execution_options=options) as rows:
        # Not objects of the model, but they have its attributes: it declares the columns.
        assert rows.keys() <= model.model_fields.keys()
        yield from cast("Iterable[Model]", rows)


def event_rows(
    connection: Connection, query: AnySelect, *, stream: bool = False
) -> Iterator[EventRow]:
    """Yield the rows of a query for whole rows of the event table."""
    return rows_of(EventRow, connection, query, stream=stream)


def records(connection: Connection, query: AnySelect, *, stream: bool = False) -> Iterator[Record]:
    """Yield the records of a query for whole rows of the event table."""
    yield from map(record_of, event_rows(connection, query, stream=stream))


def record_of(row: EventRow) -> Record:
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


def stored_record(row: EventRow) -> Record:
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


def records_behind(
    connection: Connection, position: int, limit: int | None = None
) -> Iterator[Record]:
    """Yield the records behind a position in the order of the log."""
    query = select(EVENT).where(EVENT.c.position > position).order_by(EVENT.c.position)
    yield from records(connection, query if limit is None else query.limit(limit), stream=True)


def leaves(connection: Connection, size: int | None = None) -> Iterator[bytes]:
    """Yield the leaf hashes of the first *size* records, or of all, in the order of the log.

    They are computed from the stored bytes: the hashes that stand beside these are not believed,
    since who changes a record can change them with it.
    """
    query = select(col(EVENTS.body)).order_by(col(EVENTS.position)).limit(size)
    with connection.execute(query, execution_options={"stream_results": True}) as rows:
        yield from map(leaf_hash, rows.scalars())


def moment_at(connection: Connection, position: int) -> int | None:
    """Return when a position was recorded, in microseconds since 1970; None, if it is missing."""
    query = select(EVENT.c.recorded_at).where(EVENT.c.position == position)
    return connection.execute(query).scalar()


def record_with_id(connection: Connection, event_id: str) -> Record | None:
    """Return the record of an event id, or None."""
    return next(records(connection, select(EVENT).where(EVENT.c.id == event_id)), None)


def retraction_of(connection: Connection, position: int) -> Record | None:
    """Return the retraction of the record at a position, or None if it stands."""
    return next(records(connection, select(EVENT).where(EVENT.c.retracts == position)), None)


def ids(connection: Connection, start: str) -> tuple[str, ...]:
    """Return the ids that begin with *start*, in the order of the record, retracted or not."""
    query = (
        select(col(EVENTS.id))
        .where(col(EVENTS.id).startswith(start, autoescape=True))
        .order_by(col(EVENTS.position))
    )
    found = connection.execute(query).scalars()
    return tuple(each for each in found if each.startswith(start))  # LIKE may ignore case


def names_of(connection: Connection, event_id: str) -> list[str]:
    """Return the ids that mean this event: its own, and those that it replaced, directly or not."""
    names = [event_id]
    for name in names:
        for retraction in _retractions_naming(connection, name):
            event = retraction.event
            if isinstance(event, Retraction) and event.replaced_by == name:
                names += [event.retracts] if event.retracts not in names else []
    return names


def replacing(connection: Connection, event_id: str) -> Record | None:
    """Return the retraction that an event came with in place of another, or None."""
    found = _retractions_naming(connection, event_id)
    return next((r for r in found if getattr(r.event, "replaced_by", None) == event_id), None)


def _retractions_naming(connection: Connection, event_id: str) -> list[Record]:
    query = (
        select(EVENT)
        .join_from(EVENT, REFERENCE, col(REFERENCES.position) == col(EVENTS.position))
        .where(col(REFERENCES.referred) == event_id, col(EVENTS.kind) == "retraction")
        .order_by(col(EVENTS.position))
    )
    return list(records(connection, query))


def referring(connection: Connection, event_id: str) -> tuple[str, ...]:
    """Return the ids of the events that refer to *event_id* and are not retracted, sorted."""
    query = (
        select(col(EVENTS.id))
        .distinct()
        .join_from(EVENT, REFERENCE, col(REFERENCES.position) == col(EVENTS.position))
        .where(
            col(EVENTS.kind) != "retraction",
            stands(),
            col(REFERENCES.referred).in_(names_of(connection, event_id)),
        )
    )
    return tuple(sorted(connection.execute(query).scalars()))
