"""Round-trip revenue: revenue paid with money that the seller itself had paid in as funding.

Cash is fungible, so the number is only known to lie between two bounds, over all ways to say which
money a payment carried that the recorded balances allow. The tagged part y of a payment is at most
the payment, and what a party holds of tagged money at most its recorded balance: a flow over the
events in their order. Its largest and smallest return are found exactly, in integers.

Sources: quantities, Q2 and section 2 (timed variant); Akrida et al., arXiv 1606.01091.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.events import Money, PartMoney
from dealledger.projections.analysis.tracing.precision import scale_of
from dealledger.projections.analysis.tracing.running_balances import BalanceStep, steps, unobserved
from dealledger.projections.analysis.tracing.tracing_rules import RULES, followed
from dealledger.projections.analysis.web import Web

_Moment = str
_END: Final[_Moment] = "end"
_HOME: Final[_Moment] = "home"


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """What of the revenue of a party came from its own funding: from least to most.

    rules: by name, what each convention of tracing says; all lie between the bounds. revenue,
    funding: in the window. own, spent: what insiders paid beyond their recorded balances, of all.
    is_exact: pro rata is not cut on the way.
    """

    party: str
    revenue: Money
    funding: Money
    least: Money
    most: Money
    rules: tuple[tuple[str, PartMoney], ...]
    own: Money
    spent: Money
    is_exact: bool

    def share(self, part: Money | PartMoney) -> Fraction | None:
        """Return what part of the revenue an amount is; None without revenue."""
        return Fraction(part.minor) / self.revenue.minor if self.revenue.minor else None


def round_trip(web: Web, party: str) -> RoundTrip:
    """Return the round-trip revenue of *party* in the window of *web*.

    Only funding in the window is tagged and only revenue in it is counted; balances come from all.
    """
    counted = web.counted()
    least, most = bounds(web, party)
    own, spent = unobserved(web)
    return RoundTrip(
        party,
        web.money(sum(leg.minor for leg in counted if leg.target == party and not leg.capital)),
        web.money(sum(leg.minor for leg in counted if leg.source == party and leg.capital)),
        web.money(least),
        web.money(most),
        tuple((rule, web.part(followed(web, party, rule))) for rule in RULES),
        web.money(own),
        web.money(spent),
        scale_of(web).is_exact,
    )


def bounds(web: Web, party: str) -> tuple[int, int]:
    """Return the least and the most that may have come home, in minor units."""
    arcs = _Timeline(web, party).arcs
    if not any(arc.is_counted for arc in arcs):
        return 0, 0
    return _extreme(arcs, 1), _extreme(arcs, -1)


@dataclass(frozen=True, slots=True)
class _Arc:
    """A way for tagged money, from one moment of a party to another, home, or to the end.

    source: None for funding by the party itself, all of which is tagged.
    """

    source: _Moment | None
    target: _Moment
    most: int
    is_counted: bool = False


class _Timeline:
    """The moments at which somebody's tagged money changes, and how much it may be in between."""

    def __init__(self, web: Web, party: str) -> None:
        self.web = web
        self.party = party
        self.arcs: list[_Arc] = []
        self._balance: dict[str, int] = defaultdict(int)
        self._latest: dict[str, tuple[_Moment, int]] = {}
        for number, step in enumerate(steps(web)):
            self._take(number, step)
        for moment, kept in self._latest.values():
            self.arcs.append(_Arc(moment, _END, kept))

    def _take(self, number: int, step: BalanceStep) -> None:
        leg = step.leg
        source: _Moment | None = None
        is_tagged = leg.source == self.party and leg.capital and self.web.counts(leg)
        if leg.source in self._latest:
            source, is_tagged = f"{number} pays", True
            self._move(leg.source, source, step.left)
        self._balance[leg.source] = step.left
        if leg.target == self.party:
            if source:
                is_counted = self.web.counts(leg) and not leg.capital
                self.arcs.append(_Arc(source, _HOME, leg.minor, is_counted))
        elif leg.target in self.web.outside:
            if source:
                self.arcs.append(_Arc(source, _END, leg.minor))
        else:
            self._balance[leg.target] += leg.minor
            if is_tagged:
                target = f"{number} is paid"
                self._move(leg.target, target, self._balance[leg.target])
                self.arcs.append(_Arc(source, target, leg.minor))

    def _move(self, who: str, moment: _Moment, balance: int) -> None:
        """Begin a new moment of somebody; until then it held at most what it had at the last."""
        if who in self._latest:
            before, kept = self._latest[who]
            self.arcs.append(_Arc(before, moment, kept))
        self._latest[who] = (moment, balance)


def _extreme(arcs: list[_Arc], weight: int) -> int:
    """Return the least (weight 1) or the most (-1) that can come home, by the network simplex."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    tagged = 0
    for arc in arcs:
        if arc.source is None:
            graph.add_node(arc.target, demand=-arc.most)
            tagged += arc.most
        else:
            cost = weight if arc.is_counted else 0
            graph.add_edge(arc.source, arc.target, capacity=arc.most, weight=cost)
    graph.add_edge(_HOME, _END, weight=0)
    graph.add_node(_END, demand=tagged)
    cost, _ = nx.network_simplex(graph)
    return abs(int(cost))
