"""All pictures of a ledger at once: every look that any slot of the diagram has at any date.

A slot is a place for one party or one edge, laid out by the horizon as in every picture; what it
shows is a look, and a history says which look from which day on. All looks are drawn by Graphviz in
one go, one over the other, and told apart by their identifiers: so a hundred dates cost little more
than one, and each look is exactly what the picture of its date would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import graphviz

from dealledger.events import Party
from dealledger.ledger import MemoryView
from dealledger.projections.alliances import Edge, EdgeKey, Node
from dealledger.projections.diagram.draw import draw_edge, draw_party, layout_of, plain_graph
from dealledger.projections.diagram.drawn_text import inches
from dealledger.projections.diagram.items import Item
from dealledger.projections.diagram.labels import edge_lines
from dealledger.projections.diagram.layout import Layout
from dealledger.projections.diagram.legend import draw_header, draw_headings, key
from dealledger.projections.diagram.select import Choice, Options, choose
from dealledger.projections.horizon import horizon
from dealledger.projections.timeline import History, Lens, at


@dataclass(frozen=True, slots=True)
class EdgeLook:
    """An edge at a date, between parties as they are called then."""

    edge: Edge
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class PartyLook:
    """A party at a date. idle: it is in the web, without an edge that is drawn."""

    node: Node
    idle: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the diagram. of: the key of an edge, or the slug of a party.

    looks: by lens from which day on which look, by its number among all.
    """

    name: str
    of: EdgeKey | str
    looks: tuple[History[int], ...]


@dataclass(frozen=True, slots=True)
class Film:
    """The slots in the order in which they are drawn, and DOT text that draws every look.

    identifiers: of the looks in the drawing, by number. Those of the key begin with k, those of
    headings with c.
    """

    slots: tuple[Slot, ...]
    dot: str
    identifiers: tuple[str, ...]


@dataclass(slots=True)
class _Pool:
    """Looks, each once, with the identifiers by which they are drawn."""

    numbers: dict[tuple[str, EdgeLook | PartyLook], int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    identifiers: list[str] = field(default_factory=list)

    def number(self, slot: str, look: EdgeLook | PartyLook) -> int:
        """Return the number of a look of a slot."""
        known = self.numbers.get((slot, look))
        if known is None:
            count = self.counts[slot] = self.counts.get(slot, 0) + 1
            known = self.numbers[slot, look] = len(self.identifiers)
            self.identifiers.append(f"{slot}v{count}")
        return known


def film(
    whole: MemoryView,
    lenses: Sequence[Lens],
    edges: Mapping[EdgeKey, tuple[History[Edge], ...]],
    options: Options,
) -> Film:
    """Return the film of a record. edges: as `edges_over_time` gives them for the same lenses.

    Raises: BadInput, if there is nothing or too much to draw.
    """
    choice = choose((horizon(whole),), options)
    pool = _Pool()
    described = {node.party: _described(whole, node, lenses) for node in choice.nodes}
    slots = [
        Slot(f"e{number}", key, tuple(
            _numbered(pool, f"e{number}", _edge_looks(each, described, lens))
            for lens, each in enumerate(edges.get(key, ())))
        )
        for number, (key, _) in enumerate(choice.edges, 1)
    ]  # fmt: skip
    drawn = {key for key, _ in choice.edges}
    touching = {
        node.party: [(each, histories) for each, histories in edges.items()
                     if node.party in (each[1], each[2])]
        for node in choice.nodes
    }  # fmt: skip
    for number, node in enumerate(choice.nodes, 1):
        name = f"n{number}"
        own = touching[node.party]
        looks = tuple(
            _numbered(pool, name, _party_looks(
                described[node.party][lens],
                [each[lens] for known, each in own if known in drawn],
                [each[lens] for _, each in own],
            ))
            for lens in range(len(lenses))
        )  # fmt: skip
        slots.append(Slot(name, node.party, looks))
    return Film(tuple(slots), _dot(choice, pool), tuple(pool.identifiers))


def _numbered(
    pool: _Pool, slot: str, looks: Iterable[tuple[date, EdgeLook | PartyLook | None]]
) -> History[int]:
    found: list[tuple[date, int | None]] = []
    for day, look in looks:
        number = None if look is None else pool.number(slot, look)
        if (found[-1][1] if found else None) != number:
            found.append((day, number))
    return tuple(found)


def _described(whole: MemoryView, node: Node, lenses: Sequence[Lens]) -> list[History[Node]]:
    """Return how a party is described, as each lens sees it; before the first time, as then."""
    records = whole.whole().events("party", party=node.party)
    found: list[History[Node]] = []
    for lens in lenses:
        known = lens.at(whole, date.max).events("party", party=node.party) or records
        changes = [
            (record.effective_on, Node(node.party, event.name, event.roles))
            for record in known
            if isinstance(event := record.event, Party)
        ]
        found.append(((date.min, changes[-1][1] if changes else node), *changes))
    return found


def _edge_looks(
    edge: History[Edge], described: Mapping[str, list[History[Node]]], lens: int
) -> Iterable[tuple[date, EdgeLook | None]]:
    for day in _days(edge, *(described[end][lens] for end in _ends(edge))):
        there = at(edge, day)
        if there is None:
            yield day, None
        else:
            names = [at(described[end][lens], day) for end in (there.source, there.target)]
            source, target = (name.name if name else "" for name in names)
            yield day, EdgeLook(there, source, target)


def _ends(edge: History[Edge]) -> tuple[str, ...]:
    return next(((each.source, each.target) for _, each in edge if each is not None), ())


def _party_looks(
    described: History[Node], drawn: list[History[Edge]], every: list[History[Edge]]
) -> Iterable[tuple[date, PartyLook | None]]:
    for day in _days(described, *every):
        node = at(described, day)
        is_there = any(at(each, day) is not None for each in every)
        if node is None or not is_there:
            yield day, None
        else:
            yield day, PartyLook(node, all(at(each, day) is None for each in drawn))


def _days(*histories: History[object]) -> list[date]:
    return sorted({day for each in histories for day, _ in each})


def _dot(choice: Choice, pool: _Pool) -> str:
    """Return DOT text with every look in its place, and with the headings and the key."""
    layout = layout_of(choice)
    graph = plain_graph()
    keys = key([edge for _, edge in choice.edges], None)
    draw_header(graph, layout.width, "", (), keys)
    draw_headings(graph, layout, choice.nodes)
    _places(graph, layout)
    slots = {f"e{number}": number - 1 for number, _ in enumerate(choice.edges, 1)}
    slots |= {f"n{number}": number - 1 for number, _ in enumerate(choice.nodes, 1)}
    party = {node.party: f"n{number}" for number, node in enumerate(choice.nodes, 1)}
    for (slot, look), number in pool.numbers.items():
        name, place = pool.identifiers[number], slots[slot]
        if isinstance(look, PartyLook):
            state = "idle" if look.idle else ""
            draw_party(graph, name, look.node, layout.boxes[place], state, None)
        else:
            known, laid_out = choice.edges[place]
            item = Item(known, laid_out, look.edge, "there", edge_lines(look.edge))
            ends = {
                look.edge.source: (party[look.edge.source], look.source),
                look.edge.target: (party[look.edge.target], look.target),
            }
            draw_edge(graph, name, item, layout.routes[place], ends, "")
    source: str = graph.source
    return source


def _places(graph: graphviz.Digraph, layout: Layout) -> None:
    """Give each party a place that edges can name, without anything to see."""
    for number, box in enumerate(layout.boxes, 1):
        size = {"width": inches(box.width), "height": inches(box.height)}
        graph.node(f"n{number}", pos=f"{box.x},{-box.y}", style="invis", **size)
