"""Commitments: what was promised, what of it was drawn, and what is still open.

remaining = committed - drawn - cancelled - lapsed, not below zero; drawing more is flagged as
overdrawn. Payments and fundings that name a commitment draw on it. A termination cancels all but
what it says remains; what is not drawn at the end of the term lapses. Only what is announced,
reported or definitive and not over is live; talks and letters of intent stand apart. Layers never
add up together: definitive and reported are committed, the rest is announced.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from dealledger.events import LIVE_FIRMNESS, Commitment, Event, Funding, Money, Payment, Termination
from dealledger.events.base import Bound
from dealledger.events.bound import subtracted, summed
from dealledger.events.dates import is_over
from dealledger.events.money import minor_units
from dealledger.ledger import Record, View
from dealledger.projections.endings import endings
from dealledger.projections.rates import Converter
from dealledger.projections.schedule import yearly_total

Draw = Funding | Payment
Status = Literal["open", "drawn", "apart", "ended", "memo"]
_ORDER: tuple[Status, ...] = ("open", "drawn", "apart", "ended", "memo")


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One commitment at the as-of date.

    committed and remaining are None where the amount is not disclosed or has no end; currency is
    None where nothing says it. position: where its own record stands. ended_on: when it was
    terminated or its term was over. events: the commitment, its draws and what cut or ended it.
    """

    id: str
    position: int
    obligor: str
    beneficiary: str
    currency: str | None
    committed: Money | None
    drawn: Money | None
    remaining: Money | None
    cancelled: Money | None
    lapsed: Money | None
    overdrawn: Money | None
    undisclosed_draws: int
    start: date | None
    end: date | None
    ended_on: date | None
    firmness: str
    layer: Literal["committed", "announced"]
    live: bool
    status: Status
    purpose: str | None
    per: str
    condition: str | None
    bound: Bound
    backs: str | None
    deal: str | None
    events: tuple[str, ...]
    event: Commitment
    draws: tuple[Draw, ...]

    @property
    def open_bound(self) -> Bound:
        """Return what kind of number `remaining` is: draws may have been more, less or unknown."""
        is_known = self.remaining is None or not self.remaining.minor
        return "exact" if is_known else self.bound_after_draws

    @property
    def bound_after_draws(self) -> Bound:
        """Return what kind of number the commitment less its draws is, even if nothing is left."""
        drawn = [subtracted(draw.bound) for draw in self.draws]
        unknown: list[Bound] = ["up-to"] if self.undisclosed_draws else []
        return summed([self.bound, *drawn, *unknown])


@dataclass(frozen=True, slots=True)
class Total:
    """What is open in one layer and currency: gross, and without what backs another live one.

    bound: what kind of number the sums are: of amounts "up to", at most so much.
    """

    currency: str
    layer: str
    gross: Money
    consolidated: Money
    undisclosed: int
    bound: Bound = "exact"


def commitments(
    view: View, party: str | None = None, *, currency: str | None = None
) -> tuple[CommitmentRow, ...]:
    """Return every commitment made by the as-of date, of everybody or of one party.

    currency: convert to it, at the date of the commitment.
    Order: open, drawn, apart, ended, memo; then by obligor, beneficiary and date.
    Raises: MissingRate.
    """
    ends, draws, convert = endings(view), _draws(view), Converter(view, currency)
    rows = []
    for record in view.events("commitment", party=party):
        row = _row(record, draws.get(record.id, ()), ends.get(record.id, ()), view.as_of)
        row = replace(row, backs=view.resolve(row.backs) if row.backs else None)
        rows.append(_converted(row, convert))
    return tuple(
        sorted(rows, key=lambda row: (_ORDER.index(row.status), row.obligor, row.beneficiary))
    )


def totals(rows: tuple[CommitmentRow, ...]) -> tuple[Total, ...]:
    """Return what is open per layer and currency.

    `consolidated` does not count a commitment that backs a live one.
    """
    live = {row.id for row in rows if row.live}
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    bounds: dict[tuple[str, str], list[Bound]] = defaultdict(list)
    for row in rows:
        if not row.live:
            continue
        part = sums[row.layer, row.currency or ""]
        part[2] += row.remaining is None
        if row.remaining is not None:
            part[0] += row.remaining.minor
            part[1] += row.remaining.minor if row.backs not in live else 0
            bounds[row.layer, row.currency or ""].append(row.open_bound)
    return tuple(
        Total(
            currency,
            layer,
            Money(currency, gross),
            Money(currency, net),
            undisclosed,
            summed(bounds[layer, currency]),
        )
        for (layer, currency), (gross, net, undisclosed) in sorted(sums.items(), reverse=True)
        if currency
    )


def _draws(view: View) -> dict[str, tuple[Draw, ...]]:
    found: dict[str, list[Draw]] = defaultdict(list)
    for record in view.events("funding", "payment", drawing=True):
        commitment = _draws_on(view, record.event)
        if commitment and isinstance(record.event, Funding | Payment):
            found[commitment].append(record.event)
    return {commitment: tuple(events) for commitment, events in found.items()}


@dataclass(slots=True)
class _Account:
    """A commitment while its draws and cuts are gone through, in minor units.

    available: what may be drawn in all; None while that is not known.
    """

    available: int | None
    drawn: int = 0
    undisclosed: int = 0
    cancelled: int = 0
    lapsed: int = 0
    ended_on: date | None = None

    def draw(self, money: Money | None) -> None:
        if money is None:
            self.undisclosed += 1
        else:
            self.drawn += money.minor

    def take(self, step: Draw | Termination, currency: str | None) -> None:
        """Take a draw or a cut, in the currency of the commitment."""
        if isinstance(step, Termination):
            keep = step.remaining
            self.cut(minor_units(keep, currency) if keep and currency else 0, step.effective_on)
        else:
            self.draw(step.money())

    def left(self) -> int | None:
        return None if self.available is None else max(self.available - self.drawn, 0)

    def cut(self, keep: int, day: date) -> None:
        """Leave *keep* to be drawn; nothing means that the commitment ends."""
        left = self.left()
        if left is not None:
            self.cancelled += max(left - keep, 0)
            self.available = (self.available or 0) - max(left - keep, 0)
        elif keep:
            self.available = self.drawn + keep
        if not keep:
            self.ended_on = self.ended_on or day

    def lapse(self, day: date) -> None:
        left = self.left() or 0
        self.lapsed += left
        self.available = None if self.available is None else self.available - left
        self.ended_on = self.ended_on or day


def _committed(event: Commitment) -> int | None:
    """Return the whole promise in minor units; None if not disclosed, or per year without end."""
    money = event.money()
    if money is None:
        return None
    if event.per == "total":
        return money.minor
    if event.end is None:
        return None
    return yearly_total(money.minor, event.start or event.effective_on, event.end)


def _account(
    event: Commitment, draws: tuple[Draw, ...], cuts: tuple[Termination, ...], as_of: date
) -> _Account:
    account = _Account(_committed(event))
    steps: list[Draw | Termination] = sorted((*draws, *cuts), key=lambda step: step.effective_on)
    for step in steps:
        if event.end and step.effective_on > event.end and not account.ended_on:
            account.lapse(event.end)
        account.take(step, event.currency)
    if event.end and is_over(event.end, as_of) and not account.ended_on:
        account.lapse(event.end)
    return account


def open_after(
    event: Commitment, draws: tuple[Draw, ...], cuts: tuple[Termination, ...], as_of: date
) -> int | None:
    """Return what is open of a commitment in minor units after some of its draws and cuts.

    None, if the amount is not disclosed.
    """
    account = _account(event, draws, cuts, as_of)
    return 0 if account.ended_on else account.left()


def open_by_day(row: CommitmentRow, cuts: tuple[Termination, ...]) -> list[tuple[date, int | None]]:
    """Return what is open of a commitment, in minor units, at the end of each day that changed it.

    None while it is open and its amount is not disclosed. cuts: the terminations of it. row: as of
    a day after all of that.
    """
    event, account = row.event, _Account(_committed(row.event))
    found = {event.effective_on: account.left()}
    steps: list[Draw | Termination] = sorted(
        (*row.draws, *cuts), key=lambda each: each.effective_on
    )
    for step in steps:
        if event.end and step.effective_on > event.end and not account.ended_on:
            account.lapse(event.end)
            found[max(event.end, event.effective_on)] = 0
        account.take(step, event.currency)
        day = max(step.effective_on, event.effective_on)
        found[day] = 0 if account.ended_on else account.left()
    if event.end and not account.ended_on:
        found[max(event.end, event.effective_on)] = 0
    return sorted(found.items())


def draws_of(view: View, commitment_id: str) -> tuple[Record, ...]:
    """Return the records of the payments and fundings that draw on a commitment."""
    records = view.events("funding", "payment", drawing=True)
    return tuple(record for record in records if _draws_on(view, record.event) == commitment_id)


def _draws_on(view: View, event: Event) -> str | None:
    """Return the id of the commitment that an event draws on, or of what replaced it."""
    assert isinstance(event, Funding | Payment)
    return view.resolve(event.commitment) if event.commitment and not event.memo else None


def _row(
    record: Record, draws: tuple[Draw, ...], cuts: tuple[Termination, ...], as_of: date
) -> CommitmentRow:
    event = record.event
    assert isinstance(event, Commitment)
    account = _account(event, draws, cuts, as_of)
    named = (each.currency for each in (event, *draws) if each.currency)
    currency = next(named, None)
    committed, left = _committed(event), 0 if account.ended_on else account.left()
    over = account.drawn - account.available if account.available is not None else 0
    live = event.firmness in LIVE_FIRMNESS and not account.ended_on and not event.memo

    def money(minor: int | None) -> Money | None:
        return None if minor is None or currency is None else Money(currency, minor)

    return CommitmentRow(
        id=record.id,
        position=record.position,
        obligor=event.obligor,
        beneficiary=event.beneficiary,
        currency=currency,
        committed=money(committed),
        drawn=money(account.drawn),
        remaining=money(left),
        cancelled=money(account.cancelled),
        lapsed=money(account.lapsed),
        overdrawn=money(max(over, 0)),
        undisclosed_draws=account.undisclosed,
        start=event.start,
        end=event.end,
        ended_on=account.ended_on,
        firmness=event.firmness,
        layer="committed" if event.firmness in ("definitive", "reported") else "announced",
        live=live,
        status=_status(event, account, left, live=live),
        purpose=event.purpose,
        per=event.per,
        condition=event.condition,
        bound=event.bound,
        backs=event.backs,
        deal=event.deal,
        events=tuple(each.id or "" for each in (event, *draws, *cuts)),
        event=event,
        draws=draws,
    )


def _status(event: Commitment, account: _Account, left: int | None, *, live: bool) -> Status:
    if event.memo:
        return "memo"
    if account.ended_on:
        return "ended"
    if not live:
        return "apart"
    return "drawn" if left == 0 else "open"


def _converted(row: CommitmentRow, convert: Converter) -> CommitmentRow:
    if convert.currency is None or row.currency is None:
        return row
    day = row.event.effective_on

    def money(amount: Money | None) -> Money | None:
        return None if amount is None else convert(amount, day)

    return replace(
        row,
        currency=convert.currency,
        committed=money(row.committed),
        drawn=money(row.drawn),
        remaining=money(row.remaining),
        cancelled=money(row.cancelled),
        lapsed=money(row.lapsed),
        overdrawn=money(row.overdrawn),
    )
