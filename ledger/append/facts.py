"""What is known when an append is decided: the part of the record that a batch touches.

`Facts` is plain memory that the rules read and that grows as the batch is walked through, so each
event of a batch sees those before it. gathering.py fills it from the database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from dealledger.events import EncodedEvent, Event, Retraction, encode
from dealledger.ledger.record import meaning, read_event

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
