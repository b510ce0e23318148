"""A View: the ledger as it stood, at a date in the world, as known at a moment of the record.

Two axes and a filter, all inclusive. `as_of` cuts on effective_on, the end of that day in the world
(elsewhere called valid time; SQL:2011 and Datomic use the words "as of" for the other axis).
`known_at` cuts on the position in the record. `announced_by`, optional, leaves out what the public
could not know by then. A View never changes: the record only grows behind its position.

Here is what every View answers, and the rows of its answers. Projections ask nothing else, so they
do not know whether a database answers (storage/sql_view.py) or a list (storage/memory_view.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from dealledger.events import Event, Money
from dealledger.ledger.record import Record


@dataclass(frozen=True, slots=True)
class Verified:
    """That all records were hashed just now, and led to the root of the head.

    records: how many. file: of a checkpoint that they continue; size: how many of them it counts;
    signed_by: who signed it, of those that somebody asked for.
    """

    records: int
    file: str | None = None
    size: int | None = None
    signed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumed:
    """Events of a file that are not recorded, and taken as if they were, in their order."""

    file: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a View stands on beside what the database says.

    verified: None, if the database is believed. assumed: by file; none, if all is recorded. end:
    the last position that is recorded, if events are assumed: theirs are behind it.
    """

    verified: Verified | None = None
    assumed: tuple[Assumed, ...] = ()
    end: int | None = None

    def is_assumed(self, position: int) -> bool:
        """Tell whether what stands at a position is only assumed."""
        return self.end is not None and position > self.end

    def recorded(self, position: int) -> int:
        """Return the last position up to *position* that is recorded, and not assumed."""
        return position if self.end is None else min(position, self.end)


AS_RECORDED: Final = Grounds()
"""The grounds of nearly every View: what the database says, and nothing else."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What moved from source to target in one category. minor: minor units, exact.

    currency: None, if the source does not even say that. year, day: where asked for.
    undisclosed: how many amounts are not in the sum because they are not known.
    """

    category: str
    source: str
    target: str
    currency: str | None
    minor: int
    undisclosed: int
    year: int | None = None
    day: date | None = None

    @property
    def money(self) -> Money | None:
        """Return the sum as money, or None if nothing is disclosed."""
        return None if self.currency is None else Money(self.currency, self.minor)

    @property
    def order(self) -> tuple[str, str, str, str, date]:
        """Return what sums are sorted by."""
        keys = (self.category, self.source, self.target, self.currency or "")
        return *keys, self.day or date(self.year or 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Sure:
    """What of the amounts in one currency has one confidence, or none. day: where asked for."""

    currency: str
    confidence: str | None
    minor: int
    day: date | None = None

    @property
    def order(self) -> tuple[str, str, date]:
        """Return what these are sorted by."""
        return self.currency, self.confidence or "", self.day or date.min


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """What one or several equal amounts moved over a period, without what was retracted.

    minor: the whole amount. undisclosed: how many amounts are not in it. If effective_on is not
    after as_of, the sums have it in full already.
    """

    category: str
    source: str
    target: str
    currency: str | None
    period_start: date
    period_end: date
    effective_on: date
    minor: int
    undisclosed: int

    @property
    def order(self) -> tuple[str, str, str, str, date, date, date]:
        """Return what these are sorted by."""
        keys = (self.category, self.source, self.target, self.currency or "")
        return *keys, self.period_start, self.period_end, self.effective_on

    def straddles(self, day: date) -> bool:
        """Tell whether only a part of it has moved by the end of *day*, nobody knows which."""
        return self.period_start <= day < self.period_end


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One amount as the journal has it, of an event that stands. minor: None, if undisclosed.

    period: its first and last day, if it moved over more than `day`.
    """

    event: str
    position: int
    day: date
    category: str
    source: str
    target: str
    currency: str | None
    minor: int | None
    confidence: str | None
    period: tuple[date, date] | None = None


class View(Protocol):
    """The ledger at (as_of, known_at), seen by the public of announced_by if that is given."""

    @property
    def as_of(self) -> date:
        """Return the date in the world, inclusive."""

    @property
    def known_at(self) -> int:
        """Return the position up to which the View knows the record, and what is assumed."""

    @property
    def announced_by(self) -> date | None:
        """Return the day up to which an event must have been announced, or None."""

    @property
    def origin(self) -> str:
        """Return the name of the ledger."""

    @property
    def root(self) -> str:
        """Return the Merkle root, in hex, of the record up to known_at; of what is recorded."""

    @property
    def grounds(self) -> Grounds:
        """Return what it stands on: checked bytes, assumed events, or what the database says."""

    def at(self, as_of: date) -> View:
        """Return the View of the same record and public at another date."""

    def whole(self) -> View:
        """Return the View of all that was recorded when this one was made, of all dates."""

    def with_unannounced(self) -> View:
        """Return the View of the same record and date that leaves out no announcement."""

    def events(
        self,
        *kinds: str,
        party: str | None = None,
        deal: str | None = None,
        drawing: bool = False,
        retracted: bool = False,
    ) -> tuple[Record, ...]:
        """Return the events that count, without retractions and what they retracted.

        kinds: only these, or all. party: only those that name it. drawing: only those that refer to
        other events. retracted: what was retracted instead. Order: by effective_on, then position.
        """

    def resolve(self, event_id: str) -> str:
        """Return the id that a reference means: a replaced event means its replacement."""

    def positions(self, ids: Iterable[str]) -> dict[str, int]:
        """Return where in the record the events with these ids stand, as far as they are known."""

    def sums(
        self,
        *categories: str,
        party: str | None = None,
        by_year: bool = False,
        by_day: bool = False,
    ) -> tuple[Sum, ...]:
        """Sum the journal per category, source, target and currency (and year or day, if asked).

        categories: only these, or all that are cash. This is the one question that every additive
        projection asks. Order: by those keys.
        """

    def sureness(
        self, *categories: str, party: str | None = None, by_day: bool = False
    ) -> tuple[Sure, ...]:
        """Sum the journal per currency and confidence (and day): confirmed, reported, estimated."""

    def lines(self, *categories: str, by_period: bool = False) -> tuple[JournalLine, ...]:
        """Return the journal amount by amount, without retractions and what they retracted.

        For what depends on order in time; what only adds up asks for `sums`. by_period: an amount
        with a period is there from the first day of that on, wherever its effective_on lies.
        Order: by effective_on, then position.
        """

    def period_lines(
        self, party: str | None = None, *, settled: bool = False
    ) -> tuple[PeriodLine, ...]:
        """Return the cash with a period that the sums do not read by that period.

        Its period has begun and is not over at the as-of date, or it counts in full on a day that
        lies before the end of its period, or after it. settled: also what is over, and counted.
        All of it as known at known_at. Order: by the fields.
        """
