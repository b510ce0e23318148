"""What stands over a diagram: the title, the point in time, what was left out, and the key.

The key draws real lines, so it cannot differ from the picture. Everything has its place by the
width of the picture alone, and never by its text, which differs between dates.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import graphviz

from dealledger.events.decimals import exact_text
from dealledger.events.text import width_of
from dealledger.projections.alliances import Alliances, Edge, Node
from dealledger.projections.diagram.drawn_text import cut, inches, text_box, text_width
from dealledger.projections.diagram.layout import BOX_WIDTH, Layout
from dealledger.projections.diagram.marks import Marks
from dealledger.projections.diagram.select import Coverage
from dealledger.projections.diagram.style import (
    COLUMN_NAMES,
    FUNDING,
    GREY,
    INK,
    LINES,
    LOOSE,
    PALE,
    RIGHT,
    RIVALRY,
    EdgeStyle,
    column_of,
    line_of,
    pen_width,
)
from dealledger.projections.grounds import record_words

LEAST_WIDTH: Final = 600
TITLE_WIDTH: Final = 620
LONGEST_TITLE: Final = 120
"""In columns."""
SAMPLE: Final = 40
ROW: Final = 20
MOST_RATES: Final = 3
"""Rates that a caption names."""

GAP: Final = 20
"""Between two entries of the key."""
_SAMPLES: Final = (("0.1B", 10**10), ("1B", 10**11), ("10B", 10**12), ("100B", 10**13))

Entry = tuple[dict[str, str], str]
"""How a line of the key is drawn (nothing: only a text), and what it means."""


def captions(now: Alliances, shown: Coverage, dated: str = "") -> tuple[str, str]:
    """Return the lines that say which ledger, as known when, and how much of it is drawn.

    dated: the date, where the title does not say it.
    """
    at, *rest = record_words(now.known_at, now.root, now.grounds)
    by = f"announced by {now.announced_by}" if now.announced_by is not None else ""
    known = [text for text in (dated, at, by, *rest) if text]
    drawn = [text for text in (str(shown), _unit(now)) if text]
    return " · ".join(known), " · ".join(drawn)


def _unit(now: Alliances) -> str:
    """Return in which currency amounts are, and by which rates they were converted."""
    if now.currency is None:
        return "amounts in US dollars unless marked"
    rates = [f"{each.base}/{each.quote} {exact_text(each.rate)}" for each in now.rates]
    more = f" and {len(rates) - MOST_RATES} more" if len(rates) > MOST_RATES else ""
    by = f", converted at {', '.join(rates[:MOST_RATES])}{more}" if rates else ""
    return f"amounts in {now.currency}{by}"


def title(
    now: Alliances, before: Alliances | None, marks: Marks | None = None, given: str | None = None
) -> str:
    """Return the title of the picture. given: in place of the one that is made up here."""
    if given is not None:
        return given
    if before is not None:
        return f"Alliances: from {before.as_of} to {now.as_of}"
    return f"Alliances as of {now.as_of}" + (f": {marks.title}" if marks else "")


def dates(now: Alliances, before: Alliances | None) -> str:
    """Return the date of the picture for its caption, or both dates of a comparison."""
    return f"from {before.as_of} to {now.as_of}" if before is not None else f"as of {now.as_of}"


def key(
    edges: Sequence[Edge], before: Alliances | None, marks: Marks | None = None
) -> tuple[list[Entry], list[Entry]]:
    """Return the key to the kinds among *edges*, and to widths, changes or marks, and words.

    edges: as in the horizon, so that the key is the same at all dates.
    """
    lines = {line_of(edge) for edge in edges}
    texts = _texts(edges, lines, has_stakes=not (marks and marks.shares))
    if before is not None:
        return _kinds(lines), [*_changes(), *texts]
    if marks is not None:
        return _kinds(lines), [*_marked(marks), *texts]
    has_widths = bool(lines - {RIGHT, RIVALRY} - LOOSE)
    return _kinds(lines), [*(_widths() if has_widths else []), *texts]


def draw_header(
    graph: graphviz.Digraph,
    width: int,
    title: str,
    captions: Sequence[str],
    keys: Sequence[Sequence[Entry]],
) -> None:
    """Draw the header over a picture of this width, which begins at height 0 and runs down.

    The key stands beside the title and captions where there is room, else below them.
    """
    title = cut(title, LONGEST_TITLE)
    needed = max([text_width(title, 20), *(text_width(line, 11) for line in captions)])
    width = max(width, LEAST_WIDTH, needed)
    left = TITLE_WIDTH if width >= 2 * TITLE_WIDTH and needed < TITLE_WIDTH else 0
    rows = [row for entries in keys for row in _rows(entries, width - left)]
    more = 16 * max(len(captions) - 2, 0)
    beside = max(96 + more, 50 + ROW * len(rows))
    top = -(beside if left else 100 + more + ROW * len(rows))
    if title:
        _text(graph, "h1", (0, top), title, width=width, size=20, colour=INK)
    for number, line in enumerate(captions, 1):
        place = (0, top + 8 + 16 * number)
        _text(graph, f"h{number + 1}", place, line, width=width, size=11, colour=GREY)
    count = 0
    for number, row in enumerate(rows):
        for x, entry in row:
            count += 1
            y = top + (14 if left else 64 + more) + ROW * number
            _entry(graph, f"k{count}", (left + x, y), entry)
    graph.node("h9", pos=f"{width},0", shape="point", width="0.01", style="invis")


def draw_headings(graph: graphviz.Digraph, layout: Layout, nodes: Sequence[Node]) -> None:
    """Draw the name of each column over it, where roles made the columns."""
    for number, left in enumerate(layout.lefts, 1):
        here = [
            node
            for node, box in zip(nodes, layout.boxes, strict=True)
            if box.x == left + BOX_WIDTH // 2
        ]
        columns = {column_of(node) for node in here} - {None}
        if len(columns) == 1:
            name = _heading(here, columns.pop() or 0).upper()
            size = width_of(name) * 8
            _text(graph, f"c{number}", (left, -18), name, width=size, size=10, colour=GREY)


def _heading(nodes: Sequence[Node], column: int) -> str:
    investors = sum("investor" in node.roles for node in nodes)
    if column or not investors:
        return COLUMN_NAMES[column]
    return "investors" if investors == len(nodes) else "investors, outside"


def _kinds(lines: Collection[EdgeStyle]) -> list[Entry]:
    thin = LOOSE | {RIGHT, RIVALRY}
    return [
        (
            {"color": line.colour, "style": line.dash, "arrowhead": line.head}
            | {"penwidth": "1.5" if line in thin else "3", "class": line.word},
            line.text,
        )
        for line in LINES
        if line in lines
    ]


def _texts(edges: Sequence[Edge], lines: Collection[EdgeStyle], *, has_stakes: bool) -> list[Entry]:
    """Return what explains the words and signs on labels."""
    texts = []
    if LOOSE & {*lines}:
        texts.append("not binding: talks, term sheets, letters of intent")
    if has_stakes and FUNDING in lines:
        texts.append("%: stake held")
    if any({*edge.bounds} - {"exact"} for edge in edges):
        texts.append("≤ at most, ≥ at least, ~ about")
    return [({}, text) for text in texts]


def _widths() -> list[Entry]:
    plain = {"color": GREY, "arrowhead": "none", "class": "note"}
    samples: list[Entry] = [
        ({**plain, "penwidth": pen_width(minor)}, text) for text, minor in _SAMPLES
    ]
    return [*samples, ({}, "width: each step is ten times as much (log scale)")]


def _changes() -> list[Entry]:
    plain = {"color": INK, "arrowhead": "normal", "class": "note"}
    return [
        ({**plain, "penwidth": "6"}, "added (thick)"),
        ({**plain, "penwidth": "3"}, "changed: + came, − was paid, ended or lapsed"),
        ({**plain, "penwidth": "3", "color": PALE}, "unchanged (pale)"),
        ({**plain, "penwidth": "3", "color": GREY, "style": "dotted"}, "removed"),
    ]


def _marked(marks: Marks) -> list[Entry]:
    plain = {"color": INK, "arrowhead": "normal", "class": "note"}
    strong, pale, shades = marks.legend
    entries: list[Entry] = [
        ({**plain, "penwidth": "6"}, f"{strong} (thick)"),
        ({**plain, "penwidth": "3", "color": PALE}, f"{pale} (pale)"),
    ]
    return [*entries, *([({}, shades)] if shades else [])]


def _rows(entries: Sequence[Entry], width: int) -> list[list[tuple[int, Entry]]]:
    """Return the entries of the key in rows, each with the x at which it begins."""
    rows: list[list[tuple[int, Entry]]] = [[]]
    x = 0
    for entry in entries:
        room = (SAMPLE + 6 if entry[0] else 0) + text_width(entry[1], 11) + GAP
        if x + room > width and rows[-1]:
            rows.append([])
            x = 0
        rows[-1].append((x, entry))
        x += room
    return rows


def _entry(graph: graphviz.Digraph, name: str, place: tuple[int, int], entry: Entry) -> None:
    attributes, text = entry
    x, y = place
    if attributes:
        ends = {"shape": "point", "width": "0.01", "height": "0.01", "style": "invis"}
        graph.node(f"{name}a", pos=f"{x},{-y}", **ends)
        graph.node(f"{name}b", pos=f"{x + SAMPLE},{-y}", **ends)
        head = 0 if attributes["arrowhead"] == "none" else 14
        stop = x + SAMPLE - head
        tip = f"e,{x + SAMPLE},{-y} " if head else ""
        pos = f"{tip}{x},{-y} {x + 8},{-y} {stop - 4},{-y} {stop},{-y}"
        graph.edge(f"{name}a", f"{name}b", id=f"{name}e", pos=pos, **attributes)
        x += SAMPLE + 6
    _text(graph, name, (x, y), text, width=width_of(text) * 8, size=11, colour=INK)


def _text(
    graph: graphviz.Digraph,
    name: str,
    place: tuple[int, int],
    text: str,
    *,
    width: int,
    size: int,
    colour: str,
) -> None:
    """Draw one line of text from *place*, the middle of its left edge."""
    height = size * 3 // 2
    attributes = {
        "id": name,
        "class": "note",
        "shape": "plaintext",
        "style": "",
        "pos": f"{place[0] + width // 2},{-place[1]}",
        "width": inches(width + 8),
        "height": inches(height + 8),
        "label": text_box(text, width, height, size=size, colour=colour),
        "tooltip": " ",
    }
    graph.node(name, **attributes)
