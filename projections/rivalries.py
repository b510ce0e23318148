"""Rivalries: who competes with whom at a date, and in which markets.

Two parties are rivals while a rivalry between them is in force: recorded, no memo, and not ended.
That two parties compete is an opinion: it stands in the ledger as an event with a source.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dealledger.events import Rivalry
from dealledger.ledger import View
from dealledger.projections.promises.endings import endings

Pair = tuple[str, str]
"""Two parties, the first by name first."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Two parties, a < b, that compete. markets: none, if no event names one."""

    a: str
    b: str
    markets: tuple[str, ...]
    events: tuple[str, ...]


def rivalries(view: View, party: str | None = None, *, ended: bool = False) -> dict[Pair, Rivals]:
    """Return the rivals at the as-of date, of everybody or of one party, by (a, b), sorted.

    ended: also those whose rivalry is over.
    """
    over = {} if ended else endings(view)
    markets: dict[Pair, list[str]] = defaultdict(list)
    events: dict[Pair, list[str]] = defaultdict(list)
    for record in view.events("rivalry", party=party):
        event = record.event
        assert isinstance(event, Rivalry)
        if event.memo or record.id in over:
            continue
        pair = (min(event.a, event.b), max(event.a, event.b))
        events[pair].append(record.id)
        if event.market and event.market not in markets[pair]:
            markets[pair].append(event.market)
    return {
        pair: Rivals(*pair, tuple(markets[pair]), tuple(events[pair])) for pair in sorted(events)
    }
