"""Conversion between currencies by the rates that are recorded, or not at all.

An amount is converted at the latest rate on or before its own date, and the as-of date: what is
recorded of later days changes nothing. A rate from B to A also serves from A to B, as its inverse;
rates are never chained, and what a memo says never converts. A missing rate is named, not guessed.
Converted amounts are exact fractions of minor units; they are rounded
once, half to even, where they are shown, so that every way to a sum gives the same one.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from dealledger.events import BadInput, Money, Rate
from dealledger.events.currency import MINOR_DIGITS
from dealledger.ledger import View


class MissingRate(BadInput):
    """Somebody asks for a currency, and no rate for an amount's date is recorded."""

    def __init__(self, base: str, quote: str, day: date) -> None:
        super().__init__(
            f"there is no rate from {base} to {quote} on or before {day}",
            f"append one: deals append rate --base {base} --quote {quote} --rate ... --on ...",
        )


@dataclass(frozen=True, slots=True, order=True)
class UsedRate:
    """A recorded rate by which something was converted: one unit of base costs *rate* of quote."""

    base: str
    quote: str
    day: date
    rate: Fraction
    event: str


class Converter:
    """Turns money into one currency; without a currency it leaves everything as it is."""

    def __init__(self, view: View, currency: str | None) -> None:
        """Read the rates that the View knows; *currency* is what to convert to, or None."""
        self.currency = currency
        self._used: set[UsedRate] = set()
        self._rates: dict[str, list[tuple[date, Fraction, UsedRate]]] = {}
        if currency is not None:
            self._read(view, currency)

    def _read(self, view: View, currency: str) -> None:
        for record in view.events("rate"):
            event = record.event
            assert isinstance(event, Rate)
            rate, day = Fraction(event.rate), event.effective_on
            said = UsedRate(event.base, event.quote, day, rate, record.id)
            if event.memo or currency not in (event.base, event.quote):
                continue
            other, each = (event.base, rate) if event.quote == currency else (event.quote, 1 / rate)
            digits = MINOR_DIGITS[currency] - MINOR_DIGITS[other]
            scaled = each * Fraction(10) ** digits
            self._rates.setdefault(other, []).append((day, scaled, said))

    def rate(self, currency: str, day: date) -> Fraction:
        """Return how many minor units of what was asked for one minor unit of *currency* is.

        1, if nothing was asked for. Raises: MissingRate.
        """
        if self.currency is None or currency == self.currency:
            return Fraction(1)
        rates = self._rates.get(currency, [])
        index = bisect_right(rates, day, key=lambda rate: rate[0])
        if not index:
            raise MissingRate(currency, self.currency, day)
        _, rate, said = rates[index - 1]
        self._used.add(said)
        return rate

    def exact(self, money: Money, day: date) -> Fraction:
        """Return *money* of the date *day* in minor units of what was asked for, not rounded.

        Raises: MissingRate.
        """
        return money.minor * self.rate(money.currency, day)

    def code(self, currency: str) -> str:
        """Return the currency that an amount in *currency* is converted to."""
        return self.currency or currency

    def __call__(self, money: Money, day: date) -> Money:
        """Return *money* of the date *day* in the currency that was asked for, rounded.

        For an amount that is shown by itself; sums are made of what `exact` returns.
        Raises: MissingRate.
        """
        if self.currency in (None, money.currency):
            return money
        return Money(self.code(money.currency), round(self.exact(money, day)))

    def used(self) -> tuple[UsedRate, ...]:
        """Return the rates by which something was converted, sorted."""
        return tuple(sorted(self._used))


To: TypeAlias = "str | Converter | None"
"""What to convert to: a currency, what converts to it and remembers its rates, or nothing."""


def converter(view: View, currency: To) -> Converter:
    """Return what converts to *currency*."""
    return currency if isinstance(currency, Converter) else Converter(view, currency)
