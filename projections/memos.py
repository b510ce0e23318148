"""Memos against what is computed: control totals, other estimates, plans.

A memo is a statement that is never summed, so nothing of it stands in the numbers that it is held
against here. A memo of a party that stands for many (a group) is held against all others together.
A commitment is compared with what is promised in live commitments of its purpose, both layers; cash
with what moved over the same period, straight-line, or in the twelve months before the statement; a
holding with the stake at the as-of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dealledger.events import Commitment, Holding, Money, Moving, moving_kinds
from dealledger.events.category import is_capital
from dealledger.events.dates import trailing_year
from dealledger.ledger import Record, View
from dealledger.projections.flows import accrued_part
from dealledger.projections.ownership.stakes import stakes
from dealledger.projections.parties import GROUP, parties
from dealledger.projections.promises.commitments import CommitmentRow, commitments
from dealledger.projections.promises.owed import payers


@dataclass(frozen=True, slots=True)
class Memo:
    """A memo, what it states, and what is computed of the same. said: what that is, in words."""

    record: Record
    subject: str
    stated: Money | Fraction
    computed: Money | Fraction
    said: str
    events: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Tell whether the two do not fit, as far as the kind of number that is stated says."""
        bound = getattr(self.record.event, "bound", "exact")
        low, high = self.computed < self.stated, self.computed > self.stated  # type: ignore[operator]
        return high if bound == "up-to" else low if bound == "at-least" else low or high


def memos(view: View) -> tuple[Memo, ...]:
    """Return the memos that state a number which can be computed, in the order of their dates."""
    many = frozenset(row.party for row in parties(view.at(date.max)) if GROUP in row.roles)
    rows = tuple(row for row in commitments(view) if row.live)
    moved = [record for record in view.events(*moving_kinds()) if not record.event.memo]
    found: list[Memo] = []
    for record in view.events("commitment", "holding", *moving_kinds()):
        if not record.event.memo:
            continue
        if isinstance(record.event, Holding):
            found.append(_holding(view, record, record.event))
        elif isinstance(record.event, Commitment):
            found += _commitment(record, record.event, rows, many)
        elif isinstance(record.event, Moving):
            found += _cash(record, record.event, moved, many)
    return tuple(found)


def _holding(view: View, record: Record, event: Holding) -> Memo:
    rows = [
        row
        for table in stakes(view, event.issuer)
        for row in table.rows
        if row.holder == event.holder and row.counted and row.stake
    ]
    computed = sum((row.stake or Fraction() for row in rows), Fraction())
    ids = tuple(each for row in rows for each in row.events)
    subject = f"{event.holder} in {event.issuer}"
    return Memo(record, subject, Fraction(event.stake), computed, f"held on {view.as_of}", ids)


def _commitment(
    record: Record, event: Commitment, rows: Iterable[CommitmentRow], many: frozenset[str]
) -> Iterator[Memo]:
    stated = event.money()
    if stated is None:
        return
    meant = [
        row
        for row in rows
        if event.obligor in payers(row.event)
        and (event.beneficiary in many or row.beneficiary == event.beneficiary)
        and event.purpose in (None, row.purpose)
    ]
    known = [row for row in meant if row.committed and row.currency == stated.currency]
    computed = sum(row.committed.minor for row in known if row.committed)
    left_out = len(meant) - len(known)
    said = f"promised in {len(known)} live commitments, committed and announced"
    said += f"; {left_out} without an amount in {stated.currency}" if left_out else ""
    ids = tuple(row.id for row in meant)
    yield Memo(record, _pair(event.obligor, event.beneficiary), stated,
               Money(stated.currency, computed), said, ids)  # fmt: skip


def _cash(
    record: Record, event: Moving, moved: Iterable[Record], many: frozenset[str]
) -> Iterator[Memo]:
    stated = event.money()
    if stated is None:
        return
    start, end = event.period or (trailing_year(event.effective_on), event.effective_on)
    purpose = getattr(event, "purpose", None)
    computed, ids = Fraction(), []
    for other in moved:
        paid = other.event
        assert isinstance(paid, Moving)
        is_same = paid.giver == event.giver and (event.taker in many or paid.taker == event.taker)
        is_meant = event.taker not in many or getattr(paid, "purpose", None) == purpose
        if not (is_same and is_meant and is_capital(paid.category) == is_capital(event.category)):
            continue
        part = _overlap(paid, start, end)
        if part:
            ids.append(other.id)
            if paid.currency == stated.currency:
                computed += part * (paid.minor() or 0)
    money, said = Money(stated.currency, round(computed)), f"paid from {start} to {end}"
    yield Memo(record, _pair(event.giver, event.taker), stated, money, said, tuple(ids))


def _overlap(paid: Moving, start: date, end: date) -> Fraction:
    """Return what part of an amount moved from *start* to *end*, straight-line in its period."""
    first, last = paid.period or (paid.effective_on, paid.effective_on)
    if last < start or first > end:
        return Fraction()
    before = accrued_part(first, last, start) - Fraction(1, (last - first).days + 1)
    return accrued_part(first, last, end) - (before if start > first else Fraction())


def _pair(source: str, target: str) -> str:
    return f"{source} to {target}"
