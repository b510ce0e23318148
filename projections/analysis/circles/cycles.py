"""Cycles: how money comes back, over which parties, and how much of it can have gone all the way.

Static: the simple circles of what everybody paid everybody in all. Timed: amounts p1 -> p2 -> ...
-> p1, each after the one before, the last at most so many days after the first (Kumar and Calders,
2SCENT, PVLDB 11(11), 2018). Amounts of the same day stand in the order of the record. Outsiders
are never part of one. The bottleneck is the smallest amount on the way. Bottlenecks do not add up:
the same money can be part of many cycles; see `circulation` for sums.

Cycles can be more than anybody can count, so a search ends after so many steps or finds, never
after so much time: the same question has the same answer on every machine.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Final, Generic, TypeVar

from dealledger.events import Money
from dealledger.projections.analysis.circles.paths import Hop, Search
from dealledger.projections.analysis.web import Leg, Pair, Web

LENGTH: Final = 6
"""Of how many amounts a cycle is made at most, if nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class StaticCycle:
    """parties: in the order in which money runs, the first by name first; back to the first.

    weakest: the pair that carries least, which is the bottleneck.
    """

    parties: tuple[str, ...]
    bottleneck: Money
    weakest: Pair
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class TimedCycle:
    """parties: in the order in which money runs, from who paid first, and back to it."""

    parties: tuple[str, ...]
    legs: tuple[Leg, ...]
    bottleneck: Money
    days: int

    @property
    def events(self) -> tuple[str, ...]:
        """The ids of the events, in the order of the record."""
        return tuple(leg.event for leg in self.legs)


Cycle = TypeVar("Cycle", StaticCycle, TimedCycle)


@dataclass(frozen=True, slots=True)
class Found(Generic[Cycle]):
    """What a search found, the largest bottleneck first. stopped: why it ended early, or None."""

    cycles: tuple[Cycle, ...]
    stopped: str | None = None


def static_cycles(web: Web, length: int = LENGTH) -> Found[StaticCycle]:
    """Return the simple circles of at most *length* pairs; ties in size are sorted by names."""
    amounts = web.inside()
    out: dict[str, list[Hop]] = defaultdict(list)
    for place, (source, target) in enumerate(amounts):
        out[source].append(Hop(source, target, place))
    search = Search(length, [tie for ties in out.values() for tie in ties])
    done: set[str] = set()

    def onward(tie: Hop) -> Iterator[Hop]:
        return (each for each in out[tie.target] if each.target not in done)

    # Each circle is found at the first of its parties; after those with the most ties little
    # is left to search.
    for home in sorted(out, key=lambda name: (-len(out[name]), name)):
        for first in out[home]:
            if first.target not in done:
                search.close(first, onward)
        done.add(home)
    found = [_static(web, amounts, cycle) for cycle in search.found]
    found.sort(key=lambda cycle: (-cycle.bottleneck.minor, len(cycle.parties), cycle.parties))
    return Found(tuple(found), search.stopped and f"{search.stopped}: others may be missing")


def _static(web: Web, amounts: dict[Pair, int], cycle: Sequence[Hop]) -> StaticCycle:
    parties = [tie.source for tie in cycle]
    first = parties.index(min(parties))
    parties = parties[first:] + parties[:first]
    pairs = [*zip(parties, [*parties[1:], parties[0]], strict=True)]
    weakest = min(pairs, key=lambda pair: amounts[pair])
    return StaticCycle(
        tuple(parties),
        web.money(amounts[weakest]),
        weakest,
        tuple(web.money(amounts[pair]) for pair in pairs),
    )


def timed_cycles(web: Web, length: int = LENGTH, within: int | None = None) -> Found[TimedCycle]:
    """Return the simple temporal cycles of at most *length* amounts.

    within: days from the first amount to the last, at most. Of the same size: the earlier first.
    """
    legs = [leg for leg in web.counted() if not web.outside & {leg.source, leg.target}]
    ties = [Hop(leg.source, leg.target, place) for place, leg in enumerate(legs)]
    out: dict[str, list[Hop]] = defaultdict(list)
    for tie in ties:
        out[tie.source].append(tie)
    search = Search(length, ties)
    for first in ties:
        last_day = _last_day(legs[first.place].day, within)
        end = bisect_right(legs, last_day, key=attrgetter("day"))

        def onward(tie: Hop, end: int = end) -> Sequence[Hop]:
            later = out[tie.target]
            start = bisect_right(later, tie.place, key=attrgetter("place"))
            return later[start : bisect_right(later, end - 1, key=attrgetter("place"))]

        search.close(first, onward)
        if search.stopped:
            search.stopped += (
                f": those that begin on {legs[first.place].day} or later may be missing"
            )
            break
    found = [_timed(web, [legs[tie.place] for tie in cycle]) for cycle in search.found]
    found.sort(key=lambda cycle: -cycle.bottleneck.minor)
    return Found(tuple(found), search.stopped)


def _last_day(first: date, within: int | None) -> date:
    if within is None or within > (date.max - first).days:
        return date.max
    return first + timedelta(days=within)


def _timed(web: Web, legs: list[Leg]) -> TimedCycle:
    return TimedCycle(
        tuple(leg.source for leg in legs),
        tuple(legs),
        web.money(min(leg.minor for leg in legs)),
        (legs[-1].day - legs[0].day).days,
    )
