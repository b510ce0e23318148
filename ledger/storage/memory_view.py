"""A View of records in memory: what a View says, as plain loops over a list.

It is the executable form of the definition. What is asked thousands of times of a few records, as a
history over all of its days is, asks here: nothing is read from a database or decoded again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection

from dealledger.events import Retraction
from dealledger.events.base import Posting
from dealledger.events.category import cash_categories
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.record import Record
from dealledger.ledger.view import (
    Line,
    PeriodLine,
    Sum,
    Sure,
    View,
    by_keys,
    by_period_keys,
    by_sureness,
)

_NEVER: Final = 1 << 63


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


@dataclass(frozen=True, slots=True)
class Memory:
    """The records of a ledger, or some of them.

    kept: without retractions, by effective_on, then position. replaced: of each retraction that
    brought a replacement its position, what it retracts, and the replacement. leaves: of the whole
    record, in its order; none, if that was not given.
    """

    kept: tuple[Kept, ...] = ()
    replaced: tuple[tuple[int, str, str], ...] = ()
    leaves: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, records: Iterable[Record]) -> Memory:
        """Take in records of one ledger, retractions included, in any order."""
        records = list(records)
        retractions = [each for each in records if isinstance(each.event, Retraction)]
        until = {each.event.retracts: each.position for each in retractions}  # type: ignore[attr-defined]
        kept = sorted(
            (
                Kept(
                    each,
                    until.get(each.id, _NEVER),
                    each.event.parties(),
                    each.event.postings(),
                    each.event.refs(),
                )
                for each in records
                if not isinstance(each.event, Retraction)
            ),
            key=lambda kept: (kept.record.effective_on, kept.record.position),
        )
        replaced = tuple(
            (each.position, each.event.retracts, each.event.replaced_by)
            for each in retractions
            if isinstance(each.event, Retraction) and each.event.replaced_by
        )
        in_order = sorted(records, key=lambda each: each.position)
        is_whole = [each.position for each in in_order] == [*range(1, len(records) + 1)]
        leaves = tuple(each.leaf for each in in_order) if is_whole else ()
        return cls(tuple(kept), replaced, leaves)

    def only(self, kept: Iterable[Kept]) -> Memory:
        """Return a part of it; what replaces what, and the roots, are those of the whole."""
        return replace(self, kept=tuple(kept))


@dataclass(frozen=True)
class MemoryView(View):
    """Records in memory, seen as a `View` sees them."""

    memory: Memory = field(default=Memory(), repr=False, compare=False)

    @classmethod
    def of(cls, view: View, memory: Memory) -> MemoryView:
        """Return the same point in time as *view*, of records in memory."""
        return cls(
            view.as_of, view.known_at, view.announced_by, view.origin, _no_connection,
            view._head,  # noqa: SLF001  one View from another
            memory=memory,
        )  # fmt: skip

    @cached_property
    def root(self) -> str:
        """Return the Merkle root, in hex, of the whole record up to known_at."""
        return Frontier().extended(self.memory.leaves[: self.known_at]).root().hex()

    def events(
        self,
        *kinds: str,
        party: str | None = None,
        deal: str | None = None,
        drawing: bool = False,
        retracted: bool = False,
    ) -> tuple[Record, ...]:
        """Return the events that count, as `View.events` does."""
        return tuple(
            each.record
            for each in self._visible_ones(retracted=retracted)
            if (not kinds or each.record.event.kind in kinds)
            and (party is None or party in each.parties)
            and (deal is None or each.record.event.deal == deal)
            and (not drawing or each.refs)
        )

    @cached_property
    def _replaced(self) -> dict[str, str]:
        return {old: new for at, old, new in self.memory.replaced if at <= self.known_at}

    def positions(self, ids: Iterable[str]) -> dict[str, int]:
        """Return where in the record the events with these ids stand, as far as they are here."""
        known = {each.record.id: each.record.position for each in self.memory.kept}
        return {name: known[name] for name in ids if known.get(name, _NEVER) <= self.known_at}

    def sums(
        self,
        *categories: str,
        party: str | None = None,
        by_year: bool = False,
        by_day: bool = False,
    ) -> tuple[Sum, ...]:
        """Sum what was moved, as `View.sums` does."""
        found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
        for each, posting in self._moved(categories, self._visible_ones()):
            if party in (None, posting.source, posting.target):
                day = each.record.effective_on
                key = (posting.category, posting.source, posting.target, posting.currency,
                       day.year if by_year else None, day if by_day else None)  # fmt: skip
                total = found[key]
                total[0] += posting.minor or 0
                total[1] += posting.minor is None
        rows = (Sum(*key[:4], *total, *key[4:]) for key, total in found.items())
        return tuple(sorted(rows, key=by_keys))

    def sureness(
        self, *categories: str, party: str | None = None, by_day: bool = False
    ) -> tuple[Sure, ...]:
        """Sum what was moved by how sure it is, as `View.sureness` does."""
        found: dict[tuple[Any, ...], int] = defaultdict(int)
        for each, posting in self._moved(categories, self._visible_ones()):
            if posting.minor and party in (None, posting.source, posting.target):
                day = each.record.effective_on if by_day else None
                found[posting.currency, each.record.event.confidence, day] += posting.minor
        rows = (Sure(code, sure, minor, day) for (code, sure, day), minor in found.items())
        return tuple(sorted(rows, key=by_sureness))

    def lines(self, *categories: str, by_period: bool = False) -> tuple[Line, ...]:
        """Return what was moved amount by amount, as `View.lines` does."""
        some = self._known_ones() if by_period else self._visible_ones()
        return tuple(
            Line(
                each.record.id,
                each.record.position,
                each.record.effective_on,
                *posting[:5],
                each.record.event.confidence,
                posting.period,
            )
            for each, posting in self._moved(categories, some)
            if (posting.period[0] if by_period and posting.period else each.record.effective_on)
            <= self.as_of
        )

    def period_lines(
        self, party: str | None = None, *, settled: bool = False
    ) -> tuple[PeriodLine, ...]:
        """Return the cash with a period, as `View.period_lines` does."""
        found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
        for each, posting in self._moved((), self._known_ones()):
            day, period = each.record.effective_on, posting.period
            if period is None or party not in (None, posting.source, posting.target):
                continue
            is_open = settled or period[1] > self.as_of or day > self.as_of
            if is_open and (period[0] <= self.as_of or day <= self.as_of):
                total = found[*posting[:4], *period, day]
                total[0] += posting.minor or 0
                total[1] += posting.minor is None
        lines = (PeriodLine(*key, *total) for key, total in found.items())
        return tuple(sorted(lines, key=by_period_keys))

    def _known_ones(self, *, retracted: bool = False) -> Iterator[Kept]:
        """Yield what is known and stands, or is retracted instead, of all dates."""
        by = self.announced_by
        for each in self.memory.kept:
            record = each.record
            if (
                record.position <= self.known_at
                and (each.until <= self.known_at) is retracted
                and (by is None or record.event.announced_on <= by)
            ):
                yield each

    def _visible_ones(self, *, retracted: bool = False) -> Iterator[Kept]:
        for each in self._known_ones(retracted=retracted):
            if each.record.effective_on > self.as_of:
                return
            yield each

    def _moved(
        self, categories: Sequence[str], some: Iterable[Kept]
    ) -> Iterator[tuple[Kept, Posting]]:
        wanted = categories or cash_categories()
        for each in some:
            for posting in each.postings:
                if posting.category in wanted:
                    yield each, posting


def _no_connection() -> AbstractContextManager[Connection]:
    raise AssertionError("what is in memory asks no database")
