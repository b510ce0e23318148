"""The web of alliances: who stands in it, and what runs between them, as a graph of a View.

One edge per (source, target, kind, capital or revenue), summed. Money and promises of money run
from who pays to who is paid, rights from grantor to grantee. Layers are never merged: what was
paid, what is still open of a commitment, and rights are edges of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from dealledger.events import Funding, Money, Rivalry
from dealledger.ledger import View
from dealledger.projections.commitments import commitments
from dealledger.projections.endings import endings
from dealledger.projections.parties import parties
from dealledger.projections.rights import rights
from dealledger.projections.stakes import stakes

EdgeKind = Literal["funding", "payment", "commitment", "right", "rivalry"]
EDGE_KINDS: Final[tuple[EdgeKind, ...]] = ("funding", "payment", "commitment", "right", "rivalry")


@dataclass(frozen=True, slots=True)
class Node:
    """A party in the web. roles: as recorded, the first says where it stands (lab, cloud, ...)."""

    party: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """Everything of one kind that runs from one party to another.

    amounts: summed, one per currency; for a commitment what is still open. undisclosed: how many
    amounts the sums leave out. capital: funding, or a promise of it (False: revenue, or neither).
    stake: what the source holds of the target, on its funding edge. rights: their names.
    A rivalry has source < target and no direction. events: the ids behind the edge.
    """

    kind: EdgeKind
    source: str
    target: str
    capital: bool = False
    amounts: tuple[Money, ...] = ()
    undisclosed: int = 0
    stake: Fraction | None = None
    rights: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alliances:
    """The web at one point in time, with the point that the caption names."""

    as_of: date
    known_at: int
    announced_by: date | None
    root: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def alliances(view: View) -> Alliances:
    """Return the web of a View; every party that an edge touches is a node.

    Order: nodes by slug; edges by source, target, kind, capital.
    """
    edges = [*_cash(view), *_open_commitments(view), *_rights(view), *_rivalries(view)]
    edges.sort(key=lambda edge: (edge.source, edge.target, edge.kind, edge.capital))
    touched = {party for edge in edges for party in (edge.source, edge.target)}
    described = {row.party: row for row in parties(view.at(date.max))}
    nodes = tuple(
        Node(party, described[party].name, described[party].roles) for party in sorted(touched)
    )
    return Alliances(view.as_of, view.known_at, view.announced_by, view.root, nodes, tuple(edges))


def horizon(view: View) -> Alliances:
    """Return everything that stands in the web at any date that is recorded, as one graph.

    Amounts are the largest that an edge has at any of those dates, so nothing is missing that a
    picture of one date can show.
    """
    days = sorted({record.effective_on for record in view.at(date.max).events()})
    edges: dict[tuple[str, str, str, bool], Edge] = {}
    nodes: dict[str, Node] = {}
    for day in days:
        web = alliances(view.at(day))
        nodes |= {node.party: node for node in web.nodes}
        for edge in web.edges:
            key = (edge.source, edge.target, edge.kind, edge.capital)
            before = edges.get(key)
            edges[key] = _larger(before, edge) if before else edge
    return Alliances(
        days[-1] if days else view.as_of,
        view.known_at,
        view.announced_by,
        view.root,
        tuple(nodes[party] for party in sorted(nodes)),
        tuple(edges[key] for key in sorted(edges)),
    )


def _larger(one: Edge, other: Edge) -> Edge:
    """Return the edge with the larger amounts: one that has a stake, or rights, keeps them."""
    amounts: dict[str, int] = {}
    for money in (*one.amounts, *other.amounts):
        amounts[money.currency] = max(money.minor, amounts.get(money.currency, 0))
    return replace(
        other,
        amounts=tuple(Money(code, amounts[code]) for code in sorted(amounts)),
        undisclosed=max(one.undisclosed, other.undisclosed),
        stake=other.stake if other.stake is not None else one.stake,
        rights=tuple(sorted({*one.rights, *other.rights})),
        events=tuple(dict.fromkeys((*one.events, *other.events))),
    )


class _Adder:
    """Sums amounts into edges of one kind."""

    def __init__(self) -> None:
        self.edges: dict[tuple[str, str, bool], Edge] = {}

    def add(
        self, blank: Edge, money: Money | None, *, events: tuple[str, ...], undisclosed: int = 0
    ) -> None:
        """Add an amount, or one more undisclosed amount, to the edge that *blank* names."""
        key = (blank.source, blank.target, blank.capital)
        edge = self.edges.get(key, blank)
        amounts = {each.currency: each.minor for each in edge.amounts}
        if money is not None:
            amounts[money.currency] = amounts.get(money.currency, 0) + money.minor
        self.edges[key] = replace(
            edge,
            amounts=tuple(Money(code, amounts[code]) for code in sorted(amounts)),
            undisclosed=edge.undisclosed + undisclosed,
            events=(*edge.events, *events),
        )


def _cash(view: View) -> list[Edge]:
    """Return fundings, with the stakes of their investors, and payments."""
    funding, payment = _Adder(), _Adder()
    for record in view.events("funding", "payment"):
        for posting in record.event.postings():
            known = posting.currency is not None and posting.minor is not None
            money = Money(posting.currency or "", posting.minor or 0) if known else None
            paid = posting.category == "payment"
            blank = Edge("payment" if paid else "funding", posting.source, posting.target, not paid)
            (payment if paid else funding).add(
                blank, money, events=(record.id,), undisclosed=not known
            )
    for table in stakes(view):
        for row in table.rows:
            if row.stake and row.counted:
                key = (row.holder, row.issuer, True)
                edge = funding.edges.get(key, Edge("funding", row.holder, row.issuer, True))
                events = tuple(dict.fromkeys((*edge.events, *row.events)))
                funding.edges[key] = replace(edge, stake=row.stake, events=events)
    return [*funding.edges.values(), *payment.edges.values()]


def _open_commitments(view: View) -> list[Edge]:
    adder = _Adder()
    for row in commitments(view):
        if row.status == "open":
            capital = row.purpose == "equity" or any(isinstance(d, Funding) for d in row.draws)
            blank = Edge("commitment", row.obligor, row.beneficiary, capital)
            adder.add(blank, row.remaining, events=row.events, undisclosed=row.remaining is None)
    return list(adder.edges.values())


def _rights(view: View) -> list[Edge]:
    found: dict[tuple[str, str], Edge] = {}
    for row in rights(view):
        if row.status == "in force":
            key = (row.grantor, row.grantee)
            edge = found.get(key, Edge("right", *key))
            names = tuple(dict.fromkeys((*edge.rights, row.right)))
            found[key] = replace(edge, rights=names, events=(*edge.events, row.id))
    return list(found.values())


def _rivalries(view: View) -> list[Edge]:
    ends = endings(view)
    found: dict[tuple[str, str], Edge] = {}
    for record in view.events("rivalry"):
        event = record.event
        assert isinstance(event, Rivalry)
        if not event.memo and record.id not in ends:
            source, target = sorted((event.a, event.b))
            edge = found.get((source, target), Edge("rivalry", source, target))
            found[source, target] = replace(edge, events=(*edge.events, record.id))
    return list(found.values())
