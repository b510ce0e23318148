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
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

import graphviz

from dealledger.events.decimals import rounded
from dealledger.events.text import broken, visible, width_of

ELLIPSIS: Final = "…"
LONGEST_TOOLTIP: Final = 2_000
"""In characters; browsers show no more of a tooltip either."""
BOLD_FROM: Final = 14


def quoted(lines: Iterable[str]) -> str:
    r"""Return *lines* as the value of a DOT attribute that draws them literally, centred.

    >>> quoted(["AT&T", "a\\N"])
    'AT&amp;T\\na\\\\N'
    """
    escaped = (graphviz.escape(visible(line).replace("&", "&amp;")) for line in lines)
    value: str = graphviz.nohtml("\\n".join(escaped))
    return value


def markup(text: str) -> str:
    """Return *text* for a label in markup, where it is drawn literally.

    >>> markup("<b>R&D</b>")
    '&lt;b&gt;R&amp;D&lt;/b&gt;'
    """
    return html.escape(visible(text)).replace("\\", "\\\\")


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


def text_width(text: str, size: int) -> int:
    """Return how wide *text* is drawn at most, in points, in letters of this size; large is bold.

    >>> text_width("Alliances", 20), text_width("Alliances", 11)
    (111, 54)
    """
    return width_of(visible(text)) * size * (62 if size > BOLD_FROM else 55) // 100


def wrapped(text: str, columns: int, most_lines: int) -> tuple[str, ...]:
    """Return *text* broken as `broken` does, in so many lines; what is left is cut off.

    >>> wrapped("Alphabet / Google Cloud", 14, 2)
    ('Alphabet /', 'Google Cloud')
    """
    words = visible(text[: 4 * columns * most_lines]).split()
    lines = broken(" ".join(words), columns) if words else []
    if len(lines) > most_lines:
        lines[most_lines - 1 :] = [cut(" ".join(lines[most_lines - 1 :]), columns)]
    return tuple(lines)


def tooltip(lines: Iterable[str]) -> str:
    """Return *lines* as a tooltip: in full, as far as people read on."""
    text = "\n".join(lines)
    if len(text) > LONGEST_TOOLTIP:
        text = text[: LONGEST_TOOLTIP - 1] + ELLIPSIS
    return quoted(line.replace("\\", "\\\\") for line in map(visible, text.split("\n")))


def inches(points: int) -> str:
    """Return a length in inches, as `width` and `height` of a node want it.

    >>> inches(112)
    '1.5556'
    """
    return rounded(Fraction(points, 72), 4)


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
