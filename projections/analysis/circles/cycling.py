"""Finn's cycling index: of what passes through the parties, the part that has passed before.

FCI = sum_i T_i (n_ii - 1) / n_ii / sum_i T_i over insiders i; T_i is what i gets, n_ii how often
money that is at i comes to stand there, N = (I - G)^-1, G_ij = w_ij / T_i. It presumes a steady
state: a closed window in which every insider pays as much as it gets. Investors and hoarders do
not, so mostly there is no such index, and it says why. Source: Finn, Oikos (1980); quantities, Q5.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.projections.analysis.risk.linear import solved
from dealledger.projections.analysis.web import Web

MOST_PARTIES: Final = 30
"""Above it the inverse takes too long in fractions."""


@dataclass(frozen=True, slots=True)
class Cycling:
    """The index, or None and the reason why there is none."""

    index: Fraction | None
    reason: str | None = None


def cycling(web: Web) -> Cycling:
    """Return Finn's cycling index of a web in a steady state."""
    amounts = web.amounts()
    insiders = sorted({*web.parties()} - web.outside)
    got, paid = dict.fromkeys(insiders, 0), dict.fromkeys(insiders, 0)
    for (source, target), minor in amounts.items():
        if target in got:
            got[target] += minor
        if source in paid:
            paid[source] += minor
    uneven = sum(got[party] != paid[party] for party in insiders)
    if not insiders:
        return Cycling(None, "there are no insiders")
    if uneven:
        return Cycling(None, f"{uneven} of {len(insiders)} insiders do not pay what they get")
    if len(insiders) > MOST_PARTIES:
        return Cycling(None, f"there are more than {MOST_PARTIES} insiders")
    return _index(web, insiders, got)


def _index(web: Web, insiders: list[str], got: dict[str, int]) -> Cycling:
    rows = {party: {party: Fraction(1)} for party in insiders}
    for (source, target), minor in web.inside().items():
        rows[source][target] = -Fraction(minor, got[source])
    visits = solved(rows, {party: {party: Fraction(1)} for party in insiders})
    if visits is None:
        return Cycling(None, "some of the money never leaves, so it passes without end")
    again = sum(got[party] * (1 - 1 / visits[party][party]) for party in insiders)
    return Cycling(Fraction(again) / sum(got.values()))
