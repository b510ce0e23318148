"""The fold behind a stake table: one issuer's events, in the order of their dates.

Holders hold fractions of the issuer. A round, the fundings of one deal, issuer and date, multiplies
everybody by (1 - S) and adds each investor's own share s; S is their sum. A transfer moves; a
stated holding sets its holder and leaves the others. What nobody is known to hold is undisclosed.
Shares, once any issuance is disclosed, are counted instead. Source: design, section 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from dealledger.events import (
    Event,
    Funding,
    Holding,
    Issuance,
    Transfer,
)
from dealledger.ledger import Record

How = Literal["computed", "stated", "shares"]
FOLDED_ONLY_IF_STATED = ("convertible", "debt")


@dataclass(slots=True)
class Holder:
    """What one holder has.

    how: stated, until something changes what was stated. stated: the part of `held` that goes back
    to the holding `stated_by`.
    """

    held: Fraction = Fraction()
    how: How = "computed"
    basis: str | None = None
    since: date | None = None
    stated: Fraction = Fraction()
    stated_by: str | None = None
    includes: tuple[str, ...] = ()
    events: list[str] = field(default_factory=list)

    def dilute(self, keep: Fraction, events: Iterable[str]) -> None:
        """Leave *keep* of the holding."""
        if self.held:
            self.held *= keep
            self.stated *= keep
            self.how = "computed"
            self.events += [each for each in events if each not in self.events]

    def gain(self, part: Fraction, day: date, event_id: str) -> None:
        """Add a part."""
        self.since = self.since if self.held and self.since else day
        self.held += part
        self.how = "computed"
        if event_id not in self.events:
            self.events.append(event_id)

    def lose(self, part: Fraction, event_id: str) -> None:
        """Take a part away, and with it the end of what was stated."""
        self.held -= part
        self.how = "computed"
        self.stated = min(self.stated, self.held)
        self.events.append(event_id)
        if not self.held:
            self.events, self.since = [], None


@dataclass(slots=True)
class CapTable:
    """The holders of one issuer while its events are gone through.

    warnings: what the events say that cannot all be true, each with its event id.
    """

    holders: dict[str, Holder] = field(default_factory=dict)
    interests: dict[str, tuple[Holding, str]] = field(default_factory=dict)
    termless: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def holder(self, party: str) -> Holder:
        """Return the holder's line, made if it is new."""
        return self.holders.setdefault(party, Holder())

    def total(self) -> Fraction:
        """Return the sum of all folded holdings, group lines net of their members."""
        return sum((self.net(party) for party in self.holders), Fraction())

    def net(self, party: str) -> Fraction:
        """Return a holding; of a group line only what its listed members do not hold themselves."""
        holder = self.holders[party]
        members = {each for each in holder.includes if each != party}
        inside = sum((self.holders[m].held for m in members if m in self.holders), Fraction())
        return max(holder.held - inside, Fraction())

    def round(self, fundings: list[tuple[str, Funding]]) -> None:
        """Fold the fundings of one round."""
        shares = list(_terms([event for _, event in fundings]))
        ids = [event_id for event_id, _ in fundings]
        taken = sum((share for share in shares if share), Fraction())
        self.termless += [each for each, share in zip(ids, shares, strict=True) if share is None]
        if not taken:
            return
        if taken > 1:
            self.warnings.append(f"the round of {', '.join(ids)} takes more than 100 %")
        for holder in self.holders.values():
            holder.dilute(max(1 - taken, Fraction()), ids)
        for (event_id, event), share in zip(fundings, shares, strict=True):
            if share:
                self.holder(event.investor).gain(share, event.effective_on, event_id)

    def transfer(self, event_id: str, event: Transfer) -> None:
        """Move a stake; what the seller is not known to hold comes out of the undisclosed rest."""
        if event.stake is None:
            return
        part = Fraction(event.stake)
        seller = self.holder(event.seller)
        own = min(part, seller.held)
        rest = min(part - own, max(1 - self.total(), Fraction()))
        if own + rest < part:
            self.warnings.append(f"{event_id} sells more than {event.seller} holds")
        if own:
            seller.lose(own, event_id)
        if own + rest:
            self.holder(event.buyer).gain(own + rest, event.effective_on, event_id)

    def state(self, event_id: str, event: Holding) -> None:
        """Set a holder to what a source says; a profit interest is listed and never folded."""
        if event.basis == "profit-interest":
            self.interests[event.holder] = (event, event_id)
            return
        stake = Fraction(event.stake)
        before = self.holder(event.holder)
        since = before.since if before.held and before.since else event.effective_on
        self.holders[event.holder] = Holder(
            stake, "stated", event.basis, since, stake, event_id, event.includes, [event_id]
        )

    def end(self, holding_ids: set[str]) -> None:
        """Take out of the table what ended holdings still say."""
        for holder in self.holders.values():
            if holder.stated_by in holding_ids:
                holder.held -= holder.stated
                holder.stated, holder.stated_by, holder.how = Fraction(), None, "computed"
                holder.basis, holder.includes = None, ()
        self.interests = {
            party: interest
            for party, interest in self.interests.items()
            if interest[1] not in holding_ids
        }


def fold(records: Iterable[Record], ended: dict[str, date]) -> CapTable:
    """Return the table of one issuer from its events, ordered by date and position.

    ended: the ids of holdings that were ended, and when.
    """
    table = CapTable()
    ends = sorted((day, holding_id) for holding_id, day in ended.items())
    for day, steps in _steps(records):
        while ends and ends[0][0] < day:
            table.end({ends.pop(0)[1]})
        for event_id, event in steps:
            if isinstance(event, Transfer):
                table.transfer(event_id, event)
            elif isinstance(event, Holding):
                table.state(event_id, event)
        fundings = [(each, event) for each, event in steps if isinstance(event, Funding)]
        if fundings:
            table.round(fundings)
    table.end({holding_id for _, holding_id in ends})
    return table


def _steps(records: Iterable[Record]) -> Iterator[tuple[date, list[tuple[str, Event]]]]:
    """Yield single events, and rounds as a whole: the fundings of one deal and date.

    A round stands where its first funding stands.
    """
    groups: dict[tuple[date, str], list[tuple[str, Event]]] = {}
    for record in records:
        event = record.event
        is_round = isinstance(event, Funding) and event.deal
        key = f"deal {event.deal}" if is_round else f"@{record.position}"
        groups.setdefault((event.effective_on, key), []).append((record.id, event))
    for (day, _), steps in groups.items():
        yield day, steps


def _terms(fundings: list[Funding]) -> Iterator[Fraction | None]:
    """Yield the share that each funding of a round takes by its own terms, or None without."""
    paid = sum((event.amount for event in fundings if event.amount and _folds(event)), Decimal())
    for event in fundings:
        if event.stake is not None:
            yield Fraction(event.stake)
        elif event.amount is None or not _folds(event):
            yield None
        elif event.post_money is not None:
            yield Fraction(event.amount) / Fraction(event.post_money)
        elif event.pre_money is not None:
            yield Fraction(event.amount) / Fraction(event.pre_money + paid)
        else:
            yield None


def _folds(event: Funding) -> bool:
    return event.instrument not in FOLDED_ONLY_IF_STATED


@dataclass(slots=True)
class ShareCount:
    """The shares of one issuer, by holder; transfers conserve them."""

    shares: dict[str, Fraction] = field(default_factory=dict)
    events: dict[str, list[str]] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(self, party: str, shares: Fraction, day: date, event_id: str) -> None:
        """Add shares, or take them away if negative."""
        if not self.shares.get(party):
            self.since[party] = day
        self.shares[party] = self.shares.get(party, Fraction()) + shares
        self.events.setdefault(party, []).append(event_id)

    def take(self, event_id: str, event: Event) -> None:
        """Count one event."""
        if isinstance(event, Issuance) and event.shares:
            self.add(event.holder, Fraction(event.shares), event.effective_on, event_id)
        elif isinstance(event, Transfer):
            moved = self._moved(event)
            held = self.shares.get(event.seller, Fraction())
            if moved > held:
                self.warnings.append(f"{event_id} sells more than {event.seller} holds")
                moved = held
            if moved:
                self.add(event.seller, -moved, event.effective_on, event_id)
                self.add(event.buyer, moved, event.effective_on, event_id)

    def _moved(self, event: Transfer) -> Fraction:
        if event.shares is not None:
            return Fraction(event.shares)
        return Fraction(event.stake or 0) * sum(self.shares.values(), Fraction())


def count_shares(records: Iterable[Record]) -> ShareCount | None:
    """Return the share count of an issuer, or None if no issuance discloses shares."""
    records = list(records)
    events = [record.event for record in records]
    if not any(isinstance(event, Issuance) and event.shares for event in events):
        return None
    count = ShareCount()
    for record in records:
        count.take(record.id, record.event)
    return count
