"""Consideration payable to customers: shares that a seller gives to whoever buys from it.

Warrants and shares for a customer lower the revenue from it, unless they pay for something distinct
that it delivers (ASC 606-10-32-25); that is not known here, so revenue net of them is a measure, no
restatement. A customer is who pays a party, or has promised to buy from it. An investment in one is
not consideration: it is bought at its value. Source: quantities, Q2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.events import LIVE_FIRMNESS, Money, Right
from dealledger.events.category import is_promised_capital
from dealledger.events.money import minor_units
from dealledger.ledger import View
from dealledger.projections.analysis.web import Web
from dealledger.projections.promises.commitments import commitments
from dealledger.projections.rates import Converter

EQUITY: Final = frozenset({"warrant", "share-issuance"})
"""Rights to shares."""


@dataclass(frozen=True, slots=True)
class Consideration:
    """What a party gave its customers in shares. events: those rights, in the order of the record.

    amount: the values that are known. undisclosed: how many are not.
    """

    events: tuple[str, ...]
    customers: tuple[str, ...]
    amount: Money
    undisclosed: int


def consideration(view: View, web: Web, party: str) -> Consideration:
    """Return what *party* gave its customers in the window of *web*, in its currency.

    Raises: MissingRate.
    """
    customers = {leg.source for leg in web.legs if leg.target == party and not leg.capital}
    customers |= {
        row.obligor
        for row in commitments(view, party)
        if row.beneficiary == party and not is_promised_capital(row.purpose)
    }
    convert = Converter(view, web.currency)
    events, names, total, undisclosed = [], set(), Fraction(), 0
    for record in view.events("right", party=party):
        right = record.event
        assert isinstance(right, Right)
        if not _is_given(right, party, customers) or not web.is_in_window(right.effective_on):
            continue
        events.append(record.id)
        names.add(right.grantee)
        if right.value is None or right.currency is None:
            undisclosed += 1
            continue
        value = Money(right.currency, minor_units(right.value, right.currency))
        total += convert.exact(value, right.effective_on)
    worth = Money(web.currency, round(total))
    return Consideration(tuple(events), tuple(sorted(names)), worth, undisclosed)


def _is_given(right: Right, party: str, customers: set[str]) -> bool:
    return (
        right.grantor == party
        and right.grantee in customers
        and right.right in EQUITY
        and right.firmness in LIVE_FIRMNESS
        and not right.memo
    )
