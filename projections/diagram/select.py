"""Which parties and edges a diagram draws: what the reader asked for, and no more than can be read.

The choice is made over the horizon, that is over everything that is ever in the web, and never over
one date: so the pictures of two dates hold the same items in the same places, and differ only in
which of them are visible. Filters (focus, parties, layers, kinds, minimum) narrow the web; then a
budget keeps what is to be pointed out, and the edges that were ever largest, as many as a reader
can still follow. Beyond it come the ten largest of each date: no picture leaves out what is large
on its own day. Rights and rivalries have no amount, so they are drawn where asked for, and
otherwise only where the whole choice fits the budget.

Amounts of several currencies are compared by their minor units: no exchange rate is applied, and a
hundred yen come nearer to a dollar than one yen does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dealledger.events import BadInput, Money
from dealledger.events.errors import closest
from dealledger.projections.alliances import (
    EDGE_KINDS,
    EDGE_LAYERS,
    Alliances,
    Edge,
    EdgeKey,
    EdgeKind,
    EdgeLayer,
    Node,
)
from dealledger.projections.diagram.edge_sizes import ever_among_largest, largest_ever
from dealledger.projections.diagram.first import on_circles, within_reach

MONEY_KINDS: Final[frozenset[EdgeKind]] = frozenset({"funding", "payment", "commitment"})
MOST_PARTIES: Final = 400
MOST_EDGES: Final = 2_000
OF_EACH_DATE: Final = 10
"""So many of the largest edges of each date are always drawn."""

MOST_OF_ALL_DATES: Final = 180
"""If the largest of all dates are more, then those of the dates shown are drawn."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a diagram shows.

    focus: a party; only edges within *hops* steps of it (1: the edges that touch it). among: only
    these parties, all of them, whatever is between them (empty: everybody). only: these kinds
    (empty: the default, see the module). layers: money of these only, and nothing that is no money
    unless *only* asks for it. minimum: leaves out money edges that were never as large, or
    undisclosed; rights and rivalries have no amount and are left alone. show_all: every kind, and
    no budget. rivals: only between parties that are ever rivals and have a deal. circular: edges
    that are ever on a circle come first, and their labels have room for a share. reach: the revenue
    that hangs on this party comes first. counted: in which layers those two look. parties, edges:
    the budget; a minimum, being one itself, lifts it. title: in place of the one that is made up.
    """

    focus: str | None = None
    hops: int = 1
    among: tuple[str, ...] = ()
    only: frozenset[EdgeKind] = frozenset()
    layers: tuple[EdgeLayer, ...] = EDGE_LAYERS
    minimum: Money | None = None
    show_all: bool = False
    rivals: bool = False
    circular: bool = False
    reach: str | None = None
    counted: tuple[EdgeLayer, ...] = ("paid",)
    parties: int = 24
    edges: int = 36
    title: str | None = None

    def in_words(self, names: Mapping[str, str]) -> str:
        """Return the filters as a caption names them. names: of the parties."""
        words = []
        if self.focus is not None:
            hops = "1 hop" if self.hops == 1 else f"{self.hops} hops"
            words.append(f"within {hops} of {names.get(self.focus, self.focus)}")
        if self.among:
            words.append("only between the parties shown")
        if self.layers != EDGE_LAYERS:
            words.append(f"layer: {', '.join(self.layers)}")
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
    edges: tuple[tuple[EdgeKey, Edge], ...]
    shares: frozenset[EdgeKey] = frozenset()


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


def key_of(edge: Edge) -> EdgeKey:
    """Return what identifies *edge* in every web of one ledger."""
    return edge.key


def size_of(edge: Edge) -> int:
    """Return the largest amount of *edge* in minor units, 0 if none is disclosed."""
    return max((amount.minor for amount in edge.amounts), default=0)


def choose(webs: Sequence[Alliances], options: Options) -> Choice:
    """Choose what is laid out. webs: the horizon first, then the dates that are shown.

    Raises: BadInput, if a party that is asked for has no deal, or there is nothing or too much to
    draw.
    """
    nodes: dict[str, Node] = {}
    edges: dict[EdgeKey, Edge] = {}
    for web in webs:
        for node in web.nodes:
            nodes.setdefault(node.party, node)
        for edge in web.edges:
            edges.setdefault(edge.key, edge)
    wanted = {*options.among} | ({options.focus} if options.focus is not None else set())
    for party in sorted(wanted - nodes.keys()):
        raise BadInput(f"no deal of the party '{party}' is recorded", closest(party, nodes))
    sizes = _largest(webs)
    everything = list(edges.values())
    circles: list[Edge] = []
    reached: list[Edge] = []
    if options.circular:
        circles = on_circles(everything, nodes.values(), options.counted)
    if options.reach:
        reached = within_reach(everything, nodes.values(), options.reach, options.counted)
    first = {edge.key for edge in (*circles, *reached)}
    asked = _asked_for(everything, options, sizes)
    chosen = _within_budget(asked, options, first, sizes, webs)
    if not chosen:
        raise BadInput(
            "there is nothing to draw" + (" of what was asked for" if edges else ": no deal yet"),
            "choose with --focus, --party, --only, --layer or --min"
            if edges
            else "see: deals append --help",
        )
    parties = {party for edge in chosen for party in (edge.source, edge.target)} | wanted
    if len(parties) > MOST_PARTIES or len(chosen) > MOST_EDGES:
        raise BadInput(
            f"{len(parties):,} parties and {len(chosen):,} edges are too many to draw",
            f"at most {MOST_PARTIES} and {MOST_EDGES:,}; choose with --focus, --only or --min",
        )
    return Choice(
        tuple(nodes.get(party, Node(party, party, ())) for party in sorted(parties)),
        tuple(sorted((edge.key, edge) for edge in chosen)),
        frozenset(map(key_of, circles)),
    )


def coverage(
    now: Alliances, horizon: Alliances, options: Options, choice: Choice | None = None
) -> Coverage:
    """Count what a diagram of *now* shows and what there is to show at that date.

    choice: what is laid out, where that is known already.
    """
    keys = {key for key, _ in (choice or choose((horizon, now), options)).edges}
    shown = [edge for edge in now.edges if edge.key in keys]
    parties = {party for edge in shown for party in (edge.source, edge.target)} | {*options.among}
    total = (len(now.nodes), len(now.edges))
    names = {node.party: node.name for node in (*horizon.nodes, *now.nodes)}
    return Coverage(len(parties), total[0], len(shown), total[1], options.in_words(names))


def _largest(webs: Sequence[Alliances]) -> dict[EdgeKey, int]:
    """Return the most that each edge ever is: by the horizon alone, if it knows sizes."""
    known = largest_ever(size for web in webs for size in web.sizes)
    if not known:
        for web in webs:
            for edge in web.edges:
                known[edge.key] = max(known.get(edge.key, 0), size_of(edge))
    return known


def _largest_of_dates(webs: Sequence[Alliances], edges: Iterable[Edge]) -> set[EdgeKey]:
    """Return the edges that are among the largest at any date, or, if too many, at those shown.

    The former by the horizon alone, so that it is the same whatever is known.
    """
    keys = {edge.key for edge in edges}
    found: set[EdgeKey] = set()
    for web in webs:
        found |= ever_among_largest(web.sizes, keys, OF_EACH_DATE)
    if 0 < len(found) <= MOST_OF_ALL_DATES:
        return found
    found = set()
    for web in webs:
        if not web.sizes:
            sized = sorted(
                (size_of(edge), edge.key)
                for edge in web.edges
                if edge.key in keys and size_of(edge)
            )
            found.update(key for _, key in sized[-OF_EACH_DATE:])
    return found


def _asked_for(edges: list[Edge], options: Options, sizes: Mapping[EdgeKey, int]) -> list[Edge]:
    """Return the edges that pass the filters."""
    if options.layers != EDGE_LAYERS:
        others = bool(options.only)
        edges = [e for e in edges if e.layer in options.layers or (others and e.layer is None)]
    if options.among:
        edges = [edge for edge in edges if {edge.source, edge.target} <= {*options.among}]
    if options.only:
        edges = [edge for edge in edges if edge.kind in options.only]
    if options.rivals:
        edges = _between_rivals(edges)
    minimum = options.minimum
    if minimum is not None:
        edges = [
            edge
            for edge in edges
            if edge.kind not in MONEY_KINDS or sizes.get(edge.key, 0) >= minimum.minor
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

    Edges between two parties that are both *hops* away are not part of such a way; without them one
    hop is a star that shows one party's deals, and not all that its neighbours have to do.
    """
    reached = {focus}
    near: list[Edge] = []
    for _ in range(hops):
        near = [edge for edge in edges if edge.source in reached or edge.target in reached]
        reached |= {party for edge in near for party in (edge.source, edge.target)}
    return near


def _within_budget(
    edges: list[Edge],
    options: Options,
    first: set[EdgeKey],
    sizes: Mapping[EdgeKey, int],
    webs: Sequence[Alliances],
) -> list[Edge]:
    """Return what fits the budget: *first*, and the largest edges whose parties fit too.

    Beyond it come the largest of each date.
    """
    if options.show_all or options.rivals or _fits(edges, options):
        return edges
    if not options.only:
        edges = [edge for edge in edges if edge.kind in MONEY_KINDS]
    if options.minimum is not None or _fits(edges, options):
        return edges
    chosen: dict[EdgeKey, Edge] = {}
    parties: set[str] = set()

    def order(edge: Edge) -> tuple[bool, int, EdgeKey]:
        return edge.key not in first, -sizes.get(edge.key, 0), edge.key

    for edge in sorted(edges, key=order):
        ends = {edge.source, edge.target}
        if len(chosen) < options.edges and len(parties | ends) <= options.parties:
            chosen[edge.key] = edge
            parties |= ends
    always = _largest_of_dates(webs, edges)
    return [*chosen.values(), *(e for e in edges if e.key in always and e.key not in chosen)]


def _fits(edges: list[Edge], options: Options) -> bool:
    parties = {party for edge in edges for party in (edge.source, edge.target)}
    return len(edges) <= options.edges and len(parties) <= options.parties
