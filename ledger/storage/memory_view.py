"""The View of records in memory: what a View answers, as plain loops over a list.

It is the specification of storage/sql_view.py, which must answer the same. It needs no database, so
records can be asked that were just verified, or that are only assumed; and what is asked thousands
of times of a few records, as a history over all of its days is, is not read or decoded again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from heapq import merge
from operator import attrgetter
from typing import Final, TypeAlias

from dealledger.events import Retraction
from dealledger.events.base import Posting
from dealledger.events.category import cash_categories
from dealledger.ledger.moments import position_at
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.record import Record, meaning
from dealledger.ledger.view import AS_RECORDED, Grounds, JournalLine, PeriodLine, Sum, Sure, View

_NEVER: Final = 1 << 63
_Pair: TypeAlias = tuple[str, str, str, str | None]
"""What is summed: category, source, target, currency."""


def memory_view(
    records: Iterable[Record],
    as_of: date,
    known_at: datetime | int | str | None = None,
    announced_by: date | None = None,
    *,
    origin: str,
    grounds: Grounds = AS_RECORDED,
) -> MemoryView:
    """Return the View of *records*, which are all from the first on, in the order of the log.

    The rest is as for `Ledger.at`; what the records say is believed, see `records_of`. grounds:
    what is known about them.
    Raises: BadInput, for a position that is not there and for what is not a moment.
    """
    log = tuple(records)
    assert all(each.position == place for place, each in enumerate(log, 1))
    position = position_at(len(log), known_at, lambda place: log[place - 1].recorded_at)
    return MemoryView(as_of, position, announced_by, origin, Memory.of(log), grounds)


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that says something. until: the position that retracts it, or one beyond all."""

    record: Record
    until: int
    parties: frozenset[str]
    postings: tuple[Posting, ...]
    refs: tuple[str, ...]

    def stands_at(self, known_at: int) -> bool:
        """Tell whether it is known at a position, and not retracted by then."""
        return self.record.position <= known_at < self.until


@dataclass(frozen=True)
class Memory:
    """The records of a ledger, or some of them.

    kept: without retractions, by effective_on, then position. replaced: of each retraction that
    brought a replacement its position, what it retracts, and the replacement. leaves: of the whole
    record, in its order; none, if that was not given. places: the position of every id, also of
    retractions.
    """

    kept: tuple[Kept, ...] = ()
    replaced: tuple[tuple[int, str, str], ...] = ()
    leaves: tuple[bytes, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict, compare=False)

    @cached_property
    def _by_kind(self) -> dict[str, list[tuple[int, Kept]]]:
        found: dict[str, list[tuple[int, Kept]]] = defaultdict(list)
        for place, each in enumerate(self.kept):
            found[each.record.event.kind].append((place, each))
        return dict(found)

    def of_kinds(self, kinds: Sequence[str]) -> Iterable[Kept]:
        """Return what is kept of some kinds, or of all, in order."""
        if not kinds:
            return self.kept
        some = [self._by_kind.get(kind, []) for kind in dict.fromkeys(kinds)]
        return [kept for _, kept in (some[0] if len(some) == 1 else merge(*some, key=_place))]

    @classmethod
    def of(cls, records: Iterable[Record]) -> Memory:
        """Take in records of one ledger, retractions included, in any order."""
        log = sorted(records, key=attrgetter("position"))
        retractions = [
            (each.position, each.event) for each in log if isinstance(each.event, Retraction)
        ]
        until = {event.retracts: position for position, event in retractions}
        kept = (
            Kept(each, until.get(each.id, _NEVER), each.event.parties(), each.event.postings(),
                 each.event.refs())
            for each in log
            if not isinstance(each.event, Retraction)
        )  # fmt: skip
        replaced = (
            (position, event.retracts, event.replaced_by)
            for position, event in retractions
            if event.replaced_by
        )
        is_whole = [each.position for each in log] == [*range(1, len(log) + 1)]
        return cls(
            tuple(sorted(kept, key=attrgetter("record.effective_on"))),
            tuple(replaced),
            tuple(each.leaf for each in log) if is_whole else (),
            {each.id: each.position for each in log},
        )

    def only(self, kept: Iterable[Kept]) -> Memory:
        """Return a part of it; what replaces what, and the roots, are those of the whole."""
        return replace(self, kept=tuple(kept))


@dataclass(frozen=True)
class MemoryView:
    """The ledger at (as_of, known_at), as a list of records has it; see `View`."""

    as_of: date
    known_at: int
    announced_by: date | None
    origin: str
    memory: Memory = field(repr=False, compare=False)
    grounds: Grounds = AS_RECORDED

    @classmethod
    def of(cls, view: View, memory: Memory) -> MemoryView:
        """Return the same point in time as *view*, of records in memory."""
        return cls(view.as_of, view.known_at, view.announced_by, view.origin, memory, view.grounds)

    @cached_property
    def root(self) -> str:
        """Return the Merkle root of the leaf hashes that the records have."""
        size = self.grounds.recorded(self.known_at)
        assert len(self.memory.leaves) >= size
        return Frontier().extended(self.memory.leaves[:size]).root().hex()

    def at(self, as_of: date) -> MemoryView:
        """Return the View of the same record and public at another date."""
        return replace(self, as_of=as_of)

    def whole(self) -> MemoryView:
        """Return the View of all records, of all dates."""
        size = max(self.memory.places.values(), default=0)
        return replace(self, as_of=date.max, known_at=size, announced_by=None)

    def with_unannounced(self) -> MemoryView:
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
        """Return the events that count, without retractions and what they retracted."""
        return tuple(
            each.record
            for each in self._visible(kinds, retracted=retracted)
            if (party is None or party in each.parties)
            and (deal is None or each.record.event.deal == deal)
            and (not drawing or each.refs)
        )

    def resolve(self, event_id: str) -> str:
        """Return the id that a reference means: a replaced event means its replacement."""
        return meaning(event_id, self._replaced.get)

    @cached_property
    def _replaced(self) -> dict[str, str]:
        return {old: new for at, old, new in self.memory.replaced if at <= self.known_at}

    def positions(self, ids: Iterable[str]) -> dict[str, int]:
        """Return where in the record the events with these ids stand, as far as they are known."""
        places = self.memory.places
        return {name: places[name] for name in ids if places.get(name, _NEVER) <= self.known_at}

    def sums(
        self,
        *categories: str,
        party: str | None = None,
        by_year: bool = False,
        by_day: bool = False,
    ) -> tuple[Sum, ...]:
        """Sum the journal per category, source, target and currency (and year or day)."""
        found: dict[tuple[*_Pair, int | None, date | None], list[int]]
        found = defaultdict(lambda: [0, 0])
        for each, posting in _moved(self._visible(), categories, party):
            day = each.record.effective_on
            total = found[*posting[:4], day.year if by_year else None, day if by_day else None]
            total[0] += posting.minor or 0
            total[1] += posting.minor is None
        rows = (
            Sum(category, source, target, currency, minor, undisclosed, year, day)
            for (category, source, target, currency, year, day), (minor, undisclosed)
            in found.items()
            if minor or undisclosed
        )  # fmt: skip
        return tuple(sorted(rows, key=attrgetter("order")))

    def sureness(
        self, *categories: str, party: str | None = None, by_day: bool = False
    ) -> tuple[Sure, ...]:
        """Sum the journal per currency and confidence (and day)."""
        found: dict[tuple[str, str | None, date | None], int] = defaultdict(int)
        for each, posting in _moved(self._visible(), categories, party):
            if posting.minor and posting.currency is not None:
                day = each.record.effective_on if by_day else None
                found[posting.currency, each.record.event.confidence, day] += posting.minor
        rows = (Sure(code, sure, minor, day) for (code, sure, day), minor in found.items())
        return tuple(sorted(rows, key=attrgetter("order")))

    def lines(self, *categories: str, by_period: bool = False) -> tuple[JournalLine, ...]:
        """Return the journal amount by amount, without retractions and what they retracted."""
        some = self.known() if by_period else self._visible()
        return tuple(
            JournalLine(
                each.record.id, each.record.position, each.record.effective_on, *posting[:5],
                each.record.event.confidence, posting.period,
            )
            for each, posting in _moved(some, categories)
            if (posting.period[0] if by_period and posting.period else each.record.effective_on)
            <= self.as_of
        )  # fmt: skip

    def period_lines(
        self, party: str | None = None, *, settled: bool = False
    ) -> tuple[PeriodLine, ...]:
        """Return the cash with a period that the sums do not read by that period."""
        found: dict[tuple[*_Pair, date, date, date], list[int]] = defaultdict(lambda: [0, 0])
        for each, posting in _moved(self.known(), (), party):
            day, period = each.record.effective_on, posting.period
            if period is None or (period[0] > self.as_of and day > self.as_of):
                continue
            if settled or period[1] > self.as_of or day > self.as_of:
                total = found[*posting[:4], *period, day]
                total[0] += posting.minor or 0
                total[1] += posting.minor is None
        rows = (
            PeriodLine(category, source, target, currency, start, end, day, minor, undisclosed)
            for (category, source, target, currency, start, end, day), (minor, undisclosed)
            in found.items()
            if minor or undisclosed
        )  # fmt: skip
        return tuple(sorted(rows, key=attrgetter("order")))

    def known(self) -> Iterator[Kept]:
        """Yield what is known and stands, of all dates."""
        by = self.announced_by
        for each in self.memory.kept:
            if each.stands_at(self.known_at) and (
                by is None or each.record.event.announced_on <= by
            ):
                yield each

    def _visible(self, kinds: Sequence[str] = (), *, retracted: bool = False) -> Iterator[Kept]:
        """Yield what is known by the as-of date and stands, or is retracted instead."""
        known_at, as_of, by = self.known_at, self.as_of, self.announced_by
        for each in self.memory.of_kinds(kinds):
            event, position = each.record.event, each.record.position
            if event.effective_on > as_of:
                return
            if (
                position <= known_at
                and (each.until <= known_at) is retracted
                and (by is None or event.announced_on <= by)
            ):
                yield each


def _place(numbered: tuple[int, Kept]) -> int:
    return numbered[0]


def _moved(
    some: Iterable[Kept], categories: Sequence[str], party: str | None = None
) -> Iterator[tuple[Kept, Posting]]:
    """Yield what moved in some categories, or in cash, from or to a party if one is given."""
    wanted = categories or cash_categories()
    for each in some:
        for posting in each.postings:
            if posting.category in wanted and party in (None, posting.source, posting.target):
                yield each, posting
