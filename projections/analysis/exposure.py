"""Exposure: what everybody else has at stake in one party, in several views and never one score.

Direct: the value of a stake in it, what it has promised and not paid yet (by layer), what of that
falls due in the next twelve months, and which part of one's own revenue it pays. A customer of a
tenth or more is what companies have to disclose (ASC 280, Regulation S-K). Then what would be lost
through all hands (see `extraction`).

Source: quantities, Q7 (a).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from dealledger.events import Money
from dealledger.ledger import View
from dealledger.projections.analysis.extraction import Extraction, extracted
from dealledger.projections.analysis.web import Pair, Web
from dealledger.projections.commitments import CommitmentRow, commitments
from dealledger.projections.rates import Converter
from dealledger.projections.schedule import due_between, remaining_due
from dealledger.projections.stakes import stakes

LARGE_CUSTOMER: Final = Fraction(1, 10)
"""From this part of one's revenue on, a customer has to be disclosed."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """What one party has at stake in another; None where nothing is known.

    stake, worth: of the other. committed, announced: still to come from it. due: of the committed,
    in the next twelve months, as far as dates are known. revenue: the part of one's own that it
    paid. hit, hit_all: the part of revenue, or of all income, that would go without it; None for
    those who are recorded to have none, and outsiders. undisclosed: its promises without an amount.
    """

    party: str
    stake: Fraction | None
    worth: Money | None
    committed: Money
    announced: Money
    due: Money
    revenue: Fraction | None
    hit: Fraction | None
    hit_all: Fraction | None
    undisclosed: int

    @property
    def is_large_customer(self) -> bool:
        """Tell whether the other pays a tenth or more of the revenue."""
        return self.revenue is not None and self.revenue >= LARGE_CUSTOMER


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who has something at stake in *party*; by_revenue, by_income: what goes without it."""

    party: str
    rows: tuple[Exposed, ...]
    by_revenue: Extraction
    by_income: Extraction


def exposure(view: View, web: Web, party: str) -> Exposure:
    """Return the exposure of all others to *party*, in the currency of *web*.

    Order: who is hit hardest first, then by what is at stake, then by name.
    Raises: MissingRate.
    """
    by_revenue, by_income = extracted(web, party), extracted(web, party, capital=True)
    held = _stakes(view, web, party)
    owed = _owed(view, web, party)
    paid = web.amounts(capital=False)
    revenue, income = _received(paid), _received(web.amounts())
    hit_any = {who for found in (by_revenue, by_income) for who, hit in found.hits.items() if hit}
    rows = []
    for who in sorted((held.keys() | owed.keys() | hit_any) - {party}):
        stake, worth = held.get(who, (None, None))
        promised = owed.get(who, _Owed())
        earns, gets, inside = revenue.get(who, 0), income.get(who, 0), who not in web.outside
        rows.append(
            Exposed(
                who,
                stake,
                worth,
                web.money(promised.committed),
                web.money(promised.announced),
                web.money(promised.due),
                Fraction(paid.get((party, who), 0), earns) if earns else None,
                by_revenue.hits.get(who, Fraction()) if earns and inside else None,
                by_income.hits.get(who, Fraction()) if gets and inside else None,
                promised.undisclosed,
            )
        )
    return Exposure(party, tuple(sorted(rows, key=_order)), by_revenue, by_income)


def holdings(view: View, web: Web) -> dict[Pair, int]:
    """Return the value of every known stake, by (holder, issuer), in minor units of the web."""
    convert = Converter(view, web.currency)
    return {
        (row.holder, row.issuer): convert(row.value, view.as_of).minor
        for table in stakes(view)
        for row in table.rows
        if row.value and row.counted
    }


def obligations(view: View, web: Web, until: date) -> tuple[dict[Pair, int], int]:
    """Return what falls due by *until* of committed promises, and how many have no known days."""
    convert = Converter(view, web.currency)
    due: dict[Pair, int] = defaultdict(int)
    undated = 0
    for row in commitments(view):
        if not _is_firm(row):
            continue
        minor, dated = _due(row, view.as_of, until, convert)
        undated += not dated
        if minor:
            due[row.obligor, row.beneficiary] += minor
    return dict(sorted(due.items())), undated


def _received(amounts: dict[Pair, int]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (_, payee), minor in amounts.items():
        found[payee] += minor
    return found


def _order(row: Exposed) -> tuple[Fraction | int, int, str]:
    at_stake = (row.worth.minor if row.worth else 0) + row.committed.minor
    return -max(row.hit or 0, row.hit_all or 0), -at_stake, row.party


def _stakes(view: View, web: Web, party: str) -> dict[str, tuple[Fraction | None, Money | None]]:
    convert = Converter(view, web.currency)
    return {
        row.holder: (row.stake, convert(row.value, view.as_of) if row.value else None)
        for table in stakes(view, party)
        for row in table.rows
        if row.counted
    }


@dataclass(slots=True)
class _Owed:
    committed: int = 0
    announced: int = 0
    due: int = 0
    undisclosed: int = 0


def _owed(view: View, web: Web, party: str) -> dict[str, _Owed]:
    """Return what *party* still owes, by beneficiary, each promise once."""
    convert = Converter(view, web.currency)
    year = _year_after(view.as_of)
    found: dict[str, _Owed] = {}
    rows = [
        row for row in commitments(view, party) if row.obligor == party and row.status == "open"
    ]
    for row in _once(rows):
        owed = found.setdefault(row.beneficiary, _Owed())
        if row.remaining is None:
            owed.undisclosed += 1
            continue
        minor = convert(row.remaining, row.event.effective_on).minor
        if row.layer == "committed":
            owed.committed += minor
            owed.due += _due(row, view.as_of, year, convert)[0]
        else:
            owed.announced += minor
    return found


def _once(rows: list[CommitmentRow]) -> Iterable[CommitmentRow]:
    """Leave out what serves another promise between the same two: it is a part of that one."""
    sides = {row.id: row.beneficiary for row in rows}
    return (row for row in rows if sides.get(row.backs or "") != row.beneficiary)


def _is_firm(row: CommitmentRow) -> bool:
    return row.status == "open" and row.layer == "committed" and row.remaining is not None


def _due(row: CommitmentRow, as_of: date, until: date, convert: Converter) -> tuple[int, bool]:
    """Return what falls due up to a day, inclusive, and whether all of it has known days."""
    assert row.remaining is not None
    minor, dated = 0, True
    for part in remaining_due(row.event, row.remaining.minor, as_of):
        if part.start is None:
            dated = False
        else:
            minor += due_between(part, [until + timedelta(days=1)])[0]
    money = Money(row.remaining.currency, minor)
    return convert(money, row.event.effective_on).minor, dated


def _year_after(day: date) -> date:
    return day + timedelta(days=365)
