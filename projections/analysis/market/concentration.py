"""Concentration: over how many others a party's money is spread.

Of shares s that add up to 1, H = sum of s^2 (times 10,000 as it is printed), the effective number
1 / H of equal parts, and (H - 1/n) / (1 - 1/n), which is 0 where n parts are equal and 1 where one
has all. Four books of a party: its suppliers, its customers, its funders, and the labs it resells.

Where a part stands for many parties (a group, the outside world) or is not disclosed, H has a least
value: many parties are split endlessly, so they count in the whole and not in the squares, and an
amount that nobody says is as large as makes H least. Source: quantities, Q8.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from dealledger.events import Money
from dealledger.ledger import View
from dealledger.projections.analysis.web import Leg, Web
from dealledger.projections.promises.burden import effective_number
from dealledger.projections.rights import rights

Direction = Literal["suppliers", "customers", "funders"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("suppliers", "customers", "funders")
LABS: Final = "labs"
RESALE: Final = "distribution"
"""The right that makes a lab one that its grantee resells."""


@dataclass(frozen=True, slots=True)
class PartyShare:
    """What one other party has of the whole. amount: None where parts are counted, not weighed."""

    party: str
    amount: Money | None
    share: Fraction


@dataclass(frozen=True, slots=True)
class Concentration:
    """One book of a party; the largest part first. Without any known amount numbers are None.

    hhi: as recorded, each name one party, 0 to 1. least: what it is at least, whoever stands behind
    the names and whatever is not disclosed. effective, most_effective: 1 / hhi and 1 / least, the
    latter None if there is no limit. normalised: None for one part. unattributed: the share of the
    whole that stands for many. undisclosed: how many amounts are not in the whole.
    """

    party: str
    direction: Direction | Literal["labs"]
    parts: tuple[PartyShare, ...]
    total: Money | None
    hhi: Fraction | None
    least: Fraction | None
    effective: Fraction | None
    most_effective: Fraction | None
    normalised: Fraction | None
    unattributed: Fraction
    undisclosed: int


def concentration(web: Web, party: str, direction: Direction) -> Concentration:
    """Return one book of *party*: what it pays its suppliers, or gets from customers or funders."""
    weights: dict[str, int] = defaultdict(int)
    for leg in web.counted():
        if _owner(leg, direction) == party:
            weights[_other(leg, direction)] += leg.minor
    unknown = [_other(leg, direction) for leg in web.unknown if _owner(leg, direction) == party]
    return _book(web, party, direction, weights, unknown)


def concentrations(web: Web) -> tuple[Concentration, ...]:
    """Return every book of every single party; by direction, the largest first."""
    found: list[Concentration] = []
    for direction in DIRECTIONS:
        owners = sorted(_owners((*web.counted(), *web.unknown), direction) - web.many)
        rows = [concentration(web.around(party), party, direction) for party in owners]
        found += sorted(rows, key=lambda row: -(row.total.minor if row.total else 0))
    return tuple(found)


def booked(web: Web, party: str) -> Web:
    """Return only what stands in the books of one party: not what it funds in others."""
    own = web.around(party)

    def is_booked(leg: Leg) -> bool:
        return party in {_owner(leg, direction) for direction in DIRECTIONS}

    unknown = tuple(filter(is_booked, own.unknown))
    legs = tuple(filter(is_booked, own.legs))
    return replace(own, legs=legs, unknown=unknown, undisclosed=len(unknown))


def resale(view: View, web: Web, party: str | None = None) -> tuple[Concentration, ...]:
    """Return which labs each party resells: who gave it a right of distribution that is in force.

    Labs are weighed by what they are paid by it, if each of them is; otherwise each counts as one.
    """
    labs: dict[str, set[str]] = defaultdict(set)
    for row in rights(view, party):
        if row.right == RESALE and row.status == "in force" and party in (None, row.grantee):
            labs[row.grantee].add(row.grantor)
    paid = web.amounts(capital=False)
    found = []
    for cloud in sorted(labs):
        weights = {lab: paid.get((cloud, lab), 0) for lab in labs[cloud]}
        weighed = all(weights.values())
        counted = weights if weighed else dict.fromkeys(weights, 1)
        found.append(_book(web, cloud, LABS, counted, (), weighed=weighed))
    return tuple(found)


def _owner(leg: Leg, direction: Direction) -> str | None:
    """Return whose book a leg stands in, if it stands in one of *direction*."""
    if leg.capital != (direction == "funders"):
        return None
    return leg.source if direction == "suppliers" else leg.target


def _other(leg: Leg, direction: Direction) -> str:
    return leg.target if direction == "suppliers" else leg.source


def _owners(legs: Iterable[Leg], direction: Direction) -> set[str]:
    return {owner for leg in legs if (owner := _owner(leg, direction)) is not None}


def _book(
    web: Web,
    party: str,
    direction: Direction | Literal["labs"],
    weights: Mapping[str, int],
    unknown: Iterable[str],
    *,
    weighed: bool = True,
) -> Concentration:
    unknown = tuple(unknown)
    total, count = sum(weights.values()), len(weights)
    hhi = 1 / effective_number([*weights.values()]) if total else None
    least = least_hhi(weights, web.many, unknown) if total else None
    even = Fraction(1, count) if count else None
    many = sum(minor for name, minor in weights.items() if name in web.many)
    parts = [
        PartyShare(name, web.money(minor) if weighed else None, Fraction(minor, total))
        for name, minor in sorted(weights.items(), key=lambda part: (-part[1], part[0]))
    ]
    return Concentration(
        party,
        direction,
        tuple(parts),
        web.money(total) if weighed and total else None,
        hhi,
        least,
        1 / hhi if hhi else None,
        1 / least if least else None,
        (hhi - even) / (1 - even) if hhi and even and count > 1 else None,
        Fraction(many, total) if total else Fraction(),
        len(unknown),
    )


def least_hhi(
    weights: Mapping[str, int], many: Iterable[str] = (), unknown: Iterable[str] = ()
) -> Fraction:
    """Return what H is at least. many: who stands for many; unknown: who has undisclosed amounts.

    Of single parties with undisclosed amounts, those below the level sum w^2 / sum w of all others
    rise to it: there the derivative of H by each of them is 0. Weights add up to more than 0.

    >>> least_hhi({"a": 1, "b": 1}, unknown=["c"]), least_hhi({"a": 1, "b": 1}, many=["b"])
    (Fraction(1, 3), Fraction(1, 4))
    """
    if {*unknown} & {*many}:
        return Fraction()
    total = sum(weights.values())
    squares = sum(minor**2 for name, minor in weights.items() if name not in {*many})
    if not squares:
        return Fraction()
    level, raised = Fraction(squares, total), 0
    for known in sorted(weights.get(name, 0) for name in {*unknown}):
        if known >= level:
            break
        squares, total, raised = squares - known**2, total - known, raised + 1
        level = Fraction(squares, total)
    return level / (total + raised * level)
