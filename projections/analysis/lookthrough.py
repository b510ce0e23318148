"""Look-through: what a holder has of an issuer through others, and not only directly.

With the direct stakes D (who holds which part of whom), all that is held is D + D^2 + D^3 + ...,
which is (I - D)^-1 - I. What nobody is known to hold is left out, so an indirect stake is a least.
Where issuers hold each other in a circle, the series counts what an issuer owns of itself through
others as held; the correction of Brioschi for that is not applied, and such circles are named.

Source: quantities, Q13; Brioschi, Buzzacchi and Colombo, J. Banking and Finance 13 (1989).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dealledger.ledger import View
from dealledger.projections.analysis.linear import solved
from dealledger.projections.analysis.web import Pair
from dealledger.projections.stakes import stakes


@dataclass(frozen=True, slots=True)
class Through:
    """What *holder* has of *issuer*: direct and through others. through: the first of these."""

    holder: str
    issuer: str
    direct: Fraction
    indirect: Fraction
    total: Fraction
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookThrough:
    """All stakes with those through others, and the circles in which issuers hold each other."""

    rows: tuple[Through, ...]
    circles: tuple[tuple[str, ...], ...]


def direct_stakes(view: View) -> dict[Pair, Fraction]:
    """Return the known stakes that count, by (holder, issuer)."""
    return {
        (row.holder, row.issuer): row.stake
        for table in stakes(view)
        for row in table.rows
        if row.stake and row.counted
    }


def look_through(direct: Mapping[Pair, Fraction]) -> LookThrough:
    """Return every stake, direct or not. Order: by issuer, the largest first.

    Stakes that are held in full in a circle have no finite sum; such parties are left out of it.
    """
    issuers = sorted({issuer for _, issuer in direct})
    held: dict[str, dict[str, Fraction]] = {name: {} for name in issuers}
    for (holder, issuer), part in direct.items():
        held[issuer][holder] = part
    # Y = D + D Y: what is held of an issuer, by whom, by way of its own holders.
    rows = {
        issuer: {issuer: Fraction(1)}
        | {holder: -part for holder, part in held[issuer].items() if holder in held}
        for issuer in issuers
    }
    found = solved(rows, held)
    total = found if found is not None else held
    shown = [
        _row(holder, issuer, direct, held[issuer], total, part)
        for issuer in issuers
        for holder, part in total[issuer].items()
        if holder != issuer
    ]
    order = sorted(shown, key=lambda row: (row.issuer, -row.total, row.holder))
    return LookThrough(tuple(order), _circles(direct))


def _row(
    holder: str,
    issuer: str,
    direct: Mapping[Pair, Fraction],
    held: Mapping[str, Fraction],
    total: Mapping[str, Mapping[str, Fraction]],
    part: Fraction,
) -> Through:
    own = direct.get((holder, issuer), Fraction())
    through = tuple(
        sorted(name for name in held if name != holder and total.get(name, {}).get(holder))
    )
    return Through(holder, issuer, own, part - own, part, through)


def _circles(direct: Mapping[Pair, Fraction]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of issuers that hold each other, directly or not."""
    import networkx as nx

    graph = nx.DiGraph(list(direct))
    groups = (tuple(sorted(group)) for group in nx.strongly_connected_components(graph))
    return tuple(sorted(group for group in groups if len(group) > 1))
