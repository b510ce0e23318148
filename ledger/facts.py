"""What is known when an append is decided: the part of the record that a batch touches.

`Facts` is plain memory that the rules read and that grows as the batch is walked through, so each
event of a batch sees those before it. `gather` fills it from the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from dealledger.events import Event, Retraction, Termination
from dealledger.ledger.asking import VALUES, Question, ask
from dealledger.ledger.records import read_event
from dealledger.ledger.tables import EVENT, MENTION, REFERENCE


@dataclass(slots=True)
class Known:
    """One event that is recorded, or stands earlier in the batch."""

    event: Event
    position: int
    version: int | None = None
    retracted_by: str | None = None
    replaced_by: str | None = None


@dataclass(slots=True)
class Facts:
    """The record as far as the events of one batch need it.

    start: the size before the batch; what stands behind it is of the batch itself.
    claimed: ids and slugs of lines that could not be read, so that one bad line is one problem.
    """

    start: int = 0
    known: dict[str, Known] = field(default_factory=dict)
    parties: dict[str, set[str]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    dependants: dict[str, set[str]] = field(default_factory=dict)
    users: dict[str, set[str]] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)
    slugs: frozenset[str] = frozenset()

    def resolve(self, event_id: str) -> Known | None:
        """Return the event that *event_id* means: itself, or what replaced it."""
        seen = set()
        found = self.known.get(event_id)
        while found and found.replaced_by and found.replaced_by not in seen:
            seen.add(found.replaced_by)
            found = self.known.get(found.replaced_by)
        return found

    def depending(self, event_id: str) -> set[str]:
        """Return who refers to an event, also by the id of one that it replaced."""
        meant = self.known.get(event_id)
        names = {name for name in self.dependants if self.resolve(name) is meant}
        return set().union(
            *(self.dependants[name] for name in {event_id, *names} & self.dependants.keys())
        )

    def add(self, event_id: str, event: Event, position: int, version: int | None = None) -> None:
        """Take in one more event of the batch."""
        self.known[event_id] = Known(event, position, version)
        if event.deal is not None and version is not None:
            self.versions[event.deal] = version
        if event.kind == "party":
            for slug in event.parties():
                self.parties.setdefault(slug, set()).add(event_id)
        else:
            for slug in event.parties():
                self.users.setdefault(slug, set()).add(event_id)
        if isinstance(event, Retraction):
            self._retract(event, event_id)
            return
        for ref in event.refs():
            self.dependants.setdefault(ref, set()).add(event_id)

    def _retract(self, event: Retraction, event_id: str) -> None:
        target = self.known.get(event.retracts)
        if target is None:
            return
        target.retracted_by, target.replaced_by = event_id, event.replaced_by
        for group in (self.dependants, self.users, self.parties):
            for members in group.values():
                members.discard(event.retracts)


def gather(
    connection: Connection,
    facts: Facts,
    events: Collection[Event],
    *,
    first: Question | None = None,
) -> list[Any]:
    """Read into *facts* what the rules need to decide about *events*.

    first: a question to ask before all others, with them in one round trip; returns its rows.
    """
    facts.known.clear()
    facts.dependants.clear()
    facts.users.clear()
    wanted = {event.id for event in events if event.id} | {r for e in events for r in e.refs()}
    slugs = {slug for event in events for slug in event.parties()} - facts.parties.keys()
    deals = {event.deal for event in events if event.deal} - facts.versions.keys()
    *answers, known, parties, versions = ask(
        connection,
        *(() if first is None else (first,)),
        Question(_KNOWN, wanted),
        Question(_REGISTERED, slugs),
        Question(_VERSIONS, deals),
    )
    gather_known(connection, facts, _learn(facts, known) - wanted)
    for slug, event_id in parties:
        facts.parties.setdefault(slug, set()).add(event_id)
    facts.versions.update(dict.fromkeys(deals, 0) | dict(versions))
    ended = {ref for event in events if isinstance(event, Termination) for ref in event.ends}
    for each in sorted(ended):
        _gather_terminations(connection, facts, each)
    for event in events:
        if isinstance(event, Retraction):
            _gather_dependants(connection, facts, event.retracts)
    return [row for rows in answers for row in rows]


def party_slugs(connection: Connection) -> frozenset[str]:
    """Return the slugs of all parties that are registered."""
    return frozenset(slug for slug, _ in connection.execute(_PARTIES))


def names_of(connection: Connection, event_id: str) -> list[str]:
    """Return the ids that mean this event: its own, and those that it replaced, directly or not."""
    names = [event_id]
    for name in names:
        query = (
            select(EVENT.c.body, EVENT.c.actor)
            .join(REFERENCE, REFERENCE.c.position == EVENT.c.position)
            .where(REFERENCE.c.referred == name, EVENT.c.kind == "retraction")
        )
        for row in connection.execute(query):
            event = read_event(row.body, row.actor)
            if isinstance(event, Retraction) and event.replaced_by == name:
                names += [event.retracts] if event.retracts not in names else []
    return names


def gather_known(connection: Connection, facts: Facts, wanted: Iterable[str]) -> None:
    """Read the wanted events, and on to whatever replaced them."""
    asked: set[str] = set()
    wanted = set(wanted)
    while missing := wanted - asked:
        asked |= missing
        (rows,) = ask(connection, Question(_KNOWN, missing))
        wanted |= _learn(facts, rows)


def _learn(facts: Facts, rows: Iterable[Any]) -> set[str]:
    """Take in events that are recorded; return the ids of what replaced them."""
    replacing = set()
    for event_id, position, version, body, actor, by, by_body, by_actor in rows:
        known = Known(read_event(body, actor), position, version)
        facts.known[event_id] = known
        if by is not None:
            retraction = read_event(by_body, by_actor)
            replaced_by = retraction.replaced_by if isinstance(retraction, Retraction) else None
            known.retracted_by, known.replaced_by = by, replaced_by
            replacing |= {replaced_by} if replaced_by else set()
    return replacing


def _gather_terminations(connection: Connection, facts: Facts, event_id: str) -> None:
    """Read what cuts or ends an event that is to be cut or ended."""
    target = facts.resolve(event_id)
    if target is None:
        return
    refer = select(EVENT).join(REFERENCE, REFERENCE.c.position == EVENT.c.position)
    for name in names_of(connection, target.event.id or ""):
        gather_known(connection, facts, {name})
        query = refer.where(REFERENCE.c.referred == name, EVENT.c.kind == "termination")
        facts.dependants.setdefault(name, set()).update(_take(connection, facts, query))


def _gather_dependants(connection: Connection, facts: Facts, event_id: str) -> None:
    """Read who refers to an event that is to be retracted, and who names the party it registers."""
    target = facts.known.get(event_id)
    if target is None:
        return
    refer = select(EVENT).join(REFERENCE, REFERENCE.c.position == EVENT.c.position)
    for name in names_of(connection, event_id):
        gather_known(connection, facts, {name})
        query = refer.where(REFERENCE.c.referred == name, EVENT.c.kind != "retraction")
        facts.dependants[name] = _take(connection, facts, query)
    if target.event.kind != "party":
        return
    (parties,) = ask(connection, Question(_REGISTERED, target.event.parties()))
    for slug, registration in parties:
        facts.parties.setdefault(slug, set()).add(registration)
    for slug in target.event.parties():
        # The first one that names the party is enough to refuse.
        naming = select(EVENT).join(MENTION, MENTION.c.position == EVENT.c.position)
        facts.users[slug] = _take(
            connection,
            facts,
            naming.where(MENTION.c.party == slug, MENTION.c.kind != "party").limit(1_000),
        )


def _take(connection: Connection, facts: Facts, query: Select[Any]) -> set[str]:
    found = set()
    for row in connection.execute(query.where(not_retracted())):
        found.add(row.id)
        known = Known(read_event(row.body, row.actor), row.position, row.deal_version)
        facts.known.setdefault(row.id, known)
    return found


def not_retracted() -> ColumnElement[bool]:
    """Return the condition that an event stands: no later one retracts it."""
    later = EVENT.alias("later")
    return ~exists().where(and_(later.c.retracts == EVENT.c.position))


_RETRACTION: Final = EVENT.alias("retraction")
_KNOWN: Final = (
    select(
        *(EVENT.c[name] for name in ("id", "position", "deal_version", "body", "actor")),
        *(_RETRACTION.c[name] for name in ("id", "body", "actor")),
    )
    .outerjoin(_RETRACTION, _RETRACTION.c.retracts == EVENT.c.position)
    .where(EVENT.c.id.in_(VALUES))
)
_PARTIES: Final = (
    select(MENTION.c.party, EVENT.c.id)
    .join(EVENT, EVENT.c.position == MENTION.c.position)
    .where(MENTION.c.kind == "party", not_retracted())
)
_REGISTERED: Final = _PARTIES.where(MENTION.c.party.in_(VALUES))
_VERSIONS: Final = (
    select(EVENT.c.deal, func.max(EVENT.c.deal_version))
    .where(EVENT.c.deal.in_(VALUES))
    .group_by(EVENT.c.deal)
)
