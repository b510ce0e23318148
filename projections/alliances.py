"""The web of alliances: who stands in it, and what runs between them, as a graph of a View.

One edge per (source, target, kind, capital or revenue, form), summed. Money and promises of money
run from who pays to who is paid, rights from grantor to grantee. Layers are never merged: what was
paid, what is still open of commitments, of those that are only announced, and of what binds nobody
(talks, term sheets, letters of intent) are edges of their own. So is funding in credits, which is
no cash, and so are rights.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from dealledger.events import (
    LIVE_FIRMNESS,
    Money,
    Moving,
    moving_kinds,
)
from dealledger.events.base import Bound, Posting
from dealledger.events.bound import summed
from dealledger.events.category import is_capital, is_cash, is_promised_capital
from dealledger.ledger import AS_RECORDED, Grounds, Record, View
from dealledger.projections.ownership.stakes import stakes
from dealledger.projections.parties import parties
from dealledger.projections.promises.commitments import CommitmentRow, commitments
from dealledger.projections.promises.owed import once, owing, promised
from dealledger.projections.rates import Converter, UsedRate
from dealledger.projections.rights import RightRow, rights
from dealledger.projections.rivalries import rivalries

EdgeKind = Literal["funding", "payment", "commitment", "right", "rivalry"]
EdgeForm = Literal["plain", "credits", "announced", "apart"]
"""credits: funding in kind. announced, apart: commitments that are not definitive or reported."""

EdgeLayer = Literal["paid", "committed", "announced", "apart"]
EDGE_LAYERS: Final[tuple[EdgeLayer, ...]] = ("paid", "committed", "announced", "apart")
_LAYERS: Final[dict[EdgeForm, EdgeLayer]] = {"announced": "announced", "apart": "apart"}
EdgeKey: TypeAlias = tuple[EdgeKind, str, str, bool, EdgeForm]
"""What makes an edge the same one at two dates: kind, source, target, capital or not, form."""

EDGE_KINDS: Final[tuple[EdgeKind, ...]] = ("funding", "payment", "commitment", "right", "rivalry")


@dataclass(frozen=True, slots=True)
class Node:
    """A party in the web. roles: as recorded, the first says where it stands (lab, cloud, ...)."""

    party: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """Everything of one kind and form that runs from one party to another.

    amounts: summed, one per currency; for a commitment what is still open. bounds: what kind of
    number each amount is; none: all exact. undisclosed: how many amounts the sums leave out.
    capital: funding, or a promise of it (False: revenue, or neither). stake: what the source holds
    of the target, on its funding edge. rights: their names. firmness: of what is apart. parts: what
    is open of each commitment, by its id. A rivalry has source < target and no direction. events:
    the ids behind the edge.
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
    form: EdgeForm = "plain"
    bounds: tuple[Bound, ...] = ()
    firmness: tuple[str, ...] = ()
    parts: tuple[tuple[str, Money], ...] = ()

    @property
    def key(self) -> EdgeKey:
        """Return what identifies the edge in every web of one ledger."""
        return self.kind, self.source, self.target, self.capital, self.form

    @property
    def layer(self) -> EdgeLayer | None:
        """Return the layer of its money; None for rights and rivalries, which move none."""
        if self.kind != "commitment":
            return "paid" if self.kind in ("funding", "payment") else None
        return _LAYERS.get(self.form, "committed")

    def moves_in(self, layers: Collection[str]) -> bool:
        """Tell whether money of these layers runs on the edge; credits are none."""
        return self.layer in layers and self.form != "credits"

    def bounded(self) -> tuple[tuple[Money, Bound], ...]:
        """Return the amounts, each with what kind of number it is."""
        exact: Bound = "exact"
        bounds = self.bounds or tuple(exact for _ in self.amounts)
        return tuple(zip(self.amounts, bounds, strict=True))


@dataclass(frozen=True, slots=True)
class Size:
    """The largest amount of an edge, in minor units, from the end of a day on."""

    day: date
    key: EdgeKey
    minor: int


@dataclass(frozen=True, slots=True)
class Alliances:
    """The web at one point in time, with the point that the caption names.

    sizes: in a horizon, how large each edge of money was from which day on. currency: what amounts
    were converted to; rates: by which rates. grounds: of the View.
    """

    as_of: date
    known_at: int
    announced_by: date | None
    root: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    sizes: tuple[Size, ...] = ()
    currency: str | None = None
    rates: tuple[UsedRate, ...] = ()
    grounds: Grounds = AS_RECORDED


def is_revenue(edge: Edge) -> bool:
    """Tell whether *edge* is revenue, paid or promised; otherwise it is capital, or no money."""
    return edge.kind in ("payment", "commitment") and not edge.capital


def alliances(view: View, currency: str | None = None) -> Alliances:
    """Return the web of a View; every party that an edge touches is a node.

    currency: convert to it, each amount at its own date.
    Order: nodes by slug; edges by source, target, kind, capital, form. Raises: MissingRate.
    """
    convert = Converter(view, currency)
    return joined(view, edges_of(view, convert), convert)


def edges_of(view: View, convert: Converter) -> tuple[Edge, ...]:
    """Return the edges of the web of a View, in no order. Raises: MissingRate."""
    return tuple(with_stakes(view, edges_between(view, convert)).values())


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds of an issuer, and the events behind that."""

    stake: Fraction
    events: tuple[str, ...]

    def on(self, edge: Edge | None, key: EdgeKey) -> Edge:
        """Return the edge of a holder, or of one who paid nothing in, with the stake."""
        edge = edge or Edge("funding", key[1], key[2], True)
        events = tuple(dict.fromkeys((*edge.events, *self.events)))
        return replace(edge, stake=self.stake, events=events)


def stakes_held(view: View) -> Iterator[tuple[EdgeKey, Held]]:
    """Yield what is held of all issuers, by the edge on which it is drawn."""
    for table in stakes(view):
        for row in table.rows:
            if row.stake and row.counted:
                key = Edge("funding", row.holder, row.issuer, True).key
                yield key, Held(row.stake, row.events)


def with_stakes(view: View, edges: Iterable[Edge]) -> dict[EdgeKey, Edge]:
    """Return edges by their keys, with what is held on them, and those of who only holds."""
    found = {edge.key: edge for edge in edges}
    for key, held in stakes_held(view):
        found[key] = held.on(found.get(key), key)
    return found


def edges_between(view: View, convert: Converter) -> tuple[Edge, ...]:
    """Return the edges of a View without stakes: each follows from what is between its two parties.

    Raises: MissingRate.
    """
    stands = ("open", "apart")
    return (
        *paid_edges(view.events(*moving_kinds()), convert),
        *promised_edges(
            [row for row in commitments(view, currency=convert) if row.status in stands]
        ),
        *granted_edges([row for row in rights(view) if row.status == "in force"]),
        *rivalry_edges(view),
    )


def joined(view: View, edges: Iterable[Edge], convert: Converter) -> Alliances:
    """Return the web that edges make, with the parties at their ends as a View knows them."""
    ordered = tuple(sorted(edges, key=_key))
    touched = {party for edge in ordered for party in (edge.source, edge.target)}
    # A party may stand in an edge before it entered the map; then its first description serves.
    described = {
        row.party: row for moment in (date.max, view.as_of) for row in parties(view.at(moment))
    }
    nodes = tuple(
        Node(party, described[party].name, described[party].roles) for party in sorted(touched)
    )
    return Alliances(
        view.as_of,
        view.known_at,
        view.announced_by,
        view.root,
        nodes,
        ordered,
        currency=convert.currency,
        rates=convert.used(),
        grounds=view.grounds,
    )


def _key(edge: Edge) -> tuple[str, str, str, bool, str]:
    return edge.source, edge.target, edge.kind, edge.capital, edge.form


class _Adder:
    """Sums amounts into edges: exactly, rounded once at the end."""

    def __init__(self) -> None:
        self._edges: dict[EdgeKey, Edge] = {}
        self._sums: dict[EdgeKey, dict[str, tuple[Fraction, Bound]]] = {}

    def add(
        self,
        blank: Edge,
        currency: str | None,
        minor: Fraction | int | None,
        bound: Bound,
        *,
        events: tuple[str, ...],
    ) -> None:
        """Add an amount, or one more undisclosed amount, to the edge that *blank* names."""
        edge = self._edges.get(blank.key, blank)
        sums = self._sums.setdefault(blank.key, {})
        if currency is not None and minor is not None:
            before = sums.get(currency, (Fraction(), "exact"))
            sums[currency] = (before[0] + minor, summed([before[1], bound]))
        self._edges[blank.key] = replace(
            edge,
            undisclosed=edge.undisclosed + (minor is None),
            events=tuple(dict.fromkeys((*edge.events, *events))),
            firmness=tuple(dict.fromkeys((*edge.firmness, *blank.firmness))),
            parts=(*edge.parts, *blank.parts),
        )

    def edges(self) -> dict[EdgeKey, Edge]:
        """Return the edges with their sums."""
        return {
            key: replace(
                edge,
                amounts=tuple(Money(code, round(sums[code][0])) for code in sorted(sums)),
                bounds=tuple(sums[code][1] for code in sorted(sums)),
            )
            for key, edge in self._edges.items()
            for sums in (self._sums[key],)
        }


def paid_edge(posting: Posting) -> Edge:
    """Return the edge, without amounts, on which a posting of cash or credits runs."""
    if not is_capital(posting.category):
        return Edge("payment", posting.source, posting.target)
    form: EdgeForm = "plain" if is_cash(posting.category) else "credits"
    return Edge("funding", posting.source, posting.target, True, form=form)


def converted(
    posting: Posting, record: Record, convert: Converter
) -> tuple[str | None, Fraction | None]:
    """Return the currency and the exact minor units of a posting, at the date of its event."""
    if posting.currency is None or posting.minor is None:
        return None, None
    money = Money(posting.currency, posting.minor)
    return convert.code(money.currency), convert.exact(money, record.effective_on)


def promised_edge(row: CommitmentRow, party: str) -> Edge:
    """Return the edge, without amounts, on which runs what *party* owes of a commitment."""
    form: EdgeForm = "plain" if row.layer == "committed" else "announced"
    return Edge(
        "commitment",
        party,
        row.beneficiary,
        is_promised_capital(row.purpose),
        form="apart" if is_apart(row) else form,
        firmness=(row.firmness,) if is_apart(row) else (),
    )


def is_apart(row: CommitmentRow) -> bool:
    """Tell whether a commitment binds nobody: talks, term sheets, letters of intent."""
    return row.firmness not in LIVE_FIRMNESS


def within(row: CommitmentRow) -> tuple[str, str, bool]:
    """Return where a commitment stands: what serves another one there is a part of that one."""
    return row.obligor, row.beneficiary, is_apart(row)


def paid_edges(moved: Iterable[Record], convert: Converter) -> list[Edge]:
    """Return fundings and payments."""
    adder = _Adder()
    for record in moved:
        assert isinstance(record.event, Moving)
        for posting in record.event.postings():
            amount = converted(posting, record, convert)
            adder.add(paid_edge(posting), *amount, record.event.bound, events=(record.id,))
    return list(adder.edges().values())


def promised_edges(rows: Iterable[CommitmentRow], *, whole: bool = False) -> list[Edge]:
    """Return what is open of commitments, or the whole of them, from who owes it."""
    adder = _Adder()
    counted = [row for row in rows if not row.event.memo]
    for row in counted if whole else once(counted, within):
        bound = row.bound_after_draws if whole else row.open_bound
        known = row.committed if whole else row.still_open
        if known is None or row.currency is None:
            blank = promised_edge(row, row.obligor)
            adder.add(blank, None, None, bound, events=row.events)
            continue
        for party, minor in promised(row) if whole else owing(row):
            if minor:  # Of what is apart nothing may be left, though it did not end.
                part = (row.id, Money(row.currency, round(minor)))
                blank = replace(promised_edge(row, party), parts=(part,))
                adder.add(blank, row.currency, minor, bound, events=row.events)
    return list(adder.edges().values())


def granted_edges(rows: Iterable[RightRow]) -> list[Edge]:
    """Return one edge from each grantor to each grantee, with the names of their rights."""
    found: dict[tuple[str, str], Edge] = {}
    for row in rows:
        key = (row.grantor, row.grantee)
        edge = found.get(key, Edge("right", *key))
        names = tuple(dict.fromkeys((*edge.rights, row.right)))
        found[key] = replace(edge, rights=names, events=(*edge.events, row.id))
    return list(found.values())


def rivalry_edges(view: View, *, ended: bool = False) -> list[Edge]:
    """Return the edges between rivals. ended: also of those that are over."""
    return [
        Edge("rivalry", each.a, each.b, events=each.events)
        for each in rivalries(view, ended=ended).values()
    ]
