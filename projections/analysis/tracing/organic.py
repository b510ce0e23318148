"""Whose money revenue is: from customers outside, from capital, or going round.

Every payment carries the tags of the balance it is paid from, pro rata. Funding mints a new tag:
the capital of who gives it. A party's own capital that has come home is its own money from then on,
as is what it spends beyond its recorded balance. So the revenue of a party has five parts that add
up to it: organic, outside capital, its own capital come round, the capital of others going round,
and the payers' own money. "Not circular" is not "organic": outside equity is neither.

Source: quantities, Q3 (undated limit: Leontief attribution, N = (I - G)^-1).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from dealledger.events import Money, PartMoney
from dealledger.projections.analysis.tracing.precision import Exact, Scale, scale_of
from dealledger.projections.analysis.tracing.running_balances import BalanceStep, steps
from dealledger.projections.analysis.web import Web

Kind = Literal["customers", "outside capital", "capital", "own", "unobserved"]
Tag = tuple[Kind, str]
"""What money is, and whose capital or own money; the party is empty for the outside world."""

Tags = dict[Tag, Exact]
OWN: Final[tuple[Kind, ...]] = ("own", "unobserved")
SHARES: Final = (
    "organic", "outside_capital", "own_circular", "others_circular", "payers_own"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organic:
    """The revenue of a party by whose money it is; the five parts add up to it.

    others: the capital of others by whom, the largest first. unobserved: the part of payers_own
    that was spent beyond recorded balances. returned: the part of payers_own that the party itself
    had spent, so that it buys its own revenue. is_exact: nothing was rounded on the way.
    """

    party: str
    revenue: Money
    organic: PartMoney
    outside_capital: PartMoney
    own_circular: PartMoney
    others_circular: PartMoney
    payers_own: PartMoney
    unobserved: PartMoney
    returned: PartMoney
    others: tuple[tuple[str, PartMoney], ...]
    is_exact: bool

    def parts(self) -> tuple[tuple[str, PartMoney], ...]:
        """Return the five parts by name, in the order of SHARES."""
        return tuple((name, getattr(self, name)) for name in SHARES)

    def share(self, part: PartMoney) -> Fraction | None:
        """Return what part of the revenue an amount is; None without revenue."""
        return part.minor / self.revenue.minor if self.revenue.minor else None


def organic(web: Web, party: str) -> Organic:
    """Return whose money the revenue of *party* in the window of *web* is."""
    purses: dict[str, Tags] = defaultdict(dict)
    got: Tags = defaultdict(int)
    revenue, scale = 0, scale_of(web)
    for step in steps(web):
        leg = step.leg
        carried = _carried(web, step, purses, scale)
        if leg.target == party and not leg.capital and web.counts(leg):
            revenue += leg.minor
            for tag, part in carried.items():
                got[tag] += part
        if leg.target not in web.outside:
            _put(purses[leg.target], _minted(web, step, carried, scale))
    return _said(web, party, revenue, got, scale)


def _carried(web: Web, step: BalanceStep, purses: dict[str, Tags], scale: Scale) -> Tags:
    """Return the tags of a payment, and take them from the payer's balance."""
    payer = step.leg.source
    if payer in web.outside:
        return {("customers", ""): scale.held(step.leg.minor)}
    purse = purses[payer]
    parts: Tags = {}
    if step.recorded:
        parts = {tag: scale.part(held, step.recorded, step.had) for tag, held in purse.items()}
        # What rounding left over goes with the tag of which most stays, so that nothing is lost.
        most = max(parts, key=lambda tag: (purse[tag] - parts[tag], tag))
        parts[most] += scale.held(step.recorded) - sum(parts.values())
    for tag, part in parts.items():
        purse[tag] -= part
    if step.own:
        parts["unobserved", payer] = parts.get(("unobserved", payer), 0) + scale.held(step.own)
    return {tag: part for tag, part in parts.items() if part}


def _minted(web: Web, step: BalanceStep, carried: Tags, scale: Scale) -> Tags:
    """Return what the payee gets: funding as new capital, its own capital as its own money."""
    leg = step.leg
    if leg.capital:
        is_outside = leg.source in web.outside
        tag: Tag = ("outside capital", "") if is_outside else ("capital", leg.source)
        return {tag: scale.held(leg.minor)}
    home = carried.get(("capital", leg.target), 0)
    kept = {tag: part for tag, part in carried.items() if tag != ("capital", leg.target)}
    if home:
        kept["own", leg.target] = kept.get(("own", leg.target), 0) + home
    return kept


def _put(purse: Tags, parts: Tags) -> None:
    for tag, part in parts.items():
        purse[tag] = purse.get(tag, 0) + part


def _said(web: Web, party: str, revenue: int, got: Tags, scale: Scale) -> Organic:
    def money(*kinds: Kind) -> PartMoney:
        return part(sum(held for (kind, _), held in got.items() if kind in kinds))

    def part(held: Exact) -> PartMoney:
        return web.part(scale.minor(held))

    capital = {whose: held for (kind, whose), held in got.items() if kind == "capital"}
    own = capital.pop(party, 0)
    others = sorted(capital.items(), key=lambda each: (-each[1], each[0]))
    return Organic(
        party,
        web.money(revenue),
        money("customers"),
        money("outside capital"),
        part(own),
        part(sum(capital.values())),
        money(*OWN),
        money("unobserved"),
        part(sum(got.get((kind, party), 0) for kind in OWN)),
        tuple((whose, part(held)) for whose, held in others),
        scale.is_exact,
    )
