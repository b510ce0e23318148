"""A quantity of the web over time, for the answers of `history`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dealledger.projections.answers.report import Column, Nested, Report, Value
from dealledger.projections.answers.webs import web_extra, web_notes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dealledger.ledger import View
    from dealledger.projections.analysis.series import SeriesPoint
    from dealledger.projections.analysis.web import Web
    from dealledger.projections.answers.webs import Asked


@dataclass(frozen=True, slots=True)
class Measured:
    """What is followed over time. columns: of its value; line: the number that is drawn.

    said: the notes on what the numbers are. whose: the party whose events and price moves count;
    None: of all. is_index: the number is an index of 10,000, and no share.
    """

    title: str
    measure: Callable[[Web], Any]
    columns: tuple[Column, ...]
    line: Callable[[Any], Fraction | None]
    said: tuple[str, ...]
    whose: str | None = None
    is_index: bool = False


def points_of(view: View, asked: Asked, what: Measured) -> list[SeriesPoint[Any]]:
    """Return the days on which a quantity changed or a price moved. Raises: BadInput."""
    from dealledger.projections.analysis.series import series

    found = series(
        view,
        what.measure,
        layers=asked.layers,
        currency=asked.code(),
        since=asked.since,
        party=what.whose,
        accrue=asked.accrue,
    )
    return list(_worth_saying(found, what))


def points_report(
    view: View, asked: Asked, what: Measured, points: Sequence[SeriesPoint[Any]]
) -> Report:
    """Return the history of a quantity as a table."""
    whole = asked.web(view)
    notes = [*what.said, *web_notes(whole)]
    if any(point.reactions for point in points):
        notes.append("prices: what moved on that day, for whatever reason")
    return Report(what.title, _columns(what), points, web_extra(whole), notes)


def _worth_saying(points: Sequence[SeriesPoint[Any]], what: Measured) -> Iterator[SeriesPoint[Any]]:
    """Yield the days on which the quantity changed or a price moved."""
    before: tuple[Value, ...] | None = None
    for point in points:
        value = point.value
        said = (
            None if value is None else tuple(column.exact_value(value) for column in what.columns)
        )
        begun = before is not None or (value is not None and what.line(value) is not None)
        changed = said is not None and begun and said != before
        if changed or point.reactions:
            yield point if changed else replace(point, value=None, events=())
        before = said if changed else before


def _columns(what: Measured) -> list[Column]:
    return [
        Column("on", "On", lambda point: point.day),
        Column("events", "Events", rank=5),
        *(_of_value(column) for column in what.columns),
        Column("reactions", "Prices", _reactions, shown=_moves_text, rank=1, sparse=True),
    ]


def _of_value(column: Column) -> Column:
    def exact(point: SeriesPoint[Any]) -> Value:
        return None if point.value is None else column.exact_value(point.value)

    return replace(column, exact=exact, right=True)


def _reactions(point: SeriesPoint[Any]) -> Nested:
    """Return the price moves of a day for programs."""
    from dealledger.events.decimals import decimal_text

    moves: list[Any] = [
        {
            "event": move.id,
            "party": move.event.party,  # type: ignore[attr-defined]
            "move": decimal_text(move.event.move),  # type: ignore[attr-defined]
            "basis": move.event.basis,  # type: ignore[attr-defined]
        }
        for move in point.reactions
    ]
    return Nested(moves)


def _moves_text(point: SeriesPoint[Any]) -> str:
    return ", ".join(_said(move.event) for move in point.reactions)


def _said(event: Any) -> str:
    from dealledger.projections.answers.numbers import share

    sign = "+" if event.move > 0 else ""
    basis = f" ({event.basis})" if event.basis else ""
    return f"{event.party} {sign}{share(Fraction(event.move), 1)}{basis}"
