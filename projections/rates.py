"""Conversion between currencies by the rates that are recorded, or not at all.

An amount is converted at the latest rate on or before its own date. A rate from B to A also serves
from A to B, as its inverse; rates are never chained. A missing rate is named, not guessed. Each
amount is rounded once, half to even, to the minor units of the currency that is asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from fractions import Fraction

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


class Converter:
    """Turns money into one currency; without a currency it leaves everything as it is."""

    def __init__(self, view: View, currency: str | None) -> None:
        """Read the rates that the View knows; *currency* is what to convert to, or None."""
        self.currency = currency
        self._rates: dict[str, list[tuple[date, Fraction]]] = {}
        if currency is not None:
            self._read(view.at(date.max), currency)

    def _read(self, view: View, currency: str) -> None:
        for record in view.events("rate"):
            event = record.event
            assert isinstance(event, Rate)
            rate, day = Fraction(event.rate), event.effective_on
            if event.quote == currency:
                self._rates.setdefault(event.base, []).append((day, rate))
            elif event.base == currency:
                self._rates.setdefault(event.quote, []).append((day, 1 / rate))

    def __call__(self, money: Money, day: date) -> Money:
        """Return *money* of the date *day* in the currency that was asked for.

        Raises: MissingRate.
        """
        if self.currency is None or money.currency == self.currency:
            return money
        rates = self._rates.get(money.currency, [])
        index = bisect_right(rates, day, key=lambda rate: rate[0])
        if not index:
            raise MissingRate(money.currency, self.currency, day)
        digits = MINOR_DIGITS[self.currency] - MINOR_DIGITS[money.currency]
        exact = money.minor * rates[index - 1][1] * Fraction(10) ** digits
        return Money(self.currency, round(exact))
