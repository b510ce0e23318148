"""`history` as a picture: bars in a table, or a line in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.option_values import Option, gathered
from dealledger.projections.answers.report import Column

if TYPE_CHECKING:
    from dealledger.cli.params import Query
    from dealledger.ledger import View
    from dealledger.projections.answers.report import Report
    from dealledger.projections.answers.series import Measured
    from dealledger.projections.answers.tracing import What
    from dealledger.projections.answers.webs import Asked


@dataclass(frozen=True, slots=True)
class Drawing:
    """How somebody wants to see a history: with bars, or as a picture in a file."""

    chart: bool
    svg: Path | None

    def put(self, picture: str, view: View) -> None:
        """Write the picture to its file, and say so."""
        from dealledger.cli.terminal.output import write
        from dealledger.projections.answers.point import caption

        write(picture, self.svg)
        write(f"drew {self.svg}: {caption(view)}", None)


_OPTIONS: Final[tuple[Option, ...]] = (
    click.option("--chart", is_flag=True, help="With bars; or, with --svg, as a picture."),
    click.option("--svg", type=click.Path(path_type=Path), metavar="FILE",
                 help="Draw it as a line over time."),
)  # fmt: skip

drawing_options: Final = gathered("drawing", Drawing, _OPTIONS)
"""Add --chart and --svg as one `drawing`."""


def show_steps(
    query: Query, drawing: Drawing, what: What, *names: str, currency: str | None = None
) -> None:
    """Print the history of a number that events change, or draw it. names: see `traced`."""
    with query.view() as view:
        from dealledger.cli.terminal.drawing import chart_of_steps, ends_of_days
        from dealledger.projections.answers.history import followed

        found, report = followed(view, what, *names, currency=currency, opened=query.opened)
        if drawing.svg is not None:
            drawing.put(chart_of_steps(found, view), view)
            return
        if drawing.chart:
            last = set(ends_of_days(report.rows))
            report = _barred(report, lambda step: step.after if step in last else None, "value")
        query.answer(report, view)


def show_points(query: Query, drawing: Drawing, view: View, asked: Asked, what: Measured) -> None:
    """Print the history of a quantity of the web, or draw it."""
    from dealledger.cli.terminal.drawing import bounds_note, chart_of_points
    from dealledger.projections.answers.series import points_of, points_report
    from dealledger.projections.answers.webs import web_notes

    points = points_of(view, asked, what)
    if drawing.svg is not None:
        whole = asked.web(view)
        counted = (web_notes(whole)[0], bounds_note(view, whole))
        drawing.put(chart_of_points(points, what, view, counted, accrue=asked.accrue), view)
        return
    report = points_report(view, asked, what, points)
    if drawing.chart:
        report = _barred(
            report, lambda point: None if point.value is None else what.line(point.value)
        )
    query.answer(report, view)


def _barred(
    report: Report, value: Callable[[Any], Fraction | None], behind: str | None = None
) -> Report:
    """Return a report with a column of bars, behind that of a key, or last."""
    from dealledger.cli.terminal.chart import bars

    values = [value(row) for row in report.rows]
    drawn = iter(bars([each for each in values if each is not None]))
    texts = ["" if each is None else next(drawn) for each in values]
    rows = {id(row): text for row, text in zip(report.rows, texts, strict=True)}
    column = Column("bar", " ", shown=lambda row: rows[id(row)], only_shown=True)
    keys: Sequence[str] = [each.key for each in report.columns]
    at = keys.index(behind) + 1 if behind else len(keys)
    return replace(report, columns=[*report.columns[:at], column, *report.columns[at:]])
