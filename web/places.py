"""Where in the record the events stand that the page names; it remembers which it was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from dealledger.ledger import Record


class Places:
    """Positions of events by their ids. asked: those that anybody asked for."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Take in the records of a page."""
        self._positions = {each.id: each.position for each in records}
        self.asked: set[int] = set()

    def __call__(self, ids: Iterable[str]) -> list[int]:
        """Return where these events stand, sorted, each once."""
        found = sorted({self._positions[each] for each in ids})
        self.asked.update(found)
        return found
