"""What each insider is recorded to have, payment by payment, in the order of the ledger.

A balance never falls below zero: who spends more than it is recorded to have spends its own money,
which the ledger did not see coming in. The outside world has no balance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dealledger.projections.analysis.web import Leg, Web


@dataclass(frozen=True, slots=True)
class BalanceStep:
    """One leg. had, left: the payer's recorded balance before and after it; 0 for an outsider.

    recorded: what of the amount was in that balance; the rest of what an insider pays is own money.
    """

    leg: Leg
    had: int
    left: int
    recorded: int

    @property
    def own(self) -> int:
        """Return what is paid beyond the recorded balance."""
        return self.leg.minor - self.recorded


def steps(web: Web) -> Iterator[BalanceStep]:
    """Yield every leg of *web*, also those before its window, with the payer's balance."""
    balance: dict[str, int] = defaultdict(int)
    for leg in web.legs:
        had = balance[leg.source]
        recorded = min(had, leg.minor)
        if leg.source not in web.outside:
            balance[leg.source] = had - recorded
        if leg.target not in web.outside:
            balance[leg.target] += leg.minor
        yield BalanceStep(leg, had, had - recorded, recorded)


def unobserved(web: Web) -> tuple[int, int]:
    """Return (what insiders paid beyond their recorded balances, all that they paid)."""
    paid = [step for step in steps(web) if step.leg.source not in web.outside]
    counted = [step for step in paid if web.counts(step.leg)]
    return sum(step.own for step in counted), sum(step.leg.minor for step in counted)
