"""How sure the amounts of an answer are: what of them is confirmed, reported or estimated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.events import Money

LEVELS: Final = ("confirmed", "reported", "estimated", None)
"""From sure to unsure; None is what no event says."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """The gross amounts of one currency, by how sure they are. parts: in the order of LEVELS."""

    currency: str
    parts: tuple[tuple[str | None, Money], ...]

    def shares(self) -> tuple[tuple[str | None, Fraction], ...]:
        """Return the shares of the whole, which add up to 1; none if there are no amounts."""
        total = sum(money.minor for _, money in self.parts)
        if not total:
            return ()
        return tuple((level, Fraction(money.minor, total)) for level, money in self.parts)


def together(found: Iterable[Confidence]) -> tuple[Confidence, ...]:
    """Return the sum of several answers' confidence."""
    return confidence_of((money, level) for each in found for level, money in each.parts)


def confidence_of(amounts: Iterable[tuple[Money, str | None]]) -> tuple[Confidence, ...]:
    """Return one line per currency for gross amounts, each with its confidence; sorted by code."""
    sums: dict[str, dict[str | None, int]] = defaultdict(lambda: defaultdict(int))
    for money, level in amounts:
        sums[money.currency][level] += money.minor
    return tuple(
        Confidence(
            currency,
            tuple(
                (level, Money(currency, sums[currency][level]))
                for level in LEVELS
                if sums[currency][level]
            ),
        )
        for currency in sorted(sums)
    )
