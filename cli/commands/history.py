"""deals history: one number over time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.params import EVENT, IN_CURRENCY, PARTY, Query, open_ledger, query_options
from dealledger.cli.terminal.output import write
from dealledger.cli.web_options import web_options
from dealledger.projections.answers.point import caption
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.webs import Asked

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.projections.analysis.market.concentration import Direction


@click.group("history")
def command() -> None:
    """Show one number after each event that changed it, with the event and its source.

    \b
    Examples:
      deals history stake openai microsoft
      deals history net microsoft openai -f csv
      deals history commitment D049 --chart
      deals history circularity --svg circularity.svg
    """


_CHART = click.option("--chart", is_flag=True, help="With bars; or, with --svg, as a picture.")
_SVG = click.option(
    "--svg", type=click.Path(path_type=Path), metavar="FILE", help="Draw it as a line over time."
)


@command.command("stake")
@click.argument("issuer", type=PARTY)
@click.argument("holder", type=PARTY)
@_CHART
@_SVG
@query_options
def stake(query: Query, issuer: str, holder: str, chart: bool, svg: Path | None) -> None:
    """Show how much HOLDER had of ISSUER over time.

    \b
    Example:
      deals history stake anthropic amazon --chart
    """
    _history(query, "stake", issuer, holder, chart=chart, svg=svg)


@command.command("net")
@click.argument("a", type=PARTY)
@click.argument("b", type=PARTY)
@_CHART
@_SVG
@IN_CURRENCY
@query_options
def net(query: Query, a: str, b: str, chart: bool, svg: Path | None, currency: str | None) -> None:
    """Show the net cash from A to B over time.

    \b
    Example:
      deals history net microsoft openai --svg net.svg
    """
    _history(query, "net", a, b, chart=chart, svg=svg, currency=currency)


@command.command("commitment")
@click.argument("commitment_id", type=EVENT, metavar="ID")
@_CHART
@_SVG
@query_options
def commitment(query: Query, commitment_id: str, chart: bool, svg: Path | None) -> None:
    """Show what was open of a commitment over time.

    \b
    Example:
      deals history commitment D049 -f csv
    """
    _history(query, "commitment", commitment_id, chart=chart, svg=svg)


@command.command("circularity")
@click.argument("party", required=False, type=PARTY)
@_CHART
@_SVG
@web_options(since=True)
@query_options
def circularity(
    query: Query, asked: Asked, party: str | None, chart: bool, svg: Path | None
) -> None:
    """Show how much of the money goes round over time, or comes back to PARTY as revenue.

    Price moves stand on their days: of everybody, or of PARTY.

    \b
    Examples:
      deals history circularity --svg circularity.svg
      deals history circularity microsoft
    """
    from dealledger.cli.histories import Drawing, answer
    from dealledger.projections.answers.measures import circularity_measure, round_trip_measure
    from dealledger.projections.parties import find_party, name_of

    with query.view() as view:
        what = circularity_measure()
        if party is not None:
            slug = find_party(view, party)
            what = round_trip_measure(slug, name_of(view, slug))
        answer(query, view, asked, what, Drawing(chart, svg))


@command.command("concentration")
@click.argument("party", type=PARTY)
@click.option("--direction", type=click.Choice(["suppliers", "customers", "funders"]),
              default="suppliers", show_default=True, help="Which of its books.")  # fmt: skip
@_CHART
@_SVG
@web_options(since=True)
@query_options
def concentration(
    query: Query, asked: Asked, party: str, direction: Direction, chart: bool, svg: Path | None
) -> None:
    """Show how concentrated PARTY's suppliers, customers or funders were over time.

    \b
    Example:
      deals history concentration anthropic --direction funders
    """
    from dealledger.cli.histories import Drawing, answer
    from dealledger.projections.answers.measures import concentration_measure
    from dealledger.projections.parties import find_party, name_of

    with query.view() as view:
        slug = find_party(view, party)
        what = concentration_measure(slug, name_of(view, slug), direction)
        answer(query, view, asked, what, Drawing(chart, svg))


def _history(
    query: Query,
    what: str,
    *names: str,
    chart: bool,
    svg: Path | None,
    currency: str | None = None,
) -> None:
    from dealledger.cli.terminal.chart import bars
    from dealledger.cli.terminal.drawing import chart_of_steps, ends_of_days
    from dealledger.projections.answers.confidence import confidence_json, confidence_notes
    from dealledger.projections.answers.conversion import conversion, rates_extra, rates_notes
    from dealledger.projections.answers.tracing import history_columns, traced

    with query.view() as view:
        convert = conversion(view, currency)
        found = traced(view, what, names, open_ledger, currency=convert)
        columns = history_columns(found)
        steps = tuple(step for step in found.steps if step.effect)
        if chart:
            shown = ends_of_days(steps)
            drawn = dict(zip(shown, bars([step.after for step in shown]), strict=True))
            columns.insert(7, Column("bar", " ", lambda step: drawn.get(step, ""), narrow=True))
        if svg is not None:
            write(chart_of_steps(found, view), svg)
            write(f"drew {svg}: {caption(view)}", None)
            return
        sure = found.confidence()
        used = convert.used()
        extra: dict[str, Json | None] = {"confidence": confidence_json(sure), **rates_extra(used)}
        notes = [*rates_notes(used), *confidence_notes(sure)]
        query.answer(Report(found.title, columns, steps, extra, notes), view)
