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

from dealledger.cli.terminal.column_widths import LONGEST, Sized, laid_out
from dealledger.cli.terminal.table import (
    BOLD,
    DIM,
    PIPED_WIDTH,
    PLAIN,
    Page,
    Screen,
    TableRow,
    printed,
    screen,
)
from dealledger.events.text import broken, width_of, words_of

WIDE = Screen(240, is_styled=False)
LETTERS = st.sampled_from(["a", "b", "1", ".", "–", "→", "≥", "é", "日", "e\u0301", " "])
WORDS = st.lists(LETTERS, max_size=9).map(lambda letters: " ".join("".join(letters).split()))
PAGE = Page(
    "Title", ["Name", "How much"], [False, True],
    [TableRow(["part of many words"], is_bold=True, spans=True), TableRow(["one", "1.0B"], ends_part=True),
     TableRow(["all", "1.0B"], is_bold=True)],
    ["a note"],
)  # fmt: skip


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Return a page of one to four columns, with parts and totals somewhere."""
    columns = draw(st.integers(1, 4))
    cells = st.lists(WORDS, min_size=columns, max_size=columns)
    lines = st.builds(TableRow, cells, st.booleans(), st.booleans())
    return Page(
        draw(WORDS),
        draw(cells.map(lambda words: [word or "a" for word in words])),
        draw(st.lists(st.booleans(), min_size=columns, max_size=columns)),
        draw(st.lists(lines, max_size=5)),
        draw(st.lists(WORDS, max_size=2)),
        has_headings=draw(st.booleans()),
    )


def by_rich(page: Page, width: int) -> str:
    """Return the page as rich sets it."""
    grid = Table(
        box=box.SIMPLE_HEAD, show_header=page.has_headings, pad_edge=False, show_edge=False
    )
    for heading, right in zip(page.headings, page.right, strict=True):
        grid.add_column(Text(heading), justify="right" if right else "left", no_wrap=right)
    for line in page.lines:
        grid.add_row(*map(Text, line.cells))
        if line.ends_part:
            grid.add_section()
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    for part in (Text(page.title), "", grid if page.lines else "no rows", *map(Text, page.notes)):
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
    least = len("no rows")
    for at, right in enumerate(page.right):
        cells = [line.cells[at] for line in page.lines]
        headings = words_of(page.headings[at]) if page.has_headings else []
        texts = cells if right else [word for cell in cells for word in words_of(cell)]
        least += 2 + max(map(width_of, [*headings, *texts]), default=0)

    assert wanted == letters
    assert max(least, width) >= max(map(width_of, text.split("\n")))


def test_a_page() -> None:
    """Numbers stand right, a gap follows a part, and no line ends in spaces."""
    assert [
        "Title", "", "Name   How much", "───────────────", "part of many", "words",
        "one        1.0B", "", "all        1.0B", "a note",
    ] == printed(PAGE, WIDE).split("\n")  # fmt: skip


def test_a_screen_shows_what_matters() -> None:
    """Titles, headings and totals are bold there, notes dim; nothing else is styled."""
    lines = printed(PAGE, replace(WIDE, is_styled=True)).split("\n")

    assert f"{BOLD}Title{PLAIN}" == lines[0]
    assert [2, 4, 5, 8] == [n for n, line in enumerate(lines) if n and line.startswith(BOLD)]
    assert f"{DIM}a note{PLAIN}" == lines[-1]
    assert 6 == sum(line.endswith(PLAIN) for line in lines)


@pytest.mark.parametrize("page", [
    replace(PAGE, title="a title, which has many words"),
    replace(PAGE, notes=["a note, which has many words"]),
    replace(PAGE, lines=[TableRow(["a row of many words", "1"])]),
])  # fmt: skip
def test_what_does_not_fit_is_wrapped(page: Page) -> None:
    """Nothing is cut, and nothing is wider than the screen."""
    text = printed(page, Screen(20, is_styled=False))

    assert 20 >= max(map(len, text.split("\n")))
    assert "manywords" in "".join(text.split()).replace("1", "")


COLUMNS = (
    Sized("Party", ["softbank-co-investors", "openai"], is_right=False),
    Sized("Worth", ["1,250,000.00"], is_right=True, rank=1),
    Sized("What it is for", ["compute and chips for the next years"], is_right=False),
    Sized("Source", ["https://example.org/" + "a" * 60], is_right=False, rank=2),
)


@pytest.mark.parametrize(
    ("width", "places", "widths", "gap"),
    [
        (200, (0, 1, 2, 3), (21, 12, 36, 80), 3),
        (100, (0, 1, 2, 3), (21, 12, 29, 29), 3),
        (75, (0, 1, 2, 3), (21, 12, 18, 18), 2),
        (74, (0, 1, 2), (21, 12, 35), 3),
        (55, (0, 1, 2), (21, 12, 18), 2),
        (54, (0, 2), (21, 30), 3),
        (40, (0, 2), (21, 17), 2),
        (30, (0, 2), (21, 7), 2),
        (10, (0, 2), (21, 7), 2),
    ],
)
def test_what_gives_way_and_in_which_order(
    width: int, places: tuple[int, ...], widths: tuple[int, ...], gap: int
) -> None:
    """Words break apart, gaps shrink, columns leave by rank; slugs and numbers stay whole."""
    found = laid_out(COLUMNS, width)

    assert (places, widths, gap) == (found.places, found.widths, len(found.gap))
    assert found.width <= max(width, 30)


def test_what_fits_after_all_comes_back() -> None:
    """A short column of a high rank, where a long one of a low rank has left."""
    columns = [
        Sized("A", ["a" * 10], is_right=False),
        Sized("B", ["1" * 50], is_right=True, rank=1),
        Sized("C", ["2" * 5], is_right=True, rank=2),
    ]

    assert (0, 2) == laid_out(columns, 20).places


def test_the_longest_slug_is_whole() -> None:
    """A slug of 63 characters and an id of 64 stay whole, and the line is wider than the screen."""
    for name in ("a" * (LONGEST - 1), "A" * LONGEST):
        assert (len(name),) == laid_out([Sized("Party", [name], is_right=False)], 40).widths
    assert (40,) == laid_out([Sized("Text", ["a" * 65], is_right=False)], 40).widths


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("at most 5.00B USD a year", ["at most", "5.00B USD", "a year"]),
        ("goes round: 27.00 % of it", ["goes", "round:", "27.00 %", "of it"]),
        ("open ≤ 5.00B of it", ["open", "≤ 5.00B", "of it"]),
    ],
)
def test_a_number_is_not_parted_from_its_unit(text: str, lines: list[str]) -> None:
    """Neither from its currency, nor from % or from ≤."""
    assert lines == broken(text, 9)


def test_notes_are_folded_with_an_indent() -> None:
    """No wider than the table or 100, so that it is seen where each begins."""
    text = printed(replace(PAGE, notes=["word " * 30, "next"]), WIDE)
    notes = text.split("\n")[-3:]

    assert [99, 51] == [*map(len, notes[:2])]
    assert notes[1].startswith("  word")
    assert "next" == notes[2]


@pytest.mark.parametrize(
    ("said", "width"), [("100", 100), ("", PIPED_WIDTH), ("wide", PIPED_WIDTH), ("0", PIPED_WIDTH)]
)
def test_a_pipe_is_as_wide_as_columns_says(
    said: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else of a fixed width, the same on every machine."""
    monkeypatch.setenv("COLUMNS", said)

    assert Screen(width, is_styled=False) == screen(None)
