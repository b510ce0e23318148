"""Circularity: how much of the money goes round, as a floor, a fair share and a ceiling.

Of all that is paid, W (with what comes from outside and goes there, which is never on a circle):
bilateral netting, what two parties pay each other both ways, is the floor; C*, the largest
circulation, the ceiling; BFF a fair share; the excess W - sum |net| / 2 is what netting could save
if parties might also pay whom they never paid. bilateral <= C* <= excess <= W, and BFF <= C*.
A static measure: there is no order in time in it, see `cycles`. C* counts money once for each pair
it passes, so it prefers long circles. Sources: quantities, Q5, Q6 and section 2; D'Errico and
Roukny, arXiv 1705.07155; Homs-Dones, MacKay, Sansom and Zhou, arXiv 2506.12546.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dealledger.events import Money, PartMoney
from dealledger.projections.analysis.circles.bff import peeled
from dealledger.projections.analysis.circles.canonical import canonical
from dealledger.projections.analysis.circles.ceiling import circulation, forced, most_revenue
from dealledger.projections.analysis.circles.cycling import Cycling, cycling
from dealledger.projections.analysis.web import Pair, Web


@dataclass(frozen=True, slots=True)
class PairCircle:
    """What goes round of what one party pays another; share: bff of amount.

    ceiling: the canonical largest circulation; None where it is not proved.
    forced: every largest circulation carries the same here.
    """

    source: str
    target: str
    amount: Money
    bff: PartMoney
    share: Fraction
    ceiling: PartMoney | None
    forced: bool


@dataclass(frozen=True, slots=True)
class Circularity:
    """How much goes round in a web; total is W, ceiling C*. Shares: `share`.

    exact: whether BFF is exact, or to about a millionth of the total, see `bff`. revenue: of
    insiders; external: what of it outsiders pay; multiple: revenue / external. revenue_ceiling: the
    most revenue that can lie on circles which capital may close.
    """

    pairs: tuple[PairCircle, ...]
    total: Money
    ceiling: Money
    bff: PartMoney
    exact: bool
    bilateral: Money
    excess: Money
    revenue: Money
    external: Money
    multiple: Fraction | None
    revenue_ceiling: Money
    finn: Cycling

    def share(self, money: Money | PartMoney) -> Fraction | None:
        """Return what part of all that is paid *money* is; None if nothing is paid."""
        return _share(money, self.total)

    @property
    def revenue_share(self) -> Fraction | None:
        """What part of the insiders' revenue can lie on circles at most."""
        whole = self.revenue.minor
        return Fraction(self.revenue_ceiling.minor, whole) if whole else None


@dataclass(frozen=True, slots=True)
class Turnover:
    """What goes round in a web in all, without its pairs. As in `Circularity`; share: `share`."""

    total: Money
    ceiling: Money
    bff: PartMoney
    multiple: Fraction | None

    def share(self, money: Money | PartMoney) -> Fraction | None:
        """Return what part of all that is paid *money* is; None if nothing is paid."""
        return _share(money, self.total)


def turnover(web: Web) -> Turnover:
    """Return how much goes round in all: so little work that each day of a history can ask."""
    return Turnover(
        web.money(sum(web.amounts().values())),
        web.money(largest(web)),
        web.part(sum(bff(web).values(), Fraction())),
        _multiple(*_revenue(web)),
    )


def _share(money: Money | PartMoney, total: Money) -> Fraction | None:
    return Fraction(money.minor) / total.minor if total.minor else None


def _multiple(revenue: int, external: int) -> Fraction | None:
    return Fraction(revenue, external) if external else None


def bff(web: Web) -> dict[Pair, Fraction]:
    """Return what goes round of each pair by balanced flow forwarding, in minor units, above 0."""
    return peeled(web.inside()).shares


def largest(web: Web) -> int:
    """Return C*, the most that can go round, in minor units."""
    return sum(circulation(web.inside()).values())


def circularity(web: Web) -> Circularity:
    """Return how much goes round in *web*; pairs: the largest BFF first, then by names."""
    inside, amounts = web.inside(), web.amounts()
    flow = circulation(inside)
    fair = peeled(inside)
    revenue, external = _revenue(web)
    return Circularity(
        _pairs(web, inside, flow, fair.shares),
        web.money(sum(amounts.values())),
        web.money(sum(flow.values())),
        web.part(sum(fair.shares.values(), Fraction())),
        fair.exact,
        web.money(bilateral(inside)),
        web.money(excess(amounts)),
        web.money(revenue),
        web.money(external),
        _multiple(revenue, external),
        web.money(most_revenue(web)),
        cycling(web),
    )


def bilateral(amounts: Mapping[Pair, int]) -> int:
    """Return what pairs pay each other both ways, both directions counted."""
    return sum(min(minor, amounts.get(pair[::-1], 0)) for pair, minor in amounts.items())


def excess(amounts: Mapping[Pair, int]) -> int:
    """Return what is paid beyond what the net of every party asks for."""
    net: dict[str, int] = {}
    for (source, target), minor in amounts.items():
        net[source] = net.get(source, 0) - minor
        net[target] = net.get(target, 0) + minor
    return sum(amounts.values()) - sum(map(abs, net.values())) // 2


def _revenue(web: Web) -> tuple[int, int]:
    """Return the revenue of insiders, and what of it comes from outside."""
    amounts = web.amounts(capital=False)
    own = {pair: minor for pair, minor in amounts.items() if pair[1] not in web.outside}
    external = sum(minor for pair, minor in own.items() if pair[0] in web.outside)
    return sum(own.values()), external


def _pairs(
    web: Web,
    inside: Mapping[Pair, int],
    flow: Mapping[Pair, int],
    shares: Mapping[Pair, Fraction],
) -> tuple[PairCircle, ...]:
    fixed = forced(inside, flow)
    most = canonical(inside, flow, fixed)
    # A share of less than a minor unit is none where BFF is not exact, and C* may still run there.
    carried = {pair for pair, part in (flow if most is None else most).items() if part}
    none = Fraction()
    found = [
        PairCircle(
            *pair,
            web.money(inside[pair]),
            web.part(shares.get(pair, none)),
            shares.get(pair, none) / inside[pair],
            web.part(most[pair]) if most is not None else None,
            pair in fixed,
        )
        for pair in shares.keys() | carried
    ]
    return tuple(sorted(found, key=lambda row: (-row.bff.minor, row.source, row.target)))
