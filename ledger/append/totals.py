"""Finds a round's total that a table repeats on the row of each investor.

Added up, it counts as often as there are investors. It looks like that where the investors of one
company on one day have all the same amount, and mostly they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dealledger.events import Event, Funding, Money

_MOST_ROUNDS: Final = 200_000


@dataclass(slots=True)
class _Round:
    """What is known of one: whether there are several investors, and all with the same amount."""

    investor: str
    minor: int
    is_shared: bool = False
    is_same: bool = True


@dataclass(slots=True)
class Totals:
    """The rounds of tables so far; of very many only the first."""

    _rounds: dict[int, _Round] = field(default_factory=dict)
    _again: Counter[str] = field(default_factory=Counter)
    _all: Counter[str] = field(default_factory=Counter)

    def take(self, event: Event) -> None:
        """Look at one row."""
        assert isinstance(event, Funding)
        minor = event.minor()
        if minor is None or event.currency is None or event.memo:
            return
        self._all[event.currency] += minor
        key = hash((event.investee, event.effective_on, event.deal, event.currency))
        known = self._rounds.get(key)
        if known is None:
            if len(self._rounds) < _MOST_ROUNDS:
                self._rounds[key] = _Round(event.investor, minor)
        elif event.investor != known.investor or known.is_shared:
            known.is_shared = True
            known.is_same = known.is_same and known.minor == minor
            if known.is_same:
                self._again[event.currency] += minor

    def sentences(self) -> Iterator[str]:
        """Yield what was found, in a sentence, if it was."""
        shared = [each.is_same for each in self._rounds.values() if each.is_shared]
        same = sum(shared)
        if same and same * 2 > len(shared):
            sums = ", ".join(
                f"{Money(code, self._all[code]).short()} {code} instead of "
                f"{Money(code, self._all[code] - again).short()}"
                for code, again in self._again.most_common()
            )
            rounds = "1 round has" if same == 1 else f"{same:,} rounds have"
            yield (
                f"{rounds} the same amount on the row of each investor; if that is the round's "
                f'total, it counts more than once: {sums} (a map with each = "evenly" shares it)'
            )
