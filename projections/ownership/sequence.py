"""The order in which an issuer's events are folded, and its stakes after each of them.

By date; of one day first rounds and issuances, then transfers, then holdings, which are statements
at the end of the day, then the ends of holdings; within each by position. From its first issuance
that says how many on, an issuer is counted in shares. Source: design, section 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from dealledger.events import Holding, Issuance, Transfer
from dealledger.ledger import Record
from dealledger.projections.ownership.captable import CapTable
from dealledger.projections.ownership.rounds import Rates, Round, rounds_of
from dealledger.projections.ownership.shares import ShareCount


@dataclass(frozen=True, slots=True)
class Ended:
    """A holding that is over."""

    holding: str


@dataclass(frozen=True, slots=True)
class FoldStep:
    """One thing that is folded: a round, an event by itself, or the end of a holding."""

    day: date
    what: Round | Record | Ended


def timeline(records: Iterable[Record], ended: Mapping[str, date], rates: Rates) -> list[FoldStep]:
    """Return an issuer's events, ordered by date and position, in the order of the fold.

    ended: the ids of holdings that were ended, and when. What ended by its own date says nothing.
    """
    records = list(records)
    found = [
        (each.day, 0, each.position, FoldStep(each.day, each)) for each in rounds_of(records, rates)
    ]
    for record in records:
        day, event, end = record.effective_on, record.event, ended.get(record.id)
        if end is not None and end <= day:
            continue
        stage = 0 if isinstance(event, Issuance) else 1 if isinstance(event, Transfer) else 2
        if isinstance(event, Issuance | Transfer | Holding):
            found.append((day, stage, record.position, FoldStep(day, record)))
        if end is not None:
            found.append((end, 3, record.position, FoldStep(end, Ended(record.id))))
    return [step for *_, step in sorted(found, key=lambda each: each[:3])]


@dataclass(slots=True)
class Book:
    """The stakes in one issuer so far: as folded, and in shares."""

    table: CapTable = field(default_factory=CapTable)
    count: ShareCount = field(default_factory=ShareCount)

    @property
    def in_shares(self) -> bool:
        """Tell whether the issuer is counted in shares."""
        return bool(self.count.total)

    def held(self, party: str) -> Fraction:
        """Return what a party has of the issuer."""
        return self.count.held(party) if self.in_shares else self.table.held(party)

    def take(self, step: FoldStep) -> None:
        """Fold one step."""
        what = step.what
        if isinstance(what, Round):
            self.table.round(what)
        elif isinstance(what, Ended):
            self.table.end(what.holding)
        elif isinstance(what.event, Issuance):
            self.count.issue(what.id, what.event)
        elif isinstance(what.event, Transfer):
            self.table.transfer(what.id, what.event)
            self.count.transfer(what.id, what.event)
        elif isinstance(what.event, Holding):
            self.table.state(what.id, what.event)


def after_each(steps: Iterable[FoldStep], book: Book) -> Iterator[FoldStep]:
    """Fold the steps into *book*, and yield each after it is folded."""
    for step in steps:
        book.take(step)
        yield step
