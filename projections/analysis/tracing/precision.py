"""How exact traced money is: fractions in full for hundreds of payments, else cut far below a cent.

Each payment of a traced web divides by a balance, so that after n payments a denominator may be the
product of n balances. While that product is short everything is exact. In a longer web each part is
cut to 1/GRAIN of a minor unit. Parts are handed on and never multiplied up, so the errors of a web
add up to at most its payments times its tags, in units of 1/GRAIN.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.projections.analysis.tracing.running_balances import steps
from dealledger.projections.analysis.web import Web

Exact = Fraction | int
"""In minor units, or in grains: whatever the scale says."""

EXACT_BITS: Final = 8_192
GRAIN: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class Scale:
    """How amounts are held: as fractions of minor units, or as whole grains of them."""

    is_exact: bool

    def held(self, minor: int) -> Exact:
        """Return an amount in minor units as it is held."""
        return Fraction(minor) if self.is_exact else minor * GRAIN

    def part(self, amount: Exact, of: int, whole: int) -> Exact:
        """Return *amount* x *of* / *whole*, in grains rounded down."""
        return amount * of / whole if isinstance(amount, Fraction) else amount * of // whole

    def minor(self, amount: Exact) -> Fraction:
        """Return an amount that is held in minor units."""
        return amount if isinstance(amount, Fraction) else Fraction(amount, GRAIN)


def scale_of(web: Web) -> Scale:
    """Return how the traced amounts of *web* are held."""
    return Scale(sum(step.had.bit_length() for step in steps(web)) <= EXACT_BITS)
