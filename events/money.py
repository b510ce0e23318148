"""Amounts of money: exact, positive, in minor units of an ISO 4217 currency.

JSON holds the decimal string in major units beside its currency; sums run over integers in minor
units. People type `13B`, `$13B`, `1.4T`, `EUR 2.5M` or `13_000_000_000`; this is the only reader
of such text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from dealledger.events.currency import MINOR_DIGITS, parse_currency
from dealledger.events.decimals import (
    EXACT,
    TYPED_DIGITS,
    comma_hint,
    decimal_text,
    exact_text,
    legible,
    parse_decimal,
    rounded,
    scaled_text,
    ungrouped,
)
from dealledger.events.errors import BadInput
from dealledger.events.text import shown

LARGEST_MINOR: Final = 9_200_000_000_000_000_000
"""The largest amount of one event in minor units: it fits a signed integer of 64 bits."""

_SCALES: Final = {"": 0, "k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "t": 12, "tn": 12}
SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP"}
_TYPED: Final = re.compile(
    r"(?P<before>[A-Z]{3} ?|[$€£] ?)?"
    rf"(?P<number>{TYPED_DIGITS}(?:\.[0-9]+)?)"
    r" ?(?P<scale>[kmbtKMBT]|[mbt]n|)"
    r"(?P<after> ?[A-Z]{3})?"
)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount. minor: integer, in minor units (cents for USD)."""

    currency: str
    minor: int

    def text(self) -> str:
        """Return the exact amount in major units, as JSON and CSV hold it."""
        return scaled_text(self.minor, MINOR_DIGITS[self.currency])

    def short(self) -> str:
        """Return the amount as people read it, such as `13.0B`."""
        return short_text(self.minor, self.currency)

    def exact(self) -> str:
        """Return the amount to the last digit as people read it, such as `12,600,000,000`."""
        return _with_separators(self.text(), MINOR_DIGITS[self.currency])


@dataclass(frozen=True, slots=True, order=True)
class PartMoney:
    """An exact amount that divisions left: minor may be a fraction of a minor unit."""

    currency: str
    minor: Fraction

    def text(self) -> str:
        """Return the exact amount in major units; a ratio where decimals would never end."""
        return exact_text(self.minor / 10 ** MINOR_DIGITS[self.currency])

    def short(self) -> str:
        """Return the amount as people read it, such as `2.90B`."""
        return short_text(self.minor, self.currency)

    def exact(self) -> str:
        """Return the amount to the last digit, as `Money` does; a ratio where there is none."""
        return _with_separators(self.text(), MINOR_DIGITS[self.currency])


def minor_units(amount: Decimal, currency: str) -> int:
    """Return *amount* in minor units.

    Raises: BadInput, if it has more decimals than the currency or is too large.

    >>> minor_units(Decimal("2.5"), "USD")
    250
    """
    digits = MINOR_DIGITS[currency]
    scaled = amount.scaleb(digits, EXACT)
    minor = int(scaled)
    if minor != scaled:
        raise BadInput(
            f"{decimal_text(amount)} is too precise for {currency}", f"at most {digits} decimals"
        )
    if abs(minor) > LARGEST_MINOR:
        limit = Money(currency, LARGEST_MINOR).text()
        raise BadInput(f"{decimal_text(amount)} {currency} is too large", f"at most {limit}")
    return minor


def parse_positive(value: object) -> Decimal:
    """Return the decimal string *value* as a number above zero."""
    number = parse_decimal(value)
    if number <= 0:
        raise BadInput(f"{decimal_text(number)} is not above zero")
    return number


def parse_not_negative(value: object) -> Decimal:
    """Return the decimal string *value* as a number that is zero or more."""
    number = parse_decimal(value)
    if number < 0:
        raise BadInput(f"{decimal_text(number)} is below zero")
    return number


def parse_typed(text: str) -> tuple[str, str | None]:
    """Return (decimal string in major units, currency or None) of an amount as people type it.

    A comma groups thousands, and nothing else: 1,250,000 is an amount, 1250,000 and 0,75M are none.
    Raises: BadInput, for anything else than one amount.

    >>> parse_typed("$13B"), parse_typed("EUR 2.5M"), parse_typed("13_000_000")
    (('13000000000', 'USD'), ('2500000', 'EUR'), ('13000000', None))
    """
    match = _TYPED.fullmatch(text.strip())
    if not match:
        examples = "such as 13B, $13B, 1.4T, 500M or EUR 2.5M"
        raise BadInput(f"{shown(text)} is not an amount", comma_hint(text) or examples)
    before, after = (match["before"] or "").strip(), (match["after"] or "").strip()
    if before and after:
        raise BadInput(f"{shown(text)} names a currency twice")
    unit = before or after
    currency = parse_currency(SIGNS.get(unit, unit)) if unit else None
    number = parse_decimal(ungrouped(match["number"]))
    return decimal_text(number.scaleb(_SCALES[match["scale"].lower()], EXACT)), currency


@lru_cache(maxsize=4096)  # a diagram asks for each amount of a label ten times
def short_text(minor: int | Fraction, currency: str) -> str:
    """Return an amount in three digits or more, from a thousand on with a letter for its size.

    Below a thousand it is exact to the minor unit, and never 0 for what is not 0.

    >>> short_text(1_300_000_000_000, "USD"), short_text(-49_380_000_000, "USD")
    ('13.0B', '-493.8M')
    >>> short_text(125_000_000_000, "USD"), short_text(99_996_000_000, "USD"), short_text(3, "BHD")
    ('1.25B', '1.00B', '0.003')
    """
    digits = MINOR_DIGITS[currency]
    major = Fraction(minor, 10**digits)
    if abs(Fraction(rounded(major, digits))) < 1000:
        return legible(major, 0 if major.denominator == 1 else digits)
    for size, letter in ((3, "K"), (6, "M"), (9, "B")):
        # 999.96 million would round to 1000.0M: it is 1.00B.
        if abs(Fraction(rounded(major / 10**size, 1))) < 1000:
            return _three_digits(major / 10**size) + letter
    return _three_digits(major / 10**12) + "T"


def _three_digits(number: Fraction) -> str:
    return rounded(number, 2 if abs(Fraction(rounded(number, 2))) < 10 else 1)


def _with_separators(text: str, digits: int) -> str:
    """Return a decimal as people read it: thousands apart, and no or all *digits* behind a point.

    >>> _with_separators("-1250000.5", 2), _with_separators("1/3", 2)
    ('-1,250,000.50', '1/3')
    """
    if "/" in text:
        return text
    whole, point, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{rest.ljust(digits, '0') if point else ''}"
