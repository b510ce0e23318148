"""The web of alliances: who stands in it, and what runs between them, as a graph of a View.

One edge per (source, target, kind, capital or revenue), summed. Money and promises of money run
from who pays to who is paid, rights from grantor to grantee. Layers are never merged: what was
paid, what is still open of a commitment, and rights are edges of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from dealledger.events import LIVE_FIRMNESS, Holding, Money, Rivalry, Transfer
from dealledger.ledger import View
from dealledger.projections.commitments import CommitmentRow, commitments
from dealledger.projections.endings import endings
from dealledger.projections.parties import parties
from dealledger.projections.rights import RightRow, rights
from dealledger.projections.stakes import stakes

EdgeKind = Literal["funding", "payment", "commitment", "right", "rivalry"]
CAPITAL_PURPOSES: Final = frozenset({"equity", "debt", "loan"})
"""Purposes of commitments to fund; all others are commitments to buy."""

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
    edges = (
        *_cash(view),
        *_promises([row for row in commitments(view) if row.status == "open"]),
        *_granted([row for row in rights(view) if row.status == "in force"]),
        *_rivalries(view),
    )
    return _web(view, edges)


def horizon(view: View) -> Alliances:
    """Return everything that stands in the web at any date that is recorded, as one graph.

    Cash only grows, so its last sum is its largest; a commitment counts with all that was promised.
    So no amount of any date is larger than here.
    """
    last = view.at(date.max)
    edges = {_key(edge): edge for edge in _cash(last)}
    for record in last.events("holding", "transfer"):
        event = record.event
        assert isinstance(event, Holding | Transfer)
        holder = event.holder if isinstance(event, Holding) else event.buyer
        blank = Edge("funding", holder, event.issuer, True, events=(record.id,))
        if not event.memo:
            edges.setdefault(_key(blank), blank)
    given = [row for row in rights(last) if row.firmness in LIVE_FIRMNESS]
    promised = [row for row in commitments(last) if row.firmness in LIVE_FIRMNESS]
    others = (*_promises(promised, whole=True), *_granted(given), *_rivalries(last, ended=True))
    edges |= {_key(edge): edge for edge in others}
    return _web(last, edges.values())


def _web(view: View, edges: Iterable[Edge]) -> Alliances:
    ordered = tuple(sorted(edges, key=_key))
    touched = {party for edge in ordered for party in (edge.source, edge.target)}
    # A party may stand in an edge before it entered the map; then its first description serves.
    described = {
        row.party: row for moment in (date.max, view.as_of) for row in parties(view.at(moment))
    }
    nodes = tuple(
        Node(party, described[party].name, described[party].roles) for party in sorted(touched)
    )
    return Alliances(view.as_of, view.known_at, view.announced_by, view.root, nodes, ordered)


def _key(edge: Edge) -> tuple[str, str, str, bool]:
    return edge.source, edge.target, edge.kind, edge.capital


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


def _promises(rows: Iterable[CommitmentRow], *, whole: bool = False) -> list[Edge]:
    """Return what is open of commitments, or the whole of them."""
    rows, adder = list(rows), _Adder()
    sides = {row.id: (row.obligor, row.beneficiary) for row in rows}
    for row in rows:
        if row.backs and sides.get(row.backs) == (row.obligor, row.beneficiary):
            continue  # It serves a promise on the same edge, so it is a part of that one.
        money = row.committed if whole else row.remaining
        blank = Edge("commitment", row.obligor, row.beneficiary, row.purpose in CAPITAL_PURPOSES)
        if not row.event.memo:
            adder.add(blank, money, events=row.events, undisclosed=money is None)
    return list(adder.edges.values())


def _granted(rows: Iterable[RightRow]) -> list[Edge]:
    found: dict[tuple[str, str], Edge] = {}
    for row in rows:
        key = (row.grantor, row.grantee)
        edge = found.get(key, Edge("right", *key))
        names = tuple(dict.fromkeys((*edge.rights, row.right)))
        found[key] = replace(edge, rights=names, events=(*edge.events, row.id))
    return list(found.values())


def _rivalries(view: View, *, ended: bool = False) -> list[Edge]:
    ends = endings(view)
    found: dict[tuple[str, str], Edge] = {}
    for record in view.events("rivalry"):
        event = record.event
        assert isinstance(event, Rivalry)
        if not event.memo and (ended or record.id not in ends):
            source, target = sorted((event.a, event.b))
            edge = found.get((source, target), Edge("rivalry", source, target))
            found[source, target] = replace(edge, events=(*edge.events, record.id))
    return list(found.values())
