"""One append: gather facts, decide, write; all of it in the transaction that holds the head.

Good events are written while problems are still being collected, and rolled back with them: so
every problem of a file is found, however long it is, and memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection, update

from dealledger.events import (
    BadInput,
    Conflict,
    EncodedEvent,
    Event,
    Party,
    Problem,
    Refused,
    Retraction,
    encode,
)
from dealledger.events.kinds import UNDATED
from dealledger.ledger import rows, rules
from dealledger.ledger.facts import Facts, Known, gather, gather_known, party_slugs
from dealledger.ledger.merkle import Frontier, leaf_hash
from dealledger.ledger.records import Sealer
from dealledger.ledger.rows import Written
from dealledger.ledger.tables import HEAD

CHUNK: Final = 1_000
_CONFLICTS: Final = frozenset({"id-conflict", "version"})


class Draft(NamedTuple):
    """One input to append: an event, or why it could not be read.

    where: the place it came from, such as `deals.jsonl:17`. claims: ids and slugs that an
    unreadable line would have defined.
    """

    event: Event | EncodedEvent | None
    where: str = ""
    problems: tuple[Problem, ...] = ()
    claims: frozenset[str] = frozenset()


class Appended(NamedTuple):
    """What became of one event: where it stands, and whether it is new or was recorded before."""

    position: int
    version: int | None
    is_new: bool
    encoded: EncodedEvent

    @property
    def id(self) -> str:
        """Return the id of the event."""
        return self.encoded.id

    @property
    def deal(self) -> str | None:
        """Return the deal of the event."""
        return self.encoded.deal

    @property
    def event(self) -> Event:
        """Return the event as it is recorded."""
        return self.encoded.event


@dataclass(slots=True)
class Batch:
    """The append in progress.

    actor: who records what names nobody itself. tell: called with what became of each event, in
    order.
    """

    connection: Connection
    sealer: Sealer
    actor: str
    make_id: Callable[[], str]
    tree: Frontier
    facts: Facts
    last: int
    tell: Callable[[Appended], None]
    register: bool = False
    problems: list[Problem] = field(default_factory=list)
    replacing: list[tuple[str, Retraction]] = field(default_factory=list)

    def take(self, drafts: Iterable[Draft]) -> None:
        """Decide about all drafts and write the good ones, chunk by chunk."""
        source, before = iter(drafts), self.last
        while chunk := list(islice(source, CHUNK)):
            self._take_chunk(self._encoded(chunk))
        self._check_replacements()
        if self.last > before and not self.problems:
            self._write_head()

    def _encoded(self, chunk: list[Draft]) -> list[tuple[str, EncodedEvent]]:
        found = []
        for draft in chunk:
            if draft.problems or draft.claims:
                self.problems += [problem.at(draft.where) for problem in draft.problems]
                self.facts.claimed |= draft.claims
            event = draft.event
            if isinstance(event, EncodedEvent):
                found.append((draft.where, event))
            elif event is not None:
                if event.id is None:
                    event = event.model_copy(update={"id": self.make_id()})
                found.append((draft.where, encode(event)))
        return found

    def _take_chunk(self, chunk: list[tuple[str, EncodedEvent]]) -> None:
        gather(self.connection, self.facts, [event for _, event in chunk])
        if self.register:
            self._gather_registrations([event for _, event in chunk])
        records: list[Written] = []
        for where, event in chunk:
            if self.register:
                for party in self._missing_parties(event):
                    self._decide(where, party, records)
            self._decide(where, event, records)
        if records:
            rows.write(self.connection, records)
            self.tree = self.tree.extended([record.leaf for record in records])

    def _gather_registrations(self, events: list[EncodedEvent]) -> None:
        """Learn which ids of registrations are taken, by parties that were retracted since."""
        slugs = {slug for event in events for slug in event.parties}
        gather_known(self.connection, self.facts, {_registration_id(slug) for slug in slugs})

    def _missing_parties(self, event: EncodedEvent) -> Iterator[EncodedEvent]:
        if event.kind == "party":
            return
        for slug in event.parties:
            if not self.facts.parties.get(slug) and slug not in self.facts.claimed:
                event_id = _registration_id(slug)
                day = event.event.effective_on
                party = Party(
                    id=self.make_id() if event_id in self.facts.known else event_id,
                    effective_on=day,
                    announced_on=day,
                    party=slug,
                    name=slug.replace("-", " ").title(),
                )
                yield encode(party)

    def _decide(self, where: str, event: EncodedEvent, records: list[Written]) -> None:
        """Add the event's record, find it recorded already, or note what is wrong with it."""
        event = self._dated(event)
        known = self.facts.known.get(event.id)
        if known and known.position <= self.facts.start and self._is_same(event, known):
            self.tell(Appended(known.position, known.version, False, known.encode()))
            return
        self._learn_slugs(event)
        problems = rules.check(event, self.facts)
        record = None if problems else self._record(where, event)
        self.problems += [problem.at(where) for problem in problems]
        if record is None:
            self.facts.claimed |= {event.id, *(event.parties if event.kind == "party" else ())}
            return
        self.last = record.position
        records.append(record)
        self.facts.add(event, record.position, record.version)
        self.tell(Appended(record.position, record.version, True, event))
        if event.kind == "retraction":
            self._note_replacement(where, event.event)

    def _is_same(self, event: EncodedEvent, known: Known) -> bool:
        """Tell whether an event is what is recorded under its id, whoever recorded it."""
        assert known.recorded is not None
        recorded_at, actor, body = known.recorded
        # The same bytes in the same place are the same event, and that is soon compared.
        sealer = Sealer(self.sealer.origin, recorded_at)
        if sealer.body(event, known.position, known.version, actor) == body:
            return True
        return not rules.differing(event.event, known.event)

    def _learn_slugs(self, event: EncodedEvent) -> None:
        """Read all slugs, once, when one is unknown: the message names the closest."""
        if event.kind == "party" or self.facts.slugs:
            return
        if any(slug not in self.facts.parties for slug in event.parties):
            self.facts.slugs = party_slugs(self.connection)

    def _dated(self, event: EncodedEvent) -> EncodedEvent:
        """Give a retraction the dates of its target that it does not say itself."""
        if event.kind != "retraction":
            return event
        retraction = event.event
        assert isinstance(retraction, Retraction)
        target = self.facts.known.get(retraction.retracts)
        if target is None:
            return event
        names = ("effective_on", "announced_on")
        taken = {name: getattr(target.event, name) for name in names
                 if getattr(retraction, name) == UNDATED}  # fmt: skip
        return encode(retraction.model_copy(update=taken)) if taken else event

    def _record(self, where: str, event: EncodedEvent) -> Written | None:
        version = None if event.deal is None else self.facts.versions.get(event.deal, 0) + 1
        position, actor = self.last + 1, event.actor or self.actor
        try:
            body = self.sealer.body(event, position, version, actor)
        except BadInput as error:
            self.problems.append(Problem(error.message, error.hint, where))
            return None
        return Written(
            position,
            event,
            version,
            self.sealer.recorded_at,
            actor,
            body,
            leaf_hash(body),
            self._retracted(event),
        )

    def _retracted(self, event: EncodedEvent) -> tuple[int, EncodedEvent] | None:
        retraction = event.event if event.kind == "retraction" else None
        if not isinstance(retraction, Retraction):
            return None
        target = self.facts.known.get(retraction.retracts)
        return (target.position, target.encode()) if target else None  # None: a line was unreadable

    def _note_replacement(self, where: str, event: Event) -> None:
        if isinstance(event, Retraction) and event.replaced_by:
            self.replacing.append((where, event))

    def _check_replacements(self) -> None:
        if not self.replacing:
            return
        for where, event in self.replacing:
            known = self.facts.known
            if event.retracts not in known or event.replaced_by not in known:
                gather(self.connection, self.facts, [encode(event)])
            self.problems += [
                problem.at(where) for problem in rules.replacement_problems(event, self.facts)
            ]

    def _write_head(self) -> None:
        values = {"size": self.tree.size, "frontier": self.tree.to_bytes()}
        self.connection.execute(
            update(HEAD).where(HEAD.c.id == 1).values(recorded_at=self.sealer.recorded_at, **values)
        )


def _registration_id(slug: str) -> str:
    """Return the id of a registration by the way, if it is not taken; ids are shorter than that."""
    return f"party-{slug}"[:64]


def refusal(problems: list[Problem]) -> Refused:
    """Return the exception for *problems*: a conflict, if they are nothing else."""
    if all(problem.rule in _CONFLICTS for problem in problems):
        return Conflict(problems)
    return Refused(problems)
