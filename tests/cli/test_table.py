"""Tables as text: as a library for terminals sets them, and whole where they are too wide."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dealledger.cli.table import BOLD, DIM, LEAST, PLAIN, Line, Page, Screen, printed
from dealledger.events.text import width_of

WIDE = Screen(240, is_styled=False)
LETTERS = st.sampled_from(["a", "b", "1", ".", "–", "→", "≥", "é", "日", "e\u0301", " "])
WORDS = st.lists(LETTERS, max_size=9).map(lambda letters: " ".join("".join(letters).split()))
PAGE = Page(
    "Title", ["Name", "How much"], [False, True],
    [Line(["part"], is_bold=True), Line(["one", "1.0B"], ends_part=True),
     Line(["all", "1.0B"], is_bold=True)],
    ["a note"],
)  # fmt: skip


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Return a page of one to four columns, with parts and totals somewhere."""
    columns = draw(st.integers(1, 4))
    cells = st.lists(WORDS, min_size=columns, max_size=columns)
    lines = st.builds(Line, cells | st.lists(WORDS, min_size=1, max_size=1), st.booleans(),
                      st.booleans())  # fmt: skip
    return Page(
        draw(WORDS),
        draw(st.none() | cells.map(lambda words: [word or "a" for word in words])),
        draw(st.lists(st.booleans(), min_size=columns, max_size=columns)),
        draw(st.lists(lines, max_size=5)),
        draw(st.lists(WORDS, max_size=2)),
    )


def by_rich(page: Page, width: int) -> str:
    """Return the page as rich sets it."""
    grid = Table(
        box=box.SIMPLE_HEAD, show_header=page.headings is not None, pad_edge=False, show_edge=False
    )
    for heading, right in zip(page.headings or [""] * len(page.right), page.right, strict=True):
        grid.add_column(Text(heading), justify="right" if right else "left", no_wrap=right)
    for line in page.lines:
        grid.add_row(*map(Text, line.cells))
        if line.ends_part:
            grid.add_section()
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    for part in (Text(page.title), "", grid if page.lines else "nothing", *map(Text, page.notes)):
        console.print(part)
    text = cast("io.StringIO", console.file).getvalue()
    return "\n".join(line.rstrip() for line in text.splitlines())


@given(pages())
def test_what_fits_is_set_as_rich_sets_it(page: Page) -> None:
    """To the last character, whatever is in it."""
    assert by_rich(page, WIDE.width) == printed(page, WIDE)


@given(pages(), st.integers(1, 60))
def test_a_narrow_screen_loses_nothing(page: Page, width: int) -> None:
    """Letters all stay, and what gives way stays on the screen if numbers leave it room."""
    text = printed(page, Screen(width, is_styled=False))
    letters = Counter(character for character in text if character not in " \n─")
    wanted = Counter(character for character in printed(page, WIDE) if character not in " \n─")
    least = sum(18 if right else LEAST for right in page.right) + 3 * len(page.right)

    assert wanted == letters
    assert max(least, width) >= max(map(width_of, text.split("\n")))


def test_a_page() -> None:
    """Numbers stand right, a gap follows a part, and no line ends in spaces."""
    assert [
        "Title", "", "Name   How much", "───────────────", "part", "one        1.0B", "",
        "all        1.0B", "a note",
    ] == printed(PAGE, WIDE).split("\n")  # fmt: skip


def test_a_screen_shows_what_matters() -> None:
    """Titles, headings and totals are bold there, notes dim; nothing else is styled."""
    lines = printed(PAGE, replace(WIDE, is_styled=True)).split("\n")

    assert f"{BOLD}Title{PLAIN}" == lines[0]
    assert [2, 4, 7] == [n for n, line in enumerate(lines) if n and line.startswith(BOLD)]
    assert f"{DIM}a note{PLAIN}" == lines[-1]
    assert 5 == sum(line.endswith(PLAIN) for line in lines)


@pytest.mark.parametrize("page", [
    replace(PAGE, title="a title, which has many words"),
    replace(PAGE, notes=["a note, which has many words"]),
    replace(PAGE, lines=[Line(["a row of many words", "1"])]),
])  # fmt: skip
def test_what_does_not_fit_is_wrapped(page: Page) -> None:
    """Nothing is cut, and nothing is wider than the screen."""
    text = printed(page, Screen(20, is_styled=False))

    assert 20 >= max(map(len, text.split("\n")))
    assert "manywords" in "".join(text.split()).replace("1", "")
