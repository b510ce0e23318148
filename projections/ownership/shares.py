"""Shares: who has how many of an issuer that is counted in shares.

An issuance adds shares, a transfer moves them, so their number is conserved. Classes are kept
apart: who sells shares of a class sells of that class, then of shares whose class is not said, and
never of another. Source: design, section 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from dealledger.events import Event, Holding, Issuance, Transfer
from dealledger.events.base import Bound
from dealledger.ledger import Record
from dealledger.projections.ownership.rounds import Flaw

Class = str | None
"""The name of a share class, or None where it is not said."""


@dataclass(slots=True)
class ShareHolder:
    """The shares of one holder, by class. gone: the day on which it had sold them all."""

    since: date
    classes: dict[Class, Fraction] = field(default_factory=dict)
    events: dict[str, None] = field(default_factory=dict)
    gone: date | None = None

    @property
    def shares(self) -> Fraction:
        """Return the shares of all classes."""
        return sum(self.classes.values(), Fraction())

    def named(self) -> tuple[tuple[Class, Fraction], ...]:
        """Return what it has of each class, by name, those without one last."""
        found = [each for each in self.classes.items() if each[1]]
        return tuple(sorted(found, key=lambda each: (each[0] is None, each[0] or "")))


@dataclass(slots=True)
class ShareCount:
    """The shares of one issuer while its events are gone through, in the order of `timeline`.

    total: all shares that are issued. undisclosed: issuances that do not say how many, and to whom.
    """

    holders: dict[str, ShareHolder] = field(default_factory=dict)
    total: Fraction = Fraction()
    undisclosed: dict[str, str] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)

    def held(self, party: str) -> Fraction:
        """Return what a party has of all shares, 0 to 1; 0 while there are none."""
        holder = self.holders.get(party)
        return holder.shares / self.total if holder and self.total else Fraction()

    def bound(self, party: str) -> Bound:
        """Return what kind of number a party's part of all shares is."""
        if not self.undisclosed:
            return "exact"
        return "about" if party in self.undisclosed.values() else "up-to"

    def issue(self, event_id: str, event: Issuance) -> None:
        """Add shares."""
        if not event.shares:
            self.undisclosed[event_id] = event.holder
            return
        self._add(event.holder, event.share_class, Fraction(event.shares), event, event_id)
        self.total += event.shares

    def transfer(self, event_id: str, event: Transfer) -> None:
        """Move shares; of a seller that has too few, all that it has."""
        wanted = Fraction(event.stake or 0) * self.total
        if event.shares is not None:
            wanted = Fraction(event.shares)
        moved = self._taken(event, wanted)
        short = wanted - sum(moved.values(), Fraction())
        if short:
            what = f" of class {event.share_class}" if event.share_class else ""
            said = f"{event_id} sells more{what} than {event.seller} holds"
            self.flaws.append(Flaw("transfer", said, (event_id,)))
        for name, part in moved.items():
            seller = self.holders[event.seller]
            seller.classes[name] -= part
            seller.events[event_id] = None
            self._add(event.buyer, name, part, event, event_id)
        if moved and not self.holders[event.seller].shares:
            self.holders[event.seller].gone = event.effective_on

    def _taken(self, event: Transfer, wanted: Fraction) -> dict[Class, Fraction]:
        """Return what a transfer takes of each class of the seller's shares."""
        if event.seller not in self.holders:
            return {}
        held = self.holders[event.seller].classes
        names = [event.share_class, None] if event.share_class else [None, *held]
        moved: dict[Class, Fraction] = {}
        for name in dict.fromkeys(names):
            part = min(held.get(name, Fraction()), wanted - sum(moved.values(), Fraction()))
            if part:
                moved[name] = part
        return moved

    def _add(self, party: str, name: Class, shares: Fraction, event: Event, event_id: str) -> None:
        holder = self.holders.get(party)
        if holder is None or not holder.shares:
            holder = self.holders[party] = ShareHolder(event.effective_on)
        holder.classes[name] = holder.classes.get(name, Fraction()) + shares
        holder.events[event_id] = None


def stated_beside(
    records: Iterable[Record], ended: Iterable[str], count: ShareCount
) -> list[tuple[Holding, str]]:
    """Return the holdings that sources state of parties without shares, the latest of each.

    What a party sold all of later is not stated of it any more. Profit interests are not here.
    """
    over = set(ended)
    latest: dict[str, tuple[Holding, str]] = {}
    for record in records:
        event = record.event
        if isinstance(event, Holding) and event.basis != "profit-interest":
            latest[event.holder] = (event, record.id)
    found = []
    for party, (event, event_id) in latest.items():
        holder = count.holders.get(party)
        gone = holder.gone if holder else None
        sold = holder and (holder.shares or (gone and event.effective_on < gone))
        if event.stake and event_id not in over and not sold:
            found.append((event, event_id))
    return found
