"""The one largest circulation that does not hang on names: of all, that with the least sum c^2/w.

The sum is strictly convex, so it is unique: it spreads what is free in proportion to the amounts.
Only pairs that `ceiling.forced` leaves free can differ. On them it is found by an active-set method
(Nocedal and Wright, Numerical Optimization, 16.5) in fractions, and then proved by the conditions
of Karush, Kuhn and Tucker, exactly: there are levels y with c = w (y_target - y_source) / 2, cut
off at 0 and at w. What is not proved is not returned.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import chain
from typing import Final

from dealledger.projections.analysis.risk.linear import solved
from dealledger.projections.analysis.web import Pair

MOST_FREE: Final = 60
"""With more free pairs the fractions take too long."""

Flow = dict[Pair, Fraction]
Levels = dict[str, Fraction]


def canonical(
    amounts: Mapping[Pair, int], flow: Mapping[Pair, int], fixed: Collection[Pair]
) -> Flow | None:
    """Return the canonical circulation, sorted; None if too many pairs are free to prove one.

    flow: one of the largest circulations. fixed: where all of them agree with it.
    """
    caps = {pair: Fraction(amounts[pair]) for pair in sorted(amounts) if pair not in fixed}
    found: Flow | None = {}
    if caps:
        start = {pair: Fraction(flow[pair]) for pair in caps}
        found = _least(caps, start) if len(caps) <= MOST_FREE else None
    if found is None:
        return None
    return {pair: found.get(pair, Fraction(flow[pair])) for pair in sorted(amounts)}


def _least(caps: Flow, start: Flow) -> Flow | None:
    """Return the flow with the least sum of squares over caps that balances as *start* does."""
    flow, held = start, set[Pair]()
    for _ in range(20 * len(caps) + 100):
        loose = [pair for pair in caps if pair not in held]
        levels = _levels(caps, flow, loose)
        aim = {pair: caps[pair] * _rise(levels, pair) / 2 for pair in loose}
        stop = _first_stop(caps, flow, aim)
        step = min(stop[0], Fraction(1)) if stop else Fraction(1)
        flow = flow | {pair: flow[pair] + step * (aim[pair] - flow[pair]) for pair in loose}
        if stop and stop[0] < 1:
            held.add(stop[1])
            continue
        wrong = next((pair for pair in sorted(held) if not _fits(caps, flow, levels, pair)), None)
        if wrong is None:
            return flow if _proved(caps, start, flow, levels) else None
        held.remove(wrong)
    return None


def _levels(caps: Flow, flow: Flow, loose: list[Pair]) -> Levels:
    """Return levels whose rises carry over the *loose* pairs what flows there, most evenly."""
    rows: dict[str, dict[str, Fraction]] = {}
    sides: dict[str, dict[int, Fraction]] = {}
    for pair in loose:
        source, target = pair
        for here, there, sign in ((source, target, -1), (target, source, 1)):
            row = rows.setdefault(here, {})
            row[here] = row.get(here, Fraction()) + caps[pair] / 2
            row[there] = row.get(there, Fraction()) - caps[pair] / 2
            side = sides.setdefault(here, {0: Fraction()})
            side[0] += sign * flow[pair]
    # Levels are free up to one per connected part: one party of each stands at 0.
    for party in _grounds(loose):
        rows[party], sides[party] = {party: Fraction(1)}, {}
    found = solved(rows, sides)
    assert found is not None
    return {party: value.get(0, Fraction()) for party, value in found.items()}


def _grounds(loose: list[Pair]) -> list[str]:
    import networkx as nx

    return [min(part) for part in nx.connected_components(nx.Graph(loose))]


def _rise(levels: Levels, pair: Pair) -> Fraction:
    return levels[pair[1]] - levels[pair[0]]


def _first_stop(caps: Flow, flow: Flow, aim: Flow) -> tuple[Fraction, Pair] | None:
    """Return how far the way to *aim* is free, 0 to 1, and which pair stops it first."""
    stops = [
        ((bound - flow[pair]) / (goal - flow[pair]), pair)
        for pair, goal in aim.items()
        for bound in (Fraction(), caps[pair])
        if (goal < bound if not bound else goal > bound)
    ]
    return min(stops, default=None)


def _fits(caps: Flow, flow: Flow, levels: Levels, pair: Pair) -> bool:
    """Return whether what a pair carries is what its levels ask for, cut off at its bounds."""
    wanted = caps[pair] * _rise(levels, pair) / 2
    return flow[pair] == min(max(wanted, Fraction()), caps[pair])


def _proved(caps: Flow, start: Flow, flow: Flow, levels: Levels) -> bool:
    """Return whether *flow* balances as *start* does and meets the conditions, all exactly."""
    parties = {*chain.from_iterable(caps)}
    return all(_fits(caps, flow, levels, pair) for pair in caps) and all(
        _net(start, party) == _net(flow, party) for party in parties
    )


def _net(flow: Flow, party: str) -> Fraction:
    return sum(
        ((pair[1] == party) * part - (pair[0] == party) * part for pair, part in flow.items()),
        Fraction(),
    )
