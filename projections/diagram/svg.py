"""Make Graphviz's SVG fit for browsers: named for screen readers, with tooltips, in dark mode too.

Graphviz writes tooltips as links that lead nowhere; here they become the titles of their shapes,
which is where browsers and screen readers look. The drawn background goes; the style gives a white
one, or a dark one to whoever prefers dark, since the page around may not follow.
What is laid out but not there at the date goes as well: a picture of last year says nothing of this
year. Colours are attributes in Graphviz's SVG, so style rules on fixed class names win over them.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Final

from dealledger.events import DealLedgerError

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_TITLE_ID: Final = "diagram-title"
_DESCRIPTION_ID: Final = "diagram-description"
_STYLE: Final = """
svg { background: #FFFFFF; }
.edge:hover path { stroke-width: 9; }
.promise path { stroke-dasharray: 11 5; }
@media (prefers-color-scheme: dark) {
  svg { background: #111827; }
  text { fill: #E5E7EB; }
  .node polygon, .node path { stroke: #9CA3AF; }
  .party polygon, .party path { fill: #1F2937; }
  .hit1 polygon, .hit1 path { fill: #2A211B; }
  .hit2 polygon, .hit2 path { fill: #4A2E1A; }
  .hit3 polygon, .hit3 path { fill: #6B3A17; }
  .hit4 polygon, .hit4 path { fill: #8C4613; }
  .hit5 polygon, .hit5 path { fill: #A84A00; }
  .note path, .note polygon { stroke: #9CA3AF; }
  .note polygon { fill: #9CA3AF; }
  .funding path, .funding polygon { stroke: #56B4E9; }
  .funding:not(.promise):not(.credits) polygon { fill: #56B4E9; }
  .apart { opacity: 0.75; }
  .funding text { fill: #56B4E9; }
  .payment path, .payment polygon { stroke: #F08A3C; }
  .payment:not(.promise) polygon { fill: #F08A3C; }
  .payment text { fill: #F08A3C; }
  .right path, .right polygon { stroke: #2BC79A; }
  .right text { fill: #2BC79A; }
  .rivalry path { stroke: #9CA3AF; }
  .removed path, .removed polygon, .removed text { stroke: #9CA3AF; }
  .removed text { stroke: none; fill: #9CA3AF; }
  .same { opacity: 0.45; }
}
"""


def finished(picture: bytes, *, title: str, description: str) -> bytes:
    """Return Graphviz's SVG *picture* as a document of its own. Source: design, section 8.

    Raises: DealLedgerError, if it is not well-formed.
    """
    try:
        root = ET.fromstring(picture)  # noqa: S314  Graphviz wrote it; no entity is declared
    except ET.ParseError as error:
        raise DealLedgerError(f"Graphviz wrote no well-formed SVG: {error}") from None
    _drop_background(root)
    for parent in list(root.iter(_tag("g"))):
        _drop_hidden(parent)
    for group in root.iter(_tag("g")):
        _move_tooltip(group)
    _name(root, title, description)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _tag(name: str) -> str:
    return f"{{{_SVG}}}{name}"


def _classes(element: ET.Element) -> list[str]:
    return element.get("class", "").split()


def _drop_background(root: ET.Element) -> None:
    graph = root.find(_tag("g"))
    background = graph.find(_tag("polygon")) if graph is not None else None
    if graph is not None and background is not None:
        graph.remove(background)


def _drop_hidden(parent: ET.Element) -> None:
    for child in list(parent):
        if "hidden" in _classes(child):
            parent.remove(child)


def _move_tooltip(group: ET.Element) -> None:
    """Make the tooltip of *group* its title, and put what the link held into its place."""
    title = group.find(_tag("title"))
    if title is not None and group.find(f"{_tag('g')}/{_tag('a')}") is None:
        group.remove(title)  # It is an identifier, which would show as a tooltip.
    for wrapper in [child for child in group if child.tag == _tag("g")]:
        link = wrapper.find(_tag("a"))
        if link is None or title is None:
            continue
        title.text = link.get(f"{{{_XLINK}}}title", "")
        place = list(group).index(wrapper)
        group.remove(wrapper)
        for offset, shape in enumerate(list(link)):
            group.insert(place + offset, shape)


def _name(root: ET.Element, title: str, description: str) -> None:
    root.set("role", "img")
    root.set("aria-labelledby", f"{_TITLE_ID} {_DESCRIPTION_ID}")
    for place, (name, identifier, text) in enumerate(
        (("title", _TITLE_ID, title), ("desc", _DESCRIPTION_ID, description))
    ):
        element = ET.Element(_tag(name), {"id": identifier})
        element.text = text
        root.insert(place, element)
    style = ET.Element(_tag("style"))
    style.text = _STYLE
    root.insert(2, style)
