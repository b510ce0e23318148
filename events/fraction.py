"""Stakes and moves: exact decimal fractions; 0.27 is 27 %."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from dealledger.events.decimals import (
    EXACT,
    comma_hint,
    decimal_text,
    legible,
    parse_decimal,
    rounded,
    ungrouped,
)
from dealledger.events.errors import BadInput
from dealledger.events.text import shown

_TYPED: Final = re.compile(r"(?P<sign>[+-]?)(?P<number>[0-9]+(?:\.[0-9]+)?) ?(?P<percent>%?)")


def parse_stake(value: object) -> Decimal:
    """Return a part of a whole, 0 to 1, from its decimal string."""
    number = parse_decimal(value)
    if not 0 <= number <= 1:
        raise BadInput(f"{decimal_text(number)} is not part of a whole", "0 to 1: 0.27 is 27 %")
    return number


def parse_given_stake(value: object) -> Decimal:
    """Return a stake that is given or moved: above 0, at most 1."""
    number = parse_stake(value)
    if not number:
        raise BadInput("a stake of 0 is none", "leave it out if it is not known")
    return number


def parse_move(value: object) -> Decimal:
    """Return a relative change of a price from its decimal string: -0.028 is -2.8 %."""
    number = parse_decimal(value)
    if not -1 <= number <= 1000:
        said = f"{decimal_text(number)} is not a price move"
        raise BadInput(said, "a fraction: -0.028 is -2.8 %")
    return number


def parse_typed_fraction(text: str) -> str:
    """Return the decimal string of a fraction as people type it: `27%`, `0.27` or `-2.8%`.

    >>> parse_typed_fraction("27%"), parse_typed_fraction("-2.8 %")
    ('0.27', '-0.028')
    """
    match = _TYPED.fullmatch(text.strip())
    if not match:
        hint = comma_hint(text) or "such as 27% or 0.27"
        raise BadInput(f"{shown(text)} is not a share", hint)
    number = parse_decimal(ungrouped(match["number"]))
    if match["percent"]:
        number = number.scaleb(-2, EXACT)
    return decimal_text(number.copy_negate() if match["sign"] == "-" else number)


def percent(share: Fraction, places: int = 2) -> str:
    """Return a share as people read it; nothing and the whole are said of these alone.

    >>> percent(Fraction(27, 100)), percent(Fraction(1, 10**6)), percent(1 - Fraction(1, 10**6))
    ('27.00 %', '< 0.01 %', '> 99.99 %')
    """
    if share != 1 and rounded(share * 100, places) == rounded(Fraction(100), places):
        limit = Fraction(100) if share > 1 else 100 - Fraction(1, 10**places)
        return f"> {rounded(limit, places)} %"
    return f"{legible(share * 100, places)} %"
