"""What can be wrong with what somebody typed, said in one line each.

Data problems are values (`Problem`), so that one bad line never hides the others; a refusal is the
exception that carries them. Nothing here knows about exit codes or terminals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one input.

    where: the place, such as `deals.jsonl:17`, or empty. rule: a stable name of the broken rule.
    """

    message: str
    hint: str = ""
    where: str = ""
    rule: str = "input"

    def at(self, where: str) -> Problem:
        """Return the same problem, found at *where*."""
        return replace(self, where=where)

    def __str__(self) -> str:
        """Return the one line that people read."""
        place = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint}"


class DealLedgerError(Exception):
    """The base of every error that Deal Ledger raises on purpose."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the one line that people read."""
        return str(Problem(self.message, self.hint))


class BadInput(DealLedgerError, ValueError):
    """Somebody typed a value that means nothing, such as the date 2023-02-29."""


class Refused(DealLedgerError):
    """An append was refused; nothing was written.

    `problems` names every reason; of very many the first, and `more` counts the others.
    """

    def __init__(self, problems: Iterable[Problem], more: int = 0) -> None:
        self.problems = tuple(problems)
        self.more = more
        super().__init__("\n".join([*map(str, self.problems), *self.sum()]))

    def sum(self) -> list[str]:
        """Return the line that says how many problems are not named, if there are any."""
        if not self.more:
            return []
        every = len(self.problems) + self.more
        return [
            str(
                Problem(
                    f"and {self.more:,} more problems",
                    f"{every:,} in all; mend the named ones first",
                )
            )
        ]


class Conflict(Refused):
    """What is to be appended contradicts what is recorded: a known id, another version."""


def closest(word: str, known: Iterable[str], *, fold: Callable[[str], str] = str.casefold) -> str:
    """Return the hint "did you mean ...?" for the known words nearest to *word*, or nothing."""
    from difflib import get_close_matches

    matches = get_close_matches(fold(word), list(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(matches)}?" if matches else ""
