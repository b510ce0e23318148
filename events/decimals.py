"""Exact decimal numbers as text: the one reader and the one writer.

No float touches a number of the ledger. A number in JSON is a string in plain notation; its
canonical text has no exponent, no sign for zero and no trailing zeros, so equal numbers have equal
bytes. The range is capped on input, so that no output can explode.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import Final

from dealledger.events.errors import BadInput
from dealledger.events.text import shown

EXACT: Final = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow])
"""Arithmetic that raises where the default context would silently round to 28 digits."""

TYPED_DIGITS: Final = "(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:_[0-9]{3})+)"
"""The whole part of a number as people type it: a comma, or _, groups thousands only."""

_TYPED: Final = re.compile(rf"{TYPED_DIGITS}(?:\.[0-9]+)?")
_TYPED_WHOLE: Final = re.compile(TYPED_DIGITS)
LONGEST_EXACT: Final = 1000
"""The most characters in which a number is written exactly."""

_ROUNDED_DIGITS: Final = 30
_MOST_BITS: Final = 4 * LONGEST_EXACT
"""A number with more has more digits than that: a digit is 3.3 bits."""

PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?")
_LONGEST_WHOLE: Final = 17
"""The most digits of a whole number: more are above the largest number of shares."""


def parse_decimal(value: object) -> Decimal:
    """Return the exact number that a JSON string holds in plain notation.

    Raises: BadInput, for anything but a string of ASCII digits with an optional minus and point;
    so also for floats, exponents, NaN, infinities, signs, blanks and digits of other scripts.

    >>> parse_decimal("1.10")
    Decimal('1.10')
    """
    if isinstance(value, Decimal) and value.is_finite():
        value = format(value, "f")
    if not isinstance(value, str):
        raise BadInput(f"{shown(value)} is not a decimal string", 'write it as "2500000.50"')
    if not PLAIN.fullmatch(value):
        raise BadInput(
            f"{shown(value)} is not a plain decimal number",
            "digits and a point, at most 30 of each",
        )
    return Decimal(value)


def parse_typed_number(text: str) -> str:
    """Return the decimal string of a number as people type it: `1.10` or `1,250,000`.

    Raises: BadInput, also for a sign, a unit, and a comma that groups no thousands.
    """
    typed = text.strip()
    if not _TYPED.fullmatch(typed):
        raise BadInput(f"{shown(text)} is not a plain number", comma_hint(text) or "such as 1.10")
    return decimal_text(parse_decimal(ungrouped(typed)))


def parse_typed_whole(text: str) -> int:
    """Return a whole number as people type it: `8000000` or `8,000,000`."""
    typed = text.strip()
    digits = ungrouped(typed)
    if not _TYPED_WHOLE.fullmatch(typed) or len(digits) > _LONGEST_WHOLE:
        raise BadInput(f"{shown(text)} is not a whole number", comma_hint(text))
    return int(digits)


def ungrouped(typed: str) -> str:
    """Return the digits of a typed number, without what groups them and without leading zeros.

    >>> ungrouped("1,250,000.50"), ungrouped("007"), ungrouped("0.5")
    ('1250000.50', '7', '0.5')
    """
    whole, point, decimals = re.sub("[_,]", "", typed).partition(".")
    return (whole.lstrip("0") or "0") + point + decimals


def comma_hint(typed: str) -> str:
    """Return what to do about a number that was refused, if it has a comma; else nothing."""
    return "a comma groups thousands only, as in 1,250,000; decimals: 0.75" * ("," in typed)


def decimal_text(number: Decimal) -> str:
    """Return the canonical text of *number*.

    >>> decimal_text(Decimal("1.10")), decimal_text(Decimal("1E+2")), decimal_text(Decimal("-0"))
    ('1.1', '100', '0')
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def exact_text(number: Fraction) -> str:
    """Return *number* exactly: as a decimal where it has an end, else as a ratio.

    What would be longer than LONGEST_EXACT is rounded to 30 digits, and marked by an exponent,
    which no exact number has. All forms are read by `fractions.Fraction`.

    >>> exact_text(Fraction(3, 16)), exact_text(Fraction(1, 36))
    ('0.1875', '1/36')
    >>> exact_text(Fraction(1, 3) ** 3000)
    '4.32748768860941340627390082726e-1432'
    """
    bits = max(number.numerator.bit_length(), number.denominator.bit_length())
    if bits > _MOST_BITS:
        return _scientific(number)
    places = _decimal_places(number.denominator)
    if places is None:
        text = f"{number.numerator}/{number.denominator}"
    else:
        text = scaled_text(number.numerator * 10**places // number.denominator, places)
    return text if len(text) <= LONGEST_EXACT else _scientific(number)


def _scientific(number: Fraction) -> str:
    """Return *number*, which is not 0, with 30 digits and an exponent, rounded half to even."""
    value = abs(number)
    # Of the two whole numbers that the lengths in bits leave, the larger first.
    bits = value.numerator.bit_length() - value.denominator.bit_length()
    exponent = -(-bits * 30103 // 100000) + 1
    while Fraction(10) ** exponent > value:
        exponent -= 1
    units = round(value * Fraction(10) ** (_ROUNDED_DIGITS - 1 - exponent))
    if units == 10**_ROUNDED_DIGITS:
        units, exponent = units // 10, exponent + 1
    digits = str(units)
    return f"{'-' if number < 0 else ''}{digits[0]}.{digits[1:]}e{exponent}"


def scaled_text(units: int, places: int) -> str:
    """Return *units* / 10**places as canonical text, without trailing zeros.

    >>> scaled_text(-250, 2), scaled_text(5, 2)
    ('-2.5', '0.05')
    """
    sign = "-" if units < 0 else ""
    digits = str(abs(units)).rjust(places + 1, "0")
    if not places:
        return sign + digits
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return sign + text


def rounded(number: Fraction, places: int = 0) -> str:
    """Return *number* with exactly *places* decimals, rounded half away from zero.

    As people round by hand; sums and what is stored round nothing.

    >>> rounded(Fraction(1, 36), 4), rounded(Fraction(-1, 2)), rounded(Fraction(1, 4), 1)
    ('0.0278', '-1', '0.3')
    """
    scaled = abs(number) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if units and number < 0 else ""
    digits = str(units).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def legible(number: Fraction, places: int = 0) -> str:
    """Return *number* as `rounded` does, and never 0 for what is not 0.

    >>> legible(Fraction(1, 1000), 2), legible(Fraction(-1, 1000), 2), legible(Fraction(0), 2)
    ('< 0.01', '> -0.01', '0.00')
    """
    step = Fraction(1, 10**places)
    if not number or 2 * abs(number) >= step:
        return rounded(number, places)
    return f"< {rounded(step, places)}" if number > 0 else f"> {rounded(-step, places)}"


def _decimal_places(denominator: int) -> int | None:
    """Return how many decimals 1/denominator has, or None if they never end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None
