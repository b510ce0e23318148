"""The most money that can have gone round: a circulation below the amounts, as large as can be.

C* = max sum c with 0 <= c <= w and as much into every party as out of it. That is minimum-cost
flow, solved the other way round because it is faster: the least that must be taken off the amounts
until they balance. All is in integers, and so is the proof: potentials with which no step left in
the flow gains anything. Sources: quantities, section 2; Ahuja, Magnanti and Orlin, Network Flows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from dealledger.projections.analysis.web import Pair, Web


def circulation(amounts: Mapping[Pair, int]) -> dict[Pair, int]:
    """Return one of the largest circulations, in minor units; `forced` says where all agree."""
    pairs = sorted(amounts)
    taken = _least_taken([(*pair, amounts[pair], 1) for pair in pairs])
    return {pair: amounts[pair] - less for pair, less in zip(pairs, taken, strict=True)}


def most_revenue(web: Web) -> int:
    """Return how much revenue can lie on circles at most, in minor units; capital closes them."""
    parts = [
        (*pair, minor, weight)
        for weight, capital in ((0, True), (1, False))
        for pair, minor in web.amounts(capital=capital).items()
        if not web.outside & {*pair}
    ]
    taken = _least_taken(parts)
    return sum(
        (minor - less) * weight
        for (_, _, minor, weight), less in zip(parts, taken, strict=True)
    )  # fmt: skip


def _least_taken(parts: Sequence[tuple[str, str, int, int]]) -> list[int]:
    """Return what to take off each (source, target, amount, cost) until the rest balances."""
    import networkx as nx

    home = blocks_of((source, target) for source, target, *_ in parts)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    surplus: dict[str, int] = defaultdict(int)
    for place, (source, target, minor, cost) in enumerate(parts):
        if home[source] == home[target]:
            graph.add_edge(source, target, place, capacity=minor, weight=cost)
            surplus[source] -= minor
            surplus[target] += minor
    nx.set_node_attributes(graph, surplus, "demand")
    flow = nx.network_simplex(graph)[1] if graph else {}
    # Between two blocks nothing comes back: all of it is taken off.
    return [
        flow[source][target][place] if home[source] == home[target] else minor
        for place, (source, target, minor, _) in enumerate(parts)
    ]


def blocks_of(pairs: Iterable[Pair]) -> dict[str, int]:
    """Return the block of every party: those in one block reach each other."""
    import networkx as nx

    blocks = nx.strongly_connected_components(nx.DiGraph(pairs))
    return {party: place for place, block in enumerate(blocks) for party in block}


def forced(amounts: Mapping[Pair, int], flow: Mapping[Pair, int]) -> frozenset[Pair]:
    """Return the pairs that carry the same in every largest circulation; *flow* is one of them.

    A pair is free if and only if it lies on a circle of changes, each possible, that costs nothing
    and does not merely undo itself. Changes that cost nothing and reach each other make such
    circles, but for a change that is the only tie between two sides: it can only be undone.
    """
    import networkx as nx

    changes = [
        *((*pair, -1, pair) for pair, minor in amounts.items() if flow[pair] < minor),
        *((*pair[::-1], 1, pair) for pair in amounts if flow[pair] > 0),
    ]
    level = _potentials({*chain.from_iterable(amounts)}, [each[:3] for each in changes])
    level_changes = [
        (source, target, pair)
        for source, target, cost, pair in changes
        if level[source] + cost == level[target]
    ]
    home = blocks_of((source, target) for source, target, _ in level_changes)
    on_circles: nx.MultiGraph[str] = nx.MultiGraph()
    for source, target, pair in level_changes:
        if home[source] == home[target] and not on_circles.has_edge(*pair, key=pair):
            on_circles.add_edge(*pair, key=pair)
    bridges = {frozenset(bridge) for bridge in nx.bridges(on_circles)}
    free = {pair for *_, pair in on_circles.edges(keys=True) if frozenset(pair) not in bridges}
    return frozenset(amounts.keys() - free)


def _potentials(parties: set[str], changes: Sequence[tuple[str, str, int]]) -> dict[str, int]:
    """Return the cheapest cost to reach each party from anywhere (Bellman and Ford)."""
    level = dict.fromkeys(parties, 0)
    for _ in range(len(parties) + 1):
        settled = True
        for source, target, cost in changes:
            if level[source] + cost < level[target]:
                level[target] = level[source] + cost
                settled = False
        if settled:
            return level
    raise AssertionError("the flow is not the largest: a circle of changes gains")
