"""Graphviz's SVG taken apart: each drawn thing as plain data, by its identifier.

Whoever builds a picture from it sets every text as text and every attribute by its name, from short
lists: nothing of a ledger can become markup on the way.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from dealledger.events import DealLedgerError

_SVG: Final = "{http://www.w3.org/2000/svg}"
_TIP: Final = "{http://www.w3.org/1999/xlink}title"

TAGS: Final = ("g", "path", "polygon", "polyline", "ellipse", "text", "title")
ATTRIBUTES: Final = (
    "class", "d", "points", "cx", "cy", "rx", "ry", "x", "y", "fill", "stroke", "stroke-width",
    "stroke-dasharray", "text-anchor", "font-size", "font-weight",
)  # fmt: skip

Piece: TypeAlias = "list[str | dict[str, str] | Piece]"
"""[tag, {attribute: value}, child or text, ...]."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A drawing in pieces. view_box: x, y, width and height, in the units of the pieces."""

    view_box: tuple[str, ...]
    by_id: dict[str, Piece]


def taken_apart(picture: bytes) -> Pieces:
    """Return the nodes and edges of Graphviz's SVG.

    Raises: DealLedgerError, if it is not well-formed.
    """
    try:
        root = ET.fromstring(picture)  # noqa: S314  Graphviz wrote it; no entity is declared
    except ET.ParseError as error:
        raise DealLedgerError(f"Graphviz wrote no well-formed SVG: {error}") from None
    graph = root.find(f"{_SVG}g")
    if graph is None:
        raise DealLedgerError("Graphviz wrote an SVG without a graph")
    found = {group.get("id", ""): _piece(group) for group in graph.findall(f"{_SVG}g")}
    return Pieces(_view_box(graph), found)


def _view_box(graph: ET.Element) -> tuple[str, ...]:
    """Return where the drawing stands: its background has just that size."""
    background = graph.find(f"{_SVG}polygon")
    if background is None:
        return ("0", "0", "0", "0")
    corners = [
        tuple(map(_tenths, each.split(","))) for each in background.get("points", "").split()
    ]
    left, top = (min(corner[axis] for corner in corners) for axis in (0, 1))
    right, bottom = (max(corner[axis] for corner in corners) for axis in (0, 1))
    sides = (left, top, right - left, bottom - top)
    return tuple(f"{side // 10}.{side % 10}" if side >= 0 else f"-{-side // 10}.{-side % 10}"
                 for side in sides)  # fmt: skip


def _tenths(text: str) -> int:
    """Return a coordinate in tenths of a point, rounded outwards by nothing that can be seen."""
    whole, _, part = text.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 10 + sign * int((part + "0")[0])


def _piece(group: ET.Element) -> Piece:
    """Return a node or an edge: its tooltip is its title, what a link held stands in its place."""
    tip = next((link.get(_TIP, "") for link in group.iter(f"{_SVG}a")), "").strip()
    children: list[Piece] = [["title", {}, tip]] if tip else []
    return ["g", _attributes(group), *children, *_shapes(group)]


def _shapes(group: ET.Element) -> Iterator[Piece]:
    for child in group:
        tag = child.tag.removeprefix(_SVG)
        if tag in ("g", "a"):
            yield from _shapes(child)
        elif tag in TAGS and tag != "title":
            yield [tag, _attributes(child), *([child.text] if child.text else [])]


def _attributes(element: ET.Element) -> dict[str, str]:
    return {
        name: value.removesuffix(".00") if name == "font-size" else value
        for name, value in element.attrib.items()
        if name in ATTRIBUTES
    }
