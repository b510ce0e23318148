"""The web of alliances: who stands in it, and what runs between them, as a graph of a View.

One edge per (source, target, kind, capital or revenue), summed. Money and promises of money run
from who pays to who is paid, rights from grantor to grantee. Layers are never merged: what was
paid, what is still open of a commitment, and rights are edges of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from dealledger.events import Money

EdgeKind = Literal["funding", "payment", "commitment", "right", "rivalry"]
EDGE_KINDS: Final[tuple[EdgeKind, ...]] = ("funding", "payment", "commitment", "right", "rivalry")


@dataclass(frozen=True, slots=True)
class Node:
    """A party in the web. roles: as recorded, the first says where it stands (lab, cloud, ...)."""

    party: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """Everything of one kind that runs from one party to another.

    amounts: summed, one per currency; for a commitment what is still open. undisclosed: how many
    amounts the sums leave out. capital: funding, or a promise of it (False: revenue, or neither).
    stake: what the source holds of the target, on its funding edge. rights: their names.
    A rivalry has source < target and no direction. events: the ids behind the edge.
    """

    kind: EdgeKind
    source: str
    target: str
    capital: bool = False
    amounts: tuple[Money, ...] = ()
    undisclosed: int = 0
    stake: Fraction | None = None
    rights: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alliances:
    """The web at one point in time, with the point that the caption names."""

    as_of: date
    known_at: int
    announced_by: date | None
    root: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
