"""The alliance diagram: DOT text of the web at one date, laid out for all of its dates.

A picture always holds everything that is chosen from the horizon, in sorted order and with texts in
boxes of a fixed size; what is not there at the date has its place too, and stays invisible. So
every party stands at the same place in the pictures of all dates of one ledger, and only a longer
horizon moves it.

What is drawn is chosen in `select`; columns and order are found in `order`, places
in `layout`; how it looks is set in `style`, and written as DOT in `draw`;
`text` sees to it that text stays text, and `labels` says what stands on an edge.
"""

from __future__ import annotations

from dealledger.events.text import visible
from dealledger.projections.alliances import Alliances
from dealledger.projections.diagram.draw import drawn
from dealledger.projections.diagram.items import Item, items_of
from dealledger.projections.diagram.legend import dates, title
from dealledger.projections.diagram.marks import Marks, pointed_out
from dealledger.projections.diagram.select import Coverage, Options, choose, coverage
from dealledger.projections.diagram.style import line_of

__all__ = [
    "EVERYTHING_THAT_FITS",
    "Coverage",
    "Options",
    "coverage",
    "describe",
    "dot_text",
    "title",
]

EVERYTHING_THAT_FITS = Options()
"""The default: the largest edges of money, as many as a reader can follow."""


def dot_text(
    now: Alliances,
    horizon: Alliances,
    options: Options = EVERYTHING_THAT_FITS,
    *,
    before: Alliances | None = None,
    marks: Marks | None = None,
) -> str:
    """Return the DOT source of the diagram of *now*, with places for all of *horizon*.

    before: draw what changed since then: added, changed, unchanged and removed. marks: what to
    point out.
    Raises: BadInput, if the focus is unknown, or if there is too much to draw.
    """
    choice = choose(_webs(now, horizon, before), options)
    items = items_of(choice, now, before)
    if marks is not None:
        items = pointed_out(items, marks)
    shown = coverage(now, horizon, options, choice)
    return drawn(choice, items, now, before, shown, marks, options.title)


def describe(
    now: Alliances,
    horizon: Alliances,
    options: Options = EVERYTHING_THAT_FITS,
    *,
    before: Alliances | None = None,
    marks: Marks | None = None,
) -> str:
    """Return one sentence that lists what the diagram shows, for those who cannot see it."""
    choice = choose(_webs(now, horizon, before), options)
    names = {node.party: visible(node.name) for node in choice.nodes}
    items = [item for item in items_of(choice, now, before) if item.is_shown]
    parts = [_said(item, names, marks) for item in items]
    if marks is not None:
        parts = [f"{names[party]} {mark.told}" for party, mark in marks.nodes.items()
                 if party in names] + parts  # fmt: skip
    name = title(now, before, marks, options.title)
    dated = f", {dates(now, before)}" if options.title is not None else ""
    return f"{visible(name)}{dated}: {'; '.join(parts) or 'none'}."


def _webs(now: Alliances, horizon: Alliances, before: Alliances | None) -> tuple[Alliances, ...]:
    return (horizon, now) if before is None else (horizon, now, before)


def _said(item: Item, names: dict[str, str], marks: Marks | None) -> str:
    edge = item.edge
    amounts = f": {', '.join(map(visible, item.lines))}" if item.lines else ""
    change = "" if item.state == "there" else f"{item.state}: "
    mark = marks.edges.get(item.key) if marks else None
    told = f", {mark.told}" if mark and mark.told else ""
    return f"{change}{names[edge.source]} {line_of(edge).verb} {names[edge.target]}{amounts}{told}"
