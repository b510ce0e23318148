"""Reciprocity: how even the exchange is, between two parties and in the web.

Of a pair, r = 2 min(w_ij, w_ji) / (w_ij + w_ji) and the signed imbalance b = (w_ij - w_ji) /
(w_ij + w_ji). Of the web, r = sum of min(w_ij, w_ji) over all i != j / W: the share of the money
that is matched by money the other way. Split by kind it says what for: capital for purchases,
min(F_ij, R_ji), and barter, min(R_ij, R_ji). There is no order in time in any of it.

Sources: quantities, Q1; Squartini, Picciolo, Ruzzenenti and Garlaschelli, Sci. Rep. 3:2729 (2013);
for the binary measure Garlaschelli and Loffredo, PRL 93 (2004).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from dealledger.events import Money
from dealledger.projections.analysis.web import Pair, Web


@dataclass(frozen=True, slots=True)
class PairExchange:
    """What two parties, a < b, exchange. imbalance: above 0 if a pays more than it is paid.

    a_capital: what a funded in b and b paid back as purchases from a, min(F_ab, R_ba); b_capital
    the other way. barter: what both bought from each other.
    """

    a: str
    b: str
    a_to_b: Money
    b_to_a: Money
    reciprocity: Fraction
    imbalance: Fraction
    a_capital: Money
    b_capital: Money
    barter: Money


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """The exchange of a whole web; shares are None where nothing is paid.

    total: all money, W. matched: what is met by money the other way, both directions counted.
    expected: the share if amounts followed from what each pays and is paid in all, <w_ij> =
    out_i in_j / W; excess: (r - expected) / (1 - expected).
    links, mutual: pairs with money in one direction, and those of them with money back.
    binary: the excess of mutual links over the density of the web.
    """

    pairs: tuple[PairExchange, ...]
    parties: int
    total: Money
    matched: Money
    share: Fraction | None
    expected: Fraction | None
    excess: Fraction | None
    links: int
    mutual: int
    binary: Fraction | None


def reciprocity(web: Web) -> Reciprocity:
    """Return the reciprocity of every pair that exchanges anything, and of the web.

    Order: the most money matched first, then by names.
    """
    amounts = web.amounts()
    total = sum(amounts.values())
    matched = sum(min(minor, _back(amounts, pair)) for pair, minor in amounts.items())
    share = Fraction(matched, total) if total else None
    expected = _expected(amounts, total) if total else None
    mutual = sum(pair[::-1] in amounts for pair in amounts)
    names = web.parties()
    return Reciprocity(
        _pairs(web),
        len(names),
        web.money(total),
        web.money(matched),
        share,
        expected,
        _excess(share, expected),
        len(amounts),
        mutual,
        _binary(len(names), len(amounts), mutual),
    )


def exchange(web: Web, a: str, b: str) -> PairExchange:
    """Return what *a* and *b* exchange, in the order in which they are given."""
    return _Exchanges(web).between(a, b)


class _Exchanges:
    """The sums of a web by pair, each added up once, for many pairs to be asked about."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._capital, self._revenue = web.amounts(capital=True), web.amounts(capital=False)

    def pairs(self) -> set[Pair]:
        """Return the pairs (a, b), a < b, with money in any direction."""
        return {(min(pair), max(pair)) for pair in (*self._capital, *self._revenue)}

    def between(self, a: str, b: str) -> PairExchange:
        """Return what *a* and *b* exchange."""
        funded, funded_back = self._capital.get((a, b), 0), self._capital.get((b, a), 0)
        bought, bought_back = self._revenue.get((a, b), 0), self._revenue.get((b, a), 0)
        there, back = funded + bought, funded_back + bought_back
        both = there + back
        money = self._web.money
        return PairExchange(
            a,
            b,
            money(there),
            money(back),
            Fraction(2 * min(there, back), both) if both else Fraction(),
            Fraction(there - back, both) if both else Fraction(),
            money(min(funded, bought_back)),
            money(min(funded_back, bought)),
            money(min(bought, bought_back)),
        )


def _pairs(web: Web) -> tuple[PairExchange, ...]:
    exchanges = _Exchanges(web)
    found = [exchanges.between(a, b) for a, b in exchanges.pairs()]
    return tuple(
        sorted(found, key=lambda row: (-min(row.a_to_b.minor, row.b_to_a.minor), row.a, row.b))
    )


def _back(amounts: dict[Pair, int], pair: Pair) -> int:
    return amounts.get((pair[1], pair[0]), 0)


def _expected(amounts: dict[Pair, int], total: int) -> Fraction:
    """Return the share that would be matched if only the sizes of the parties mattered."""
    paid: dict[str, int] = defaultdict(int)
    got: dict[str, int] = defaultdict(int)
    for (source, target), minor in amounts.items():
        paid[source] += minor
        got[target] += minor
    names = sorted(paid.keys() | got.keys())
    met = sum(min(paid[i] * got[j], paid[j] * got[i]) for i in names for j in names if i != j)
    return Fraction(met, total * total)


def _excess(share: Fraction | None, expected: Fraction | None) -> Fraction | None:
    if share is None or expected is None or expected == 1:
        return None
    return (share - expected) / (1 - expected)


def _binary(parties: int, links: int, mutual: int) -> Fraction | None:
    possible = parties * (parties - 1)
    if not links or links == possible:
        return None
    density = Fraction(links, possible)
    return (Fraction(mutual, links) - density) / (1 - density)
