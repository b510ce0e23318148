"""What an issuer is worth: the latest of the values that are stated and that rounds set.

A round with terms sets its post-money; a valuation states a value and never dilutes. The latest is
the last by date, then by position; a round stands where its first funding stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from dealledger.events import Valuation
from dealledger.ledger import Record
from dealledger.projections.ownership.rounds import IssuerValue, Round


def values(records: Iterable[Record], rounds: Iterable[Round]) -> list[IssuerValue]:
    """Return every value of one issuer, the latest last."""
    found = [each.value for each in rounds if each.value]
    for record in records:
        event = record.event
        money = event.money() if isinstance(event, Valuation) else None
        if money is not None:
            minor = Fraction(money.minor)
            day = record.effective_on
            found.append(IssuerValue(day, record.position, record.id, money.currency, minor))
    return sorted(found, key=place)


def place(value: IssuerValue) -> tuple[date, int]:
    """Return where a value stands among those of its issuer."""
    return value.day, value.position
