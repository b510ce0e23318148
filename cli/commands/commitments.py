"""deals commitments [PARTY]: what was promised, drawn, and is still open."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import IN_CURRENCY, PARTY, Query, query_options


@click.command("commitments")
@click.argument("party", required=False, type=PARTY)
@click.option(
    "--by",
    type=click.Choice(["year", "band", "bearer"]),
    help="What is open by calendar year, by years from the date, or by who bears it.",
)
@click.option(
    "--side",
    type=click.Choice(["owes", "owed", "both"]),
    help="What PARTY owes, what it is owed, or both. Default: both; with --by: owes.",
)
@click.option("--open", "only_open", is_flag=True, help="Only what is live and not drawn in full.")
@IN_CURRENCY
@query_options
def command(query: Query, **options: Any) -> None:
    """Show commitments: committed, drawn, and what is still open.

    Two layers that never add up together: committed (definitive, reported) and announced. What
    backs another commitment is taken out of the consolidated total.

    \b
    Examples:
      deals commitments openai --as-of 2025-11-30
      deals commitments --by year -f csv
      deals commitments oracle --side owed --by band
    """
    query.ask("commitments", **options)
