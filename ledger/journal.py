"""The journal: each event as signed lines, so that every additive answer is one sum.

A retraction writes the lines of its target again with the sign turned, at the target's dates. So a
sum never has to know about corrections, whichever dates and positions it covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dealledger.events import EncodedEvent


def entry_rows(
    position: int, event: EncodedEvent, retracted: EncodedEvent | None
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the journal that *event* at *position* has, in the order of its columns.

    retracted: what a retraction retracts; it has the lines of that, reversed.
    """
    subject, sign = (event, 1) if retracted is None else (retracted, -1)
    for line, moved in enumerate(subject.moved, start=1):
        category, source, target, currency, minor, undisclosed, start, end = moved
        yield (
            position,
            line,
            subject.effective_on,
            subject.announced_on,
            category,
            source,
            target,
            currency,
            sign * minor,
            sign * undisclosed,
            subject.confidence,
            start,
            end,
        )
