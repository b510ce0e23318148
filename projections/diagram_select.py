"""Which parties and edges a diagram draws: what the reader asked for, and no more than can be read.

The choice is made over the horizon, that is over everything that is ever in the web, and never over
one date: so the pictures of two dates hold the same items in the same places, and differ only in
which of them are visible. Filters (focus, kinds, minimum) narrow the web; then a budget keeps what
is to be pointed out, and the largest edges that a reader can still follow. Rights and rivalries
have no amount, so they are drawn where asked for, and otherwise only where the whole choice fits
the budget.

Amounts of several currencies are compared by their minor units: no exchange rate is applied, and a
hundred yen come nearer to a dollar than one yen does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from dealledger.events import BadInput, Money
from dealledger.events.errors import closest
from dealledger.projections.alliances import EDGE_KINDS, Alliances, Edge, EdgeKind, Node
from dealledger.projections.diagram_first import on_circles, within_reach

Key: TypeAlias = tuple[EdgeKind, str, str, bool]
"""What makes an edge the same one at two dates: kind, source, target, capital or not."""

MONEY_KINDS: Final[frozenset[EdgeKind]] = frozenset({"funding", "payment", "commitment"})
MOST_PARTIES: Final = 400
MOST_EDGES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Options:
    """What a diagram shows.

    focus: a party; only edges within *hops* steps of it (1: the edges that touch it). only: these
    kinds (empty: the default, see the module). minimum: leaves out money edges whose every amount
    is below it, or undisclosed; rights and rivalries have no amount and are left alone. show_all:
    every kind, and no budget. rivals: only between parties that are ever rivals and have a deal.
    circles: edges of these kinds that are ever on a circle come first, and their labels have room
    for a share. reach: the payments that hang on this party come first. parties, edges: the budget;
    a minimum, being one itself, lifts it.
    """

    focus: str | None = None
    hops: int = 1
    only: frozenset[EdgeKind] = frozenset()
    minimum: Money | None = None
    show_all: bool = False
    rivals: bool = False
    circles: frozenset[EdgeKind] = frozenset()
    reach: str | None = None
    parties: int = 24
    edges: int = 36

    def in_words(self) -> str:
        """Return the filters as a caption names them."""
        words = []
        if self.focus is not None:
            hops = "1 hop" if self.hops == 1 else f"{self.hops} hops"
            words.append(f"within {hops} of {self.focus}")
        if self.only:
            words.append(f"only {', '.join(kind for kind in EDGE_KINDS if kind in self.only)}")
        if self.rivals:
            words.append("only between rivals")
        if self.minimum is not None:
            words.append(f"from {self.minimum.short()} {self.minimum.currency}")
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is laid out, visible or not: parties sorted by slug, edges sorted by key.

    edges: as in the horizon, which sizes their labels. shares: whose labels have room for a share.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[Key, Edge], ...]
    shares: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the web at one date a diagram shows."""

    parties: int
    all_parties: int
    edges: int
    all_edges: int
    asked_for: str
    """The filters, in words; empty if there are none."""

    def __str__(self) -> str:
        """Return what a caption says about it: nothing, if nothing was left out."""
        if self.edges == self.all_edges:
            return ""
        rest = self.asked_for or "--all shows the rest"
        return (
            f"{self.parties} of {self.all_parties} parties and "
            f"{self.edges} of {self.all_edges} edges ({rest})"
        )


def key_of(edge: Edge) -> Key:
    """Return what identifies *edge* in every web of one ledger."""
    return (edge.kind, edge.source, edge.target, edge.capital)


def size_of(edge: Edge) -> int:
    """Return the largest amount of *edge* in minor units, 0 if none is disclosed."""
    return max((amount.minor for amount in edge.amounts), default=0)


def choose(webs: Iterable[Alliances], options: Options) -> Choice:
    """Choose what is laid out. webs: the horizon first, then dates that may know more than it.

    Raises: BadInput, if no edge touches the focus, or if there is nothing or too much to draw.
    """
    nodes: dict[str, Node] = {}
    edges: dict[Key, Edge] = {}
    for web in webs:
        for node in web.nodes:
            nodes.setdefault(node.party, node)
        for edge in web.edges:
            edges.setdefault(key_of(edge), edge)
    if options.focus is not None and options.focus not in nodes:
        hint = closest(options.focus, nodes)
        raise BadInput(f"no deal of the party '{options.focus}' is recorded", hint)
    circles = on_circles(edges.values(), nodes.values(), options.circles) if options.circles else []
    reached = within_reach(edges.values(), nodes.values(), options.reach) if options.reach else []
    first = {key_of(edge) for edge in (*circles, *reached)}
    chosen = _within_budget(_asked_for(list(edges.values()), options), options, first)
    if not chosen:
        raise BadInput(
            "there is nothing to draw" + (" of what was asked for" if edges else ": no deal yet"),
            "choose with --focus, --only or --min" if edges else "see: deals append --help",
        )
    parties = {party for edge in chosen for party in (edge.source, edge.target)}
    if options.focus is not None:
        parties.add(options.focus)
    if len(parties) > MOST_PARTIES or len(chosen) > MOST_EDGES:
        raise BadInput(
            f"{len(parties):,} parties and {len(chosen):,} edges are too many to draw",
            f"at most {MOST_PARTIES} and {MOST_EDGES:,}; choose with --focus, --only or --min",
        )
    return Choice(
        tuple(nodes.get(party, Node(party, party, ())) for party in sorted(parties)),
        tuple(sorted((key_of(edge), edge) for edge in chosen)),
        frozenset(map(key_of, circles)),
    )


def coverage(now: Alliances, horizon: Alliances, options: Options) -> Coverage:
    """Count what a diagram of *now* shows and what there is to show at that date."""
    keys = {key for key, _ in choose((horizon, now), options).edges}
    shown = [edge for edge in now.edges if key_of(edge) in keys]
    parties = {party for edge in shown for party in (edge.source, edge.target)}
    total = (len(now.nodes), len(now.edges))
    return Coverage(len(parties), total[0], len(shown), total[1], options.in_words())


def _asked_for(edges: list[Edge], options: Options) -> list[Edge]:
    """Return the edges that pass the filters."""
    if options.only:
        edges = [edge for edge in edges if edge.kind in options.only]
    if options.rivals:
        edges = _between_rivals(edges)
    minimum = options.minimum
    if minimum is not None:
        edges = [
            edge for edge in edges if edge.kind not in MONEY_KINDS or size_of(edge) >= minimum.minor
        ]
    if options.focus is None:
        return edges
    return _near(edges, options.focus, options.hops)


def _between_rivals(edges: list[Edge]) -> list[Edge]:
    """Return the edges between rivals that have anything else between them at any date."""
    kinds: dict[frozenset[str], set[EdgeKind]] = defaultdict(set)
    for edge in edges:
        kinds[frozenset((edge.source, edge.target))].add(edge.kind)
    wanted = {pair for pair, found in kinds.items() if "rivalry" in found and len(found) > 1}
    return [edge for edge in edges if frozenset((edge.source, edge.target)) in wanted]


def _near(edges: list[Edge], focus: str, hops: int) -> list[Edge]:
    """Return the edges on a way of at most *hops* steps from *focus*, in either direction.

    Edges between two parties that are both *hops* away are no part of such a way; without them one
    hop is a star that shows one party's deals, and not all that its neighbours have to do.
    """
    reached = {focus}
    near: list[Edge] = []
    for _ in range(hops):
        near = [edge for edge in edges if edge.source in reached or edge.target in reached]
        reached |= {party for edge in near for party in (edge.source, edge.target)}
    return near


def _within_budget(edges: list[Edge], options: Options, first: set[Key]) -> list[Edge]:
    """Return what fits the budget: *first*, and the largest edges whose parties fit too."""
    if options.show_all or options.rivals or _fits(edges, options):
        return edges
    if not options.only:
        edges = [edge for edge in edges if edge.kind in MONEY_KINDS]
    if options.minimum is not None or _fits(edges, options):
        return edges
    chosen: list[Edge] = []
    parties: set[str] = set()

    def order(edge: Edge) -> tuple[bool, int, Key]:
        return key_of(edge) not in first, -size_of(edge), key_of(edge)

    for edge in sorted(edges, key=order):
        ends = {edge.source, edge.target}
        if len(chosen) < options.edges and len(parties | ends) <= options.parties:
            chosen.append(edge)
            parties |= ends
    return chosen


def _fits(edges: list[Edge], options: Options) -> bool:
    parties = {party for edge in edges for party in (edge.source, edge.target)}
    return len(edges) <= options.edges and len(parties) <= options.parties
