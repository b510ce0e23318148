"""The journal: each event as signed lines, so that every additive answer is one sum.

A retraction writes the lines of its target again with the sign turned, at the target's dates. So a
sum never has to know about corrections, whichever dates and positions it covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dealledger.events import Event, Posting


@dataclass(frozen=True, slots=True)
class Line:
    """One signed line. minor: minor units, 0 if not disclosed; undisclosed: then +1, or -1."""

    effective_on: date
    announced_on: date
    category: str
    source: str
    target: str
    currency: str | None
    minor: int
    undisclosed: int
    confidence: str | None
    period: tuple[date, date] | None


def lines(event: Event, retracted: Event | None = None) -> Iterator[Line]:
    """Yield the lines of *event*; those of a retraction reverse the event that it retracts."""
    subject, sign = (event, 1) if retracted is None else (retracted, -1)
    for posting in subject.postings():
        yield _line(subject, posting, sign)


def _line(event: Event, posting: Posting, sign: int) -> Line:
    return Line(
        event.effective_on,
        event.announced_on,
        posting.category,
        posting.source,
        posting.target,
        posting.currency,
        sign * (posting.minor or 0),
        sign if posting.minor is None else 0,
        event.confidence,
        posting.period,
    )
