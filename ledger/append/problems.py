"""What is wrong with one append: the first problems by name, the others by number.

So a file of a million bad lines needs no more memory than one of good lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from dealledger.events import Conflict, Problem, Refused

MOST_NAMED: Final = 10_000
_CONFLICTS: Final = frozenset({"id-conflict", "version"})


@dataclass(slots=True)
class Problems:
    """The problems of an append so far. more: how many there are behind those that are named."""

    named: list[Problem] = field(default_factory=list)
    more: int = 0
    are_conflicts: bool = True

    def add(self, problems: Iterable[Problem], where: str = "") -> None:
        """Take in what was found at one place."""
        for problem in problems:
            self.are_conflicts = self.are_conflicts and problem.rule in _CONFLICTS
            if len(self.named) < MOST_NAMED:
                self.named.append(problem.at(where) if where else problem)
            else:
                self.more += 1

    def __bool__(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self.named)

    def refusal(self) -> Refused:
        """Return the exception for them: a conflict, if they are nothing else."""
        return (Conflict if self.are_conflicts else Refused)(self.named, self.more)
