"""Histories over all days at once: on which days something changes, and what it is from then on.

The web of a date is made of parts that do not touch each other: whatever runs to one party follows
from the events about that party alone. So each part is asked on its own days only, and what is the
same as the day before is not said again: one sweep over the record, and no picture per day.

How much of the record counts is a lens: all that is known now, what was known at a moment, what had
been announced by a day, or at each date what had been announced by that date.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Generic, TypeAlias, TypeVar

from dealledger.events import (
    Commitment,
    Event,
    Funding,
    Holding,
    Issuance,
    Right,
    Rivalry,
    Transfer,
    Valuation,
)
from dealledger.events.dates import last_day
from dealledger.ledger import Memory, MemoryView
from dealledger.ledger.storage.memory_view import Kept
from dealledger.projections.alliances import Edge, EdgeKey, Held, edges_between, stakes_held
from dealledger.projections.ownership.stakes import STAKE_KINDS, issuer_of
from dealledger.projections.promises.owed import payers
from dealledger.projections.rates import Converter

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

History: TypeAlias = tuple[tuple[date, T | None], ...]
"""(from which day on, what): None where it is not there any more; before the first day neither."""


OF_STAKES: Final = (*STAKE_KINDS, "valuation", "termination", "rate")
"""The kinds of events from which stakes follow."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How much of the record counts. known_at: up to this position.

    announced_by: only what was announced by then. as_it_came: by each date itself, instead.
    """

    known_at: int
    announced_by: date | None = None
    as_it_came: bool = False

    def at(self, whole: MemoryView, day: date) -> MemoryView:
        """Return the View of the end of a day."""
        by = day if self.as_it_came else self.announced_by
        return replace(whole, as_of=day, known_at=self.known_at, announced_by=by)

    def sees_all_of(self, part: Memory, head: int) -> bool:
        """Tell whether a part looks as it does now, at all dates."""
        for each in part.kept:
            announced, effective = each.record.event.announced_on, each.record.effective_on
            if self.announced_by is not None and announced > self.announced_by:
                return False
            if self.as_it_came and announced > effective:
                return False
            if each.stands_at(self.known_at) != each.stands_at(head):
                return False
        return all(at <= self.known_at for at, _, _ in part.replaced)


@dataclass(frozen=True, slots=True)
class Part:
    """Events that have to do with each other, under a name. marks: ask on these days only."""

    name: str
    memory: Memory
    marks: tuple[date, ...] = ()

    def days(self, whole: MemoryView, lens: Lens, stops: Sequence[date] = ()) -> list[date]:
        """Return the days, sorted, on which what a lens sees of them may change.

        whole: no day lies behind its as-of date. stops: instead of each day the first of these that
        is not before it.
        """
        known = lens.at(replace(whole, memory=self.memory), date.max).known()
        found = {day for each in known for day in days_of(each.record.event)}
        if stops:
            places = {bisect_left(stops, day) for day in found}
            found = {stops[place] for place in places if place < len(stops)}
        return sorted(day for day in self.marks or found if day <= whole.as_of)


def days_of(event: Event) -> Iterator[date]:
    """Yield the days that an event names: what follows from it changes on such days only."""
    for value in event.__dict__.values():
        if isinstance(value, date):
            yield value
    until = getattr(event, "until", None)
    if until is not None and (day := last_day(until)) is not None:
        yield day


def parts(
    memory: Memory, names: Callable[[Event], Iterable[str]], common: Sequence[str] = ("rate",)
) -> tuple[Part, ...]:
    """Divide a record by the names that each event belongs to, sorted by name.

    What refers to an event, or to what that replaced, comes with it, and promises that back each
    other come together. common: kinds of events that come with everything.
    """
    after = {old: new for _, old, new in memory.replaced}
    meant = {
        each.record.id: tuple(dict.fromkeys(name for ref in each.refs for name in _of(ref, after)))
        for each in memory.kept
    }
    homes = {each.record.id: {*names(each.record.event)} for each in memory.kept}
    promises = {each.record.id for each in memory.kept if each.record.event.kind == "commitment"}
    joined = [
        (homes[to], homes[of])
        for name, others in meant.items()
        for other in others
        if other in homes
        for to, of in ((name, other), (other, name))
        if to == name or {name, other} <= promises
    ]
    changed = True
    while changed:
        before = sum(map(len, homes.values()))
        for own, others in joined:
            own.update(others)
        changed = sum(map(len, homes.values())) > before
    groups: dict[str, list[Kept]] = defaultdict(list)
    shared = [each for each in memory.kept if each.record.event.kind in common]
    for each in memory.kept:
        for home in homes[each.record.id]:
            groups[home].append(each)
    return tuple(
        Part(name, _part(memory, [*groups[name], *shared], meant)) for name in sorted(groups)
    )


def _part(memory: Memory, kept: list[Kept], meant: dict[str, tuple[str, ...]]) -> Memory:
    """Return some of a record, with the replacements that matter there."""
    named = {name for each in kept for name in meant[each.record.id]}
    replaced = tuple(each for each in memory.replaced if each[1] in named)
    found = {(each.record.effective_on, each.record.position): each for each in kept}
    ordered = [found[place] for place in sorted(found)]
    return replace(memory, kept=tuple(ordered), replaced=replaced)


def _of(ref: str, after: dict[str, str]) -> Iterator[str]:
    """Yield an id, and what replaced it, and so on."""
    seen: set[str] = set()
    while ref not in seen:
        seen.add(ref)
        yield ref
        ref = after.get(ref, ref)


def swept(
    whole: MemoryView,
    lenses: Sequence[Lens],
    some: Iterable[Part],
    ask: Callable[[MemoryView, str], Iterable[tuple[K, T]]],
    stops: Sequence[date] = (),
) -> dict[K, tuple[History[T], ...]]:
    """Return the history of everything that *ask* says of a part at the end of each of its days.

    whole: all that is known now; what comes after its as-of date is not asked. ask: gets a part and
    its name; it says each key in one part only. stops: the only days that matter, sorted; all, if
    there are none.
    Returns: by key, one history for each lens; those that are the same are one object.
    """
    found: dict[K, tuple[History[T], ...]] = {}
    for part in some:
        asker = _Asker(whole, part, ask, stops)
        now = asker.seen(Lens(whole.known_at))
        each_lens = [
            now if lens.sees_all_of(part.memory, whole.known_at) else asker.seen(lens)
            for lens in lenses
        ]
        for key in dict.fromkeys(key for each in each_lens for key in each):
            found[key] = tuple(each.get(key, ()) for each in each_lens)
    return found


@dataclass(frozen=True, slots=True)
class _Asker(Generic[K, T]):
    """Asks one part at the end of its days; what is seen alike is asked once."""

    whole: MemoryView
    part: Part
    question: Callable[[MemoryView, str], Iterable[tuple[K, T]]]
    stops: Sequence[date]
    answers: dict[tuple[date, tuple[int, ...]], dict[K, T]] = field(default_factory=dict)

    def seen(self, lens: Lens) -> dict[K, History[T]]:
        """Return the histories of a part through a lens."""
        whole = replace(self.whole, memory=self.part.memory)
        days = self.part.days(self.whole, lens, self.stops)
        return history((day, self._answer(lens.at(whole, day))) for day in days)

    def _answer(self, view: MemoryView) -> dict[K, T]:
        place = (view.as_of, tuple(_matters(view)))
        if place not in self.answers:
            self.answers[place] = dict(self.question(view, self.part.name))
        return self.answers[place]


def _matters(view: MemoryView) -> Iterator[int]:
    """Yield the positions of what can matter to an answer of a View.

    That is what is visible; how later days describe the parties that it names; and what moved over
    a period that has begun. What replaces what is known with it.
    """
    named: set[str] = set()
    later: list[Kept] = []
    for each in view.known():
        if each.record.effective_on <= view.as_of or _has_begun(each, view.as_of):
            named |= each.parties
            yield each.record.position
        elif each.record.event.kind == "party":
            later.append(each)
    yield from (each.record.position for each in later if named & each.parties)
    yield from (-at for at, _, _ in view.memory.replaced if at <= view.known_at)


def _has_begun(each: Kept, day: date) -> bool:
    return any(posting.period and posting.period[0] <= day for posting in each.postings)


def history(answers: Iterable[tuple[date, Mapping[K, T]]]) -> dict[K, History[T]]:
    """Return by key the days on which its value changed. answers: by day, in order."""
    found: dict[K, list[tuple[date, T | None]]] = {}
    now: Mapping[K, T] = {}
    for day, answer in answers:
        for key in now.keys() - answer.keys():
            found[key].append((day, None))
        for key, value in answer.items():
            if key not in now or now[key] != value:
                found.setdefault(key, []).append((day, value))
        now = answer
    return {key: tuple(changes) for key, changes in found.items()}


def at(changes: History[T], day: date) -> T | None:
    """Return what a history says at the end of a day."""
    place = bisect_right(changes, day, key=lambda change: change[0])
    return changes[place - 1][1] if place else None


def edges_over_time(
    whole: MemoryView, lenses: Sequence[Lens], stops: Sequence[date] = ()
) -> dict[EdgeKey, tuple[History[Edge], ...]]:
    """Return the history of every edge of the web, as each lens sees it, sorted by key.

    At every day, or at every stop, it is what `alliances` says of that day. whole: all that is
    known now.
    """
    between = swept(whole, lenses, parts(whole.memory, _pairs), _edges_of_pair, stops)
    owned = whole.memory.only(
        each for each in whole.memory.kept if each.record.event.kind in OF_STAKES
    )
    held = swept(whole, lenses, parts(owned, issuers), _stakes_in, stops)
    keys = sorted({*between, *held})
    nothing: tuple[History[Any], ...] = tuple(() for _ in lenses)
    return {
        key: tuple(
            _merged(key, *each)
            for each in zip(between.get(key, nothing), held.get(key, nothing), strict=True)
        )
        for key in keys
    }


def _merged(key: EdgeKey, edge: History[Edge], held: History[Held]) -> History[Edge]:
    """Return the history of an edge with the stake that it shows."""
    if not held:
        return edge
    days = sorted({day for each in (edge, held) for day, _ in each})
    answers: list[tuple[date, dict[EdgeKey, Edge]]] = []
    for day in days:
        there, stake = at(edge, day), at(held, day)
        shown = stake.on(there, key) if stake else there
        answers.append((day, {} if shown is None else {key: shown}))
    return history(answers).get(key, ())


def _edges_of_pair(view: MemoryView, pair: str) -> Iterator[tuple[EdgeKey, Edge]]:
    for edge in edges_between(view, Converter(view, None)):
        if f"{edge.source} {edge.target}" == pair:
            yield edge.key, edge


def _stakes_in(view: MemoryView, issuer: str) -> Iterator[tuple[EdgeKey, Held]]:
    for key, held in stakes_held(view):
        if key[2] == issuer:
            yield key, held


def _pairs(event: Event) -> Iterator[str]:
    """Yield from whom to whom something runs by an event: two slugs with a blank between them."""
    for posting in event.postings():
        yield f"{posting.source} {posting.target}"
    match event:
        case Commitment():
            for payer in payers(event):
                yield f"{payer} {event.beneficiary}"
        case Right():
            yield f"{event.grantor} {event.grantee}"
        case Rivalry():
            yield " ".join(sorted((event.a, event.b)))


def issuers(event: Event) -> Iterator[str]:
    """Yield the issuer that an event of stakes is about."""
    if isinstance(event, Funding | Issuance | Transfer | Holding | Valuation):
        yield issuer_of(event)


def targets(event: Event) -> Iterator[str]:
    """Yield the parties to whom something runs by an event, or whose stakes it is about."""
    for posting in event.postings():
        yield posting.target
    match event:
        case Commitment():
            yield event.beneficiary
        case Right():
            yield event.grantee
        case Rivalry():
            yield max(event.a, event.b)
        case Funding():
            yield event.investee
        case Issuance() | Transfer() | Holding() | Valuation():
            yield event.issuer
