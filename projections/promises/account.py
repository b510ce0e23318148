"""The account of one commitment: what of it was drawn, cancelled, lapsed, and may still be drawn.

committed = drawn - overdrawn + remaining + cancelled + lapsed. A termination cancels all but what
it says remains; one on the day of a draw comes after it. After the end of the term nothing remains:
a later payment on it is still a draw (invoices settle after a term), and what is neither drawn nor
cancelled has lapsed. Overdrawn is only what is above committed - cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dealledger.events import Commitment, Moving, Termination
from dealledger.events.dates import is_over
from dealledger.events.money import minor_units
from dealledger.projections.promises.schedule import yearly_total


@dataclass(slots=True)
class Account:
    """A commitment while its draws and cuts are gone through, in minor units.

    available: what may be drawn in all, committed - cancelled; None while that is not known.
    undisclosed: how many draws have no known amount.
    """

    committed: int | None
    available: int | None
    drawn: int = 0
    undisclosed: int = 0
    cancelled: int = 0
    ended_on: date | None = None

    @property
    def left(self) -> int | None:
        """Return what of the available is not drawn, not below 0."""
        return None if self.available is None else max(self.available - self.drawn, 0)

    @property
    def remaining(self) -> int | None:
        """Return what may still be drawn; None, if that is not known."""
        return 0 if self.ended_on else self.left

    @property
    def lapsed(self) -> int:
        """Return what was neither drawn nor cancelled when the term ended."""
        return (self.left or 0) if self.ended_on else 0

    @property
    def overdrawn(self) -> int:
        """Return what was drawn above what may be drawn in all."""
        return 0 if self.available is None else max(self.drawn - self.available, 0)

    def take(self, event: Commitment, step: Moving | Termination) -> None:
        """Take in a draw, or a cut or end of the commitment."""
        if isinstance(step, Moving):
            self._draw(step)
        elif self.ended_on is None and not (event.end and step.effective_on > event.end):
            self.cut(_kept(event, step), step.effective_on)

    def _draw(self, event: Moving) -> None:
        money = event.money()
        if money is None:
            self.undisclosed += 1
        else:
            self.drawn += money.minor

    def close(self, event: Commitment, day: date) -> None:
        """Note that the term is over at the end of a day, if it is."""
        if self.ended_on is None and is_over(event.end, day):
            self.ended_on = event.end

    def cut(self, keep: int, day: date) -> None:
        """Leave *keep* to be drawn; nothing means that the commitment ends."""
        left = self.left
        if left is not None:
            less = max(left - keep, 0)
            self.cancelled += less
            self.available = (self.available or 0) - less
        elif keep:
            self.available = self.drawn + keep
        if not keep:
            self.ended_on = day


def account(
    event: Commitment, draws: Iterable[Moving], cuts: Iterable[Termination], as_of: date
) -> Account:
    """Return the account of a commitment after some of its draws and cuts, at the end of a day."""
    found = _opened(event)
    for step in _steps(draws, cuts):
        found.take(event, step)
    found.close(event, as_of)
    return found


def open_by_day(
    event: Commitment, draws: Iterable[Moving], cuts: Iterable[Termination]
) -> list[tuple[date, int | None]]:
    """Return what is open of a commitment, in minor units, at the end of each day that changed it.

    None while it is open and its amount is not disclosed.
    """
    running = _opened(event)
    found = {event.effective_on: running.remaining}
    for step in _steps(draws, cuts):
        running.take(event, step)
        day = max(step.effective_on, event.effective_on)
        found[day] = 0 if is_over(event.end, day) else running.remaining
    if event.end and running.ended_on is None:
        found[max(event.end, event.effective_on)] = 0
    return sorted(found.items())


def _opened(event: Commitment) -> Account:
    committed = committed_minor(event)
    return Account(committed, committed)


def _steps(draws: Iterable[Moving], cuts: Iterable[Termination]) -> list[Moving | Termination]:
    """Return draws and cuts by their days; a cut on the day of a draw comes after it."""
    steps: list[Moving | Termination] = [*draws, *cuts]
    return sorted(steps, key=lambda step: (step.effective_on, isinstance(step, Termination)))


def committed_minor(event: Commitment) -> int | None:
    """Return the whole promise in minor units; None if not disclosed, or per year without end."""
    minor = event.minor()
    if minor is None or event.per == "total":
        return minor
    if event.end is None:
        return None
    return yearly_total(minor, event.start or event.effective_on, event.end)


def _kept(event: Commitment, cut: Termination) -> int:
    if cut.remaining is None or event.currency is None:
        return 0
    return minor_units(cut.remaining, event.currency)
