"""deals relation A B: everything between two parties."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import PARTY, Query, query_options
from dealledger.cli.web_options import web_options


@click.command("relation")
@click.argument("a", type=PARTY)
@click.argument("b", type=PARTY)
@web_options
@query_options
def command(query: Query, **options: Any) -> None:
    """Show everything between A and B: stakes, cash, commitments, rights, rivalry, exchange.

    Reciprocity is 100 % if as much runs one way as the other. Capital for purchases is what one
    funded in the other and was paid back as revenue.

    \b
    Examples:
      deals relation microsoft openai --as-of 2025-10-28
      deals relation microsoft anthropic --layer paid,committed
    """
    query.ask("relation", **options)
