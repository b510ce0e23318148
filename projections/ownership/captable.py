"""The fold behind a stake table: what each holder has of one issuer, event by event.

A round multiplies everybody by (1 - S) and adds each investor's own share; S is their sum. A
transfer moves; a stated holding sets its holder and leaves the others. What nobody is known to hold
is undisclosed. Group lines: see `grouplines.py`. Source: design, section 6.

A round is not applied to each holder at once but when that holder is next looked at, so the fold
takes as long as there are events, however many hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from dealledger.events import Holding, Transfer
from dealledger.projections.ownership.grouplines import GroupLine, inner_first, members
from dealledger.projections.ownership.rounds import Flaw, Round

How = Literal["computed", "stated", "shares"]


@dataclass(slots=True)
class Holder:
    """What one holder has; of a group line, what its members do not hold themselves.

    how: stated, until something changes what was stated. stated: the part of `held` that goes back
    to the holding `stated_by`. seen: how many rounds are in it.
    """

    held: Fraction = Fraction()
    how: How = "computed"
    basis: str | None = None
    since: date | None = None
    stated: Fraction = Fraction()
    stated_by: str | None = None
    events: dict[str, None] = field(default_factory=dict)
    seen: int = 0

    def gain(self, part: Fraction, day: date, event_id: str) -> None:
        """Add a part."""
        self.since = self.since if self.held and self.since else day
        self.held += part
        self.how = "computed"
        self.events[event_id] = None

    def lose(self, part: Fraction, event_id: str) -> None:
        """Take a part away, and with it the end of what was stated."""
        self.held -= part
        self.how = "computed"
        self.stated = min(self.stated, self.held)
        self.events[event_id] = None
        if not self.held:
            self.events, self.since = {}, None


@dataclass(slots=True)
class CapTable:
    """The holders of one issuer while its events are gone through, in the order of `timeline`.

    total: the sum of all that is held. interests: profit interests, which are never folded.
    termless: fundings without terms that came when some stake was known. lines: group lines, by
    their holders, in the order of their statements. unknown: who invested for a stake that is not
    known, since anything was stated of it.
    """

    holders: dict[str, Holder] = field(default_factory=dict)
    total: Fraction = Fraction()
    interests: dict[str, tuple[Holding, str]] = field(default_factory=dict)
    termless: list[str] = field(default_factory=list)
    lines: dict[str, GroupLine] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    flaws: list[Flaw] = field(default_factory=list)
    _keep: list[Fraction] = field(default_factory=list)
    _rounds: list[tuple[str, ...]] = field(default_factory=list)

    def holder(self, party: str) -> Holder:
        """Return the holder's line, made if it is new, with all rounds in it."""
        holder = self.holders.get(party)
        if holder is None:
            holder = self.holders[party] = Holder(seen=len(self._keep))
        for index in range(holder.seen, len(self._keep)):
            self._dilute(holder, self._keep[index], index, index + 1)
        holder.seen = len(self._keep)
        return holder

    def held(self, party: str) -> Fraction:
        """Return what a party holds itself."""
        return self.holder(party).held if party in self.holders else Fraction()

    def together(self, party: str) -> Fraction:
        """Return what a group line holds with its members."""
        return self.held(party) + sum(map(self.held, self._members(party)), Fraction())

    def settled(self) -> dict[str, Holder]:
        """Return all holders with all rounds in them."""
        last = first = len(self._keep)
        kept = Fraction(1)
        for holder in sorted(self.holders.values(), key=lambda each: each.seen, reverse=True):
            while first > holder.seen:
                first -= 1
                kept *= self._keep[first]
            if first < last:
                self._dilute(holder, kept, first, last)
            holder.seen = last
        return self.holders

    def _dilute(self, holder: Holder, keep: Fraction, first: int, last: int) -> None:
        """Leave *keep* of a holding after the rounds *first* to *last*."""
        if not holder.held:
            return
        holder.held *= keep
        holder.stated *= keep
        holder.how = "computed"
        for ids in self._rounds[first:last]:
            holder.events.update(dict.fromkeys(ids))
        if not holder.held:
            holder.events, holder.since = {}, None

    def round(self, round_: Round) -> None:
        """Fold a round."""
        self.flaws += round_.flaws
        if self.total:
            self.termless += round_.termless
        self.unknown |= {part.event.investor for part in round_.parts if part.is_open}
        taken = round_.taken
        if not taken:
            return
        self._keep.append(1 - taken)
        self._rounds.append(tuple(part.record.id for part in round_.parts if part.share))
        self.total = self.total * (1 - taken) + taken
        for part in round_.parts:
            if part.share:
                holder = self.holder(part.event.investor)
                holder.gain(part.share, round_.day, part.record.id)

    def transfer(self, event_id: str, event: Transfer) -> None:
        """Move a stake: first the seller's own, then out of the group lines that include it.

        What it is not known to hold comes out of the undisclosed rest.
        """
        if event.stake is None:
            return
        rest = Fraction(event.stake)
        moved = Fraction()
        for party in (event.seller, *self._lines_with(event.seller)):
            holder = self.holder(party)
            part = min(rest - moved, holder.held)
            if part:
                holder.lose(part, event_id)
                moved += part
        if moved < rest:
            said = f"{event_id} sells more than {event.seller} holds"
            self.flaws.append(Flaw("transfer", said, (event_id,)))
            self.unknown.discard(event.seller)
            hidden = min(rest - moved, max(1 - self.total, Fraction()))
            moved += hidden
            self.total += hidden
        if moved:
            self.holder(event.buyer).gain(moved, event.effective_on, event_id)

    def state(self, event_id: str, event: Holding) -> None:
        """Set a holder to what a source says; a profit interest is listed and never folded."""
        if event.basis == "profit-interest":
            self.interests[event.holder] = (event, event_id)
            return
        before = self.holder(event.holder)
        stake, had = Fraction(event.stake), before.held
        since = before.since if had and before.since else event.effective_on
        covered = {line: self._members(line) for line in self.lines}
        self.holders[event.holder] = Holder(
            stake, "stated", event.basis, since, stake, event_id, {event_id: None}, len(self._keep)
        )
        self.total += stake - had
        self.unknown.discard(event.holder)
        self.lines.pop(event.holder, None)
        if event.includes:
            line = GroupLine(event.includes, stake, event.effective_on)
            self.lines[event.holder] = line
            line.inside = {m for m in self._members(event.holder) if not self._is_stated(m)}
        self._take_out(event_id, event, stake - had, covered)

    def end(self, holding_id: str) -> None:
        """Take out of the table what an ended holding still says."""
        for party in self.holders:
            if self.holders[party].stated_by == holding_id:
                holder = self.holder(party)
                self.total -= holder.stated
                holder.held -= holder.stated
                holder.stated, holder.stated_by, holder.how = Fraction(), None, "computed"
                holder.basis = None
                self.lines.pop(party, None)
                if not holder.held:
                    holder.events, holder.since = {}, None
                    self.unknown.add(party)
        self.interests = {
            party: interest
            for party, interest in self.interests.items()
            if interest[1] != holding_id
        }

    def _includes(self) -> dict[str, tuple[str, ...]]:
        return {party: line.includes for party, line in self.lines.items()}

    def _members(self, party: str) -> set[str]:
        return members(party, self._includes())

    def _lines_with(self, party: str) -> list[str]:
        """Return the group lines that include a party, the innermost first."""
        lines = [line for line in self.lines if party in self._members(line)]
        return inner_first(lines, self._includes())

    def _is_stated(self, party: str) -> bool:
        return party in self.holders and self.holders[party].stated_by is not None

    def _take_out(
        self, event_id: str, event: Holding, more: Fraction, covered: dict[str, set[str]]
    ) -> None:
        """Take out of group lines what a statement says that their members hold themselves.

        Lines of the same day hold what is stated less what their members then have; out of others
        comes the first stated holding of a member. more: by how much the holding rose. covered:
        whom each line included before, directly or not; what these hold is out of it already.
        """
        own = self._members(event.holder)
        taken: dict[str, Fraction] = {}
        for name in inner_first(self.lines, self._includes()):
            line, inside = self.lines[name], self._members(name)
            part = Fraction()
            if line.day == event.effective_on:
                rest = line.stated - sum(map(self.held, inside), Fraction())
                part = self.held(name) - max(rest, Fraction())
            elif event.holder in line.inside:
                part = more - sum(map(self.held, own & covered[name]), Fraction())
                part -= sum((taken[each] for each in inside & taken.keys()), Fraction())
                part = min(max(part, Fraction()), self.held(name))
            line.inside.discard(event.holder)
            self._shrink(name, part, event_id)
            if name != event.holder:
                taken[name] = part

    def _shrink(self, name: str, part: Fraction, event_id: str) -> None:
        """Take a part out of a group line that a member holds; the line is stated as before."""
        if not part:
            return
        holder = self.holder(name)
        holder.held -= part
        holder.stated = min(holder.stated, holder.held) if part > 0 else holder.held
        self.total -= part
        holder.events[event_id] = None
