"""What an append asks of the record: of some ids, parties and deals, in one round trip.

A question of everything an event touches goes to the database as one; what follows from the answers
is asked one by one, and seldom.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select
from sqlmodel import col

from dealledger.ledger.storage.driver import Fetched
from dealledger.ledger.storage.head import LOCKED_HEAD, Head, locked_head
from dealledger.ledger.storage.sql_log import event_rows
from dealledger.ledger.storage.standing import stands
from dealledger.ledger.storage.statements import VALUES, AnySelect, BatchedQuery, ask
from dealledger.ledger.storage.tables import (
    ENTRIES,
    ENTRY,
    EVENT,
    EVENTS,
    MENTION,
    MENTIONS,
    REFERENCE,
    REFERENCES,
    EventRow,
)


class KnownRow(NamedTuple):
    """A recorded event, not read yet, and by which event it is retracted, if it is.

    recorded: its moment, actor and bytes. retraction: id, bytes and actor of the event that
    retracts it.
    """

    id: str
    position: int
    version: int | None
    recorded: tuple[int, str, bytes]
    retraction: tuple[str, bytes, str] | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the record knows. head: locked, if that was asked for.

    registrations: (slug, id of the event that registers it). versions: the last of each deal.
    """

    head: Head | None
    known: list[KnownRow]
    registrations: list[tuple[str, str]]
    versions: dict[str, int]


def look_up(
    connection: Connection,
    ids: Collection[str],
    slugs: Collection[str],
    deals: Collection[str],
    *,
    lock: bool = False,
) -> Answers:
    """Return what the record knows of ids, parties and deals.

    lock: first lock the head, so that nobody else appends until the transaction ends.
    Raises: Damaged, if the head is not as it should be.
    """
    *heads, known, registrations, versions = ask(
        connection,
        *((LOCKED_HEAD,) if lock else ()),
        BatchedQuery(_KNOWN, ids),
        BatchedQuery(_REGISTERED, slugs),
        # To group all events of a deal takes the longer the more there are.
        BatchedQuery(_VERSION if len(deals) == 1 else _VERSIONS, deals),
    )
    return Answers(
        locked_head(heads[0]) if lock else None,
        [_found(row) for row in known],
        [(slug, event_id) for slug, event_id in registrations],
        dict.fromkeys(deals, 0) | dict(versions),
    )


def events_with(connection: Connection, ids: Collection[str]) -> list[KnownRow]:
    """Return the recorded events of some ids."""
    (rows,) = ask(connection, BatchedQuery(_KNOWN, ids))
    return [_found(row) for row in rows]


def registrations_of(connection: Connection, slugs: Collection[str]) -> list[tuple[str, str]]:
    """Return who registers some parties: (slug, id of the event), as far as it stands."""
    (rows,) = ask(connection, BatchedQuery(_REGISTERED, slugs))
    return [(slug, event_id) for slug, event_id in rows]


def party_slugs(connection: Connection) -> frozenset[str]:
    """Return the slugs of all parties that are registered."""
    return frozenset(slug for slug, _ in connection.execute(_REGISTRATIONS))


def terminations_naming(connection: Connection, event_id: str) -> list[KnownRow]:
    """Return the terminations that stand and name an id."""
    return _standing(connection, _naming(event_id).where(col(EVENTS.kind) == "termination"))


def dependants_naming(connection: Connection, event_id: str) -> list[KnownRow]:
    """Return what stands and names an id, but for retractions."""
    return _standing(connection, _naming(event_id).where(col(EVENTS.kind) != "retraction"))


def users_of(connection: Connection, slug: str, most: int) -> list[KnownRow]:
    """Return what stands and names a party, apart from its registrations. most: so many at most."""
    query = (
        select(EVENT)
        .join_from(EVENT, MENTION, col(MENTIONS.position) == col(EVENTS.position))
        .where(col(MENTIONS.party) == slug, col(MENTIONS.kind) != "party")
    )
    return _standing(connection, query.limit(most))


def drawn_currencies(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Return the currencies of what names one of some ids, each with the first event in it."""
    query = (
        select(col(ENTRIES.currency), col(EVENTS.id))
        .join_from(REFERENCE, EVENT, col(EVENTS.position) == col(REFERENCES.position))
        .join(ENTRY, col(ENTRIES.position) == col(EVENTS.position))
        .where(
            col(REFERENCES.referred).in_(names),
            col(EVENTS.kind) != "retraction",
            col(ENTRIES.currency).is_not(None),
            stands(),
        )
        .order_by(col(EVENTS.position))
    )
    first: dict[str, str] = {}
    for currency, event_id in connection.execute(query):
        first.setdefault(currency or "", event_id)
    return first


def _naming(event_id: str) -> AnySelect:
    return (
        select(EVENT)
        .join_from(EVENT, REFERENCE, col(REFERENCES.position) == col(EVENTS.position))
        .where(col(REFERENCES.referred) == event_id)
    )


def _standing(connection: Connection, query: AnySelect) -> list[KnownRow]:
    return [_of_row(row) for row in event_rows(connection, query.where(stands()))]


def _of_row(row: EventRow) -> KnownRow:
    return KnownRow(row.id, row.position, row.deal_version, (row.recorded_at, row.actor, row.body))


def _found(row: Fetched) -> KnownRow:
    """Return what a row of `_KNOWN` says."""
    event_id, position, version, recorded_at, actor, body, by, by_body, by_actor = row
    retracted = None if by is None else (by, by_body, by_actor)
    return KnownRow(event_id, position, version, (recorded_at, actor, body), retracted)


_RETRACTION: Final = EVENT.alias("retraction")
_KNOWN: Final = (
    select(
        *(EVENT.c[name] for name in ("id", "position", "deal_version")),
        *(EVENT.c[name] for name in ("recorded_at", "actor", "body")),
        *(_RETRACTION.c[name] for name in ("id", "body", "actor")),
    )
    .outerjoin(_RETRACTION, _RETRACTION.c.retracts == EVENT.c.position)
    .where(EVENT.c.id.in_(VALUES))
)
_REGISTRATIONS: Final = (
    select(col(MENTIONS.party), col(EVENTS.id))
    .join_from(MENTION, EVENT, col(EVENTS.position) == col(MENTIONS.position))
    .where(col(MENTIONS.kind) == "party", stands())
)
_REGISTERED: Final = _REGISTRATIONS.where(col(MENTIONS.party).in_(VALUES))
_VERSIONS: Final = (
    select(col(EVENTS.deal), func.max(col(EVENTS.deal_version)))
    .where(col(EVENTS.deal).in_(VALUES))
    .group_by(col(EVENTS.deal))
)
_VERSION: Final = (
    select(col(EVENTS.deal), col(EVENTS.deal_version))
    .where(col(EVENTS.deal).in_(VALUES))
    .order_by(col(EVENTS.deal_version).desc())
    .limit(1)
)
