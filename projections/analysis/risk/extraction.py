"""Hypothetical extraction: who loses how much of its revenue if one party stops spending.

What i is paid by k falls by the share of k's own income that is gone, through all hands:
d_j = 1 for the party j that stops, and d_i = min(1, sum over k of (R_ki / R_i) d_k) for the others,
the least such d. The score is the revenue lost of all others / their revenue. The outside world is
a boundary: what it spends does not hang on what it gets, so it loses nothing, and has no part in
the score. It assumes that all cut in proportion and nobody spends reserves: an upper end.

Sources: quantities, Q7 (b); Dietzenbacher and Lahr, Econ. Syst. Res. 25 (2013); firm-level: Diem et
al., Sci. Rep. 12:7719 (2022).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.events import Money
from dealledger.projections.analysis.risk.linear import solved
from dealledger.projections.analysis.web import Pair, Web

MOST_EXACT: Final = 60
"""Up to so many parties that the money reaches, shares are exact; beyond, fractions explode."""

GRAIN: Final = 1 << 64
NEAR: Final = GRAIN // 1_000_000
MOST_ROUNDS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Extraction:
    """What others lose if *party* stops. hits: by party, the share of its income that is gone.

    score: the income lost by all others, of theirs; None, if they have none. income: theirs.
    error: by how much a share may be too small; 0 where they are exact.
    """

    party: str
    hits: Mapping[str, Fraction]
    income: Money
    score: Fraction | None
    error: Fraction


def extraction(web: Web, party: str) -> dict[str, Fraction]:
    """Return the share of its revenue that each party loses if *party* stops spending."""
    return _hits(web, web.amounts(capital=False), party)[0]


def extracted(web: Web, party: str, *, capital: bool = False) -> Extraction:
    """Return what the web loses without *party*. capital: funding counts as income too."""
    amounts = web.amounts(capital=None if capital else False)
    hits, error = _hits(web, amounts, party)
    others = {who: minor for who, minor in received(amounts).items() if who != party}
    got = {who: minor for who, minor in others.items() if who not in web.outside}
    lost = sum((minor * hits[who] for who, minor in got.items()), Fraction())
    whole = sum(got.values())
    score = lost / whole if whole else None
    return Extraction(party, hits, web.money(whole), score, error)


def _hits(
    web: Web, amounts: Mapping[Pair, int], party: str
) -> tuple[dict[str, Fraction], Fraction]:
    """Return the solution party by party; whom the party's money never reaches loses nothing.

    No share is above 1, since the parts of an income add up to 1: the minimum is never needed.
    """
    hit = dict.fromkeys(sorted({name for pair in amounts for name in pair}), Fraction())
    touched = _touched(amounts, party, web.outside)
    income = received(amounts)
    parts: dict[str, dict[str, Fraction]] = {who: {} for who in sorted(touched - {party})}
    for (payer, payee), minor in amounts.items():
        if payer in touched and payee in parts:
            parts[payee][payer] = Fraction(minor, income[payee])
    few = len(parts) <= MOST_EXACT
    found, error = (_exactly(parts, party), Fraction()) if few else _nearly(parts, party)
    return {**hit, **found, party: Fraction(1)}, error


def _exactly(parts: Mapping[str, Mapping[str, Fraction]], party: str) -> dict[str, Fraction]:
    rows = {
        who: {who: Fraction(1)} | {payer: -part for payer, part in own.items() if payer != party}
        for who, own in parts.items()
    }
    sides = {who: {party: own[party]} for who, own in parts.items() if party in own}
    # It has one solution: whoever is reached has some income from outside the circles it is in.
    found = solved(rows, sides)
    assert found is not None
    return {who: found[who].get(party, Fraction()) for who in rows}


def _nearly(
    parts: Mapping[str, Mapping[str, Fraction]], party: str
) -> tuple[dict[str, Fraction], Fraction]:
    """Close in on the shares from below and from above, in whole grains; return the lower ones."""
    weights = {
        who: [(payer, part.numerator, part.denominator) for payer, part in own.items()]
        for who, own in parts.items()
    }
    low = dict.fromkeys(parts, 0) | {party: GRAIN}
    high = dict.fromkeys(parts, GRAIN) | {party: GRAIN}
    for _ in range(MOST_ROUNDS):
        for who, own in weights.items():
            low[who] = sum(low[payer] * of // whole for payer, of, whole in own)
            high[who] = min(GRAIN, sum(-(-high[payer] * of // whole) for payer, of, whole in own))
        if _gap(parts, low, high) <= NEAR:
            break
    gap = _gap(parts, low, high)
    return {who: Fraction(low[who], GRAIN) for who in parts}, Fraction(gap, GRAIN)


def _gap(who: Iterable[str], low: Mapping[str, int], high: Mapping[str, int]) -> int:
    return max((high[each] - low[each] for each in who), default=0)


def received(amounts: Mapping[Pair, int]) -> dict[str, int]:
    """Return what each party is paid, in minor units."""
    income: dict[str, int] = {}
    for (_, payee), minor in amounts.items():
        income[payee] = income.get(payee, 0) + minor
    return income


def _touched(amounts: Mapping[Pair, int], party: str, outside: frozenset[str]) -> set[str]:
    """Return which insiders the money of *party* reaches, directly or through other insiders."""
    reached, edge = {party}, [party]
    while edge:
        payer = edge.pop()
        new = {payee for (source, payee) in amounts if source == payer}
        new -= reached | outside
        reached |= new
        edge += sorted(new)
    return reached
