"""One append: gather facts, decide, write; all of it in the transaction that holds the head.

Good events are written while problems are still being collected, and rolled back with them: so
every problem of a file is found, however long it is, and memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from dealledger.events import (
    BadInput,
    EncodedEvent,
    Event,
    Party,
    Problem,
    Retraction,
    encode,
)
from dealledger.ledger.append import rules
from dealledger.ledger.append.facts import Facts, Known
from dealledger.ledger.append.gathering import gather, gather_known, gather_locked
from dealledger.ledger.append.links import Links
from dealledger.ledger.append.problems import Problems
from dealledger.ledger.proof.merkle import Frontier, leaf_hash
from dealledger.ledger.record import Sealer
from dealledger.ledger.storage import guards_sqlite as guards
from dealledger.ledger.storage import rows
from dealledger.ledger.storage.engine import Connection
from dealledger.ledger.storage.head import Head, grow
from dealledger.ledger.storage.lookups import party_slugs
from dealledger.ledger.storage.rows import Written
from dealledger.ledger.storage.segments import Completed
from dealledger.ledger.storage.statements import at_once

CHUNK: Final = 1_000
_NOTHING: Final = Head("", 0, Frontier(), 0)


class Draft(NamedTuple):
    """One input to append: an event, or why it could not be read.

    where: the place it came from, such as `deals.jsonl:17`. claims: ids and slugs that an
    unreadable line would have defined. unit: the currency that somebody typed beside what remains
    of a commitment, which is said in the currency of that.
    """

    event: Event | EncodedEvent | None
    where: str = ""
    problems: tuple[Problem, ...] = ()
    claims: frozenset[str] = frozenset()
    unit: str | None = None


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
class Tally:
    """What became of more events than memory should hold.

    new, known: how many were recorded, and how many had been before. last: the highest of their
    positions. parties: the registrations among the new ones.
    """

    new: int = 0
    known: int = 0
    last: int = 0
    parties: list[Appended] = field(default_factory=list)

    def count(self, each: Appended) -> None:
        """Take in what became of one event."""
        self.last = max(self.last, each.position)
        if not each.is_new:
            self.known += 1
            return
        self.new += 1
        if each.encoded.kind == "party":
            self.parties.append(each)


@dataclass(slots=True)
class Batch:
    """The append in progress.

    actor: who records what names nobody itself. tell: called with what became of each event, in
    order. head: the end of the log before it, known when the head is locked. unwritten: the records
    that are decided and not written yet. completed: whole segments of the tree. lifted: whether the
    guards of insertion are, which cost a long append a quarter of its time. source: the file whose
    events are being taken; source_start: the size before it: what another file of the batch said is
    known, as if they were appended one by one.
    """

    connection: Connection
    actor: str
    now: Callable[[], int]
    make_id: Callable[[], str]
    tell: Callable[[Appended], None]
    register: bool = False
    head: Head = _NOTHING
    sealer: Sealer = field(default_factory=lambda: Sealer("", 0))
    last: int = 0
    tree: Frontier = field(default_factory=Frontier)
    completed: Completed = field(default_factory=Completed)
    lifted: bool = False
    source: str = ""
    source_start: int = 0
    facts: Facts = field(default_factory=Facts)
    unwritten: list[Written] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    replacing: list[tuple[str, Retraction]] = field(default_factory=list)
    links: Links = field(default_factory=Links)

    def take(self, drafts: Iterable[Draft]) -> None:
        """Lock the head, decide about all drafts, and write the good ones but for the last chunk.

        `write` writes that one: so it goes to the database together with the commit.
        """
        source = iter(drafts)
        chunk = self._readable(islice(source, CHUNK))
        self._begin(gather_locked(self.connection, self.facts, _events(chunk)))
        self._take_chunk(chunk)
        while more := list(islice(source, CHUNK)):
            self.lifted = self.lifted or guards.lift(self.connection)
            with at_once(self.connection):
                self._write_records()
            chunk = self._readable(more)
            gather(self.connection, self.facts, _events(chunk))
            self._take_chunk(chunk)
        self._check_replacements()
        self._check_links()

    def _begin(self, head: Head) -> None:
        """Begin at the head, which is ours until the transaction ends."""
        self.head = head
        self.sealer = Sealer(self.head.origin, max(self.now(), self.head.recorded_at))
        self.last = self.facts.start = self.source_start = self.head.size
        self.tree = self.head.tree

    def _readable(self, chunk: Iterable[Draft]) -> list[tuple[str, EncodedEvent]]:
        readable = []
        for draft in chunk:
            if draft.problems or draft.claims:
                self.problems.add(draft.problems, draft.where)
                self.facts.claim(draft.claims)
            event = draft.event
            if event is not None:
                encoded = event if isinstance(event, EncodedEvent) else encode(event)
                readable.append((draft.where, encoded))
                if draft.unit is not None:
                    self.facts.units[encoded.id] = draft.unit
        return readable

    def _take_chunk(self, chunk: list[tuple[str, EncodedEvent]]) -> None:
        if self.register:
            self._gather_registrations(_events(chunk))
        for where, event in chunk:
            if (source := where.rpartition(":")[0]) != self.source:
                self.source, self.source_start = source, self.last
            if self.register:
                for party in self._missing_parties(event):
                    self._decide(where, party)
            self._decide(where, event)

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

    def _decide(self, where: str, event: EncodedEvent) -> None:
        """Add the event's record, find it recorded already, or note what is wrong with it."""
        if event.kind == "retraction":
            event = self._dated(event)
        known = self.facts.known.get(event.id)
        if known and known.position <= self.source_start and self._is_same(event, known):
            self.tell(Appended(known.position, known.version, False, known.encode()))
            return
        problems = rules.check(event, self.facts)
        record = None if problems else self._record(where, event)
        if problems:
            self.problems.add(self._with_hints(event, problems), where)
        if record is None:
            self.facts.claim({event.id, *(event.parties if event.kind == "party" else ())})
            return
        self.last = record.position
        self.unwritten.append(record)
        self.facts.add(event, record.position, record.version)
        self.tell(Appended(record.position, record.version, True, event))
        if event.refs:
            self.links.note(where, event.event, self.facts)
        if event.kind == "retraction":
            self._note_replacement(where, event.event)

    def _is_same(self, event: EncodedEvent, known: Known) -> bool:
        """Tell whether an event is what is recorded under its id, whoever recorded it."""
        if known.recorded is None:
            return not rules.differing(event.event, known.event)
        recorded_at, actor, body = known.recorded
        # The same bytes in the same place are the same event, and that is soon compared.
        sealer = Sealer(self.sealer.origin, recorded_at)
        if sealer.body(event, known.position, known.version, actor) == body:
            return True
        return not rules.differing(event.event, known.event)

    def _with_hints(self, event: EncodedEvent, problems: list[Problem]) -> list[Problem]:
        """Return problems with the names of the closest parties; all slugs are read once for it."""
        if self.facts.slugs or all(each.rule != "unknown-party" for each in problems):
            return problems
        self.facts.slugs = party_slugs(self.connection)
        return rules.check(event, self.facts)

    def _dated(self, event: EncodedEvent) -> EncodedEvent:
        """Give a retraction the dates of its target that it does not say itself."""
        retraction = event.event
        assert isinstance(retraction, Retraction)
        target = self.facts.known.get(retraction.retracts)
        if target is None:
            return event
        dated = retraction.dated(target.event)
        return event if dated is retraction else encode(dated)

    def _record(self, where: str, event: EncodedEvent) -> Written | None:
        version = None if event.deal is None else self.facts.versions.get(event.deal, 0) + 1
        position, actor = self.last + 1, event.actor or self.actor
        try:
            body = self.sealer.body(event, position, version, actor)
        except BadInput as error:
            self.problems.add([Problem(error.message, error.hint)], where)
            return None
        return Written(
            position,
            event,
            version,
            self.sealer.recorded_at,
            actor,
            body,
            leaf_hash(body),
            self._retracted(event) if event.kind == "retraction" else None,
        )

    def _retracted(self, retraction: EncodedEvent) -> tuple[int, EncodedEvent] | None:
        """Return what is retracted; None, if that is a line that could not be read."""
        event = retraction.event
        assert isinstance(event, Retraction)
        target = self.facts.known.get(event.retracts)
        return (target.position, target.encode()) if target else None

    def _note_replacement(self, where: str, event: Event) -> None:
        if isinstance(event, Retraction) and event.replaced_by:
            self.replacing.append((where, event))

    def _check_replacements(self) -> None:
        if not self.replacing:
            return
        for where, event in self.replacing:
            known = self.facts.known
            if event.retracts not in known or event.replaced_by not in known:
                with at_once(self.connection):
                    self._write_records()  # what is gathered anew is read from the database
                gather(self.connection, self.facts, [encode(event)])
            self.problems.add(rules.replacement_problems(event, self.facts), where)

    def _check_links(self) -> None:
        if not self.problems and (self.links.backing or self.links.drawn):
            with at_once(self.connection):
                self._write_records()  # what is asked is asked of the database
            self.problems.add(self.links.problems(self.connection, self.facts))

    def write(self) -> None:
        """Write what is decided and not written yet, and the new head."""
        self._write_records()
        if self.lifted:
            guards.put_back(self.connection)
        grow(self.connection, self.tree, self.sealer.recorded_at)

    def _write_records(self) -> None:
        records, self.unwritten = self.unwritten, []
        rows.write(self.connection, records)
        leaves = [record.leaf for record in records]
        self.tree = self.tree.extended(leaves, self.completed.note)


def _events(chunk: list[tuple[str, EncodedEvent]]) -> list[EncodedEvent]:
    return [event for _, event in chunk]


def _registration_id(slug: str) -> str:
    """Return the id of a registration by the way, if it is not taken; ids are shorter than that."""
    return f"party-{slug}"[:64]
