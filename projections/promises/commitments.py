"""Commitments: what was promised, what of it was drawn, and what is still open.

Payments and fundings that name a commitment draw on it; `account.py` says what is left then. Only
what is announced, reported or definitive and not over is live; talks, letters of intent and term
sheets stand apart. Layers never add up together: definitive and reported are committed, the rest is
announced. Converted, a commitment and all its parts have one rate, that of its own date, and the
parts add up to the whole to the minor unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from dealledger.events import (
    LIVE_FIRMNESS,
    Commitment,
    Event,
    Money,
    Moving,
    Termination,
    moving_kinds,
)
from dealledger.events.apportion import apportion
from dealledger.events.base import Bound
from dealledger.events.bound import subtracted, summed
from dealledger.ledger import Record, View
from dealledger.projections.promises.account import Account, account
from dealledger.projections.promises.endings import endings
from dealledger.projections.promises.owed import once, open_part
from dealledger.projections.rates import Converter, To, converter

Status = Literal["open", "drawn", "apart", "ended", "memo"]
_ORDER: tuple[Status, ...] = ("open", "drawn", "apart", "ended", "memo")


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One commitment at the as-of date.

    committed and remaining are None where the amount is not disclosed or has no end; currency is
    None where nothing says it. position: where its own record stands. ended_on: when it was
    terminated or its term was over. events: the commitment, its draws and what cut or ended it.
    rate: minor units of `currency` for one of the commitment's own; 1, if nothing was converted.
    still_open: `remaining` before it is rounded; sums are made of it.
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
    draws: tuple[Moving, ...]
    rate: Fraction
    still_open: Fraction | None

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
    view: View, party: str | None = None, *, currency: To = None
) -> tuple[CommitmentRow, ...]:
    """Return every commitment made by the as-of date, of everybody or of one party.

    currency: convert to it, at the date of the commitment.
    Order: open, drawn, apart, ended, memo; then by obligor, beneficiary and date.
    Raises: MissingRate.
    """
    ends, draws, convert = endings(view), _draws(view), converter(view, currency)
    rows = []
    for record in view.events("commitment", party=party):
        row = _row(record, draws.get(record.id, ()), ends.get(record.id, ()), view.as_of, convert)
        rows.append(replace(row, backs=view.resolve(row.backs) if row.backs else None))
    return tuple(
        sorted(rows, key=lambda row: (_ORDER.index(row.status), row.obligor, row.beneficiary))
    )


def totals(rows: Iterable[CommitmentRow], payer: str | None = None) -> tuple[Total, ...]:
    """Return what is open of live commitments, or what one party owes of it, by layer and currency.

    `consolidated` does not count what backs a commitment of the same sum.
    """
    live = [row for row in rows if row.live]
    counted = {row.id for row in once(live, lambda row: (row.layer, row.currency))}
    groups: dict[tuple[str, str], list[CommitmentRow]] = defaultdict(list)
    for row in live:
        if row.currency:
            groups[row.layer, row.currency].append(row)
    return tuple(_total(*key, groups[key], counted, payer) for key in sorted(groups, reverse=True))


def _total(
    layer: str, currency: str, rows: list[CommitmentRow], counted: set[str], payer: str | None
) -> Total:
    parts = [(row, open_part(row, payer)) for row in rows]
    known = [(row, part) for row, part in parts if part is not None]
    gross = sum((part for _, part in known), Fraction())
    net = sum((part for row, part in known if row.id in counted), Fraction())
    return Total(
        currency,
        layer,
        Money(currency, round(gross)),
        Money(currency, round(net)),
        len(parts) - len(known),
        summed(row.open_bound for row, part in known if part),
    )


def _draws(view: View) -> dict[str, tuple[Moving, ...]]:
    found: dict[str, list[Moving]] = defaultdict(list)
    for record in view.events(*moving_kinds(), drawing=True):
        commitment = _draws_on(view, record.event)
        if commitment and isinstance(record.event, Moving):
            found[commitment].append(record.event)
    return {commitment: tuple(events) for commitment, events in found.items()}


def draws_of(view: View, commitment_id: str) -> tuple[Record, ...]:
    """Return the records of the payments and fundings that draw on a commitment."""
    records = view.events(*moving_kinds(), drawing=True)
    return tuple(record for record in records if _draws_on(view, record.event) == commitment_id)


def _draws_on(view: View, event: Event) -> str | None:
    """Return the id of the commitment that an event draws on, or of what replaced it."""
    assert isinstance(event, Moving)
    return view.resolve(event.commitment) if event.commitment and not event.memo else None


def _row(
    record: Record,
    draws: tuple[Moving, ...],
    cuts: tuple[Termination, ...],
    as_of: date,
    convert: Converter,
) -> CommitmentRow:
    event = record.event
    assert isinstance(event, Commitment)
    found = account(event, draws, cuts, as_of)
    own = next((each.currency for each in (event, *draws) if each.currency), None)
    # What is not disclosed needs no rate.
    is_known = own is not None and (found.available is not None or found.drawn)
    rate = convert.rate(own, event.effective_on) if own and is_known else Fraction(1)
    amounts = _amounts(found, None if own is None else convert.code(own), rate)
    live = event.firmness in LIVE_FIRMNESS and not found.ended_on and not event.memo
    return CommitmentRow(
        id=record.id,
        position=record.position,
        obligor=event.obligor,
        beneficiary=event.beneficiary,
        currency=None if own is None else convert.code(own),
        **amounts,
        undisclosed_draws=found.undisclosed,
        start=event.start,
        end=event.end,
        ended_on=found.ended_on,
        firmness=event.firmness,
        layer="committed" if event.firmness in ("definitive", "reported") else "announced",
        live=live,
        status=_status(event, found, live=live),
        purpose=event.purpose,
        per=event.per,
        condition=event.condition,
        bound=event.bound,
        backs=event.backs,
        deal=event.deal,
        events=tuple(each.id or "" for each in (event, *draws, *cuts)),
        event=event,
        draws=draws,
        rate=rate,
        still_open=None if own is None or found.remaining is None else found.remaining * rate,
    )


def _amounts(found: Account, currency: str | None, rate: Fraction) -> dict[str, Money | None]:
    """Return the amounts of an account as money, in parts that add up to the whole."""
    parts: dict[str, int | None] = {
        "drawn": found.drawn - found.overdrawn,
        "remaining": found.remaining,
        "cancelled": found.cancelled,
        "lapsed": found.lapsed,
    }
    exact = {name: None if minor is None else minor * rate for name, minor in parts.items()}
    committed = None if found.committed is None else round(found.committed * rate)
    if committed is None:
        whole = {name: None if minor is None else round(minor) for name, minor in exact.items()}
    else:
        divided = apportion(committed, [minor or Fraction() for minor in exact.values()])
        whole = dict(zip(parts, divided, strict=True))
    overdrawn = round(found.overdrawn * rate)
    minors = {
        **whole,
        "committed": committed,
        "drawn": (whole["drawn"] or 0) + overdrawn,
        "overdrawn": overdrawn,
    }
    return {
        name: None if minor is None or currency is None else Money(currency, minor)
        for name, minor in minors.items()
    }


def _status(event: Commitment, found: Account, *, live: bool) -> Status:
    if event.memo:
        return "memo"
    if found.ended_on:
        return "ended"
    if not live:
        return "apart"
    return "drawn" if found.left == 0 else "open"
