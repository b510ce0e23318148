"""deals history: one number over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealledger.cli.history_pictures import Drawing, drawing_options, show_points, show_steps
from dealledger.cli.params import EVENT, IN_CURRENCY, PARTY, Query, query_options
from dealledger.cli.web_options import web_options_since
from dealledger.projections.answers.webs import Asked

if TYPE_CHECKING:
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


@command.command("stake")
@click.argument("issuer", type=PARTY)
@click.argument("holder", type=PARTY)
@drawing_options
@query_options
def stake(query: Query, issuer: str, holder: str, drawing: Drawing) -> None:
    """Show how much HOLDER had of ISSUER over time.

    \b
    Example:
      deals history stake anthropic amazon --chart
    """
    show_steps(query, drawing, "stake", issuer, holder)


@command.command("net")
@click.argument("a", type=PARTY)
@click.argument("b", type=PARTY)
@drawing_options
@IN_CURRENCY
@query_options
def net(query: Query, a: str, b: str, drawing: Drawing, currency: str | None) -> None:
    """Show the net cash from A to B over time.

    \b
    Example:
      deals history net microsoft openai --svg net.svg
    """
    show_steps(query, drawing, "net", a, b, currency=currency)


@command.command("commitment")
@click.argument("commitment_id", type=EVENT, metavar="ID")
@drawing_options
@query_options
def commitment(query: Query, commitment_id: str, drawing: Drawing) -> None:
    """Show what was open of a commitment over time.

    \b
    Example:
      deals history commitment D049 -f csv
    """
    show_steps(query, drawing, "commitment", commitment_id)


@command.command("circularity")
@click.argument("party", required=False, type=PARTY)
@drawing_options
@web_options_since
@query_options
def circularity(query: Query, asked: Asked, party: str | None, drawing: Drawing) -> None:
    """Show how much of the money goes round over time, or comes back to PARTY as revenue.

    Price moves stand on their days: of everybody, or of PARTY.

    \b
    Examples:
      deals history circularity --svg circularity.svg
      deals history circularity microsoft
    """
    with query.view() as view:
        from dealledger.projections.answers.history import circularity_of

        show_points(query, drawing, view, asked, circularity_of(view, party))


@command.command("concentration")
@click.argument("party", type=PARTY)
@click.option("--direction", type=click.Choice(["suppliers", "customers", "funders"]),
              default="suppliers", show_default=True, help="Which of its books.")  # fmt: skip
@drawing_options
@web_options_since
@query_options
def concentration(
    query: Query, asked: Asked, party: str, direction: Direction, drawing: Drawing
) -> None:
    """Show how concentrated PARTY's suppliers, customers or funders were over time.

    \b
    Example:
      deals history concentration anthropic --direction funders
    """
    with query.view() as view:
        from dealledger.projections.answers.history import concentration_of

        show_points(query, drawing, view, asked, concentration_of(view, party, direction))
