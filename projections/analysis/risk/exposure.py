"""Exposure: what everybody else has at stake in one party, in several views and never one score.

Direct: the value of a stake in it, what it has promised and not paid yet (by layer), what of that
falls due in the next twelve months, and which part of one's own revenue it pays. A customer of a
tenth or more is what companies have to disclose (ASC 280, Regulation S-K). Then what would be lost
through all hands (see `extraction`).

Source: quantities, Q7 (a).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from dealledger.events import Money
from dealledger.events.base import Bound
from dealledger.events.bound import summed
from dealledger.events.dates import next_years
from dealledger.ledger import View
from dealledger.projections.analysis.risk.extraction import Extraction, extracted
from dealledger.projections.analysis.web import Pair, Web
from dealledger.projections.ownership.stakes import stakes
from dealledger.projections.promises.burden import part_due
from dealledger.projections.promises.commitments import CommitmentRow, commitments
from dealledger.projections.promises.owed import once, open_part, owing, payers
from dealledger.projections.promises.schedule import due_between
from dealledger.projections.rates import Converter, UsedRate

LARGE_CUSTOMER: Final = Fraction(1, 10)
"""From this part of one's revenue on, a customer has to be disclosed."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """What one party has at stake in another; None where nothing is known.

    stake, worth: of the other. committed, announced: still to come from it. due: of the committed,
    in the next twelve months, as far as dates are known. revenue: the part of one's own that it
    paid. hit, hit_all: the part of revenue, or of all income, that would go without it; None for
    those who are recorded to have none, and outsiders. undisclosed: its promises without an amount.
    recorded_revenue: of what revenue and hit are parts. ..._bound: what kind of numbers worth
    and promises are.
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
    recorded_revenue: Money | None = None
    worth_bound: Bound = "exact"
    committed_bound: Bound = "exact"
    announced_bound: Bound = "exact"
    due_bound: Bound = "exact"

    @property
    def is_large_customer(self) -> bool:
        """Tell whether the other pays a tenth or more of the revenue."""
        return self.revenue is not None and self.revenue >= LARGE_CUSTOMER


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who has something at stake in *party*; by_revenue, by_income: what goes without it.

    rates: by which stakes and promises were converted.
    """

    party: str
    rows: tuple[Exposed, ...]
    by_revenue: Extraction
    by_income: Extraction
    rates: tuple[UsedRate, ...] = ()


def exposure(view: View, web: Web, party: str) -> Exposure:
    """Return the exposure of all others to *party*, in the currency of *web*.

    Order: who is hit hardest first, then by what is at stake, then by name.
    Raises: MissingRate.
    """
    by_revenue, by_income = extracted(web, party), extracted(web, party, capital=True)
    convert = Converter(view, web.currency)
    held = _stakes(view, convert, party)
    owed = _owed(view, convert, party)
    paid = web.amounts(capital=False)
    revenue, income = _received(paid), _received(web.amounts())
    hit_any = {who for found in (by_revenue, by_income) for who, hit in found.hits.items() if hit}
    rows = []
    for who in sorted((held.keys() | owed.keys() | hit_any) - {party}):
        stake, worth, worth_bound = held.get(who, (None, None, "exact"))
        promised = owed.get(who, _Owed())
        earns, gets, inside = revenue.get(who, 0), income.get(who, 0), who not in web.outside
        rows.append(
            Exposed(
                who,
                stake,
                worth,
                *promised.money(web.currency),
                Fraction(paid.get((party, who), 0), earns) if earns else None,
                by_revenue.hits.get(who, Fraction()) if earns and inside else None,
                by_income.hits.get(who, Fraction()) if gets and inside else None,
                promised.undisclosed,
                web.money(earns) if earns else None,
                worth_bound,
                *map(
                    summed,
                    (promised.committed_bounds, promised.announced_bounds, promised.due_bounds),
                ),
            )
        )
    ordered = tuple(sorted(rows, key=_order))
    return Exposure(party, ordered, by_revenue, by_income, convert.used())


def holdings(view: View, web: Web) -> dict[Pair, int]:
    """Return the value of every known stake, by (holder, issuer), in minor units."""
    return {
        (row.holder, row.issuer): row.value.minor
        for table in stakes(view, currency=web.currency)
        for row in table.rows
        if row.value and row.counted
    }


def obligations(view: View, web: Web, until: date) -> tuple[dict[Pair, int], int]:
    """Return what falls due by *until* of committed promises, and how many have no known days.

    By (who owes, to whom), in minor units of the currency of *web*. Raises: MissingRate.
    """
    due: dict[Pair, Fraction] = defaultdict(Fraction)
    undated = 0
    for row in commitments(view, currency=web.currency):
        if not _is_firm(row):
            continue
        parts = part_due(row, row.still_open or Fraction(), view.as_of)
        undated += any(part.start is None for part in parts)
        for party, minor in owing(row):
            due[party, row.beneficiary] += due_by(row, minor, view.as_of, until)
    whole = {pair: round(minor) for pair, minor in sorted(due.items())}
    return {pair: minor for pair, minor in whole.items() if minor}, undated


def due_by(row: CommitmentRow, part: Fraction, as_of: date, until: date) -> Fraction:
    """Return what of a part of a commitment falls due up to a day, inclusive, as far as known."""
    dated = [due for due in part_due(row, part, as_of) if due.start is not None]
    return sum((due_between(due, [until])[0] for due in dated), Fraction())


def _received(amounts: dict[Pair, int]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (_, payee), minor in amounts.items():
        found[payee] += minor
    return found


def _order(row: Exposed) -> tuple[Fraction | int, int, str]:
    at_stake = (row.worth.minor if row.worth else 0) + row.committed.minor
    return -max(row.hit or 0, row.hit_all or 0), -at_stake, row.party


def _stakes(
    view: View, convert: Converter, party: str
) -> dict[str, tuple[Fraction | None, Money | None, Bound]]:
    return {
        row.holder: (row.stake, row.value, row.bound)
        for table in stakes(view, party, currency=convert)
        for row in table.rows
        if row.counted
    }


@dataclass(slots=True)
class _Owed:
    committed: Fraction = Fraction()
    announced: Fraction = Fraction()
    due: Fraction = Fraction()
    undisclosed: int = 0
    committed_bounds: list[Bound] = field(default_factory=list)
    announced_bounds: list[Bound] = field(default_factory=list)
    due_bounds: list[Bound] = field(default_factory=list)

    def money(self, currency: str) -> tuple[Money, Money, Money]:
        """Return the three sums, rounded."""
        sums = (self.committed, self.announced, self.due)
        committed, announced, due = (Money(currency, round(each)) for each in sums)
        return committed, announced, due


def _owed(view: View, convert: Converter, party: str) -> dict[str, _Owed]:
    """Return what *party* still owes, as obligor or bearer, by beneficiary, each promise once."""
    (year,) = next_years(view.as_of, 1)
    found: dict[str, _Owed] = {}
    rows = [
        row
        for row in commitments(view, party, currency=convert)
        if party in payers(row.event) and row.status == "open"
    ]
    for row in once(rows, lambda row: (row.obligor, row.beneficiary)):
        owed = found.setdefault(row.beneficiary, _Owed())
        part = open_part(row, party)
        if part is None:
            owed.undisclosed += 1
        elif row.layer == "committed":
            due = due_by(row, part, view.as_of, year)
            owed.committed += part
            owed.committed_bounds.append(row.open_bound)
            owed.due += due
            owed.due_bounds.append(row.open_bound if due else "exact")
        else:
            owed.announced += part
            owed.announced_bounds.append(row.open_bound)
    return found


def _is_firm(row: CommitmentRow) -> bool:
    return row.status == "open" and row.layer == "committed" and row.still_open is not None
