"""DebtRank: how far a loss of one party spreads through what others hold of it and of each other.

h_i(t+1) = min(1, h_i(t) + sum over j of L_ij (h_j(t) - h_j(t-1))), where L_ij = A_ij / E_i is what
i holds of j for each unit that i can lose; R = sum of v_i h_i(end) - sum of v_i h_i(0). This is
the form that does not under-count cycles.

Sources: quantities, Q7 (c); Battiston et al., Sci. Rep. 2:541 (2012); Bardoscia et al., PLoS ONE
10(6) e0130406 (2015).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.events import BadInput
from dealledger.projections.analysis.web import Pair

GRAIN: Final = 1 << 64
MOST_ROUNDS: Final = 500


@dataclass(frozen=True, slots=True)
class DebtRank:
    """The losses in the end. losses: by party, as a part of its capacity, 0 to 1.

    rank: R, the loss of all as a part of all capacity, without that of the party itself. rounds:
    how many it took; rest: the largest change that was still under way, 0 where the end is exact.
    """

    losses: Mapping[str, Fraction]
    rank: Fraction
    rounds: int
    rest: Fraction


def leverage(exposures: Mapping[Pair, int], capacity: Mapping[str, int]) -> dict[Pair, Fraction]:
    """Return L from what each holds of each other, and what each can lose, in minor units.

    Who has no capacity given is left out. Raises: BadInput, for a capacity that is not above 0, or
    somebody who holds something of itself.
    """
    for who, amount in capacity.items():
        if amount <= 0:
            raise BadInput(
                f"the capacity of {who} is not above 0", "what it can lose before it fails"
            )
    for holder, issuer in exposures:
        if holder == issuer:
            raise BadInput(f"{holder} is exposed to itself", "leave it out")
    return {
        (i, j): Fraction(amount, capacity[i])
        for (i, j), amount in sorted(exposures.items())
        if i in capacity and amount
    }


def debtrank(
    levers: Mapping[Pair, Fraction], weights: Mapping[str, Fraction], party: str
) -> DebtRank:
    """Return what the loss of all of *party* does. weights: v, which add up to 1.

    Exact, if the loss comes to an end in as many rounds as there are parties; in circles it goes on
    for ever, ever smaller: then changes are cut to 1/2^64 and the rest is said.
    """
    names = sorted({*weights, party, *(name for pair in levers for name in pair)})
    holdings: dict[str, list[tuple[str, Fraction]]] = {name: [] for name in names}
    for (holder, issuer), lever in levers.items():
        holdings[holder].append((issuer, lever))
    losses = dict.fromkeys(names, Fraction()) | {party: Fraction(1)}
    change = dict(losses)
    rounds = 0
    while any(change.values()) and rounds < MOST_ROUNDS:
        rounds += 1
        after = {
            who: min(Fraction(1), losses[who] + sum(
                (lever * change[issuer] for issuer, lever in holdings[who]), Fraction()))
            for who in names
        }  # fmt: skip
        if rounds > len(names):
            after = {who: Fraction(int(after[who] * GRAIN), GRAIN) for who in names}
            after = {who: max(after[who], losses[who]) for who in names}
        change = {who: after[who] - losses[who] for who in names}
        losses = after
    own = weights.get(party, Fraction())
    whole = sum((weights.get(who, Fraction()) * losses[who] for who in names), Fraction())
    rest = max(change.values(), default=Fraction())
    if rounds > len(names):
        rest = max(rest, Fraction(rounds, GRAIN))
    return DebtRank(losses, whole - own, rounds, rest)
