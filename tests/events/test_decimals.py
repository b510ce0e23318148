"""Exact numbers, stakes and moves as text."""

from __future__ import annotations

from decimal import Decimal, Inexact
from fractions import Fraction
from typing import Any

import pytest

from dealledger.events import BadInput
from dealledger.events.decimals import EXACT, decimal_text, exact_text, parse_decimal, rounded
from dealledger.events.fraction import (
    parse_given_stake,
    parse_move,
    parse_stake,
    parse_typed_fraction,
    percent,
)


def test_thirty_digits_are_kept() -> None:
    """The default context of Python would round to 28."""
    text = "123456789012345678901234567890.123456789012345678901234567891"

    assert text == decimal_text(parse_decimal(text))


def test_arithmetic_never_rounds() -> None:
    """Where a result would be inexact, the context raises."""
    with pytest.raises(Inexact):
        EXACT.divide(Decimal(1), Decimal(3))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1.10", "1.1"),
        ("1E+2", "100"),
        ("100", "100"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0E-10", "0"),
        ("1E-3", "0.001"),
        ("-1.500", "-1.5"),
    ],
)
def test_equal_numbers_have_one_text(number: str, text: str) -> None:
    """Equal and of equal bytes is the same."""
    assert text == decimal_text(Decimal(number))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(3, 16), "0.1875"),
        (Fraction(-3, 16), "-0.1875"),
        (Fraction(1, 36), "1/36"),
        (Fraction(7), "7"),
        (Fraction(-1, 3), "-1/3"),
        (Fraction(1, 10**6), "0.000001"),
    ],
)
def test_fractions_are_written_exactly(number: Fraction, text: str) -> None:
    """A decimal where it has an end, else a ratio."""
    assert text == exact_text(number)


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        ("1/2", 0, "1"),
        ("3/2", 0, "2"),
        ("5/2", 0, "3"),
        ("-1/2", 0, "-1"),
        ("-5/2", 0, "-3"),
        ("1/8", 2, "0.13"),
        ("1/36", 4, "0.0278"),
        ("-1/1000", 2, "0.00"),
        ("5", 2, "5.00"),
    ],
)
def test_rounding_is_half_away_from_zero(number: str, places: int, text: str) -> None:
    """Zero has no sign."""
    assert text == rounded(Fraction(number), places)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("27%", "0.27"),
        ("27 %", "0.27"),
        ("0.27", "0.27"),
        ("00.27", "0.27"),
        ("-2.8%", "-0.028"),
        ("+3%", "0.03"),
        ("0%", "0"),
        ("-0", "0"),
        ("100%", "1"),
        ("250 %", "2.5"),
        (" 1 ", "1"),
        ("0.001%", "0.00001"),
    ],
)
def test_typed_fraction_is_read(typed: str, text: str) -> None:
    """People type percent or a fraction."""
    assert text == parse_typed_fraction(typed)


@pytest.mark.parametrize(
    "typed", ["", "%", "27%%", "a", "1/4", "--1", "1e2", ".5", "5.", "٣%", "NaN", "１%"]
)
def test_what_is_no_fraction_is_refused(typed: str) -> None:
    """Anything else is refused, with an example."""
    with pytest.raises(BadInput, match=r"is not a share \(such as 27% or 0.27\)$"):
        parse_typed_fraction(typed)


@pytest.mark.parametrize(
    ("parse", "value", "message"),
    [
        (parse_stake, "1.0000001", "1.0000001 is not part of a whole (0 to 1: 0.27 is 27 %)"),
        (parse_stake, "27", "27 is not part of a whole (0 to 1: 0.27 is 27 %)"),
        (parse_stake, "-0.1", "-0.1 is not part of a whole (0 to 1: 0.27 is 27 %)"),
        (parse_given_stake, "0.0", "a stake of 0 is none (leave it out if it is not known)"),
        (parse_move, "-1.01", "-1.01 is not a price move (a fraction: -0.028 is -2.8 %)"),
        (parse_move, "1000.5", "1000.5 is not a price move (a fraction: -0.028 is -2.8 %)"),
        (parse_stake, 0.27, "'0.27' is not a decimal string (write it as \"2500000.50\")"),
    ],
)
def test_stakes_and_moves_have_limits(parse: Any, value: Any, message: str) -> None:
    """A stake is a part of a whole; a price falls by all of it at most."""
    with pytest.raises(BadInput) as caught:
        parse(value)

    assert message == str(caught.value)


def test_limits_are_inclusive() -> None:
    """A whole is a stake, nothing may be held, and a price may fall to nothing."""
    assert [1, 0, 1, -1, 1000] == [
        parse_stake("1"),
        parse_stake("-0"),
        parse_given_stake("1.0"),
        parse_move("-1"),
        parse_move("1000"),
    ]
    assert "27.00 %" == percent(Fraction(27, 100))
    assert "2.8 %" == percent(Fraction(1, 36), 1)


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [
        ("0", 2, "0.00 %"),
        ("1/100000", 2, "< 0.01 %"),
        ("-1/100000", 2, "> -0.01 %"),
        ("1/20000", 2, "0.01 %"),
        ("1/1000", 0, "< 1 %"),
        ("1", 2, "100.00 %"),
        ("99999/100000", 2, "> 99.99 %"),
        ("999/1000", 0, "> 99 %"),
        ("100001/100000", 2, "> 100.00 %"),
        ("1/800", 2, "0.13 %"),
    ],
)
def test_nothing_and_the_whole_are_said_of_these_alone(share: str, places: int, text: str) -> None:
    """A share of nearly nothing is not 0 %, and one of nearly all is not 100 %."""
    assert text == percent(Fraction(share), places)
