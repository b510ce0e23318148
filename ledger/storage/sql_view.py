"""The View that a database answers.

What adds up is added by the database, from the roll-ups of storage/rollups.py where it has them;
reversing entries make corrections just another addend. Views of one record share what they were
answered, so the database is asked each thing once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Final, ParamSpec, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    exists,
    or_,
    select,
)

from dealledger.events import Retraction
from dealledger.events.category import cash_categories
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.record import Record, meaning
from dealledger.ledger.storage.answers import KeptAnswers
from dealledger.ledger.storage.driver import Fetched
from dealledger.ledger.storage.rollups import Only, added, joined, journal_source, sources
from dealledger.ledger.storage.sql_log import records, rows_of
from dealledger.ledger.storage.standing import stands
from dealledger.ledger.storage.statements import AnySelect
from dealledger.ledger.storage.subtrees import frontier_at
from dealledger.ledger.storage.tables import ENTRY, EVENT, MENTION, REFERENCE, EntryRow
from dealledger.ledger.view import AS_RECORDED, Grounds, JournalLine, PeriodLine, Sum, Sure

P = ParamSpec("P")
T = TypeVar("T")

_SUMMED: Final = ("category", "source", "target", "currency")


@dataclass(frozen=True)
class SqlView:
    """The ledger at (as_of, known_at), as a database has it; see `View`."""

    as_of: date
    known_at: int
    announced_by: date | None
    origin: str
    _connect: Callable[[], AbstractContextManager[Connection]] = field(repr=False, compare=False)
    _head: Frontier = field(repr=False, compare=False)
    _rolled: bool = field(default=True, repr=False, compare=False)
    _answers: KeptAnswers = field(default_factory=KeptAnswers, repr=False, compare=False)

    @property
    def grounds(self) -> Grounds:
        """Return that the database is believed."""
        return AS_RECORDED

    @property
    def root(self) -> str:
        """Return the Merkle root, in hex, of the record up to known_at."""
        return self._answers.to(("root", self.known_at, self._rolled), self._root)

    def _root(self) -> str:
        if self._head.size == self.known_at:
            return self._head.root().hex()
        with self._connect() as connection:
            return frontier_at(connection, self.known_at, rolled=self._rolled).root().hex()

    def _once(
        self, ask: Callable[P, tuple[T, ...]], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, ...]:
        """Return what *ask*, a method of this View, answers to these arguments."""
        point = (self.as_of, self.known_at, self.announced_by, self._rolled)
        return self._answers.to(
            (ask.__name__, point, args, tuple(kwargs.items())), lambda: ask(*args, **kwargs)
        )

    def at(self, as_of: date) -> SqlView:
        """Return the View of the same record and public at another date."""
        return replace(self, as_of=as_of)

    def whole(self) -> SqlView:
        """Return the View of all that was recorded when this one was made, of all dates."""
        return replace(self, as_of=date.max, known_at=self._head.size, announced_by=None)

    def with_unannounced(self) -> SqlView:
        """Return the View of the same record and date that leaves out no announcement."""
        return replace(self, announced_by=None)

    def events(
        self,
        *kinds: str,
        party: str | None = None,
        deal: str | None = None,
        drawing: bool = False,
        retracted: bool = False,
    ) -> tuple[Record, ...]:
        """Return the events that count, in one query."""
        return self._once(
            self._events, kinds, party=party, deal=deal, drawing=drawing, retracted=retracted
        )

    def _events(
        self,
        kinds: tuple[str, ...],
        *,
        party: str | None,
        deal: str | None,
        drawing: bool,
        retracted: bool,
    ) -> tuple[Record, ...]:
        kept = stands(self.known_at)
        query = (
            select(EVENT)
            .where(self._visible(EVENT), EVENT.c.kind != "retraction", ~kept if retracted else kept)
            .order_by(EVENT.c.effective_on, EVENT.c.position)
        )
        if party is not None:
            query = query.where(EVENT.c.position.in_(_naming(party, kinds)))
        elif kinds:
            query = query.where(EVENT.c.kind.in_(kinds))
        if deal is not None:
            query = query.where(EVENT.c.deal == deal)
        if drawing:
            query = query.where(exists().where(REFERENCE.c.position == EVENT.c.position))
        with self._connect() as connection:
            return tuple(records(connection, query))

    def _replaced(self) -> dict[str, str]:
        query = select(EVENT).where(EVENT.c.kind == "retraction", EVENT.c.position <= self.known_at)
        with self._connect() as connection:
            events = [each.event for each in records(connection, query)]
        return {
            event.retracts: event.replaced_by
            for event in events
            if isinstance(event, Retraction) and event.replaced_by
        }

    def resolve(self, event_id: str) -> str:
        """Return the id that a reference means: a replaced event means its replacement."""
        replaced = self._answers.to(("replaced", self.known_at), self._replaced)
        return meaning(event_id, replaced.get)

    def positions(self, ids: Iterable[str]) -> dict[str, int]:
        """Return where in the record the events with these ids stand, as far as they are known."""
        wanted = tuple(sorted(ids))
        question = ("positions", self.known_at, wanted)
        return dict(self._answers.to(question, lambda: self._positions(wanted)))

    def _positions(self, wanted: tuple[str, ...]) -> dict[str, int]:
        query = select(EVENT.c.id, EVENT.c.position).where(EVENT.c.position <= self.known_at)
        found: dict[str, int] = {}
        with self._connect() as connection:
            for start in range(0, len(wanted), 500):
                some = query.where(EVENT.c.id.in_(wanted[start : start + 500]))
                found |= {row.id: row.position for row in connection.execute(some)}
        return found

    def sums(
        self,
        *categories: str,
        party: str | None = None,
        by_year: bool = False,
        by_day: bool = False,
    ) -> tuple[Sum, ...]:
        """Sum the journal; two halves of a sum each, since it may need more than 64 bits."""
        return self._once(self._sums, categories, party, by_year=by_year, by_day=by_day)

    def _sums(
        self, categories: tuple[str, ...], party: str | None, *, by_year: bool, by_day: bool
    ) -> tuple[Sum, ...]:
        extra = {"year": by_year, "day": by_day}
        names = [*_SUMMED, *(name for name, asked in extra.items() if asked)]
        if self._can_roll and not by_day:
            parts = sources(self.as_of, self.known_at)
        else:
            parts = (journal_source(self._visible(ENTRY)),)
        only: list[Only] = [lambda keys: keys["category"].in_(categories or cash_categories())]
        if party is not None:
            only.append(lambda keys: or_(keys["source"] == party, keys["target"] == party))
        query = added([part.select(names, only) for part in parts], names)
        rows = (
            Sum(category, source, target, currency, joined(high, low), int(undisclosed),
                int(when[0]) if by_year else None, when[-1] if by_day else None)
            for category, source, target, currency, *when, high, low, undisclosed
            in self._asked(query)
        )  # fmt: skip
        return tuple(
            sorted((row for row in rows if row.minor or row.undisclosed), key=attrgetter("order"))
        )

    def sureness(
        self, *categories: str, party: str | None = None, by_day: bool = False
    ) -> tuple[Sure, ...]:
        """Sum the journal per currency and confidence (and day): confirmed, reported, estimated."""
        return self._once(self._sureness, categories, party, by_day=by_day)

    def _sureness(
        self, categories: tuple[str, ...], party: str | None, *, by_day: bool
    ) -> tuple[Sure, ...]:
        names = ["currency", "confidence", *(["day"] if by_day else [])]
        only: list[Only] = [lambda keys: keys["category"].in_(categories or cash_categories())]
        if party is None and self._can_roll and not by_day:
            parts = sources(self.as_of, self.known_at, pairs=False)
        else:
            seen = self._visible(ENTRY)
            parts = (journal_source(seen if party is None else and_(seen, _moves(party))),)
        query = added([part.select(names, only) for part in parts], names)
        sums = (
            Sure(currency, confidence, joined(high, low), *when)
            for currency, confidence, *when, high, low, _ in self._asked(query)
            if currency is not None
        )
        return tuple(sorted((row for row in sums if row.minor), key=attrgetter("order")))

    @property
    def _can_roll(self) -> bool:
        """Tell whether roll-ups say it: they do not know when something was announced."""
        return self._rolled and self.announced_by is None

    def _asked(self, query: AnySelect) -> list[Fetched]:
        with self._connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def lines(self, *categories: str, by_period: bool = False) -> tuple[JournalLine, ...]:
        """Return the journal amount by amount, without retractions and what they retracted."""
        return self._once(self._lines, categories, by_period=by_period)

    def _lines(self, categories: tuple[str, ...], *, by_period: bool) -> tuple[JournalLine, ...]:
        begun = ENTRY.c.period_start <= self.as_of
        moved = and_(self._known(ENTRY), or_(begun, self._undated_visible()))
        query = (
            select(
                EVENT.c.id,
                ENTRY.c.position,
                ENTRY.c.effective_on,
                ENTRY.c.category,
                ENTRY.c.source,
                ENTRY.c.target,
                ENTRY.c.currency,
                ENTRY.c.confidence,
                case((ENTRY.c.undisclosed == 0, ENTRY.c.minor)),
                ENTRY.c.period_start,
                ENTRY.c.period_end,
            )
            .join_from(ENTRY, EVENT, EVENT.c.position == ENTRY.c.position)
            .where(
                moved if by_period else self._visible(ENTRY),
                ENTRY.c.category.in_(categories or cash_categories()),
                EVENT.c.kind != "retraction",
                stands(self.known_at),
            )
            .order_by(ENTRY.c.effective_on, ENTRY.c.position, ENTRY.c.line)
        )
        return tuple(map(_line, self._asked(query)))

    def period_lines(
        self, party: str | None = None, *, settled: bool = False
    ) -> tuple[PeriodLine, ...]:
        """Return the cash with a period that the sums do not read by that period."""
        return self._once(self._period_lines, party, settled=settled)

    def _period_lines(self, party: str | None, *, settled: bool) -> tuple[PeriodLine, ...]:
        lines = ENTRY.c
        # Few lines lie in a period. What is known of them is asked here, not of the database: it
        # would rather read the whole record in order.
        query = select(ENTRY).where(
            lines.category.in_(cash_categories()),
            lines.period_end.is_not(None) if settled else or_(
                lines.period_end > self.as_of,
                and_(lines.period_end.is_not(None), lines.effective_on > self.as_of),
            ),
            or_(lines.period_start <= self.as_of, lines.effective_on <= self.as_of),
        )  # fmt: skip
        if party is not None:
            query = query.where(_moves(party))
        sums: dict[tuple[str, str, str, str | None, date, date, date], list[int]]
        sums = defaultdict(lambda: [0, 0])
        with self._connect() as connection:
            rows = [*rows_of(EntryRow, connection, query)]
        for row in filter(self._knows, rows):
            assert row.period_start is not None
            assert row.period_end is not None
            # A reversal has the keys of what it reverses, so the two cancel each other.
            total = sums[
                row.category, row.source, row.target, row.currency,
                row.period_start, row.period_end, row.effective_on,
            ]  # fmt: skip
            total[0] += row.minor
            total[1] += row.undisclosed
        found = (
            PeriodLine(category, source, target, currency, start, end, day, minor, undisclosed)
            for (category, source, target, currency, start, end, day), (minor, undisclosed)
            in sums.items()
            if minor or undisclosed
        )  # fmt: skip
        return tuple(sorted(found, key=attrgetter("order")))

    def _knows(self, row: EntryRow) -> bool:
        """Tell of a line what `_known` says in SQL."""
        by = self.announced_by
        return row.position <= self.known_at and (by is None or row.announced_on <= by)

    def _known(self, table: Table) -> ColumnElement[bool]:
        known: ColumnElement[bool] = table.c.position <= self.known_at
        if self.announced_by is None:
            return known
        return and_(known, table.c.announced_on <= self.announced_by)

    def _undated_visible(self) -> ColumnElement[bool]:
        """Say in SQL that a line without a period has moved by the as-of date."""
        return and_(ENTRY.c.period_start.is_(None), ENTRY.c.effective_on <= self.as_of)

    def _visible(self, table: Table) -> ColumnElement[bool]:
        return and_(table.c.effective_on <= self.as_of, self._known(table))


def _naming(party: str, kinds: tuple[str, ...]) -> Select[tuple[int]]:
    """Return the positions of events that name a party, of some kinds or of all.

    The kinds are asked of the index by party alone: asked of the events as well, a database may
    read all events of a kind rather than those of the party.
    """
    query = select(MENTION.c.position).where(MENTION.c.party == party)
    return query.where(MENTION.c.kind.in_(kinds)) if kinds else query


def _line(row: Fetched) -> JournalLine:
    event, position, day, category, source, target, currency, sure, minor, start, end = row
    period = None if start is None else (start, end)
    return JournalLine(
        event, position, day, category, source, target, currency, minor, sure, period
    )  # fmt: skip


def _moves(party: str) -> ColumnElement[bool]:
    return or_(ENTRY.c.source == party, ENTRY.c.target == party)
