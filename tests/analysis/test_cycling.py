"""Finn's cycling index, where there is one; and exact linear equations."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.webs import web_of

from dealledger.projections.analysis.circles import cycling as module
from dealledger.projections.analysis.circles.cycling import cycling
from dealledger.projections.analysis.risk.linear import solved
from dealledger.projections.analysis.web import Web

STEADY = """
2025-01-01 x a 10
2025-01-02 a b 15
2025-01-03 b a 5
2025-01-04 b x 10
"""


def test_a_steady_state() -> None:
    """X pays A 10, A pays B 15, B pays A 5 and X 10: n is 1.5, the index 10 of 30."""
    assert Fraction(1, 3) == cycling(web_of(STEADY, "x")).index


def test_money_that_only_passes_has_no_cycle() -> None:
    """x to a to b to x: 0."""
    web = web_of("2025-01-01 x a 4\n2025-01-02 a b 4\n2025-01-03 b x 4", "x")

    assert Fraction() == cycling(web).index


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there are no insiders"),
        ("2025-01-01 a b 4", "2 of 2 insiders do not pay what they get"),
        ("2025-01-01 a b 4\n2025-01-01 b a 4",
         "some of the money never leaves, so it passes without end"),
    ],
)  # fmt: skip
def test_why_there_is_no_index(text: str, reason: str) -> None:
    """It presumes a steady state that money enters and leaves."""
    found = cycling(web_of(text) if text else Web("USD", ()))

    assert (None, reason) == (found.index, found.reason)


def test_a_large_web_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is said."""
    monkeypatch.setattr(module, "MOST_PARTIES", 1)

    assert "there are more than 1 insiders" == cycling(web_of(STEADY, "x")).reason


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=3, max_size=3))
def test_a_solution_solves_and_none_is_missed(matrix: list[list[int]]) -> None:
    """Rows times x gives the right-hand side; None if and only if the determinant is 0."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    rows = {place: {column: Fraction(entry) for column, entry in enumerate(row) if entry}
            for place, row in enumerate(matrix)}  # fmt: skip
    found = solved(rows, {0: {0: Fraction(2)}, 2: {0: Fraction(5), 1: Fraction(1)}})

    assert (found is None) == (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) == 0)
    for side, right in ((0, [2, 0, 5]), (1, [0, 0, 1])):
        if found is not None:
            assert right == [
                sum(row.get(column, 0) * found[column].get(side, 0) for column in range(3))
                for row in rows.values()
            ]
