"""`history` of a quantity of the web: as a table, with bars, or as a picture in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealledger.projections.answers.report import Column

if TYPE_CHECKING:
    from dealledger.cli.params import Query
    from dealledger.ledger import View
    from dealledger.projections.analysis.series import Point
    from dealledger.projections.answers.series import Measured
    from dealledger.projections.answers.webs import Asked


@dataclass(frozen=True, slots=True)
class Drawing:
    """How somebody wants to see a history: with bars, or as a picture in a file."""

    chart: bool
    svg: Path | None


def answer(query: Query, view: View, asked: Asked, what: Measured, drawing: Drawing) -> None:
    """Print the history of a quantity, or draw it."""
    from dealledger.cli.terminal.drawing import bounds_note, chart_of_points
    from dealledger.cli.terminal.output import write
    from dealledger.projections.answers.point import caption
    from dealledger.projections.answers.series import points_of, report
    from dealledger.projections.answers.webs import web_notes

    points = points_of(view, asked, what)
    if drawing.svg is not None:
        whole = asked.web(view)
        counted = (web_notes(whole)[0], bounds_note(view, whole))
        write(chart_of_points(points, what, view, counted, accrue=asked.accrue), drawing.svg)
        write(f"drew {drawing.svg}: {caption(view)}", None)
        return
    bars = [_bars(points, what)] if drawing.chart else []
    query.answer(report(view, asked, what, points, bars), view)


def _bars(points: Sequence[Point[Any]], what: Measured) -> Column:
    from dealledger.cli.terminal.chart import bars

    values = [what.line(point.value) if point.value is not None else None for point in points]
    known = [value for value in values if value is not None]
    drawn = iter(bars(known))
    by_day = {
        point.day: next(drawn) if value is not None else ""
        for point, value in zip(points, values, strict=True)
    }
    return Column("bar", " ", lambda point: by_day[point.day], narrow=True)
