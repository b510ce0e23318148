"""What stands at a point of both times, and what money is worth there. Design, sections 3 and 4.

A ledger is a list of events as JSON has them, in the order of the record: the first is at
position 1. Amounts are fractions in major units.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple

Json = dict[str, Any]

DIGITS: Final = {"USD": 2, "EUR": 2, "JPY": 0, "BHD": 3}
"""ISO 4217: the minor digits of the currencies that these ledgers use."""

CASH: Final = ("funding", "payment")
LIVE: Final = ("announced", "reported", "definitive")


class NoRate(Exception):
    """An amount cannot be converted: no rate for its date is recorded."""


class Point(NamedTuple):
    """Where a ledger is looked at; all three are inclusive."""

    as_of: date
    known_at: int
    announced_by: date | None = None


class Reading:
    """A ledger at a point.

    known: what stands in the record and was announced, whatever its effective date. events: what of
    it is in effect. Both in the order of effective dates, then of positions.
    """

    def __init__(self, ledger: list[Json], point: Point) -> None:
        record = [{**event, "position": n} for n, event in enumerate(ledger, 1)][: point.known_at]
        self.point = point
        self.replaced_by = {
            event["retracts"]: event.get("replaced_by")
            for event in record
            if event["kind"] == "retraction"
        }
        standing = [
            event
            for event in record
            if event["kind"] != "retraction"
            and event["id"] not in self.replaced_by
            and (point.announced_by is None or announced(event) <= point.announced_by)
        ]
        self.known = sorted(standing, key=lambda event: (effective(event), event["position"]))
        self.events = [event for event in self.known if effective(event) <= point.as_of]

    def of(self, *kinds: str) -> Iterator[Json]:
        """Yield the events of some kinds that count: a memo never does."""
        return (event for event in self.events if event["kind"] in kinds and not memo(event))

    def meant(self, reference: str | None) -> str | None:
        """Return the id that a reference means: that of the replacement, if there is one."""
        while reference is not None and self.replaced_by.get(reference) is not None:
            reference = self.replaced_by[reference]
        return reference

    def ended(self, event_id: str) -> list[Json]:
        """Return the terminations of an event, in the order of their dates."""
        return [
            event
            for event in self.of("termination")
            if event_id in [self.meant(each) for each in event["ends"]]
        ]

    def rate(self, base: str, quote: str, day: date) -> Fraction:
        """Return what one *base* costs in *quote* by the latest rate of that day or before."""
        if base == quote:
            return Fraction(1)
        found = None
        for event in self.of("rate"):
            if effective(event) <= day:
                if (event["base"], event["quote"]) == (base, quote):
                    found = Fraction(event["rate"])
                if (event["base"], event["quote"]) == (quote, base):
                    found = 1 / Fraction(event["rate"])
        if found is None:
            raise NoRate
        return found

    def converted(
        self, amount: Fraction, currency: str, day: date, into: str | None
    ) -> tuple[Fraction, str]:
        """Return an amount in the currency that is asked for, or as it is, if none is."""
        if into is None:
            return amount, currency
        return amount * self.rate(currency, into, day), into


def effective(event: Json) -> date:
    return date.fromisoformat(event["effective_on"])


def announced(event: Json) -> date:
    return date.fromisoformat(event.get("announced_on") or event["effective_on"])


def memo(event: Json) -> bool:
    return bool(event.get("memo", False))


def amount_of(event: Json, field: str = "amount") -> Fraction | None:
    return Fraction(event[field]) if event.get(field) is not None else None


def day_of(event: Json, field: str) -> date | None:
    said: str | None = event.get(field)
    return date.fromisoformat(said) if said else None


def rounded(amount: Fraction, currency: str) -> Fraction:
    """Return an amount to the minor unit, halves to even."""
    scale = 10 ** DIGITS[currency]
    return Fraction(round(amount * scale), scale)


def days(first: date, last: date) -> int:
    """Return how many days there are from *first* to *last*, both counted; 0 if there is none."""
    return max(0, (last - first).days + 1)


def anniversary(day: date, years: int) -> date:
    """Return the same day, some years later; of 29 February the 28th, where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def years_between(first: date, last: date) -> Fraction:
    """Return the years of a term, both days counted: whole ones from anniversary to anniversary.

    The rest counts by the days of the year that it lies in.
    """
    behind = max(first, last + timedelta(days=1))
    whole = 0
    while anniversary(first, whole + 1) <= behind:
        whole += 1
    start, end = anniversary(first, whole), anniversary(first, whole + 1)
    return whole + Fraction((behind - start).days, (end - start).days)


def text_day(text: str | None) -> date | None:
    """Return the last day of `2032`, `2032-06` or `2032-06-30`; None for words."""
    parts = (text or "").split("-")
    if not all(part.isdigit() for part in parts):
        return None
    if len(parts) == 1:
        return date(int(parts[0]), 12, 31)
    if len(parts) == 2:
        year, month = int(parts[0]), int(parts[1])
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta(days=1)
    return date.fromisoformat(str(text))
