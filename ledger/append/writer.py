"""How a ledger takes events in: one transaction a try, tried again while what hinders passes.

Apart from `store`, so that whoever only asks does not load it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from dealledger.events import DealLedgerError, Event
from dealledger.events.text import one_line
from dealledger.ledger.append.batch import Appended, Batch, Draft, Tally
from dealledger.ledger.append.expected import Expected, check_expected
from dealledger.ledger.append.retrying import Drafts, Tries
from dealledger.ledger.naming import shown_name
from dealledger.ledger.storage import rollups, segments, shape, subtrees
from dealledger.ledger.storage.engine import Engine, commit, writing
from dealledger.ledger.storage.statements import at_once, commit_with_it

_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms events are appended, as `Ledger.append` explains."""

    expected_version: int | Expected
    actor: str
    register: bool
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Writer:
    """Appends to the ledger *name*.

    rolled: the ledger keeps sums of whole segments. now: the clock. make_id: for events without.
    """

    engine: Engine
    name: str
    rolled: bool
    now: Callable[[], int]
    make_id: Callable[[], str]

    def append(self, events: Iterable[Event | Draft], terms: Terms) -> tuple[Appended, ...]:
        """Append events; return what became of each."""

        def once(drafts: Drafts, tries: Tries) -> tuple[Appended, ...]:
            done: list[Appended] = []
            self._try(drafts, terms, tries, done.append, lambda: (e.id for e in done if e.is_new))
            return tuple(done)

        return self._tried(events, once)

    def load(self, events: Iterable[Event | Draft], terms: Terms) -> Tally:
        """Append events; return how many."""

        def once(drafts: Drafts, tries: Tries) -> Tally:
            tally = Tally()
            self._try(drafts, terms, tries, tally.count)
            return tally

        return self._tried(events, once)

    def _tried(
        self, events: Iterable[Event | Draft], once: Callable[[Drafts, Tries], _Done]
    ) -> _Done:
        """Do something once; again, while what was in its way passes."""
        tries = Tries(self.name)
        try:
            drafts = Drafts(events, self.make_id)
            while True:
                try:
                    return once(drafts, tries)
                except DealLedgerError as error:
                    tries.wait(error, repeatable=drafts.repeatable)
        except KeyboardInterrupt:
            tries.interrupted()

    def _try(
        self,
        drafts: Drafts,
        terms: Terms,
        tries: Tries,
        tell: Callable[[Appended], None],
        ids: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """Append in one transaction. ids: returns those of the new events, as far as kept."""
        new: list[Appended] = []

        def noted(each: Appended) -> None:
            each = tries.seen(each)
            if each.is_new and terms.expected_version is not Expected.ANY:
                new.append(each)
            tell(each)

        actor = one_line(terms.actor)
        with writing(self.engine, self.name) as connection:
            shape.check(connection, shown_name(self.name))
            plain = terms.expected_version is Expected.ANY and not tries.lost
            told = tell if plain else noted
            batch = Batch(connection, actor, self.now, self.make_id, told, terms.register)
            batch.take(drafts)
            batch.problems.add(check_expected(terms.expected_version, new))
            if batch.problems:
                raise batch.problems.refusal()
            if not terms.dry_run and batch.last > batch.head.size:
                tries.commits(range(batch.head.size + 1, batch.last + 1), ids())
                self._commit(batch)

    def _commit(self, batch: Batch) -> None:
        """Write what is decided and make it durable; all in one round trip, if it is little."""
        connection, before = batch.connection, batch.head.size
        whole = self.rolled and segments.ends(before, batch.last, segments.SEGMENT)
        with at_once(connection):
            batch.write()
            if not whole:
                commit_with_it(connection)
        if whole:
            rollups.keep(connection, before, batch.last)
            subtrees.keep(connection, before, batch.completed.roots)
        commit(connection)
