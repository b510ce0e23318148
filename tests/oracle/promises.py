"""Commitments: promised, drawn, cut, lapsed, left, and who bears it. Design, section 6; quantities, Q11.

Draws come first on a day, then cuts. A term is over at the end of its last day, and then nothing
remains, but a later payment is still a draw.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from oracle.cash import sides
from oracle.reading import (
    CASH,
    LIVE,
    Json,
    Reading,
    amount_of,
    day_of,
    days,
    effective,
    memo,
    rounded,
    years_between,
)


@dataclass(frozen=True)
class Account:
    """A commitment at a point. Amounts are None where nothing says how much may be drawn.

    factor: how many times the amount is promised: the years of a commitment per year, or 1.
    """

    event: Json
    currency: str | None
    factor: Fraction | None
    committed: Fraction | None
    drawn: Fraction
    undisclosed_draws: int
    cancelled: Fraction
    lapsed: Fraction
    remaining: Fraction | None
    overdrawn: Fraction
    ended_on: date | None
    live: bool
    layer: str
    backs: str | None
    draws: tuple[Json, ...]

    @property
    def id(self) -> str:
        return str(self.event["id"])


def accounts(reading: Reading) -> dict[str, Account]:
    """Return every commitment at the point, by its id."""
    found = [event for event in reading.events if event["kind"] == "commitment"]
    return {event["id"]: account(reading, event) for event in found}


def years_of(event: Json) -> Fraction | None:
    """Return how many times the amount is promised; None, if per year and nobody says until when."""
    if event.get("per", "total") == "total":
        return Fraction(1)
    start, end = day_of(event, "start") or effective(event), day_of(event, "end")
    return years_between(start, end) if end else None


def account(reading: Reading, event: Json) -> Account:
    amount, factor = amount_of(event), years_of(event)
    draws = [
        each for each in reading.of(*CASH) if reading.meant(each.get("commitment")) == event["id"]
    ]
    cuts = reading.ended(event["id"])
    currency = event.get("currency") or next(
        (each["currency"] for each in draws if each.get("currency")), None
    )
    committed = None
    if amount is not None and factor is not None and currency is not None:
        committed = rounded(amount * factor, currency)
    end = day_of(event, "end")
    over = end is not None and end <= reading.point.as_of
    left, cancelled, drawn = committed, Fraction(), Fraction()
    ended_on = end if over else None
    overdrawn = Fraction()
    for day in sorted({effective(each) for each in (*draws, *cuts)}):
        for each in draws:
            if effective(each) == day:
                paid = amount_of(each) or Fraction()
                drawn += paid
                if left is not None:
                    overdrawn += max(Fraction(), paid - left)
                    left = max(Fraction(), left - paid)
        for each in cuts:
            if effective(each) == day and not (end is not None and end <= day):
                keep = amount_of(each, "remaining") or Fraction()
                if left is not None:
                    cancelled += max(Fraction(), left - keep)
                    keep = min(left, keep)
                left = keep
                if not amount_of(each, "remaining"):
                    ended_on = day
    lapsed = (left or Fraction()) if over else Fraction()
    firm = event.get("firmness", "definitive")
    return Account(
        event=event,
        currency=currency,
        factor=factor,
        committed=committed,
        drawn=drawn,
        undisclosed_draws=sum(amount_of(each) is None for each in draws),
        cancelled=cancelled,
        lapsed=lapsed,
        remaining=Fraction() if over else left,
        overdrawn=overdrawn,
        ended_on=ended_on,
        live=firm in LIVE and not memo(event) and ended_on is None,
        layer="committed" if firm in ("definitive", "reported") else "announced",
        backs=reading.meant(event.get("backs")),
        draws=tuple(draws),
    )


Totals = dict[tuple[str, str], dict[str, Fraction]]


def totals(found: dict[str, Account]) -> Totals:
    """Return what is open per currency and layer: in all, and without what serves another."""
    rows: Totals = defaultdict(lambda: defaultdict(Fraction))
    for each in found.values():
        if each.live and each.currency and each.remaining is not None:
            rows[each.currency, each.layer]["gross"] += each.remaining
            if not serves(each, found):
                rows[each.currency, each.layer]["consolidated"] += each.remaining
    return rows


def serves(each: Account, found: dict[str, Account]) -> bool:
    """Return whether a commitment serves another one that stands in the same sum."""
    backed = found.get(each.backs or "")
    return (
        backed is not None
        and backed.live
        and (backed.currency, backed.layer) == (each.currency, each.layer)
    )


def lines(each: Account) -> dict[str | None, Fraction]:
    """Return what each bearer has left to pay; None: nobody is named.

    Without bearers it is all the obligor's. What a bearer draws comes off its own line.
    """
    assert each.remaining is not None
    bearers = each.event.get("bearers", [])
    if not bearers:
        return {each.event["obligor"]: each.remaining}
    assert each.factor is not None
    assert each.committed is not None
    left: dict[str | None, Fraction] = {
        bearer["party"]: Fraction(bearer["amount"]) * each.factor for bearer in bearers
    }
    left[None] = each.committed - sum(left.values(), Fraction())
    for draw in each.draws:
        payer = sides(draw)[0]
        left[payer if payer in left else None] -= amount_of(draw) or Fraction()
    return left


def plain(each: Account) -> bool:
    """Return whether the lines need no rule for cuts, and for draws above a line."""
    if each.remaining is None or each.cancelled or each.overdrawn:
        return False
    return all(amount >= 0 for amount in lines(each).values())


def owed_by(each: Account, party: str) -> Fraction:
    """Return what a party owes: its line, or what is left for the obligor."""
    found = lines(each)
    owed = found.get(party, Fraction())
    if party == each.event["obligor"]:
        owed += found.get(None, Fraction())
    return owed


def by_year(each: Account, as_of: date) -> dict[int | None, Fraction]:
    """Return what is open by the years it falls due in, straight by days from the day after *as_of*.

    Not rounded. None: no dates. Only for commitments without a given schedule.
    """
    assert each.remaining is not None
    start, end = day_of(each.event, "start"), day_of(each.event, "end")
    if end is None:
        return {None: each.remaining}
    first = max(start or effective(each.event), as_of + timedelta(days=1))
    return {
        year: each.remaining
        * days(max(first, date(year, 1, 1)), min(end, date(year, 12, 31)))
        / days(first, end)
        for year in range(first.year, end.year + 1)
    }


def summed(parts: Iterator[tuple[Any, Fraction]]) -> dict[Any, Fraction]:
    found: dict[Any, Fraction] = defaultdict(Fraction)
    for key, amount in parts:
        found[key] += amount
    return {key: amount for key, amount in found.items() if amount}
