"""The DOT text of a diagram: the layout written as positions, which Graphviz only has to draw.

`layout=nop2` makes Graphviz take every place and every curve as given. Identifiers are generated
(n1, e1 ...) and class names are fixed words: nothing of a ledger is ever syntax.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

import graphviz

from dealledger.events.decimals import rounded
from dealledger.projections.alliances import Alliances, Edge, Node, is_revenue
from dealledger.projections.diagram.drawn_text import inches, label_box, quoted, tooltip, wrapped
from dealledger.projections.diagram.items import Item
from dealledger.projections.diagram.labels import (
    SMALL_NAME_COLUMNS,
    event_list,
    fitting,
    form_text,
    label_columns,
    label_lines,
    label_width,
    stake_text,
)
from dealledger.projections.diagram.layout import Box, Layout, Place, Route, Wire, laid_out
from dealledger.projections.diagram.legend import (
    captions,
    dates,
    draw_header,
    draw_headings,
    key,
    title,
)
from dealledger.projections.diagram.marks import Marks, NodeMark
from dealledger.projections.diagram.order import arranged, ranks
from dealledger.projections.diagram.select import Choice, Coverage
from dealledger.projections.diagram.style import (
    ARROW_POINTS,
    COLUMN_FILLS,
    EDGE_DEFAULTS,
    GREY,
    HIT_FILLS,
    INK,
    NODE_DEFAULTS,
    OTHER_FILL,
    PALE,
    EdgeStyle,
    arrow_size,
    column_of,
    line_of,
    width_for,
)

NAME_COLUMNS: Final = 15
LINE_POINTS: Final = 13
"""The height of a line of a label."""


def drawn(
    choice: Choice,
    items: Sequence[Item],
    now: Alliances,
    before: Alliances | None,
    shown: Coverage,
    marks: Marks | None = None,
    given_title: str | None = None,
) -> str:
    """Return the DOT source of *items* between the parties of *choice*."""
    layout = layout_of(choice)
    graph = plain_graph()
    keys = key([item.laid_out for item in items], before, marks)
    dated = dates(now, before) if given_title is not None else ""
    said = (*captions(now, shown, dated), *([marks.caption] if marks else []))
    draw_header(graph, layout.width, title(now, before, marks, given_title), said, keys)
    draw_headings(graph, layout, choice.nodes)
    # As named at the date: the horizon also knows later names.
    named = {node.party: node for web in (before, now) if web is not None for node in web.nodes}
    nodes = [named.get(node.party, node) for node in choice.nodes]
    parties = {node.party: (f"n{number}", node.name) for number, node in enumerate(nodes, 1)}
    visible = {
        party for item in items if item.is_shown for party in (item.edge.source, item.edge.target)
    }
    for node, box in zip(nodes, layout.boxes, strict=True):
        state = "" if node.party in visible else "idle" if node.party in named else "hidden"
        mark = marks.nodes.get(node.party) if marks else None
        draw_party(graph, parties[node.party][0], node, box, state, mark)
    for number, (item, route) in enumerate(zip(items, layout.routes, strict=True), 1):
        told = marks.edges[item.key].told if marks and item.key in marks.edges else ""
        draw_edge(graph, f"e{number}", item, route, parties, told)
    source: str = graph.source
    return source


def plain_graph() -> graphviz.Digraph:
    """Return a graph in which every place is given, and nothing is drawn yet."""
    graph = graphviz.Digraph("alliances")
    graph.attr("graph", layout="nop2", notranslate="true", outputorder="edgesfirst")
    graph.attr("graph", bgcolor="white", pad="0.2")
    graph.attr("node", **NODE_DEFAULTS)
    graph.attr("edge", **EDGE_DEFAULTS)
    return graph


def layout_of(choice: Choice) -> Layout:
    """Lay out what is chosen, by the horizon alone, and so alike for all dates."""
    number = {node.party: index for index, node in enumerate(choice.nodes)}
    pairs = [(number[edge.source], number[edge.target]) for _, edge in choice.edges]
    edges = [edge for _, edge in choice.edges]
    rank = ranks(
        [column_of(node) for node in choice.nodes],
        [pair for pair, edge in zip(pairs, edges, strict=True) if is_revenue(edge)],
        [pair for pair, edge in zip(pairs, edges, strict=True) if edge.capital],
    )
    wires = [
        _wire(edge, pair, has_arrow=rank[pair[1]] < rank[pair[0]], shared=key in choice.shares)
        for (key, edge), pair in zip(choice.edges, pairs, strict=True)
    ]
    return laid_out(arranged(rank, pairs), len(choice.nodes), wires)


def _wire(edge: Edge, pair: tuple[int, int], *, has_arrow: bool, shared: bool) -> Wire:
    """Return the room that *edge* takes. has_arrow: at its left end, where its label stands."""
    lines = label_lines(edge)
    thick = round_up(width_for(edge))
    return Wire(
        *pair,
        thick,
        above=LINE_POINTS if lines else 0,
        below=LINE_POINTS if lines > 1 else 0,
        label_width=label_width(edge, shared=shared),
        indent=4 + (arrow_length(thick + 3) + thick // 2 if has_arrow else 0),
        head=0 if line_of(edge).head == "none" else arrow_half(thick + 2),
    )


def arrow_length(thick: int) -> int:
    """Return the length of an arrowhead of a line: Graphviz adds to it for the pen's width."""
    return round(ARROW_POINTS * arrow_size(thick)) + 3 * thick // 2


def arrow_half(thick: int) -> int:
    """Return half the height of an arrowhead of a line, at most: a pen of 4 points widens it."""
    wider = max(Fraction(thick, 4), Fraction(1))
    return round(Fraction(35, 100) * ARROW_POINTS * arrow_size(thick) * wider) + thick // 2


def round_up(points: str) -> int:
    """Return a width in whole points, at least the given one."""
    return int(points.split(".", maxsplit=1)[0]) + 1


def draw_party(
    graph: graphviz.Digraph, name: str, node: Node, box: Box, state: str, mark: NodeMark | None
) -> None:
    """Draw a party. state: idle (pale: known, without an edge here), hidden, or empty."""
    attributes = {
        "id": name,
        "class": f"party {state}".strip(),
        "pos": f"{box.x},{-box.y}",
        "width": inches(box.width),
        "height": inches(box.height),
    }
    if state == "hidden":
        attributes["style"] = "invis"
    else:
        roles = f" ({', '.join(node.roles)})" if node.roles else ""
        column = column_of(node)
        attributes |= _name(node.name)
        words = [f"{node.name}{roles}", node.party, *([mark.told] if mark else [])]
        attributes["tooltip"] = tooltip(words)
        attributes["fillcolor"] = OTHER_FILL if column is None else COLUMN_FILLS[column]
    if state == "idle":
        attributes |= {"fillcolor": "white", "color": PALE, "fontcolor": GREY}
    if mark is not None and state != "hidden":
        attributes |= _hit(node, mark)
    graph.node(name, **attributes)


def _name(name: str) -> dict[str, str]:
    """Return the label of a party: in smaller letters where it is long."""
    lines = wrapped(name, NAME_COLUMNS, 3)
    if len(lines) < 3:
        return {"label": quoted(lines)}
    return {"label": quoted(wrapped(name, SMALL_NAME_COLUMNS, 3)), "fontsize": "10"}


def _hit(node: Node, mark: NodeMark) -> dict[str, str]:
    """Return how a party that is pointed out looks: shaded, with a number under its name."""
    look = {
        "class": f"party hit{mark.step}",
        "label": quoted([*wrapped(node.name, SMALL_NAME_COLUMNS, 2), mark.text]),
        "fontsize": "10",
        "fontcolor": INK,
        "color": INK,
    }
    if mark.step:
        return {**look, "fillcolor": HIT_FILLS[mark.step - 1], "penwidth": "2"}
    return {**look, "style": "rounded,filled,dashed", "penwidth": "3"}


def draw_edge(
    graph: graphviz.Digraph,
    name: str,
    item: Item,
    route: Route,
    parties: Mapping[str, tuple[str, str]],
    told: str,
) -> None:
    """Draw an edge. parties: the identifier and the name of each. told: what is pointed out."""
    (source, source_name), (target, target_name) = (
        parties[item.edge.source],
        parties[item.edge.target],
    )
    line = line_of(item.edge)
    thick = round_up(_pen(item))
    attributes = {
        "id": name,
        "class": f"{line.word} {item.state}",
        "pos": curve(route.points, thick, has_arrow=line.head != "none"),
    }
    if item.is_shown:
        attributes |= _look(item, line)
        words = _told(item.edge, source_name, target_name)
        attributes["tooltip"] = tooltip([*words, told] if told else words)
        attributes["labeltooltip"] = attributes["tooltip"]
        if item.lines:
            attributes |= _label(item, route, thick)
    else:
        attributes["style"] = "invis"
    graph.edge(source, target, **attributes)


def _stands_out(item: Item) -> bool:
    return item.state in ("added", "marked")


def _pen(item: Item) -> str:
    return width_for(item.edge, thicker=_stands_out(item))


def _look(item: Item, line: EdgeStyle) -> dict[str, str]:
    look = {
        "color": line.colour,
        "fontcolor": line.ink,
        "style": line.dash,
        "arrowhead": line.head,
        "penwidth": _pen(item),
        "arrowsize": rounded(arrow_size(round_up(_pen(item))), 2),
    }
    if line.head == "none":
        look["dir"] = "none"
    if item.state == "same":
        look |= {"color": line.pale, "fontcolor": GREY}
    if item.state == "removed":
        look |= {"color": GREY, "style": "dotted", "fontcolor": GREY}
    return look


def curve(points: Sequence[Place], thick: int, *, has_arrow: bool) -> str:
    """Return the value of `pos`: the tip of the arrow, then a curve that ends where it begins."""
    flipped = [(x, -y) for x, y in points]
    if not has_arrow:
        return " ".join(f"{x},{y}" for x, y in flipped)
    (end, y), before = flipped[-1], flipped[-4]
    away = -1 if end > before[0] else 1
    # A thick pen draws its tip beyond the point: Graphviz before version 7 lets it run into the
    # box, and later versions step back by all of it. Half way looks right with both.
    tip = end + away * (3 * thick // 4)
    base = end + away * arrow_length(thick)
    return f"e,{tip},{y} " + " ".join(f"{x},{y}" for x, y in [*flipped[:-2], *2 * [(base, y)]])


def _label(item: Item, route: Route, thick: int) -> dict[str, str]:
    """Return the label: its first line above the edge, the others below."""
    columns = label_columns(item.laid_out, shared=item.shared)
    lines = fitting(item.lines, columns, label_lines(item.laid_out))
    x, y = route.label
    if len(lines) == 1:
        y -= (thick + LINE_POINTS) // 2
    width = label_width(item.laid_out, shared=item.shared)
    box = label_box(lines, width, LINE_POINTS, thick, bold=_stands_out(item))
    return {"label": box, "lp": f"{x},{-y}"}


def _told(edge: Edge, source: str, target: str) -> list[str]:
    """Return all that the ledger says about *edge*: exact amounts, and the events behind it."""
    arrow = "–" if edge.kind == "rivalry" else "→"
    lines = [f"{source} {arrow} {target}: {line_of(edge).text}"]
    for amount, bound in edge.bounded():
        kind = "" if bound == "exact" else f"{bound.replace('-', ' ')} "
        lines.append(f"{kind}{amount.text()} {amount.currency}")
    lines += [form_text(edge)] if form_text(edge) else []
    if edge.undisclosed:
        lines.append(f"{edge.undisclosed} of undisclosed amount")
    if edge.stake:
        lines.append(f"stake {stake_text(edge.stake)}")
    return [*lines, *edge.rights, event_list(edge.events)]
