"""Common ownership: how far the owners of rivals are the same, in the concentration of a market.

MHHI = sum over k and j of s_k s_j (sum_i g_ik b_ij) / (sum_i g_ik b_ik): s are market shares, b_ij
what holder i has of the profits of j, g_ik its control of k. Control is taken to be as large as the
stake. What it is above HHI, the sum of s_k^2, is due to common owners.

A rival that holds another votes its stake as one, and profits as it does from itself; stakes of its
own owners pass through it. What no single party is known to hold is one holder of nothing else, so
common ownership is at least what is found. Source: quantities, Q9; O'Brien and Salop, Antitrust Law
Journal 67 (2000).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.events import Money
from dealledger.ledger import View
from dealledger.projections.analysis.web import Pair, Web
from dealledger.projections.ownership.stakes import stakes

Stakes = Mapping[Pair, Fraction]
"""What (holder, issuer) is known to be, as a share of the whole."""


@dataclass(frozen=True, slots=True)
class Market:
    """The rivals of one market.

    shares: of their revenue, the largest first; none, if there is no revenue. mhhi, delta: at
    least so much; like hhi 0 to 1, or None without revenue. common: who holds several of the
    rivals, or is one and holds another. undisclosed: of how many rivals not all holders are known.
    recorded: whether any of the revenue is said to be of this market, or nothing is said of it.
    """

    market: str
    rivals: tuple[str, ...]
    revenue: Money
    shares: tuple[tuple[str, Fraction], ...]
    hhi: Fraction | None
    mhhi: Fraction | None
    delta: Fraction | None
    common: tuple[str, ...]
    undisclosed: int
    recorded: bool = True


def known_stakes(view: View, many: Iterable[str] = ()) -> dict[Pair, Fraction]:
    """Return the stakes that single parties are known to hold. many: who stands for many.

    What an issuer holds of itself neither votes nor earns: it belongs to its other holders.
    """
    left_out = {*many}
    held = {
        (row.holder, row.issuer): row.stake
        for table in stakes(view)
        for row in table.rows
        if row.stake and row.counted and row.holder not in left_out
    }
    return {
        (holder, issuer): part / _outstanding(issuer, held)
        for (holder, issuer), part in held.items()
        if holder != issuer
    }


def _outstanding(issuer: str, held: Stakes) -> Fraction:
    """Return what of an issuer is not its own; at least what others are known to have."""
    own = held.get((issuer, issuer), Fraction())
    if not own:
        return Fraction(1)
    others = (part for (holder, of), part in held.items() if of == issuer != holder)
    return max(1 - own, sum(others, Fraction()))


_OF_MARKET: Final = {"cloud": {"compute", "data-centre"}}
"""Purposes that are of a market and do not share a word with its name."""


def is_of_market(purpose: str | None, market: str) -> bool:
    """Tell whether money paid for a purpose may be of a market; what nobody says may be.

    >>> is_of_market("model api", "models"), is_of_market("compute", "chips")
    (True, False)
    """
    if purpose is None:
        return True
    words = {word.removesuffix("s") for word in purpose.lower().split()}
    wanted = {word.removesuffix("s") for word in market.lower().split()}
    return bool(words & (wanted | _OF_MARKET.get(market, set())))


def common_ownership(
    web: Web,
    market: str,
    rivals: Iterable[str],
    held: Stakes,
    purposes: Mapping[str, str | None] | None = None,
) -> Market:
    """Return how concentrated a market is by what its rivals are paid, and with common owners.

    purposes: what events pay for. If all that is paid is for something else than this market, there
    is no concentration of it.
    """
    names = sorted(rivals)
    revenue = dict.fromkeys(names, 0)
    recorded = False
    for leg in web.counted():
        if not leg.capital and leg.target in revenue:
            revenue[leg.target] += leg.minor
            recorded |= is_of_market((purposes or {}).get(leg.event), market)
    if not recorded:
        revenue = dict.fromkeys(names, 0)
    total = sum(revenue.values())
    by_holder: dict[str, list[str]] = defaultdict(list)
    for holder, issuer in held:
        if issuer in revenue:
            by_holder[holder].append(issuer)
    common = [name for name, of in by_holder.items() if len(of) > 1 or name in revenue]
    undisclosed = sum(_rest(name, held) > 0 for name in names)
    shares = {name: Fraction(minor, total) for name, minor in revenue.items()} if total else {}
    hhi = sum((share**2 for share in shares.values()), Fraction()) if total else None
    whole = mhhi(shares, held) if total else None
    return Market(
        market,
        tuple(names),
        web.money(total),
        tuple(sorted(shares.items(), key=lambda part: (-part[1], part[0]))),
        hhi,
        whole,
        whole - hhi if whole is not None and hhi is not None else None,
        tuple(sorted(common)),
        undisclosed,
        recorded,
    )


def mhhi(shares: Mapping[str, Fraction], held: Stakes) -> Fraction:
    """Return MHHI, 0 to 1, of market shares that add up to 1.

    >>> half = Fraction(1, 2)
    >>> held = {("a", "k"): half, ("a", "j"): half, ("b", "k"): half, ("c", "j"): half}
    >>> mhhi({"k": Fraction(3, 5), "j": Fraction(2, 5)}, held)
    Fraction(19, 25)
    """
    total = Fraction()
    for k, share in shares.items():
        holders = [*_holders(k, shares, held)]
        own = sum((control * profits[k] for control, profits in holders), Fraction())
        for j, other in shares.items():
            of = sum((control * profits[j] for control, profits in holders), Fraction())
            total += share * other * of / own
    return total


def _holders(
    k: str, names: Iterable[str], held: Stakes
) -> Iterator[tuple[Fraction, dict[str, Fraction]]]:
    """Yield each holder of k: its control of k, and what it has of the profits of each rival."""
    names = [*names]
    through = {
        firm: {j: Fraction(firm == j) + held.get((firm, j), 0) for j in names} for firm in names
    }
    for holder, issuer in held:
        if issuer == k:
            yield held[holder, k], through.get(holder) or _profits(holder, through, held)
    rest = _rest(k, held)
    if rest:
        yield rest, {j: rest * through[k][j] for j in names}


def _profits(
    holder: str, through: Mapping[str, Mapping[str, Fraction]], held: Stakes
) -> dict[str, Fraction]:
    """Return what a holder has of the profits of each rival, also through another rival."""
    found = dict.fromkeys(through, Fraction())
    for firm, parts in through.items():
        stake = held.get((holder, firm), Fraction())
        for j, part in parts.items():
            found[j] += stake * part
    return found


def _rest(issuer: str, held: Stakes) -> Fraction:
    """Return what nobody is known to hold of an issuer."""
    known = sum((stake for (_, of), stake in held.items() if of == issuer), Fraction())
    return max(1 - known, Fraction())
