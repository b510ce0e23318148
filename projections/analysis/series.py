"""A quantity of the web over time: one point for each day on which it may have changed.

Beside the values stand the price moves of the same time: what a market did when, and no more; the
ledger does not say why a price moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from dealledger.events import moving_kinds
from dealledger.ledger import Record, View
from dealledger.projections.analysis.web import Layer, Web, web

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Point(Generic[T]):
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
    currency: str | None = None,
    since: date | None = None,
    party: str | None = None,
) -> tuple[Point[T], ...]:
    """Return *measure* of the web at the end of each day, up to the as-of date, in order.

    since: the first day of the window that each web counts; earlier days have no point. party: only
    days of its own events and price moves.
    Raises: MissingRate; BadInput, for several currencies.
    """
    days = _days(view, layers, party)
    moves = _moves(view, party)
    whole = web(view, layers, currency=currency, since=since)
    return tuple(
        Point(
            day,
            tuple(days.get(day, ())),
            measure(_at(view, whole, day)) if day in days else None,
            tuple(moves.get(day, ())),
        )
        for day in sorted(days.keys() | moves.keys())
        if since is None or day >= since
    )


def _days(view: View, layers: tuple[Layer, ...], party: str | None) -> dict[date, list[str]]:
    found: dict[date, list[str]] = defaultdict(list)
    if layers == ("paid",):
        for line in view.lines():
            if party in (None, line.source, line.target):
                found[line.day].append(line.event)
    else:
        for record in view.events(*moving_kinds(), "commitment", "termination"):
            # A termination names no party, only what it ends.
            named = {None, *record.event.parties()}
            if not record.event.memo and (party in named or record.event.kind == "termination"):
                found[record.effective_on].append(record.id)
    return found


def _moves(view: View, party: str | None) -> dict[date, list[Record]]:
    found: dict[date, list[Record]] = defaultdict(list)
    for record in view.events("reaction", party=party):
        if not record.event.memo:
            found[record.effective_on].append(record)
    return found


def _at(view: View, whole: Web, day: date) -> Web:
    """Return the web as of *day*. What was paid only grows; what is open must be asked for anew."""
    if whole.layers == ("paid",):
        legs = tuple(leg for leg in whole.legs if leg.day <= day)
        unknown = tuple(leg for leg in whole.unknown if leg.day <= day)
        return replace(whole, legs=legs, unknown=unknown, undisclosed=len(unknown))
    return web(view.at(day), whole.layers, currency=whole.currency, since=whole.since)
