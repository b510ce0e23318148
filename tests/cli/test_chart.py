"""Charts of histories: what is drawn, what is named on the axes, and that nothing collides."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.cli.terminal.axes import MOST_TICKS, Span, day_ticks, round_ticks
from dealledger.cli.terminal.chart import MOST_ROWS, Axis, Dot, PriceMove, step_line

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2025, 1, 31)
PERCENT = Axis("share", lambda tick: f"{tick * 100} %")


def drawn(*dots: Dot, moves: tuple[PriceMove, ...] = ()) -> ET.Element:
    """Return the chart of these dots as XML."""
    return ET.fromstring(step_line("A <title>", ["one", "two"], dots, PERCENT, moves))


def texts(root: ET.Element) -> list[ET.Element]:
    """Return every text of a chart."""
    return list(root.iter(f"{SVG}text"))


@given(st.lists(st.fractions(-(10**15), 10**15), min_size=1))
def test_ticks_are_round_and_hold_all_values(values: list[Fraction]) -> None:
    """Evenly apart, few, from below to above everything, zero among them."""
    ticks = round_ticks(values)
    steps = {after - before for before, after in pairwise(ticks)}
    [step] = steps

    assert ticks[0] <= min(values)
    assert max(values) <= ticks[-1]
    assert 0 in ticks
    assert 2 <= len(ticks) <= MOST_TICKS + 1
    assert str(step).strip("0").replace("/", "").strip("0") in {"1", "2", "5", "11", "12", "15"}


@given(st.dates(date(1900, 1, 1), date(9000, 1, 1)), st.integers(0, 400_000))
def test_days_are_named_in_order_and_within(first: date, length: int) -> None:
    """Whatever the time, a few days of it have a name of their own."""
    last = min(first + timedelta(days=length), date(9999, 12, 31))
    ticks = day_ticks(first, last)

    assert 1 <= len(ticks) <= MOST_TICKS + 5
    assert all(first <= day <= last for day, _ in ticks)
    assert len(ticks) == len({said for _, said in ticks})
    assert ticks == sorted(ticks)


def test_labels_on_the_left_do_not_overlap() -> None:
    """Two values close to each other have round ticks around them, and no labels of their own."""
    root = drawn(
        Dot(DAY, Fraction(76, 1000), "7.6 %"),
        Dot(DAY + timedelta(days=9), Fraction(-12, 1000), "-1.2 %"),
        Dot(DAY + timedelta(days=19), Fraction(-14, 1000), "-1.4 %"),
    )
    left = [text for text in texts(root) if text.get("text-anchor") == "end"]
    places = sorted(int(text.get("y", "0")) for text in left)

    assert "share" in [text.text for text in left]
    assert all(after - before >= 13 for before, after in pairwise(places))
    assert ["-1.4 %"] == [text.text for text in texts(root) if text.get("class") == "last"]


def test_prices_have_rows_of_their_own_with_names() -> None:
    """Below the line and its zero, one row a company; each triangle says who, when, by how much."""
    moves = (
        PriceMove(DAY, "Oracle", "+36 %", is_up=True),
        PriceMove(DAY + timedelta(days=3), "Nokia & Co", "-4 %", is_up=False),
        PriceMove(DAY + timedelta(days=5), "Oracle", "-9 %", is_up=False),
    )
    root = drawn(Dot(DAY, Fraction(1, 2), "50 %"), moves=moves)
    places = {text.text: int(text.get("y", "0")) for text in texts(root)}
    titles = [each.text for group in root.iter(f"{SVG}g") for each in group.iter(f"{SVG}title")]

    assert places["0 %"] < places["Oracle"] < places["Nokia & Co"]
    assert places["+36 %"] == places["-9 %"] == places["Oracle"]
    assert "2025-02-03: Nokia & Co -4 %" in titles
    assert 3 == len(titles)


def test_numbers_of_a_row_stand_before_its_triangles_or_after() -> None:
    """Together, in the order of their days, where there is room for all of them."""
    early, late = DAY, DAY + timedelta(days=300)
    dots = (Dot(early, Fraction(1, 2), "50 %"), Dot(late, Fraction(1, 4), "25 %"))
    for day in (early + timedelta(days=9), late - timedelta(days=9)):
        moves = tuple(
            PriceMove(day + timedelta(days=n), "Oracle", f"+{n} %", is_up=True) for n in (1, 2)
        )
        assert "+1 %, +2 %" in [text.text for text in texts(drawn(*dots, moves=moves))]


def test_numbers_never_run_over_the_next_triangle() -> None:
    """A row that is full has triangles, whose titles say by how much, and no numbers."""
    moves = tuple(
        PriceMove(DAY + timedelta(days=n), "Oracle", f"+{n}.25 %", is_up=True) for n in range(90)
    )
    root = drawn(Dot(DAY, Fraction(1, 2), "50 %"), moves=moves)

    assert 90 == len(list(root.iter(f"{SVG}g")))
    assert ["+89.25 %"] == [text.text for text in texts(root) if "25 %" in (text.text or "")]


def test_more_companies_than_rows_are_counted() -> None:
    """A strip ends somewhere, and says so."""
    moves = tuple(PriceMove(DAY, f"Company {n}", "+1 %", is_up=True) for n in range(MOST_ROWS + 5))
    root = drawn(Dot(DAY, Fraction(1, 2), "50 %"), moves=moves)

    assert any("5 more companies are in the table" in (text.text or "") for text in texts(root))


@pytest.mark.parametrize(("exact", "said"), [(True, False), (False, True)])
def test_what_is_not_exact_is_hollow(exact: bool, said: bool) -> None:
    """And the key says what hollow means, only then."""
    root = drawn(Dot(DAY, Fraction(1), "≤ 1", is_exact=exact))
    [circle] = root.iter(f"{SVG}circle")

    assert ("dot" if exact else "dot bound") == circle.get("class")
    assert said == any("hollow" in (text.text or "") for text in texts(root))


def test_names_are_drawn_literally() -> None:
    """A title or a company is text, never markup; what cannot be seen is spelled out."""
    moves = (PriceMove(DAY, "<b>\u202e", "+1 %", is_up=True),)
    root = drawn(Dot(DAY, Fraction(1), "1"), moves=moves)

    assert "A <title>" in [text.text for text in texts(root)]
    assert "<b>\\u202e" in [text.text for text in texts(root)]


def test_what_moves_on_between_dots_has_no_steps() -> None:
    """A step would show, for days between, values that they did not end with."""
    dots = (Dot(DAY, Fraction(1), "1"), Dot(DAY + timedelta(days=9), Fraction(2), "2"))
    [stepped] = [each for each in drawn(*dots).iter(f"{SVG}path") if each.get("class") == "line"]
    text = step_line("T", ["one", "two"], dots, PERCENT, moves_on=True)
    joined = [
        path
        for path in ET.fromstring(text).iter(f"{SVG}path")
        if path.get("class") == "line joined"
    ]

    assert "V" in stepped.get("d", "")
    assert ["ML"] == ["".join(c for c in path.get("d", "") if c.isalpha()) for path in joined]


def test_a_span_of_nothing_has_a_place() -> None:
    """One day, or one value, is where the axis begins."""
    assert 10 == Span(Fraction(5), Fraction(5), 10, 90).at(5)
