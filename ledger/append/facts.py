"""What is known when an append is decided: the part of the record that a batch touches.

`Facts` is plain memory that the rules read and that grows as the batch is walked through, so each
event of a batch sees those before it. `gather` fills it from the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from dealledger.events import EncodedEvent, Event, Retraction, Termination, encode
from dealledger.ledger.record import Record, meaning, read_event
from dealledger.ledger.storage.head import record_from_row
from dealledger.ledger.storage.standing import stands
from dealledger.ledger.storage.statements import VALUES, Question, ask
from dealledger.ledger.storage.tables import EVENT, MENTION, REFERENCE

MOST_KEPT: Final = 50_000
"""How many parties and deals are kept in memory from one chunk of a batch to the next.

Also the most claims: behind them, what follows from a bad line counts as problems of its own.
"""


@dataclass(slots=True)
class Known:
    """One event that is recorded, or stands earlier in the batch.

    recorded: its moment, actor and bytes, if it is recorded; the event is read from them when it is
    asked for.
    """

    position: int
    version: int | None = None
    encoded: EncodedEvent | None = None
    recorded: tuple[int, str, bytes] | None = None
    retracted_by: str | None = None
    replaced_by: str | None = None

    @property
    def event(self) -> Event:
        """Return the event itself."""
        return self.encode().event

    def encode(self) -> EncodedEvent:
        """Return the event with what is kept beside it."""
        if self.encoded is None:
            assert self.recorded is not None
            _, actor, body = self.recorded
            self.encoded = encode(read_event(body, actor))
        return self.encoded


@dataclass(slots=True)
class Facts:
    """The record as far as the events of one batch need it.

    start: the size before the batch; what stands behind it is of the batch itself.
    claimed: ids and slugs of lines that could not be read, so that one bad line is one problem.
    units: by the id of a termination, the currency in which somebody typed what remains.
    """

    start: int = 0
    known: dict[str, Known] = field(default_factory=dict)
    parties: dict[str, set[str]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    dependants: dict[str, set[str]] = field(default_factory=dict)
    users: dict[str, set[str]] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)
    units: dict[str, str] = field(default_factory=dict)
    slugs: frozenset[str] = frozenset()

    def claim(self, names: Collection[str]) -> None:
        """Note what a bad line would have defined."""
        if len(self.claimed) < MOST_KEPT:
            self.claimed.update(names)

    def forget(self) -> None:
        """Forget single events, and what has grown too long to be kept while a batch is taken."""
        for single in (self.known, self.dependants, self.users):
            single.clear()
        for kept in (self.parties, self.versions):
            if len(kept) > MOST_KEPT:
                kept.clear()

    def resolve(self, event_id: str) -> Known | None:
        """Return the event that *event_id* means: itself, or what replaced it."""
        _, found = self.last_known(event_id)
        return (
            None if found and found.replaced_by and found.replaced_by not in self.known else found
        )

    def last_known(self, event_id: str) -> tuple[str, Known | None]:
        """Return the last event that is known of those that replaced one another, and its id."""
        last = meaning(event_id, self._known_replacement)
        return last, self.known.get(last)

    def _known_replacement(self, event_id: str) -> str | None:
        found = self.known.get(event_id)
        return found.replaced_by if found and found.replaced_by in self.known else None

    def naming(self, slug: str) -> set[str]:
        """Return who names a party, apart from its registrations: as gathered, and in the batch."""
        return self.users.get(slug, set()) | {
            event_id
            for event_id, each in self.known.items()
            if each.position > self.start
            and not each.retracted_by
            and each.encode().kind != "party"
            and slug in each.encode().parties
        }

    def depending(self, event_id: str) -> set[str]:
        """Return who refers to an event, also by the id of one that it replaced."""
        meant = self.known.get(event_id)
        names = {name for name in self.dependants if self.resolve(name) is meant}
        return set().union(
            *(self.dependants[name] for name in {event_id, *names} & self.dependants.keys())
        )

    def add(self, event: EncodedEvent, position: int, version: int | None = None) -> None:
        """Take in one more event of the batch."""
        event_id = event.id
        self.known[event_id] = Known(position, version, event)
        if event.deal is not None and version is not None:
            self.versions[event.deal] = version
        for slug in event.parties if event.kind == "party" else ():
            self.parties.setdefault(slug, set()).add(event_id)
        if event.kind == "retraction":
            self._retract(event)
            return
        for ref in event.refs:
            self.dependants.setdefault(ref, set()).add(event_id)

    def _retract(self, encoded: EncodedEvent) -> None:
        event = encoded.event
        assert isinstance(event, Retraction)
        target = self.known.get(event.retracts)
        if target is None:
            return
        target.retracted_by, target.replaced_by = encoded.id, event.replaced_by
        for group in (self.dependants, self.users, self.parties):
            for members in group.values():
                members.discard(event.retracts)


def gather(
    connection: Connection,
    facts: Facts,
    events: Collection[EncodedEvent],
    *,
    first: Question | None = None,
) -> list[Any]:
    """Read into *facts* what the rules need to decide about *events*.

    What was gathered before is forgotten: the database knows it, also of this batch.
    first: a question to ask before all others, with them in one round trip; returns its rows.
    """
    facts.forget()
    wanted = {event.id for event in events} | {ref for event in events for ref in event.refs}
    slugs = {slug for each in events for slug in each.parties if slug not in facts.parties}
    deals = {each.deal for each in events if each.deal and each.deal not in facts.versions}
    *answers, known, parties, versions = ask(
        connection,
        *(() if first is None else (first,)),
        Question(_KNOWN, wanted),
        Question(_REGISTERED, slugs),
        # To group all events of a deal takes the longer the more there are.
        Question(_VERSION if len(deals) == 1 else _VERSIONS, deals),
    )
    gather_known(connection, facts, _learn(facts, known) - wanted)
    for slug, event_id in parties:
        facts.parties.setdefault(slug, set()).add(event_id)
    facts.versions.update(dict.fromkeys(deals, 0) | dict(versions))
    referring = [event.event for event in events if event.kind in ("termination", "retraction")]
    ended = {ref for event in referring if isinstance(event, Termination) for ref in event.ends}
    for each in sorted(ended):
        _gather_terminations(connection, facts, each)
    for event in referring:
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
    for event_id, position, version, *recorded, by, by_body, by_actor in rows:
        known = Known(position, version, recorded=tuple(recorded))
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
    for name in names_of(connection, target.encode().id):
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
    for row in connection.execute(query.where(stands())):
        found.add(row.id)
        recorded = (row.recorded_at, row.actor, row.body)
        known = Known(row.position, row.deal_version, recorded=recorded)
        facts.known.setdefault(row.id, known)
    return found


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
_PARTIES: Final = (
    select(MENTION.c.party, EVENT.c.id)
    .join(EVENT, EVENT.c.position == MENTION.c.position)
    .where(MENTION.c.kind == "party", stands())
)
_REGISTERED: Final = _PARTIES.where(MENTION.c.party.in_(VALUES))
_VERSIONS: Final = (
    select(EVENT.c.deal, func.max(EVENT.c.deal_version))
    .where(EVENT.c.deal.in_(VALUES))
    .group_by(EVENT.c.deal)
)
_VERSION: Final = (
    select(EVENT.c.deal, EVENT.c.deal_version)
    .where(EVENT.c.deal.in_(VALUES))
    .order_by(EVENT.c.deal_version.desc())
    .limit(1)
)


def replacing(connection: Connection, event_id: str) -> Record | None:
    """Return the retraction that an event came with in place of another, or None."""
    query = (
        select(EVENT)
        .join(REFERENCE, REFERENCE.c.position == EVENT.c.position)
        .where(REFERENCE.c.referred == event_id, EVENT.c.kind == "retraction")
        .order_by(EVENT.c.position)
    )
    found = [record_from_row(row) for row in connection.execute(query)]
    return next((r for r in found if getattr(r.event, "replaced_by", None) == event_id), None)


def referring(connection: Connection, event_id: str) -> tuple[str, ...]:
    """Return the ids of the events that refer to *event_id* and are not retracted, sorted."""
    query = (
        select(EVENT.c.id)
        .distinct()
        .join(REFERENCE, REFERENCE.c.position == EVENT.c.position)
        .where(
            EVENT.c.kind != "retraction",
            stands(),
            REFERENCE.c.referred.in_(names_of(connection, event_id)),
        )
    )
    return tuple(sorted(connection.execute(query).scalars()))
