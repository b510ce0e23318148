"""Tables for people: text in columns, under a title and over notes.

What fits is set here, since most tables do and a library for terminals takes a millisecond for a
row. What does not, or is written in wide letters, is wrapped by rich; both print the same.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

PIPED_WIDTH: Final = 240
GAP: Final = "   "
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
    if file is not None or not sys.stdout.isatty():
        return Screen(PIPED_WIDTH, is_styled=False)
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") in ("dumb", "unknown")
    return Screen(shutil.get_terminal_size().columns, is_styled=not plain)


def printed(page: Page, on: Screen) -> str:
    """Return a page as text, without spaces at the ends of its lines."""
    widths = _widths(page)
    whole = sum(widths) + len(GAP) * (len(widths) - 1)
    longest = max([whole, *(len(text) for text in (page.title, *page.notes))])
    fits = longest <= on.width and all(map(_is_narrow, _texts(page)))
    return "\n".join(_set(page, widths, on)) if fits else _wrapped(page, on)


def _texts(page: Page) -> Iterator[str]:
    yield from (page.title, *page.notes, *(page.headings or ()))
    for line in page.lines:
        yield from line.cells


def _is_narrow(text: str) -> bool:
    """Tell whether every character takes one column."""
    return text.isascii() or not any(
        unicodedata.east_asian_width(each) in "WF" or unicodedata.combining(each) for each in text
    )


def _widths(page: Page) -> list[int]:
    rows = [*([page.headings] if page.headings else []), *(line.cells for line in page.lines)]
    return [
        max((len(row[place]) for row in rows if place < len(row)), default=0)
        for place in range(len(page.right))
    ]


def _set(page: Page, widths: Sequence[int], on: Screen) -> Iterator[str]:
    def styled(text: str, style: str) -> str:
        return f"{style}{text}{PLAIN}" if on.is_styled and text else text

    def row(cells: Sequence[str]) -> str:
        # The right side of the last column of texts is never filled up.
        sides = zip(cells, widths, page.right, strict=False)
        return GAP.join(
            cell.rjust(width) if right else cell.ljust(width) for cell, width, right in sides
        ).rstrip()

    yield from (styled(page.title, BOLD), "")
    if not page.lines:
        yield "nothing"
    elif page.headings:
        yield styled(row(page.headings), BOLD)
        yield "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
    for number, line in enumerate(page.lines, 1):
        yield styled(row(line.cells), BOLD) if line.is_bold else row(line.cells)
        if line.ends_part and number < len(page.lines):
            yield ""
    yield from (styled(note, DIM) for note in page.notes)


def _wrapped(page: Page, on: Screen) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD, show_header=page.headings is not None, pad_edge=False, show_edge=False
    )
    for heading, right in zip(page.headings or [""] * len(page.right), page.right, strict=True):
        justify = "right" if right else "left"
        table.add_column(Text(heading), justify=justify, no_wrap=right, overflow="fold")  # type: ignore[arg-type]
    for line in page.lines:
        style = "bold" if line.is_bold else ""
        table.add_row(*(Text(cell, style=style) for cell in line.cells))
        if line.ends_part:
            table.add_section()
    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=on.is_styled,
        width=on.width,
        highlight=False,
        emoji=False,
        markup=False,
    )
    console.print(Text(page.title, style="bold"))
    console.print()
    console.print(table if page.lines else Text("nothing"))
    for note in page.notes:
        console.print(Text(note, style="dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
