"""Webs of alliances for tests of pictures, by hand and by chance."""

from __future__ import annotations

import random
import re
from datetime import date
from fractions import Fraction

from dealledger.events import Money
from dealledger.projections.alliances import Alliances, Edge, EdgeKind, Node

BILLION = 100_000_000_000


def usd(billions: int) -> tuple[Money, ...]:
    return (Money("USD", billions * BILLION),)


def web(
    *edges: Edge, as_of: date = date(2025, 12, 31), roles: dict[str, str] | None = None
) -> Alliances:
    """A web of these edges, of parties that are called by their slugs in capitals."""
    roles = roles or {}
    parties = sorted({party for edge in edges for party in (edge.source, edge.target)})
    nodes = tuple(
        Node(party, party.upper(), (roles[party],) if party in roles else ()) for party in parties
    )
    return Alliances(as_of, 15, None, "f00dfeed" * 8, nodes, edges)


PURPOSE = Edge("commitment", "l", "m", False, usd(30), undisclosed=2, events=("c1",))


def places(dot: str) -> dict[str, str]:
    """Return the position and size of every node in DOT text, by its identifier."""
    found = {}
    for line in dot.splitlines():
        if match := re.match(r"\t+(n\d+) \[", line):
            found[match[1]] = " ".join(re.findall(r"(?:pos|width|height)=\S+", line))
    return found


def big_web(parties: int, edges: int, seed: int = 7) -> Alliances:
    """A web of any size that is the same each time."""
    chance = random.Random(seed)
    roles = ("investor", "lab", "cloud", "neocloud", "chipmaker", "unheard-of")
    names = [f"p{number:03}" for number in range(parties)]
    kinds: tuple[EdgeKind, ...] = ("funding", "payment", "commitment", "right")
    found: dict[tuple[str, str, str], Edge] = {}
    while len(found) < edges:
        (source, target), kind = chance.sample(names, 2), chance.choice(kinds)
        amounts = () if kind == "right" else (Money("USD", chance.randrange(1, 10**13)),)
        rights = ("ip-licence", "first-refusal", "board-seat") if kind == "right" else ()
        found[kind, source, target] = Edge(
            kind, source, target, kind == "funding", amounts, rights=rights
        )
    return web(*found.values(), roles={name: chance.choice(roles) for name in names})


E1_ROLES = {"n": "chipmaker", "m": "cloud", "l": "lab", "r": "cloud", "x": "outside"}
E1_EDGES = (
    Edge("funding", "n", "l", True, usd(10), stake=Fraction(1, 10), events=("f1",)),
    Edge("funding", "m", "l", True, usd(6), events=("f2",)),
    Edge("funding", "x", "l", True, usd(4), events=("f3",)),
    Edge("payment", "x", "l", False, usd(5), events=("r1",)),
    Edge("payment", "l", "m", False, usd(8), events=("r2",)),
    Edge("payment", "m", "n", False, usd(9), events=("r3",)),
    Edge("payment", "l", "n", False, usd(4), events=("r4",)),
    Edge("payment", "l", "r", False, usd(6), events=("r5",)),
    Edge("payment", "r", "n", False, usd(5), events=("r6",)),
    Edge("payment", "m", "l", False, usd(2), events=("r7",)),
    Edge("payment", "x", "m", False, usd(7), events=("r8",)),
    Edge("rivalry", "m", "r", events=("rival-mr",)),
    Edge("rivalry", "l", "m", events=("rival-ml",)),
)
E1 = web(*E1_EDGES, roles=E1_ROLES)
E1_EARLY = web(
    Edge("funding", "n", "l", True, usd(3), events=("f1",)),
    *E1_EDGES[3:6],
    as_of=date(2025, 5, 1),
    roles=E1_ROLES,
)
