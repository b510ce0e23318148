"""Rights: what is in force at the as-of date, and for how long.

A right is in force from its effective_on until it is ended, or until the day that `until` names is
over; a condition in words has no day. What is only talked about is shown apart, as is what ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from dealledger.events import LIVE_FIRMNESS, Firmness, Right
from dealledger.events.dates import is_over, last_day
from dealledger.ledger import View
from dealledger.projections.promises.endings import endings


@dataclass(frozen=True, slots=True)
class RightRow:
    """One right. days_left: to the last day of `until`, None without one.

    stake: what a warrant, an option or a cap is for, as a part of the grantor.
    """

    id: str
    grantor: str
    grantee: str
    right: str
    since: date
    until: str | None
    exclusive: bool
    royalty_free: bool
    days_left: int | None
    status: Literal["in force", "apart", "ended"]
    firmness: Firmness
    ended_on: date | None
    terms: str | None
    deal: str | None
    stake: Fraction | None = None


def rights(view: View, party: str | None = None) -> tuple[RightRow, ...]:
    """Return all rights that were given by the as-of date; see `status`.

    Order: in force, apart, ended; then by grantor, grantee and date.
    """
    ends = endings(view)
    rows = []
    for record in view.events("right", party=party):
        event = record.event
        assert isinstance(event, Right)
        if event.memo:
            continue
        terminated = min((each.effective_on for each in ends.get(record.id, ())), default=None)
        rows.append(_row(record.id, event, terminated, view.as_of))
    order = ("in force", "apart", "ended")
    return tuple(
        sorted(rows, key=lambda row: (order.index(row.status), row.grantor, row.grantee, row.since))
    )


def _row(event_id: str, event: Right, terminated: date | None, as_of: date) -> RightRow:
    until = last_day(event.until) if event.until else None
    expired = until if is_over(until, as_of) else None
    ended_on = min((day for day in (terminated, expired) if day), default=None)
    status: Literal["in force", "apart", "ended"] = "in force"
    if ended_on:
        status = "ended"
    elif event.firmness not in LIVE_FIRMNESS:
        status = "apart"
    return RightRow(
        event_id,
        event.grantor,
        event.grantee,
        event.right,
        event.effective_on,
        event.until,
        event.exclusive,
        event.royalty_free,
        (until - as_of).days if until and not ended_on else None,
        status,
        event.firmness,
        ended_on,
        event.terms,
        event.deal,
        None if event.stake is None else Fraction(event.stake),
    )
