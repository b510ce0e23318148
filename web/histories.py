"""Histories as a browser reads them: by the stops of a slider, with every value in a pool once."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Generic, TypeAlias, TypeVar

from dealledger.projections.timeline import History

T = TypeVar("T")

Over: TypeAlias = "list[list[int | None] | int]"
"""By lens: [stop, value, stop, value, ...], or the number of the lens that it is the same as; what
is missing at the end is the same as the first."""


class Pool(Generic[T]):
    """Values, each once, by number. Values are JSON, and the same if their text is."""

    def __init__(self) -> None:
        """Begin without values."""
        self.values: list[T] = []
        self._numbers: dict[str, int] = {}

    def number(self, value: T) -> int:
        """Return the number of a value."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        known = self._numbers.get(text)
        if known is None:
            known = self._numbers[text] = len(self.values)
            self.values.append(value)
        return known


def over(
    histories: Sequence[History[T]], stops: Sequence[date], number: Callable[[T], int]
) -> Over:
    """Return a history for each lens by stops. number: of a value, in its pool.

    stops: sorted; they have all days of the histories up to the last of them, and what is later is
    left out.
    """
    by_lens = [flat(each, stops, number) for each in histories]
    found: Over = []
    for place, each in enumerate(by_lens):
        same = by_lens.index(each)
        found.append(each if same == place else same)
    while len(found) > 1 and found[-1] == 0:
        found.pop()
    return found


def flat(
    changes: History[T], stops: Sequence[date], number: Callable[[T], int]
) -> list[int | None]:
    """Return one history as a flat list of stops and numbers."""
    found: list[int | None] = []
    for day, value in changes:
        stop = bisect_left(stops, day)
        if stop == len(stops):
            break
        said = None if value is None else number(value)
        if found and found[-2] == stop:
            del found[-2:]
        if (found[-1] if found else None) != said:
            found += [stop, said]
    return found


def read(found: Over, lens: int, stop: int) -> Any:
    """Return the number that stands at a stop under a lens, or None: as the page reads it.

    >>> read([[0, 7, 3, None], 0, [1, 8]], 1, 2), read([[0, 7, 3, None], 0, [1, 8]], 3, 3)
    (7, None)
    """
    own: list[int | None] | int = found[lens] if lens < len(found) else found[0]
    while isinstance(own, int):
        own = found[own]
    before = [own[place + 1] for place in range(0, len(own), 2) if (own[place] or 0) <= stop]
    return before[-1] if before else None
