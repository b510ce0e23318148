"""deals reciprocity: how even the exchange is, between two parties and in the web."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import Query, query_options
from dealledger.cli.web_options import web_options_since


@click.command("reciprocity")
@click.option("--all", "everything", is_flag=True, help="Also pairs with money one way only.")
@web_options_since
@query_options
def command(query: Query, **options: Any) -> None:
    """Show how even the exchange is: 100 % if as much runs one way as the other.

    Capital for purchases is what one funded in the other and the other paid back as revenue;
    barter is what both bought from each other. There is no order in time in it: see cycles.

    \b
    Examples:
      deals reciprocity --as-of 2025-12-31
      deals reciprocity --layer paid,committed
    """
    query.ask("reciprocity", **options)
