"""What the label of an edge says, and how much room it is given.

The room is measured over the horizon, so that it is the same at every date; what does not fit is
cut there, and stands in full in the tooltip.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from dealledger.events import Money
from dealledger.events.base import Bound
from dealledger.events.bound import SIGNS
from dealledger.events.decimals import rounded
from dealledger.events.text import visible, width_of
from dealledger.projections.alliances import Edge
from dealledger.projections.diagram.drawn_text import cut

LONGEST_LABEL: Final = 24
"""In columns, for the lines of an edge's label."""
SMALL_NAME_COLUMNS: Final = 18
"""How many small letters a party's box is broad."""

MOST_EVENTS: Final = 40
"""Event ids that a tooltip lists."""


def edge_lines(edge: Edge) -> tuple[str, ...]:
    """Return what the label of *edge* says, most important first; lines that do not fit go."""
    if edge.kind == "rivalry":
        return ()
    if edge.kind == "right":
        return tuple(edge.rights)
    lines = [amount_text(amount, bound) for amount, bound in edge.bounded()]
    below = [form_text(edge)]
    if edge.undisclosed:
        count = f"{edge.undisclosed} " if edge.undisclosed > 1 else ""
        if lines:
            below.append(f"+ {count}undisclosed")
        else:
            lines = [f"{count}undisclosed"]
    if edge.stake:
        lines[0:1] = (
            [f"{lines[0]} · {stake_text(edge.stake)}"] if lines else [stake_text(edge.stake)]
        )
    return (*lines, *filter(None, [" ".join(filter(None, below))]))


def form_text(edge: Edge) -> str:
    """Return what kind of promise or money it is, where the line alone does not say it."""
    if edge.form == "apart":
        return ", ".join(name.replace("-", " ") for name in edge.firmness)
    return {"plain": "", "credits": "in credits", "announced": "announced"}[edge.form]


def amount_text(amount: Money, bound: Bound = "exact") -> str:
    """Return an amount for a label: dollars as 13.0B, anything else with its currency.

    >>> amount_text(Money("USD", 500_000_000_000), "up-to")
    '≤ 5.00B'
    """
    code = "" if amount.currency == "USD" else f"{amount.currency} "
    return f"{SIGNS[bound]}{code}{amount.short()}"


def stake_text(stake: Fraction) -> str:
    """Return a stake with at most one decimal, such as 27 % or 4.7 %."""
    return f"{rounded(stake * 100, 1).removesuffix('.0')} %"


def label_lines(edge: Edge) -> int:
    """Return how many lines the label of *edge* may have: as in the horizon, and at most 2.

    Money always has one: a holding whose stake is not known in the end may have been, earlier.
    """
    return 0 if edge.kind == "rivalry" else max(1, min(2, len(edge_lines(edge))))


def label_columns(edge: Edge, *, shared: bool = False) -> int:
    """Return how wide the label of *edge* may be: as in the horizon, within reason; 0 for none.

    shared: it may have to say a share, as of what goes round.
    """
    lines = edge_lines(edge)[:2]
    if not label_lines(edge):
        return 0
    # What stands here at other dates is not known; an amount and a stake always fit, and what came
    # and went of several promises.
    has_two = edge.stake or shared or len(edge.parts) > 1
    least = len("999.9B · 99.9 %") if has_two else len("+999.9B")
    least += 2 if any(edge.bounds) and {*edge.bounds} != {"exact"} else 0
    return min(LONGEST_LABEL, max([least, *(width_of(visible(line)) for line in lines)]))


def label_width(edge: Edge, *, shared: bool = False) -> int:
    """Return the width of the label of *edge* in points, for the widest common fonts."""
    return label_columns(edge, shared=shared) * 13 // 2


def fitting(lines: Sequence[str], columns: int, most_lines: int) -> tuple[str, ...]:
    """Return the lines that fit a label; the last one tells how many do not."""
    kept = [_shortened(visible(line), columns) for line in lines[:most_lines]]
    if len(lines) > most_lines > 1:
        kept[-1] = f"+ {len(lines) - most_lines + 1} more"
    return tuple(kept)


def _shortened(line: str, columns: int) -> str:
    """Return *line* cut to its room: rather without the stake than with half of it."""
    return cut(line if width_of(line) <= columns else line.partition(" · ")[0], columns)


def event_list(ids: tuple[str, ...]) -> str:
    """Return the ids of events, the first of them if they are very many."""
    more = f" and {len(ids) - MOST_EVENTS} more" if len(ids) > MOST_EVENTS else ""
    return f"events: {', '.join(ids[:MOST_EVENTS])}{more}" if ids else "events: none"
