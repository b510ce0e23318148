"""Tables for people: text in columns, under a title and over notes.

Set here and not by a library for terminals, which takes a millisecond for a row. What is wider than
the screen is broken between words: texts give way, the widest first; numbers never do.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from dealledger.events.text import broken, width_of

if TYPE_CHECKING:
    from pathlib import Path

PIPED_WIDTH: Final = 240
GAP: Final = "   "
LEAST: Final = 8
"""No column of texts becomes narrower: then it is the screen that is too narrow."""
BOLD: Final = "\x1b[1m"
DIM: Final = "\x1b[2m"
PLAIN: Final = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its first cells; the others are empty. ends_part: a gap follows it."""

    cells: Sequence[str]
    is_bold: bool = False
    ends_part: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A table and what stands around it, all of it in single lines that can be printed.

    headings: None leaves them out. right: which columns are numbers. lines: none is said.
    """

    title: str
    headings: Sequence[str] | None
    right: Sequence[bool]
    lines: Sequence[Line]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Screen:
    """What it is printed on. width: in columns; is_styled: with bold and dim text."""

    width: int
    is_styled: bool


def screen(file: Path | None) -> Screen:
    """Return what an answer is printed on: a terminal, or something wide for what reads it."""
    if file is not None or sys.stdout is None or not sys.stdout.isatty():
        return Screen(PIPED_WIDTH, is_styled=False)
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") in ("dumb", "unknown")
    return Screen(shutil.get_terminal_size().columns, is_styled=not plain)


def printed(page: Page, on: Screen) -> str:
    """Return a page as text, without spaces at the ends of its lines."""

    def styled(text: str, style: str) -> str:
        return f"{style}{text}{PLAIN}" if on.is_styled and style and text else text

    lines = [styled(line, BOLD) for line in broken(page.title, on.width)] + [""]
    if page.lines:
        lines += (styled(line, style) for line, style in _rows(page, on.width))
    else:
        lines.append("nothing")
    for note in page.notes:
        lines += (styled(line, DIM) for line in broken(note, on.width))
    return "\n".join(lines)


def _rows(page: Page, width: int) -> Iterator[tuple[str, str]]:
    """Yield the lines of the table, each with its style."""
    widths = _widths(page, width)
    if page.headings is not None:
        for text in _row(page.headings, widths, page.right):
            yield text, BOLD
        yield "─" * (sum(widths) + len(GAP) * (len(widths) - 1)), ""
    for number, line in enumerate(page.lines, 1):
        for text in _row(line.cells, widths, page.right):
            yield text, BOLD if line.is_bold else ""
        if line.ends_part and number < len(page.lines):
            yield "", ""


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    """Yield the lines of one row: as many as its longest cell needs."""
    parts = [
        [cell] if is_right else broken(cell, width)
        for cell, width, is_right in zip(cells, widths, right, strict=False)
    ]
    for line in zip_longest(*parts, fillvalue=""):
        yield GAP.join(map(_padded, line, widths, right)).rstrip()


def _padded(cell: str, width: int, is_right: bool) -> str:  # noqa: FBT001  mapped over columns
    space = " " * (width - width_of(cell))
    return space + cell if is_right else cell + space


def _widths(page: Page, width: int) -> list[int]:
    """Return how wide each column is, of texts no wider than needed for all to fit *width*."""
    rows = [*([page.headings] if page.headings else []), *(line.cells for line in page.lines)]
    widths = [
        max((width_of(row[place]) for row in rows if place < len(row)), default=0)
        for place in range(len(page.right))
    ]
    texts = [place for place, is_right in enumerate(page.right) if not is_right]
    room = width - len(GAP) * (len(widths) - 1) - sum(widths) + sum(widths[at] for at in texts)
    for place, given in zip(texts, _shared(room, [widths[at] for at in texts]), strict=True):
        widths[place] = given
    return widths


def _shared(room: int, wanted: Sequence[int]) -> list[int]:
    """Return what each gets of *room*: all it wants, or as much as everybody else who wants more.

    >>> _shared(60, [10, 30, 40])
    [10, 25, 25]
    """
    got = [0] * len(wanted)
    for left, place in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        part = max(room // (len(wanted) - left), LEAST)
        got[place] = min(wanted[place], part)
        room -= got[place]
    return got
