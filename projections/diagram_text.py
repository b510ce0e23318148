r"""Text in diagrams: every word of a ledger is drawn literally, in boxes of a fixed size.

DOT has three readers of text that a name could speak to: the quoting of strings, the escapes in
them (`\N` stands for the node's name, `&lt;` for <), and labels in <...>, which are markup with
links. So text passes through here only: invisible characters are spelled out, `&` becomes an
entity, `\` is doubled (even in markup, and twice in tooltips, whose escapes are resolved twice),
markup is escaped, and whatever is too long ends with an ellipsis (a label of more than
16,384 characters is a syntax error). Sizes are fixed because a text that changes between two dates
must not move the picture.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

import graphviz

from dealledger.events import Money
from dealledger.events.decimals import rounded
from dealledger.events.text import visible
from dealledger.projections.alliances import Edge

ELLIPSIS: Final = "…"
LONGEST_TOOLTIP: Final = 2_000
"""In characters; browsers show no more of a tooltip either."""
LONGEST_LABEL: Final = 20
"""In columns, for the lines of an edge's label."""
BOLD_FROM: Final = 14
_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(32), 127)}
MOST_EVENTS: Final = 40
"""Event ids that a tooltip lists."""


def literal(text: str) -> str:
    """Return *text* with everything spelled out that XML cannot hold or that nobody would see.

    >>> print(literal("bell\\x07"))
    bell\\x07
    """
    return visible(text).translate(_CONTROLS)


def quoted(lines: Iterable[str]) -> str:
    r"""Return *lines* as the value of a DOT attribute that draws them literally, centred.

    >>> quoted(["AT&T", "a\\N"])
    'AT&amp;T\\na\\\\N'
    """
    escaped = (graphviz.escape(literal(line).replace("&", "&amp;")) for line in lines)
    value: str = graphviz.nohtml("\\n".join(escaped))
    return value


def markup(text: str) -> str:
    """Return *text* for a label in markup, where it is drawn literally.

    >>> markup("<b>R&D</b>")
    '&lt;b&gt;R&amp;D&lt;/b&gt;'
    """
    return html.escape(literal(text)).replace("\\", "\\\\")


def width_of(text: str) -> int:
    """Return the width of *text* in columns: two for wide characters, none for combining ones."""
    return sum(
        0
        if unicodedata.combining(character)
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def cut(text: str, columns: int) -> str:
    """Return *text*, ending in an ellipsis if it is wider than *columns*.

    >>> cut("Lightspeed", 6)
    'Light…'
    """
    if width_of(text) <= columns:
        return text
    kept = text[:columns]
    while width_of(kept) > columns - 1:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def wrapped(text: str, columns: int, most_lines: int) -> tuple[str, ...]:
    """Return *text* broken between words, and within a word only if it alone is too wide.

    >>> wrapped("Alphabet / Google Cloud", 14, 2)
    ('Alphabet /', 'Google Cloud')
    """
    words = literal(text[: 4 * columns * most_lines]).split()
    lines: list[str] = []
    while words:
        word = words.pop(0)
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined) <= columns:
            lines[-1] = joined
            continue
        if len(lines) == most_lines:
            lines[-1] = cut(" ".join([joined, *words]), columns)
            break
        head = word[:columns]
        while width_of(head) > columns:
            head = head[:-1]
        if head != word and len(lines) < most_lines - 1:
            words.insert(0, word[len(head) :])
            word = head
        lines.append(cut(word, columns))
    return tuple(lines)


def amount_text(amount: Money) -> str:
    """Return an amount for a label: dollars as 13.0B, anything else with its currency."""
    return amount.short() if amount.currency == "USD" else f"{amount.currency} {amount.short()}"


def stake_text(stake: Fraction) -> str:
    """Return a stake with at most one decimal, such as 27 % or 4.7 %."""
    return f"{rounded(stake * 100, 1).removesuffix('.0')} %"


def edge_lines(edge: Edge) -> tuple[str, ...]:
    """Return what the label of *edge* says, most important first; lines that do not fit go."""
    if edge.kind == "rivalry":
        return ()
    if edge.kind == "right":
        return tuple(edge.rights)
    lines = [amount_text(amount) for amount in edge.amounts]
    if edge.undisclosed:
        count = f"{edge.undisclosed} " if edge.undisclosed > 1 else ""
        lines.append(f"+ {count}undisclosed" if lines else f"{count}undisclosed")
    if edge.stake:
        lines[0:1] = (
            [f"{lines[0]} · {stake_text(edge.stake)}"] if lines else [stake_text(edge.stake)]
        )
    return tuple(lines)


def tooltip(lines: Iterable[str]) -> str:
    """Return *lines* as a tooltip: in full, as far as people read on."""
    text = "\n".join(lines)
    if len(text) > LONGEST_TOOLTIP:
        text = text[: LONGEST_TOOLTIP - 1] + ELLIPSIS
    return quoted(line.replace("\\", "\\\\") for line in map(literal, text.split("\n")))


def event_list(ids: tuple[str, ...]) -> str:
    """Return the ids of events, the first of them if they are very many."""
    more = f" and {len(ids) - MOST_EVENTS} more" if len(ids) > MOST_EVENTS else ""
    return f"events: {', '.join(ids[:MOST_EVENTS])}{more}" if ids else "events: none"


def inches(points: int) -> str:
    """Return a length in inches, as `width` and `height` of a node want it.

    >>> inches(112)
    '1.5556'
    """
    return rounded(Fraction(points, 72), 4)


def label_lines(edge: Edge) -> int:
    """Return how many lines the label of *edge* may have: as in the horizon, and at most 2.

    Money always has one: a holding whose stake is not known in the end may have been, earlier.
    """
    return 0 if edge.kind == "rivalry" else max(1, min(2, len(edge_lines(edge))))


def label_columns(edge: Edge) -> int:
    """Return how wide the label of *edge* may be: as in the horizon, within reason; 0 for none."""
    lines = edge_lines(edge)[:2]
    if not label_lines(edge):
        return 0
    # What stands here at other dates is not known; an amount and a stake always fit.
    least = len("999.9B · 99.9 %") if edge.stake else len("+999.9B")
    return min(LONGEST_LABEL, max([least, *(width_of(literal(line)) for line in lines)]))


def label_width(edge: Edge) -> int:
    """Return the width of the label of *edge* in points, for the widest common fonts."""
    return label_columns(edge) * 13 // 2


def fitting(lines: Sequence[str], columns: int, most_lines: int) -> tuple[str, ...]:
    """Return the lines that fit a label; the last one tells how many do not."""
    kept = [_shortened(literal(line), columns) for line in lines[:most_lines]]
    if len(lines) > most_lines > 1:
        kept[-1] = f"+ {len(lines) - most_lines + 1} more"
    return tuple(kept)


def _shortened(line: str, columns: int) -> str:
    """Return *line* cut to its room: rather without the stake than with half of it."""
    return cut(line if width_of(line) <= columns else line.partition(" · ")[0], columns)


def label_box(
    lines: Sequence[str], width: int, line_height: int, gap: int, *, bold: bool = False
) -> str:
    """Return the markup of a label of a fixed size: one line, or one above and one below a gap."""
    start, end = ("<B>", "</B>") if bold else ("", "")
    cells = [
        f'<TR><TD ALIGN="LEFT" HEIGHT="{line_height}">{start}{markup(line)}{end}</TD></TR>'
        for line in lines
    ]
    cells[1:1] = [f'<TR><TD HEIGHT="{gap}"></TD></TR>'] if len(lines) > 1 else []
    height = line_height * len(lines) + (gap if len(lines) > 1 else 0)
    return f"<{_table(width, height)}{''.join(cells)}</TABLE>>"


def text_box(text: str, width: int, height: int, *, size: int, colour: str) -> str:
    """Return the markup of one line of text in a box of a fixed size; large text is bold."""
    inner = f"<B>{markup(text)}</B>" if size > BOLD_FROM else markup(text)
    font = f'<FONT POINT-SIZE="{size}" COLOR="{colour}">{inner}</FONT>'
    return f'<{_table(width, height)}<TR><TD ALIGN="LEFT">{font}</TD></TR></TABLE>>'


def _table(width: int, height: int) -> str:
    return (
        '<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE"'
        f' WIDTH="{width}" HEIGHT="{height}">'
    )
