"""A quantity of the web over time: one point for each day on which it may have changed.

Beside the values stand the price moves of the same time: what a market did when, and no more; the
ledger does not say why a price moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from dealledger.events import moving_kinds
from dealledger.ledger import JournalLine, Record, View
from dealledger.projections.analysis.web import Layer, Web, accrued_at, web
from dealledger.projections.rates import To, converter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SeriesPoint(Generic[T]):
    """A day: what changed the web on it, the quantity at its end, and the price moves of the day.

    value: None on a day that has only price moves.
    """

    day: date
    events: tuple[str, ...]
    value: T | None
    reactions: tuple[Record, ...]


def series(
    view: View,
    measure: Callable[[Web], T],
    *,
    layers: tuple[Layer, ...] = ("paid",),
    currency: To = None,
    since: date | None = None,
    party: str | None = None,
    accrue: bool = False,
) -> tuple[SeriesPoint[T], ...]:
    """Return *measure* of the web at the end of each day, up to the as-of date, in order.

    since: the first day of the window that each web counts; earlier days have no point. party: only
    days of its own events and price moves. accrue: read amounts with a period by their days; a
    period has a point where it begins and where it ends, or at the as-of date.
    Raises: MissingRate; BadInput, for several currencies.
    """
    convert = converter(view, currency)
    whole = web(view, layers, currency=convert, since=since, accrue=accrue)
    lines = view.lines(by_period=accrue) if "paid" in layers else ()
    days = _days(view, layers, party, lines, accrue=accrue)
    moves = _moves(view, party)

    def at(day: date) -> Web:
        """What was paid up to a day stands in the whole; what is open must be asked for anew."""
        if whole.layers != ("paid",):
            return web(view.at(day), layers, currency=convert, since=since, accrue=accrue)
        return accrued_at(whole, lines, convert, day) if accrue else _before(whole, day)

    return tuple(
        SeriesPoint(
            day,
            tuple(days.get(day, ())),
            measure(at(day)) if day in days else None,
            tuple(moves.get(day, ())),
        )
        for day in sorted(days.keys() | moves.keys())
        if since is None or day >= since
    )


def _days(
    view: View,
    layers: tuple[Layer, ...],
    party: str | None,
    lines: Iterable[JournalLine],
    *,
    accrue: bool,
) -> dict[date, list[str]]:
    """Return the days to ask about, each with the events that are its reason."""
    found: dict[date, list[str]] = defaultdict(list)
    for line in lines:
        if party in (None, line.source, line.target):
            ends = line.period if accrue and line.period else (line.day,)
            for day in dict.fromkeys(min(day, view.as_of) for day in ends):
                found[day].append(line.event)
    if layers != ("paid",):
        for record in view.events(*moving_kinds(), "commitment", "termination"):
            # A termination names no party, only what it ends.
            named = {None, *record.event.parties()}
            is_meant = party in named or record.event.kind == "termination"
            if is_meant and not record.event.memo and record.id not in found[record.effective_on]:
                found[record.effective_on].append(record.id)
    return {day: events for day, events in found.items() if events}


def _moves(view: View, party: str | None) -> dict[date, list[Record]]:
    found: dict[date, list[Record]] = defaultdict(list)
    for record in view.events("reaction", party=party):
        if not record.event.memo:
            found[record.effective_on].append(record)
    return found


def _before(whole: Web, day: date) -> Web:
    """Return what ran up to the end of a day."""
    legs = tuple(leg for leg in whole.legs if leg.day <= day)
    unknown = tuple(leg for leg in whole.unknown if leg.day <= day)
    return replace(whole, legs=legs, unknown=unknown, undisclosed=len(unknown))
