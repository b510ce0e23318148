"""What was asked of a record at one of its positions is not asked again: it cannot have changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import Final, TypeVar, cast

MOST_ROWS: Final = 10_000
"""So many rows are kept in all, some 40 MB if they are records; the longest unused go first."""

A = TypeVar("A", bound=Sized)


class KeptAnswers:
    """The answers to questions, of which the latest are kept; several threads may ask."""

    def __init__(self, most: int = MOST_ROWS) -> None:
        self._most = most
        self._rows = 0
        self._kept: OrderedDict[Hashable, Sized] = OrderedDict()
        self._lock = Lock()

    def to(self, question: Hashable, ask: Callable[[], A]) -> A:
        """Return the answer to a question; *ask* for it, if it is not kept."""
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
                return cast("A", self._kept[question])
        answer = ask()  # without the lock: others may ask meanwhile, even the same
        with self._lock:
            if question not in self._kept and len(answer) < self._most:
                self._kept[question] = answer
                self._rows += len(answer) + 1  # an empty answer is one too
                while self._rows > self._most:
                    _, gone = self._kept.popitem(last=False)
                    self._rows -= len(gone) + 1
        return answer
