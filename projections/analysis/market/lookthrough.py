"""Look-through: what a holder has of an issuer through others, and not only directly.

Follow an issuer's holders to their holders, and so on: what a holder has of an issuer is the part
of all these ways up that meets it. With the direct stakes D (who holds which part of whom) the ways
add up to Y = D + D^2 + D^3 + ..., and the integrated ownership of Brioschi is
Y(i, j) / (1 + Y(i, i)): each way counts once, at its first meeting with i, so what i has of itself
is not counted twice. Own shares are such a way: what an issuer holds of itself belongs to its other
holders. So nobody has more than 100 %, and nobody less than nothing.

What nobody is known to hold is left out, so an indirect stake is a least. An issuer whose stakes
add up to more than 100 % is held by its holders in proportion, since nobody holds more than all.

Source: quantities, Q13; Brioschi, Buzzacchi and Colombo, J. Banking and Finance 13 (1989).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dealledger.ledger import View
from dealledger.projections.analysis.risk.linear import solved
from dealledger.projections.analysis.web import Pair
from dealledger.projections.ownership.stakes import stakes

Held = dict[str, dict[str, Fraction]]
"""By issuer, what each holder has of it."""


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
    """All stakes with those through others.

    circles: issuers that hold each other. over: issuers whose stakes are above 100 %.
    """

    rows: tuple[Through, ...]
    circles: tuple[tuple[str, ...], ...]
    over: tuple[str, ...]


def direct_stakes(view: View) -> dict[Pair, Fraction]:
    """Return the known stakes that count, by (holder, issuer)."""
    return {
        (row.holder, row.issuer): row.stake
        for table in stakes(view)
        for row in table.rows
        if row.stake and row.counted
    }


def look_through(direct: Mapping[Pair, Fraction]) -> LookThrough:
    """Return every stake, direct or not. Order: by issuer, the largest first."""
    held: Held = {}
    for (holder, issuer), part in direct.items():
        held.setdefault(issuer, {})[holder] = part
    over = sorted(issuer for issuer, parts in held.items() if _is_over(parts))
    for issuer in over:
        whole = sum(held[issuer].values())
        held[issuer] = {holder: part / whole for holder, part in held[issuer].items()}
    circles = _circles(held)
    total = _integrated(held, _closed(held, circles))
    rows = [
        _row(holder, issuer, direct, held[issuer], total, part)
        for issuer in held
        for holder, part in total[issuer].items()
        if holder != issuer
    ]
    order = sorted(rows, key=lambda row: (row.issuer, -row.total, row.holder))
    shown = tuple(circle for circle in circles if len(circle) > 1)
    return LookThrough(tuple(order), shown, tuple(over))


def _is_over(parts: Mapping[str, Fraction]) -> bool:
    """Tell whether stakes are more than all; exactly only where it is close, for they are long."""
    digits = 10**40
    most = sum(-(-part.numerator * digits // part.denominator) for part in parts.values())
    return most > digits and sum(parts.values()) > 1


def _row(
    holder: str,
    issuer: str,
    direct: Mapping[Pair, Fraction],
    held: Mapping[str, Fraction],
    total: Held,
    part: Fraction,
) -> Through:
    """Return a row. part: with the stakes of the issuer in proportion, if these are above 100 %."""
    own = min(direct.get((holder, issuer), Fraction()), Fraction(1))
    whole = part if own == held.get(holder, 0) else min(own + part - held[holder], Fraction(1))
    beyond = Fraction() if whole == own else whole - own
    through = tuple(
        sorted(name for name in held if name != holder and total.get(name, {}).get(holder))
    )
    return Through(holder, issuer, own, beyond, whole, through)


def _integrated(held: Held, closed: Iterable[tuple[str, ...]]) -> Held:
    """Return, by issuer, the part of all ways up that meets each holder.

    closed: groups that hold all of each other. A way that comes into such a group stays in it and
    meets each of it, so they are taken out of the equations.
    """
    group_of = {name: group for group in closed for name in group}
    issuers = [issuer for issuer in held if issuer not in group_of]
    rows = {
        issuer: {
            name: (name == issuer) - held[issuer].get(name, Fraction())
            for name in issuers
            if name == issuer or name in held[issuer]
        }
        for issuer in issuers
    }
    # Y = D + D Y: what is held of an issuer, by whom, by way of its own holders.
    ways = solved(rows, {issuer: held[issuer] for issuer in issuers})
    assert ways is not None  # Every way up of these ends, or comes into a closed group.
    found: Held = {}
    for issuer in held:
        if issuer in group_of:
            found[issuer] = dict.fromkeys(group_of[issuer], Fraction(1))
            continue
        parts: dict[str, Fraction] = {}
        for holder, part in ways[issuer].items():
            for name in group_of.get(holder, (holder,)):
                again = ways[name].get(name, Fraction()) if name in ways else Fraction()
                parts[name] = parts.get(name, Fraction()) + part / (1 + again)
        found[issuer] = parts
    return found


def _circles(held: Held) -> tuple[tuple[str, ...], ...]:
    """Return the groups of issuers that hold each other, directly or not; also those of one."""
    import networkx as nx

    graph = nx.DiGraph([(holder, issuer) for issuer, parts in held.items() for holder in parts])
    groups = (tuple(sorted(group)) for group in nx.strongly_connected_components(graph))
    return tuple(sorted(groups))


def _closed(held: Held, circles: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the groups that hold all of each other, so that nobody else holds any of them."""
    return [
        group
        for group in circles
        if all(sum(held.get(name, {}).get(each, 0) for each in group) == 1 for name in group)
    ]
