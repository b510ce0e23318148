"""The journal: each event as signed lines, so that every additive answer is one sum.

A retraction writes the lines of its target again with the sign turned, at the target's dates. So a
sum never has to know about corrections, whichever dates and positions it covers.
"""

from __future__ import annotations

from dealledger.events import EncodedEvent
from dealledger.ledger.storage.driver import Row


def entry_rows(position: int, event: EncodedEvent, retracted: EncodedEvent | None) -> list[Row]:
    """Return the rows of the journal that *event* at *position* has, in the order of its columns.

    retracted: what a retraction retracts; it has the lines of that, reversed.
    """
    subject, sign = (event, 1) if retracted is None else (retracted, -1)
    days = (subject.effective_on, subject.announced_on)
    return [
        (position, line, *days, category, source, target, currency, sign * minor,
         sign * undisclosed, subject.confidence, start, end)
        for line, (category, source, target, currency, minor, undisclosed, start, end)
        in enumerate(subject.moved, start=1)
    ]  # fmt: skip
