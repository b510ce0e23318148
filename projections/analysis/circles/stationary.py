"""The walk that money takes in a block of parties: how fast each must pay so that all balances.

Of a block in which each reaches each, with weights w, the rates g are those with
sum_j g_j w_ji = g_i sum_j w_ij at every i: the flow g_i w_ij is the stationary flow of the walk
that leaves i in proportion to w. They are fixed up to their scale.

`eliminated` takes out party after party without a subtraction (Grassmann, Taksar and Heyman,
Operations Research 33(5), 1985): exact in fractions, and accurate in floats. `Nearly`
improves rates step by step (Gauss-Seidel) until they change by less than NEAR, for large blocks.
Whoever uses that repairs the flow exactly. Binary numbers are added in a fixed order, or rounded
once (fsum), so that the same web has the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from math import fsum, isfinite
from operator import add, itemgetter, mul
from typing import Any, Final

NEAR: Final = 1e-6
"""Rates are near enough when one more step changes none of them by this part of itself."""

FEW: Final = 40
"""So few parties are eliminated at once: it is as fast, and right but for rounding."""

MOST_STEPS: Final = 81
"""What does not settle in so many steps is eliminated too: a walk may go round for ever."""

Number = Any
"""A Fraction, or a float where only nearness is asked for."""

Ties = Mapping[int, Mapping[int, Number]]
"""Of each party, whom it pays (or who pays it), and how much."""


def eliminated(block: set[int], out: Ties, one: Number) -> dict[int, Number]:
    """Return the rates of *block*, one of them *one*. out: payments inside the block, all above 0.

    >>> eliminated({1, 2}, {1: {2: 3}, 2: {1: 4}}, Fraction(1))[1]
    Fraction(4, 3)
    """
    pays = {party: {other: one * out[party][other] for other in out[party]} for party in block}
    paid: dict[int, set[int]] = {party: set() for party in block}
    for party in block:
        for other in pays[party]:
            paid[other].add(party)
    rest, gone = set(block), []
    while len(rest) > 1:
        # The fewest ties first: what is eliminated ties all of its neighbours to each other.
        party = min(rest, key=lambda each: (len(pays[each]) * len(paid[each]), each))
        rest.remove(party)
        gone.append((party, *_without(party, pays, paid)))
    rates = dict.fromkeys(rest, one)
    for party, payers, whole in reversed(gone):
        got = (rates[payer] * weight for payer, weight in payers.items())
        rates[party] = reduce(add, got) / whole
    return rates


def _without(
    party: int, pays: dict[int, dict[int, Number]], paid: dict[int, set[int]]
) -> tuple[dict[int, Number], Number]:
    """Let its payers pay past *party*; return what they paid it, and what it paid in all."""
    onward = pays.pop(party)
    # Not by sum(), which rounds floats in another way since Python 3.12.
    whole = reduce(add, onward.values())
    payers = {payer: pays[payer].pop(party) for payer in sorted(paid.pop(party))}
    for other in onward:
        paid[other].remove(party)
    for payer, weight in payers.items():
        ties = pays[payer]
        part = weight / whole
        for other, amount in onward.items():
            if other != payer:
                ties[other] = ties.get(other, 0) + part * amount
                paid[other].add(payer)
    return payers, whole


class Nearly:
    """Finds rates close to the stationary ones, beginning with those that it found last.

    Parties are 0, 1, ..., count - 1.
    """

    def __init__(self, count: int, out: Ties, into: Ties) -> None:
        """Read ties from *out* and *into*, as they are when rates are asked for."""
        self._out, self._into = out, into
        # One place more, always 0: itemgetter gives a tuple only for two or more.
        self._rates: list[Number] = [1.0] * count + [0.0]
        self._lines: dict[int, tuple[Callable[[Any], Any], list[Number]]] = {}
        self._whole: dict[int, int] = {}

    def changed(self, payer: int, payee: int) -> None:
        """Take note that the tie from *payer* to *payee* is cut."""
        self._lines.pop(payee, None)
        before = self._whole.pop(payer, 0)
        now = sum(self._out[payer].values())
        if before and now:
            # It pays the others faster then, and what it passes on stays about the same.
            self._rates[payer] *= before / now

    def __call__(self, block: set[int]) -> dict[int, Number]:
        """Return the rates of *block*, whose parties have no ties to others any more.

        A rate may be 0, if it is too small beside others for a float.
        """
        try:
            found = self._settled(block) or eliminated(block, self._out, 1.0)
        except ArithmeticError:
            found = {}
        if not found or not all(rate and isfinite(rate) for rate in found.values()):
            # Amounts too far apart: in fractions, and as parts of the largest.
            whole = eliminated(block, self._out, Fraction(1))
            most = max(whole.values())
            found = {party: 1.0 * (rate / most) for party, rate in whole.items()}
        for party, rate in found.items():
            self._rates[party] = rate
        return found

    def _settled(self, block: set[int]) -> dict[int, Number] | None:
        """Return rates that settle from those found last; None if elimination is better."""
        order = sorted(block)
        if len(order) <= FEW:
            return None
        lines = [(party, *self._line(party)) for party in order]
        rates = self._rates
        take = itemgetter(*order)
        for _ in range(MOST_STEPS):
            before = take(rates)
            for party, payers, weights, whole in lines:
                rates[party] = fsum(map(mul, weights, payers(rates))) / whole
            now = take(rates)
            if all(abs(new - old) <= NEAR * new for new, old in zip(now, before, strict=True)):
                return dict(zip(order, now, strict=True))
        return None

    def _line(self, party: int) -> tuple[Callable[[Any], Any], list[Number], int]:
        if party not in self._lines:
            payers = self._into[party]
            getter = itemgetter(*payers, len(self._rates) - 1)
            self._lines[party] = (getter, [1.0 * minor for minor in payers.values()])
        if party not in self._whole:
            self._whole[party] = sum(self._out[party].values())
        return *self._lines[party], self._whole[party]
