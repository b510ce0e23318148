"""Which edges a picture that points something out draws before larger ones.

Like every choice of a diagram it is made over the horizon: what is ever on a circle, or ever within
reach of a party, so that the pictures of two dates hold the same items.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dealledger.projections.alliances import Edge, EdgeLayer, Node
from dealledger.projections.parties import OUTSIDE


def on_circles(
    edges: Iterable[Edge], nodes: Iterable[Node], layers: Collection[EdgeLayer]
) -> list[Edge]:
    """Return the edges of *layers* over which money can come back to who paid it.

    The outside world is never on a circle.
    """
    from dealledger.projections.analysis.circles.ceiling import blocks_of

    outside = {node.party for node in nodes if OUTSIDE in node.roles}
    inside = [
        edge for edge in edges if edge.moves_in(layers) and not outside & {edge.source, edge.target}
    ]
    home = blocks_of((edge.source, edge.target) for edge in inside)
    return [edge for edge in inside if home[edge.source] == home[edge.target]]


def within_reach(
    edges: Iterable[Edge], nodes: Iterable[Node], party: str, layers: Collection[EdgeLayer]
) -> list[Edge]:
    """Return the revenue from *party*, and from all whom its money reaches through insiders."""
    outside = {node.party for node in nodes if OUTSIDE in node.roles}
    payments = [edge for edge in edges if not edge.capital and edge.moves_in(layers)]
    reached, front = {party}, {party}
    while front:
        front = {edge.target for edge in payments if edge.source in front} - reached - outside
        reached |= front
    return [edge for edge in payments if edge.source in reached]
