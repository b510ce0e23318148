"""deals concentration [PARTY]: over how many others money is spread, and who of them are rivals."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import PARTY, Query, query_options
from dealledger.cli.web_options import web_options_since


@click.command("concentration")
@click.argument("party", required=False, type=PARTY)
@click.option(
    "--by",
    type=click.Choice(["direction", "rivals", "partners", "owners"]),
    default="direction",
    show_default=True,
    help="direction: suppliers, customers, funders, labs resold. rivals: what comes from rivals. "
    "partners: rivals that deal with each other. owners: rivals with the same owners.",
)
@web_options_since
@query_options
def command(query: Query, **options: Any) -> None:
    """Show how concentrated the suppliers, customers and funders of a party are.

    HHI is the sum of squared shares: 10,000 if one has all. The effective number is how many equal
    parts would be as concentrated; normalised is 0 if all are equal and 1 if one has all.

    \b
    Examples:
      deals concentration openai --layer committed
      deals concentration anthropic --by rivals --as-of 2026-06-30
      deals concentration --by partners
    """
    query.ask("concentration", **options)
