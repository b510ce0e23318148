"""What a diagram points out: money that goes round, rivals that are partners, or who is hit.

Marks are laid over a picture: they hang on its date, so nothing moves for them. What is marked is
thick, with bold text; what is not is pale. Parties are shaded in steps, with the number beside the
name, so that nothing hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from dealledger.events.bound import summed
from dealledger.events.decimals import rounded
from dealledger.events.text import width_of
from dealledger.projections.alliances import Edge, EdgeKey
from dealledger.projections.analysis.market.rivals import RivalPartners
from dealledger.projections.analysis.risk.extraction import Extraction, received
from dealledger.projections.analysis.web import Layer, Pair, Web, layers_said
from dealledger.projections.diagram.items import Item, State
from dealledger.projections.diagram.labels import SMALL_NAME_COLUMNS, amount_text, edge_lines
from dealledger.projections.diagram.select import key_of

STEPS: Final = 5
"""How many shades a party can have."""


@dataclass(frozen=True, slots=True)
class EdgeMark:
    """How an edge is pointed out.

    is_strong: thick; otherwise as it is. share: what its label says behind the amount, empty for
    nothing; told: the same in words, for the tooltip.
    """

    is_strong: bool
    share: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class NodeMark:
    """How a party is pointed out. step: its shade, 1 to STEPS; 0 for the party that is asked about.

    text: stands under its name; told: in words, for the tooltip.
    """

    step: int
    text: str
    told: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What a picture points out; edges without a mark are pale, parties without one as they are.

    title: what is added to the title; caption: the line that says what the marks rest on. legend:
    texts for what is thick, what is pale, and what shades mean; an empty one is left out. shares:
    labels say shares of what is pointed out, and so no stakes.
    """

    title: str
    caption: str
    legend: tuple[str, str, str]
    edges: Mapping[EdgeKey, EdgeMark] = field(default_factory=dict)
    nodes: Mapping[str, NodeMark] = field(default_factory=dict)
    shares: bool = False


def pointed_out(items: Iterable[Item], marks: Marks) -> tuple[Item, ...]:
    """Return the items as *marks* draws them; what is not there at the date stays hidden."""
    return tuple(_marked(item, marks) if item.is_shown else item for item in items)


def _marked(item: Item, marks: Marks) -> Item:
    mark = marks.edges.get(item.key)
    state: State = "same" if mark is None else "marked" if mark.is_strong else "there"
    lines = edge_lines(replace(item.edge, stake=None)) if marks.shares else item.lines
    if mark and mark.share:
        lines = (" · ".join([*lines[:1], mark.share]), *lines[1:])
    return replace(item, state=state, lines=lines)


def circular_marks(web: Web, shares: Mapping[Pair, Fraction], edges: Iterable[Edge]) -> Marks:
    """Point out what goes round: of each pair the share of its money, by balanced flow forwarding.

    shares: by pair, in minor units, as `circulation.bff` gives them. edges: those of the picture.
    """
    amounts = web.amounts()
    found: dict[EdgeKey, EdgeMark] = {}
    for edge in edges:
        pair = (edge.source, edge.target)
        if shares.get(pair) and edge.moves_in(web.layers):
            text = _percent(shares[pair] / amounts[pair])
            money = amount_text(web.money(round(shares[pair])))
            whole = amount_text(web.money(amounts[pair]))
            told = f"{text} of what they pay goes round: {money} of {whole}"
            found[key_of(edge)] = EdgeMark(True, text, told)
    total = sum(amounts.values())
    part = _percent(sum(shares.values(), Fraction()) / total) if total else "none"
    return Marks(
        "what goes round",
        f"{part} of the money goes round, in proportion (BFF); "
        f"layer: {layers_said(web.layers)}; no order in time",
        ("goes round; %: the share of what the pair pays that does", "does not go round", ""),
        found,
        shares=True,
    )


def rival_marks(partners: Iterable[RivalPartners], edges: Iterable[Edge]) -> Marks:
    """Point out what runs between rivals that are partners. edges: those of the picture."""
    markets = {
        frozenset((each.rivals.a, each.rivals.b)): ", ".join(each.rivals.markets)
        for each in partners
    }
    found = {
        key_of(edge): EdgeMark(True, told=f"between rivals in {markets[pair] or 'no named market'}")
        for edge in edges
        if (pair := frozenset((edge.source, edge.target))) in markets
    }
    return Marks(
        "rivals that are partners",
        f"{_pairs(len(markets))} joined by a stake, promise, right, or payment in 12 months; "
        "who competes is an opinion",
        ("rivals that are partners", "rivals without anything in force between them", ""),
        found,
    )


def exposure_marks(
    party: str, found: Extraction, web: Web, edges: Iterable[Edge], names: Mapping[str, str]
) -> Marks:
    """Point out who is hit, and how hard, if *party* stops spending.

    found: what of the revenue in *web* goes. edges: of the picture. names: of parties.
    """
    revenue = received(web.amounts(capital=False))
    edges = [edge for edge in edges if not edge.capital and edge.moves_in(web.layers)]
    name = names.get(party, party)
    nodes = {}
    for who, hit in found.hits.items():
        if hit and who != party:
            whole = web.money(revenue[who])
            paid = [bound for e in edges if e.target == who for _, bound in e.bounded()]
            nodes[who] = NodeMark(
                _step(hit),
                _lost(hit, amount_text(whole, summed(paid))),
                f"loses {_percent(hit)} of its recorded revenue of {whole.text()} {web.currency}",
            )
    nodes[party] = NodeMark(0, "stops", "stops spending")
    key_edges = {edge.key: EdgeMark(edge.source == party) for edge in edges if edge.source in nodes}
    return Marks(
        f"recorded revenue ({layers_said(web.layers)}) that goes if {name} stops spending",
        f"of the {amount_text(found.income)} that this ledger records, and not of all revenue; "
        "also through others, if everybody cuts in proportion (extraction): an upper bound",
        (
            f"{_verb(web.layers)} by {name}",
            "not touched, or no revenue",
            "shade and −%: what goes of so much recorded revenue",
        ),
        key_edges,
        nodes,
    )


def _lost(hit: Fraction, whole: str) -> str:
    """Return what goes and of how much, as long as a box is broad."""
    text = f"−{_percent(hit)} of {whole}"
    return text if width_of(text) <= SMALL_NAME_COLUMNS else f"−{_percent(hit)}, {whole}"


def _verb(layers: tuple[Layer, ...]) -> str:
    return "paid" if layers == ("paid",) else "paid or promised" if "paid" in layers else "promised"


def _pairs(count: int) -> str:
    return "1 pair of rivals is" if count == 1 else f"{count} pairs of rivals are"


def _step(hit: Fraction) -> int:
    return min(STEPS, 1 + int(hit * STEPS))


def _percent(share: Fraction) -> str:
    """Return a share without decimals, but never 0 % for what is something."""
    return "<1 %" if 0 < share < Fraction(1, 100) else f"{rounded(share * 100)} %"
