"""What a measurement says: a ratio against a peer or a limit, and whether it meets its goal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from bench.measuring import Pairs

HEADINGS: Final = ("", "What", "Ours", "Against", "Ratio", "Spread", "Goal", "Met")


@dataclass(frozen=True)
class Goal:
    """A bound of a ratio, or of another number. unit: of what is no ratio."""

    bound: float
    at_most: bool = True
    unit: str = ""

    def met(self, value: float) -> bool:
        """Tell whether *value* is within the bound."""
        return value <= self.bound if self.at_most else value >= self.bound

    def __str__(self) -> str:
        """Return the goal in words."""
        return f"{'at most' if self.at_most else 'at least'} {self.bound:,g}{self.unit}"


@dataclass(frozen=True)
class Row:
    """One line of the table. value: what the goal bounds; low, high: the spread of its runs.

    ours, against: what was measured, with its median, in words.
    """

    number: str
    what: str
    ours: str
    against: str
    value: float
    low: float
    high: float
    goal: Goal | None

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is met; None, if there is none."""
        return None if self.goal is None else self.goal.met(self.value)

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is printed."""
        met = {True: "yes", False: "no", None: "–"}[self.met]
        unit = self.goal.unit if self.goal else ""
        value, low, high = (_number(each, unit) for each in (self.value, self.low, self.high))
        spread = f"{low} to {high}"
        goal = "–" if self.goal is None else str(self.goal)
        return self.number, self.what, self.ours, self.against, value, spread, goal, met

    def as_json(self) -> dict[str, Any]:
        """Return the row for programs."""
        goal = {"goal_text": None if self.goal is None else str(self.goal)}
        return {**asdict(self), **goal, "met": self.met}


@dataclass(frozen=True)
class Skipped:
    """What was not measured here, and why."""

    number: str
    what: str
    why: str

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is printed."""
        return self.number, self.what, "not measured", self.why, "–", "–", "–", "–"

    def as_json(self) -> dict[str, Any]:
        """Return the row for programs."""
        return asdict(self)


Result = Row | Skipped


def ratio(number: str, what: str, against: str, pairs: Pairs, goal: Goal | None) -> Row:
    """Return the row of measured pairs: seconds of ours over seconds of the peer."""
    ours, peer = seconds(pairs.ours), seconds(pairs.peer)
    spread = min(pairs.ratios), max(pairs.ratios)
    return Row(number, what, ours, f"{against}: {peer}", pairs.ratio, *spread, goal)


def speed(number: str, what: str, against: str, pairs: Pairs, goal: Goal | None) -> Row:
    """Return the row of measured pairs as a speed: seconds of the peer over seconds of ours."""
    turned = Pairs(pairs.peer, pairs.ours)
    ours, peer = seconds(pairs.ours), seconds(pairs.peer)
    spread = min(turned.ratios), max(turned.ratios)
    return Row(number, what, ours, f"{against}: {peer}", turned.ratio, *spread, goal)


def memory(number: str, what: str, peaks: list[int], goal: Goal) -> Row:
    """Return the row of peak memories, in bytes; its goal is in MB."""
    found = [each / 1e6 for each in peaks]
    top = max(found)
    return Row(number, what, "peak of all processes", "–", top, min(found), top, goal)


def seconds(found: tuple[float, ...]) -> str:
    """Return the median of seconds in words."""
    middle = sorted(found)[len(found) // 2]
    return f"{middle * 1_000:,.0f} ms" if middle < 10 else f"{middle:,.1f} s"


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f}{unit}" if abs(value) >= 1_000 or unit else f"{value:.2f}"
