"""How a diagram looks: columns by role, and one line style per kind of edge.

Revenue runs left to right and alone sets the ranks: from the outside world by way of labs and
clouds to chipmakers. Investors stand on the left too, so that new money enters from there, and
capital that a supplier returns to its customer runs back, right to left: a circular deal is a
closed loop. A kind differs from others by dash and arrowhead as well as by colour (Okabe-Ito, which
colour-blind people can tell apart), and width grows with the logarithm of the amount. What binds
nobody (talks, term sheets, letters of intent) is thin and faint, however large.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.events.decimals import rounded
from dealledger.projections.alliances import Edge, Node
from dealledger.projections.diagram.select import size_of

BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
GREEN: Final = "#009E73"
GREY: Final = "#767676"
INK: Final = "#1F2933"
PALE: Final = "#C8C8C8"
FONT: Final = "Helvetica,Arial,sans-serif"
ARROW_POINTS: Final = 10
"""The length of an arrowhead before the pen's width is added."""


@dataclass(frozen=True, slots=True)
class EdgeStyle:
    """How the edges of one kind are drawn.

    word: their class in SVG; text: what the key says; verb: how a sentence says it; ink: darker,
    for text; pale: for what did not change.
    """

    word: str
    text: str
    verb: str
    colour: str
    ink: str
    pale: str
    dash: str
    head: str


_BLUES: Final = (BLUE, "#00598C", "#A6CCE2")
_REDS: Final = (VERMILLION, "#A84A00", "#F0C4A3")
_LOOSE_BLUES: Final = ("#7FB3D5", "#00598C", "#A6CCE2")
_LOOSE_REDS: Final = ("#E5A477", "#A84A00", "#F0C4A3")
FUNDING: Final = EdgeStyle(
    "funding", "capital paid in", "paid capital to", *_BLUES, "solid", "normal"
)
PROMISE: Final = EdgeStyle(
    "funding promise", "capital promised", "promised capital to", *_BLUES, "dashed", "empty"
)
PAYMENT: Final = EdgeStyle("payment", "revenue paid", "paid", *_REDS, "solid", "normal")
ORDER: Final = EdgeStyle(
    "payment promise", "purchase promised", "promised to buy from", *_REDS, "dashed", "empty"
)
CREDITS: Final = EdgeStyle(
    "funding credits", "capital in credits, no cash", "gave credits to", *_BLUES, "solid", "empty"
)
LOOSE_PROMISE: Final = EdgeStyle(
    "funding apart", "capital, not binding", "may pay capital to", *_LOOSE_BLUES, "dashed", "vee"
)
LOOSE_ORDER: Final = EdgeStyle(
    "payment apart", "purchase, not binding", "may buy from", *_LOOSE_REDS, "dashed", "vee"
)
RIGHT: Final = EdgeStyle(
    "right", "right granted", "granted a right to", GREEN, "#00694D", "#A3DBCB", "dotted", "vee"
)
RIVALRY: Final = EdgeStyle("rivalry", "rivals", "is a rival of", GREY, GREY, PALE, "solid", "none")
LINES: Final = (
    FUNDING, PROMISE, LOOSE_PROMISE, CREDITS, PAYMENT, ORDER, LOOSE_ORDER, RIGHT, RIVALRY,
)  # fmt: skip
LOOSE: Final = frozenset({LOOSE_PROMISE, LOOSE_ORDER})

COLUMN_NAMES: Final = ("outside", "labs", "clouds", "neoclouds", "chips")
COLUMN_FILLS: Final = ("#F3F4F6", "#FFF4D6", "#E6F1FA", "#E2F4EE", "#F8EAF2")
OTHER_FILL: Final = "#FFFFFF"
"""Fills are pale, as names are read on them; this one is for parties without a column."""

HIT_FILLS: Final = ("#FDF0E6", "#FBDCC4", "#F7C39B", "#F2A873", "#EE8A44")
"""Shades for parties that are hit, from little to all; names are read on them too."""

NODE_DEFAULTS: Final = {
    "shape": "box",
    "style": "rounded,filled",
    "fixedsize": "true",
    "fontname": FONT,
    "fontsize": "12",
    "fontcolor": INK,
    "color": INK,
    "label": "",
    "margin": "0",
}
EDGE_DEFAULTS: Final = {"fontname": FONT, "fontsize": "10", "fontcolor": INK}

_COLUMNS: Final = {
    **dict.fromkeys(("outside", "investor", "foundation", "group", "government", "customer"), 0),
    **dict.fromkeys(("buyer", "media", "device-maker", "car-maker", "employees", "fund"), 0),
    "lab": 1,
    **dict.fromkeys(("cloud", "hyperscaler", "joint-venture"), 2),
    **dict.fromkeys(("neocloud", "spv"), 3),
    **dict.fromkeys(("chipmaker", "foundry", "equipment"), 4),
}


def column_of(node: Node) -> int | None:
    """Return the column in which *node* stands, None where its first known role says nothing."""
    return next((_COLUMNS[role] for role in node.roles if role in _COLUMNS), None)


def line_of(edge: Edge) -> EdgeStyle:
    """Return how *edge* is drawn."""
    if edge.form == "apart":
        return LOOSE_PROMISE if edge.capital else LOOSE_ORDER
    if edge.form == "credits":
        return CREDITS
    if edge.kind == "commitment":
        return PROMISE if edge.capital else ORDER
    return {"funding": FUNDING, "payment": PAYMENT, "right": RIGHT, "rivalry": RIVALRY}[edge.kind]


def pen_width(minor: int) -> str:
    """Return the width in points for an amount: from 0.75, by its logarithm, 8 at most.

    >>> pen_width(5_000_000_000_00), pen_width(300_000_000_000_00)
    ('3.31', '5.97')
    """
    return f"{min(8, 0.75 + 1.5 * math.log10(1 + minor / 10**10)):.2f}"


def arrow_size(thick: int) -> Fraction:
    """Return the size of an arrowhead for a line of this width in points."""
    return Fraction(10 + thick, 12)


def width_for(edge: Edge, *, thicker: bool = False) -> str:
    """Return the width of *edge*, thin where no amount binds; *thicker*: by 2 points."""
    plain = "1.5" if edge.kind == "right" or edge.form == "apart" else "1"
    width = pen_width(size_of(edge)) if edge.amounts and edge.form != "apart" else plain
    return rounded(min(Fraction(8), Fraction(width) + 2), 2) if thicker else width
