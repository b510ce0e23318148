"""Tables for people: text in columns, under a title and over notes.

Set here and not by a library for terminals, which takes a millisecond for a row. Which columns a
screen has room for, and how wide they are, says `layout`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Final

from dealledger.cli.terminal.column_widths import Sized, Widths, laid_out
from dealledger.events.text import broken, width_of

if TYPE_CHECKING:
    from pathlib import Path

PIPED_WIDTH: Final = 120
"""Of what is no terminal, unless $COLUMNS says another."""
ENDLESS: Final = 1_000_000
NOTES: Final = 100
"""Notes are no wider than the table that they belong to, or than this."""
INDENT: Final = "  "
BOLD: Final = "\x1b[1m"
DIM: Final = "\x1b[2m"
PLAIN: Final = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table: its first cells; the others are empty.

    ends_part: a gap follows it. spans: its one cell is as wide as the table.
    """

    cells: Sequence[str]
    is_bold: bool = False
    ends_part: bool = False
    spans: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A table and what stands around it, all of it in single lines that can be printed.

    headings: of the columns. right: which of them are numbers. ranks: which may be left out, 0 is
    none of them, the highest first. instead: what a note says of one that is left out.
    has_headings: whether they are printed. lines: none is said.
    """

    title: str
    headings: Sequence[str]
    right: Sequence[bool]
    lines: Sequence[TableRow]
    notes: Sequence[str]
    ranks: Sequence[int] = ()
    instead: Mapping[int, str] = field(default_factory=dict)
    has_headings: bool = True

    def said_by(self, words: Callable[[list[str]], list[str]]) -> Page:
        """Return the page with all its texts said in other words; *words* keeps their order."""
        cells = [cell for line in self.lines for cell in line.cells]
        title, *said = words([self.title, *self.notes, *cells])
        notes, rest = said[: len(self.notes)], iter(said[len(self.notes) :])
        lines = [replace(line, cells=[*islice(rest, len(line.cells))]) for line in self.lines]
        return replace(self, title=title, notes=notes, lines=lines)


@dataclass(frozen=True, slots=True)
class Screen:
    """What it is printed on. width: in columns; is_styled: with bold and dim text.

    is_wide: tables have all columns, as wide as they need to be, whatever the screen.
    """

    width: int
    is_styled: bool
    is_wide: bool = False


def screen(file: Path | None, *, wide: bool = False) -> Screen:
    """Return what an answer is printed on: a terminal, a pipe or a file. wide: all of it."""
    if file is not None or sys.stdout is None or not sys.stdout.isatty():
        return Screen(_columns() or PIPED_WIDTH, is_styled=False, is_wide=wide)
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") in ("dumb", "unknown")
    return Screen(shutil.get_terminal_size().columns, is_styled=not plain, is_wide=wide)


def _columns() -> int:
    """Return what $COLUMNS says; 0, if it is no number."""
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0


def printed(page: Page, on: Screen) -> str:
    """Return a page as text, without spaces at the ends of its lines."""

    def styled(text: str, style: str) -> str:
        return f"{style}{text}{PLAIN}" if on.is_styled and style and text else text

    room = ENDLESS if on.is_wide else on.width
    lines = [styled(line, BOLD) for line in broken(page.title, room)] + [""]
    notes, width = list(page.notes), 0
    if page.lines:
        found = laid_out(_sized(page), room)
        width = found.width
        lines += (styled(line, style) for line, style in _rows(page, found))
        notes = [*_left_out(page, found), *notes]
    else:
        lines.append("no rows")
    for note in notes:
        folded = broken(note, room if on.is_wide else min(room, max(width, NOTES)), INDENT)
        lines += (styled(line, DIM) for line in folded)
    return "\n".join(lines)


def _left_out(page: Page, found: Widths) -> Iterator[str]:
    """Yield what there was no room for, or what is said instead of it."""
    gone = [at for at in range(len(page.headings)) if at not in found.places]
    yield from (page.instead[at] for at in gone if at in page.instead)
    names = [page.headings[at] for at in gone if at not in page.instead]
    if names:
        yield f"no room for: {', '.join(names)} (--wide)"


def _sized(page: Page) -> list[Sized]:
    """Return what each column holds, for the layout."""
    rows = [line.cells for line in page.lines if not line.spans]
    ranks = page.ranks or [0] * len(page.right)
    headings = page.headings if page.has_headings else [""] * len(page.right)
    return [
        Sized(headings[at], [row[at] for row in rows if at < len(row)], page.right[at], ranks[at])
        for at in range(len(page.right))
    ]


def _rows(page: Page, found: Widths) -> Iterator[tuple[str, str]]:
    """Yield the lines of the table, each with its style."""
    if page.has_headings:
        for text in _row(page.headings, page.right, found, is_heading=True):
            yield text, BOLD
        yield "─" * found.width, ""
    for number, line in enumerate(page.lines, 1):
        texts = broken(line.cells[0], found.width) if line.spans else None
        for text in texts or _row(line.cells, page.right, found):
            yield text, BOLD if line.is_bold else ""
        if line.ends_part and number < len(page.lines):
            yield "", ""


def _row(
    cells: Sequence[str], right: Sequence[bool], found: Widths, *, is_heading: bool = False
) -> Iterator[str]:
    """Yield the lines of one row: as many as its longest cell needs."""
    shown = [cells[at] if at < len(cells) else "" for at in found.places]
    are_right = [right[at] for at in found.places]
    parts = [
        [cell] if is_right and not is_heading else broken(cell, width)
        for cell, width, is_right in zip(shown, found.widths, are_right, strict=True)
    ]
    for line in zip_longest(*parts, fillvalue=""):
        yield found.gap.join(map(_padded, line, found.widths, are_right)).rstrip()


def _padded(cell: str, width: int, is_right: bool) -> str:  # noqa: FBT001  mapped over columns
    space = " " * (width - width_of(cell))
    return space + cell if is_right else cell + space
