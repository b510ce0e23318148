"""One append: gather facts, decide, write; all of it in the transaction that holds the head.

Good events are written while problems are still being collected, and rolled back with them: so
every problem of a file is found, however long it is, and memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, update

from dealledger.events import BadInput, Conflict, Event, Party, Problem, Refused, Retraction
from dealledger.events.kinds import UNDATED
from dealledger.ledger import rules
from dealledger.ledger.asking import at_once, change, put
from dealledger.ledger.facts import Facts, Known, gather, gather_known, party_slugs
from dealledger.ledger.merkle import Frontier
from dealledger.ledger.reading import LOCKED_HEAD, Head, locked_head
from dealledger.ledger.records import Record, make_record
from dealledger.ledger.rows import entry_rows, event_row, mention_rows, reference_rows
from dealledger.ledger.tables import ENTRY, EVENT, HEAD, MENTION, REFERENCE

CHUNK: Final = 1_000
_CONFLICTS: Final = frozenset({"id-conflict", "version"})
_NOTHING: Final = Head("", 0, Frontier(), 0)
_GROWN: Final = (
    update(HEAD)
    .where(HEAD.c.id == 1)
    .values(size=bindparam("grown"), frontier=bindparam("roots"), recorded_at=bindparam("moment"))
)


@dataclass(frozen=True, slots=True)
class Draft:
    """One input to append: an event, or why it could not be read.

    where: the place it came from, such as `deals.jsonl:17`. claims: ids and slugs that an
    unreadable line would have defined.
    """

    event: Event | None
    where: str = ""
    problems: tuple[Problem, ...] = ()
    claims: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of one event: where it stands, and whether it is new or was recorded before."""

    id: str
    position: int
    deal: str | None
    version: int | None
    is_new: bool
    event: Event


@dataclass(slots=True)
class Batch:
    """The append in progress. actor and moment of recording are the same for all of it.

    head: the end of the log before it, known when the head is locked. unwritten: the records that
    are decided and not written yet.
    """

    connection: Connection
    actor: str
    now: Callable[[], int]
    make_id: Callable[[], str]
    register: bool = False
    head: Head = _NOTHING
    recorded_at: int = 0
    last: int = 0
    tree: Frontier = field(default_factory=Frontier)
    facts: Facts = field(default_factory=Facts)
    unwritten: list[tuple[Record, Known | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    appended: list[Appended] = field(default_factory=list)
    replacing: list[tuple[str, Retraction]] = field(default_factory=list)

    def take(self, drafts: Iterable[Draft]) -> None:
        """Lock the head, decide about all drafts, and write the good ones but for the last chunk.

        `write` writes that one: so it goes to the database together with the commit.
        """
        source = iter(drafts)
        chunk = self._readable(islice(source, CHUNK))
        self._lock(gather(self.connection, self.facts, _events(chunk), first=LOCKED_HEAD))
        self._take_chunk(chunk)
        while more := list(islice(source, CHUNK)):
            with at_once(self.connection):
                self.write()
            chunk = self._readable(more)
            gather(self.connection, self.facts, _events(chunk))
            self._take_chunk(chunk)
        self._check_replacements()

    def _lock(self, rows: list[Any]) -> None:
        """Begin at the head, which is ours until the transaction ends."""
        self.head = locked_head(rows)
        self.recorded_at = max(self.now(), self.head.recorded_at)
        self.last = self.facts.start = self.head.size
        self.tree = self.head.tree

    def _readable(self, chunk: Iterable[Draft]) -> list[tuple[str, Event]]:
        readable = []
        for draft in chunk:
            self.problems += [problem.at(draft.where) for problem in draft.problems]
            self.facts.claimed |= draft.claims
            if draft.event is not None:
                readable.append((draft.where, draft.event))
        return readable

    def _take_chunk(self, chunk: list[tuple[str, Event]]) -> None:
        if self.register:
            self._gather_registrations(_events(chunk))
        for where, event in chunk:
            if self.register:
                for party in self._missing_parties(event):
                    self._decide(where, party)
            self._decide(where, event)

    def _gather_registrations(self, events: list[Event]) -> None:
        """Learn which ids of registrations are taken, by parties that were retracted since."""
        slugs = {slug for event in events for slug in event.parties()}
        gather_known(self.connection, self.facts, {_registration_id(slug) for slug in slugs})

    def _missing_parties(self, event: Event) -> Iterator[Party]:
        if event.kind == "party":
            return
        for slug in sorted(event.parties()):
            if not self.facts.parties.get(slug) and slug not in self.facts.claimed:
                name = slug.replace("-", " ").title()
                day = event.effective_on
                event_id = _registration_id(slug)
                yield Party(
                    id=self.make_id() if event_id in self.facts.known else event_id,
                    effective_on=day,
                    announced_on=day,
                    party=slug,
                    name=name,
                )

    def _decide(self, where: str, event: Event) -> None:
        """Add the event's record, find it recorded already, or note what is wrong with it."""
        event = self._dated(event)
        assert event.id is not None
        known = self.facts.known.get(event.id)
        if known and known.position <= self.facts.start and not rules.differing(event, known.event):
            self.appended.append(
                Appended(event.id, known.position, event.deal, known.version, False, known.event)
            )
            return
        self._learn_slugs(event)
        problems = rules.check(event, self.facts)
        record = None if problems else self._record(where, event)
        self.problems += [problem.at(where) for problem in problems]
        if record is None:
            self.facts.claimed |= {event.id} | (
                event.parties() if event.kind == "party" else frozenset()
            )
            return
        target = self.facts.known.get(event.retracts) if isinstance(event, Retraction) else None
        self.last = record.position
        self.unwritten.append((record, target))
        self.facts.add(event.id, event, record.position, record.version)
        self.appended.append(
            Appended(event.id, record.position, event.deal, record.version, True, event)
        )
        if isinstance(event, Retraction) and event.replaced_by:
            self.replacing.append((where, event))

    def _learn_slugs(self, event: Event) -> None:
        """Read all slugs, once, when one is unknown: the message names the closest."""
        unknown = event.parties() - self.facts.parties.keys()
        if unknown and event.kind != "party" and not self.facts.slugs:
            self.facts.slugs = party_slugs(self.connection)

    def _dated(self, event: Event) -> Event:
        """Give a retraction the dates of its target that it does not say itself."""
        if not isinstance(event, Retraction):
            return event
        target = self.facts.known.get(event.retracts)
        if target is None:
            return event
        names = ("effective_on", "announced_on")
        taken = {name: getattr(target.event, name) for name in names
                 if getattr(event, name) == UNDATED}  # fmt: skip
        return event.model_copy(update=taken) if taken else event

    def _record(self, where: str, event: Event) -> Record | None:
        version = None if event.deal is None else self.facts.versions.get(event.deal, 0) + 1
        position = self.last + 1
        try:
            return make_record(
                event,
                origin=self.head.origin,
                position=position,
                version=version,
                recorded_at=self.recorded_at,
                actor=event.actor or self.actor,
            )
        except BadInput as error:
            self.problems.append(Problem(error.message, error.hint, where))
            return None

    def _check_replacements(self) -> None:
        if not self.replacing:
            return
        for where, event in self.replacing:
            known = self.facts.known
            if event.retracts not in known or event.replaced_by not in known:
                gather(self.connection, self.facts, [event])
            self.problems += [
                problem.at(where) for problem in rules.replacement_problems(event, self.facts)
            ]

    def write(self) -> None:
        """Write events, journal and indexes of what is decided, and grow the tree."""
        records, self.unwritten = self.unwritten, []
        if not records:
            return
        self._put(
            EVENT, (event_row(r, target.position if target else None) for r, target in records)
        )
        self._put(
            ENTRY,
            (
                row
                for r, target in records
                for row in entry_rows(r, target.event if target else None)
            ),
        )
        self._put(MENTION, (row for r, _ in records for row in mention_rows(r)))
        self._put(REFERENCE, (row for r, _ in records for row in reference_rows(r)))
        self.tree = self.tree.extended(r.leaf for r, _ in records)
        change(
            self.connection,
            _GROWN,
            {
                "grown": self.tree.size,
                "roots": self.tree.to_bytes(),
                "moment": self.recorded_at,
            },
        )

    def _put(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        put(self.connection, table, list(rows))


def _events(chunk: list[tuple[str, Event]]) -> list[Event]:
    return [event for _, event in chunk]


def _registration_id(slug: str) -> str:
    """Return the id of a registration by the way, if it is not taken; ids are shorter than that."""
    return f"party-{slug}"[:64]


def refusal(problems: list[Problem]) -> Refused:
    """Return the exception for *problems*: a conflict, if they are nothing else."""
    if all(problem.rule in _CONFLICTS for problem in problems):
        return Conflict(problems)
    return Refused(problems)
