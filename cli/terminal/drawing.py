"""Histories as charts: which points are drawn, in which unit, with whose names.

A chart has the value that each day ended with: what stood between two events of one day is in the
table, where the order can be seen, and in no picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dealledger.cli.terminal.chart import Axis, Dot, PriceMove, step_line
from dealledger.events import BadInput, Money, moving_kinds
from dealledger.events.bound import SIGNS
from dealledger.events.fraction import percent
from dealledger.projections.answers.point import caption
from dealledger.projections.trace import Step, bounds_along

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.analysis.series import SeriesPoint
    from dealledger.projections.analysis.web import Web
    from dealledger.projections.answers.series import Measured
    from dealledger.projections.answers.tracing import Traced


def chart_of_steps(found: Traced, view: View) -> str:
    """Return the chart of a number that events changed.

    Raises: BadInput, if there is nothing to draw, or amounts in several currencies.
    """
    units = {step.currency for step in found.steps}
    if len(units) != 1:
        said = "nothing to draw" if not units else f"several currencies: {sorted(map(str, units))}"
        raise BadInput(f"{found.title}: {said}")
    [unit] = units
    if unit is None:
        dots = [
            Dot(step.day, step.after, percent(step.after)) for step in ends_of_days(found.steps)
        ]
        return step_line(found.named, _captions(view), dots, _SHARES)
    bounds = dict(zip(found.steps, bounds_along(found.steps), strict=True))
    dots = [
        Dot(
            step.day,
            step.after,
            SIGNS[bounds[step]] + Money(unit, int(step.after)).short(),
            bounds[step] == "exact",
        )
        for step in ends_of_days(found.steps)
    ]
    axis = Axis(unit, lambda tick: _money(unit, tick))
    return step_line(found.named, _captions(view), dots, axis)


def chart_of_points(
    points: Sequence[SeriesPoint[Any]],
    what: Measured,
    view: View,
    counted: tuple[str, str],
    *,
    accrue: bool,
) -> str:
    """Return the chart of a quantity of the web, over the price moves of its time.

    counted: which money counts, and how exact it is, in words. accrue: amounts with a period count
    day by day, so that the quantity also changes between its points.
    Raises: BadInput, if there is nothing to draw.
    """
    from dealledger.projections.parties import names_at

    axis = _INDEX if what.is_index else _SHARES
    dots = [
        Dot(point.day, value, axis.say(value) if what.is_index else percent(value))
        for point in points
        if point.value is not None and (value := what.line(point.value)) is not None
    ]
    if not dots:
        raise BadInput(f"{what.title}: nothing to draw")
    names = names_at(view)
    moves = [
        _moved(move.event, names)
        for point in points
        for move in point.reactions
        if point.day >= dots[0].day
    ]
    captions = _captions(view, *counted, moves_on=accrue)
    return step_line(what.title, captions, dots, axis, moves, moves_on=accrue)


def bounds_note(view: View, web: Web) -> str:
    """Return how many of the amounts that *web* counts are no exact numbers; nothing, if none."""
    counted = {leg.event for leg in web.counted()}
    events = [record.event for record in view.events(*moving_kinds(), "commitment")
              if record.id in counted]  # fmt: skip
    loose = sum(getattr(event, "bound", "exact") != "exact" for event in events)
    if not loose:
        return ""
    return f"{loose} of {len(events)} amounts are not exact (at most, at least, about)"


def _captions(view: View, *counted: str, moves_on: bool = False) -> list[str]:
    dots = "each dot: the end of a day"
    if moves_on:
        dots += "; amounts count by the days of their periods, so the line only joins the dots"
    said = "; ".join(filter(None, counted))
    return [caption(view), *([said] if said else []), dots]


def ends_of_days(steps: Iterable[Step]) -> list[Step]:
    """Return the last step of each day."""
    return list({step.day: step for step in steps}.values())


def _moved(event: Any, names: dict[str, str]) -> PriceMove:
    sign = "+" if event.move > 0 else ""
    text = f"{sign}{_share(Fraction(event.move))}"
    return PriceMove(event.effective_on, names.get(event.party, event.party), text, event.move >= 0)


def _share(value: Fraction) -> str:
    """Return a share without decimals that say nothing."""
    number, unit = percent(value).split(" %")[0], " %"
    return (number.rstrip("0").rstrip(".") if "." in number else number) + unit


def _money(currency: str, minor: Fraction) -> str:
    """Return a round amount: 2B, and not 2.00B."""
    text = Money(currency, int(minor)).short()
    number, letter = (text[:-1], text[-1]) if text[-1].isalpha() else (text, "")
    return (number.rstrip("0").rstrip(".") if "." in number else number) + letter


_SHARES = Axis("share", _share)
_INDEX = Axis("HHI", lambda value: f"{round(value * 10_000):,}")
