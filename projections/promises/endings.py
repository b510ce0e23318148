"""What terminations end: commitments, rights, rivalries and holdings, and from which date."""

from __future__ import annotations

from collections import defaultdict

from dealledger.events import Termination
from dealledger.ledger import View


def endings(view: View) -> dict[str, tuple[Termination, ...]]:
    """Return, by the id of what is ended or cut, the terminations in the order of their dates.

    A termination of a replaced event means its replacement.
    """
    found: dict[str, list[Termination]] = defaultdict(list)
    for record in view.events("termination"):
        event = record.event
        assert isinstance(event, Termination)
        if event.memo:
            continue
        for ended in event.ends:
            found[view.resolve(ended)].append(event)
    return {ended: tuple(events) for ended, events in found.items()}
