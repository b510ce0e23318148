"""Rivals that deal with each other: who they are, and what a party owes to rivals among others.

Who competes: see `rivalries.py`. They are partners while a stake, an open commitment or a right in
force joins them, or money was paid in the last twelve months. Source: quantities, Q9.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from dealledger.events import Money
from dealledger.events.dates import trailing_year
from dealledger.ledger import View
from dealledger.projections.analysis.web import Pair, Web
from dealledger.projections.ownership.stakes import stakes
from dealledger.projections.promises.commitments import commitments
from dealledger.projections.rights import rights
from dealledger.projections.rivalries import Rivals

LinkKind = Literal["stake", "commitment", "right", "paid"]


@dataclass(frozen=True, slots=True)
class Link:
    """What joins two parties: source holds, owes, grants or pays, and target is the other side."""

    kind: LinkKind
    source: str
    target: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RivalPartners:
    """Two rivals that are partners at the same time."""

    rivals: Rivals
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RivalBook:
    """What a party has from its rivals, and which of its suppliers are rivals of each other.

    share: what rivals funded of all its funding; None without any. undisclosed: fundings that are
    in neither. suppliers: all whom it pays; bridged: those that have a rival among the others.
    """

    party: str
    rivals: tuple[str, ...]
    funding: Money
    from_rivals: Money
    share: Fraction | None
    funders: tuple[str, ...]
    undisclosed: int
    suppliers: int
    bridged: tuple[str, ...]


def markets_of(rivals: Mapping[Pair, Rivals]) -> dict[str, frozenset[str]]:
    """Return who competes in each market that a rivalry names, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair, each in rivals.items():
        for market in each.markets:
            found[market] |= {*pair}
    return {market: frozenset(found[market]) for market in sorted(found)}


def rival_partners(view: View, rivals: Mapping[Pair, Rivals]) -> tuple[RivalPartners, ...]:
    """Return the rivals that are partners at the as-of date, sorted by (a, b)."""
    found: dict[Pair, list[Link]] = defaultdict(list)
    for link in _links(view):
        pair = (min(link.source, link.target), max(link.source, link.target))
        if pair in rivals:
            found[pair].append(link)
    return tuple(RivalPartners(rivals[pair], tuple(found[pair])) for pair in sorted(found))


def rival_book(web: Web, party: str, rivals: Mapping[Pair, Rivals]) -> RivalBook:
    """Return what *party* has from its rivals, in what the web counts."""
    own = {other for pair in rivals if party in pair for other in pair if other != party}
    funders: dict[str, int] = defaultdict(int)
    suppliers = set()
    # An amount that nobody says is not part of a sum, and who pays it is known.
    for leg in (*web.counted(), *web.unknown):
        if leg.capital and leg.target == party:
            funders[leg.source] += leg.minor
        elif not leg.capital and leg.source == party:
            suppliers.add(leg.target)
    total = sum(funders.values())
    part = sum(minor for name, minor in funders.items() if name in own)
    return RivalBook(
        party,
        tuple(sorted(own)),
        web.money(total),
        web.money(part),
        Fraction(part, total) if total else None,
        tuple(sorted(own & funders.keys())),
        sum(leg.capital and leg.target == party for leg in web.unknown),
        len(suppliers),
        tuple(sorted({name for pair in rivals if {*pair} <= suppliers for name in pair})),
    )


def _links(view: View) -> Iterator[Link]:
    """Yield what joins any two parties, the links of one kind and direction as one."""
    for table in stakes(view):
        for row in table.rows:
            yield Link("stake", row.holder, row.issuer, row.events)
    yield from _joined(
        "commitment",
        ((each.obligor, each.beneficiary, each.id)
         for each in commitments(view) if each.status == "open"),
    )  # fmt: skip
    yield from _joined(
        "right",
        ((each.grantor, each.grantee, each.id)
         for each in rights(view) if each.status == "in force"),
    )  # fmt: skip
    since = trailing_year(view.as_of)
    yield from _joined(
        "paid",
        ((line.source, line.target, line.event) for line in view.lines() if line.day >= since),
    )


def _joined(kind: LinkKind, found: Iterator[tuple[str, str, str]]) -> Iterator[Link]:
    events: dict[Pair, list[str]] = defaultdict(list)
    for source, target, event in found:
        events[source, target].append(event)
    for pair, ids in events.items():
        yield Link(kind, *pair, tuple(dict.fromkeys(ids)))
