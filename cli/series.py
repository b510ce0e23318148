"""A quantity of the web over time: the table and the picture of `history circularity`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealledger.cli.report import Column, Report, Value

if TYPE_CHECKING:
    from dealledger.cli.analysis import Asked
    from dealledger.cli.params import Query
    from dealledger.events import Json
    from dealledger.ledger import View
    from dealledger.projections.analysis.series import Point
    from dealledger.projections.analysis.web import Web


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


@dataclass(frozen=True, slots=True)
class Drawing:
    """How somebody wants to see a history: with bars, or as a picture in a file."""

    chart: bool
    svg: Path | None


def answer(query: Query, view: View, asked: Asked, what: Measured, drawing: Drawing) -> None:
    """Print the history of a quantity, or draw it."""
    from dealledger.cli.analysis import web_extra, web_notes
    from dealledger.cli.drawing import bounds_note, chart_of_points
    from dealledger.cli.output import write
    from dealledger.cli.params import caption
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
    points = list(_worth_saying(found, what))
    if drawing.svg is not None:
        whole = asked.web(view)
        counted = (web_notes(whole)[0], bounds_note(view, whole))
        write(chart_of_points(points, what, view, counted, accrue=asked.accrue), drawing.svg)
        write(f"drew {drawing.svg}: {caption(view)}", None)
        return
    columns = [*_columns(what), *([_bars(points, what)] if drawing.chart else [])]
    whole = asked.web(view)
    notes = [*what.said, *web_notes(whole)]
    if any(point.reactions for point in points):
        notes.append("prices: what moved on that day, for whatever reason")
    report = Report(what.title, columns, points, web_extra(whole), notes, own_fields=_reactions)
    query.answer(report, view)


def _worth_saying(points: Sequence[Point[Any]], what: Measured) -> Iterator[Point[Any]]:
    """Yield the days on which the quantity changed or a price moved."""
    before: tuple[Value, ...] | None = None
    for point in points:
        value = point.value
        said = None if value is None else tuple(column.value(value) for column in what.columns)
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
        Column(
            "moves", "Prices", lambda point: _moves_text(point), narrow=True, rank=1, sparse=True
        ),
    ]


def _of_value(column: Column) -> Column:
    def get(point: Point[Any]) -> Value:
        if point.value is None:
            return "" if column.narrow else None
        return column.value(point.value)

    return replace(column, get=get, right=True)


def _reactions(point: Point[Any]) -> dict[str, Json | None]:
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
    return {"reactions": moves}


def _moves_text(point: Point[Any]) -> str:
    return ", ".join(_said(move.event) for move in point.reactions)


def _said(event: Any) -> str:
    from dealledger.cli.numbers import share

    sign = "+" if event.move > 0 else ""
    basis = f" ({event.basis})" if event.basis else ""
    return f"{event.party} {sign}{share(Fraction(event.move), 1)}{basis}"


def _bars(points: Sequence[Point[Any]], what: Measured) -> Column:
    from dealledger.cli.chart import bars

    values = [what.line(point.value) if point.value is not None else None for point in points]
    known = [value for value in values if value is not None]
    drawn = iter(bars(known))
    by_day = {
        point.day: next(drawn) if value is not None else ""
        for point, value in zip(points, values, strict=True)
    }
    return Column("bar", " ", lambda point: by_day[point.day], narrow=True)
