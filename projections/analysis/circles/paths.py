"""A search for ways back, of bounded length, which ends after so many steps or finds.

Steps are counted, not timed: the same question has the same answer on every machine. Of networkx,
simple_cycles finds the same (the tests compare), but it takes no bound on its work and no time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

STEPS: Final = 2_000_000
"""How many ties a search looks at before it ends: a second or two."""

FINDS: Final = 10_000
"""How many ways back it finds before it ends."""


class Hop(NamedTuple):
    """A way from source to target; place: which one it is, in the order of the caller."""

    source: str
    target: str
    place: int


class Search:
    """Finds simple ways back to where they begin: no party twice, at most *length* ties."""

    def __init__(self, length: int, ties: Iterable[Hop]) -> None:
        """Take all *ties* that ways can be made of."""
        self._length = length
        self._payers: dict[str, dict[str, None]] = defaultdict(dict)
        for tie in ties:
            self._payers[tie.target][tie.source] = None
        self._near: dict[str, dict[str, int]] = {}
        self._steps = 0
        self.found: list[tuple[Hop, ...]] = []
        self.stopped: str | None = None

    def close(self, first: Hop, onward: Callable[[Hop], Iterable[Hop]]) -> None:
        """Find the ways that begin with *first*. onward: what may follow a tie, in order."""
        if self.stopped:
            return
        near = self._distances(first.source)
        if 1 + near.get(first.target, self._length) > self._length:
            return
        path, waiting, seen = [first], [iter(onward(first))], {first.target}
        while waiting and not self._ended():
            tie = next(waiting[-1], None)
            if tie is None:
                waiting.pop()
                seen.discard(path.pop().target)
                continue
            self._steps += 1
            if tie.target == first.source:
                self.found.append((*path, tie))
            elif tie.target not in seen and self._reaches(near, tie.target, len(path) + 1):
                path.append(tie)
                waiting.append(iter(onward(tie)))
                seen.add(tie.target)

    def _reaches(self, near: dict[str, int], party: str, gone: int) -> bool:
        return gone + near.get(party, self._length) <= self._length

    def _ended(self) -> bool:
        if self._steps >= STEPS:
            self.stopped = f"the search ended after {STEPS:,} steps"
        elif len(self.found) >= FINDS:
            self.stopped = f"the search ended at {FINDS:,} cycles"
        return self.stopped is not None

    def _distances(self, home: str) -> dict[str, int]:
        """Return how many ties each party is from *home*, if fewer than the length."""
        if home not in self._near:
            near = {home: 0}
            front = [home]
            far = 0
            while front and far < self._length - 1:
                far += 1
                # Each once: where many pay the same, ways to them are far more than they are.
                front = [*dict.fromkeys(self._new(front, near))]
                near.update(dict.fromkeys(front, far))
            self._near[home] = near
        return self._near[home]

    def _new(self, front: Iterable[str], near: dict[str, int]) -> Iterator[str]:
        for party in front:
            payers = self._payers.get(party, {})
            self._steps += len(payers)
            yield from (payer for payer in payers if payer not in near)
