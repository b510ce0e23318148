"""Tables as text: set here where they fit, as rich would, and wrapped by it where they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.cli import table
from dealledger.cli.table import BOLD, DIM, PLAIN, Line, Page, Screen, printed

WIDE = Screen(240, is_styled=False)
WORDS = st.text("ab 1.,–→≥é日\u0301", max_size=9).map(str.strip)
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
        draw(st.none() | cells),
        draw(st.lists(st.booleans(), min_size=columns, max_size=columns)),
        draw(st.lists(lines, max_size=5)),
        draw(st.lists(WORDS, max_size=2)),
    )


@given(pages())
def test_what_fits_is_set_as_rich_sets_it(page: Page) -> None:
    """To the last character, whatever is in it."""
    assert table._wrapped(page, WIDE) == printed(page, WIDE)


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


@pytest.mark.parametrize("page", [
    replace(PAGE, title="a title of many words"),
    replace(PAGE, notes=["a note of many words"]),
    replace(PAGE, lines=[Line(["a row of many words", "1"])]),
])  # fmt: skip
def test_what_does_not_fit_is_wrapped(page: Page) -> None:
    """Nothing is cut, and nothing is wider than the screen."""
    text = printed(page, Screen(15, is_styled=False))

    assert 15 >= max(map(len, text.split("\n")))
    assert "manywords" in "".join(text.split()).replace("1", "")
