"""deals cycles: how money comes back to who paid it, and over whom."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import Query, query_options
from dealledger.cli.web_options import web_options_since


@click.command("cycles")
@click.option("--timed/--static", default=True,
              help="In the order of time (default), or of what pairs paid in all.")  # fmt: skip
@click.option("--within", type=click.IntRange(min=0), metavar="DAYS",
              help="Timed: at most so many days from the first amount to the last.")  # fmt: skip
@click.option("--length", type=click.IntRange(min=2), default=6, show_default=True, metavar="N",
              help="Over at most so many parties.")  # fmt: skip
@click.option("--limit", "-n", type=click.IntRange(min=1), default=50, show_default=True,
              metavar="N", help="Show only the N largest.")  # fmt: skip
@web_options_since
@query_options
def command(query: Query, **options: Any) -> None:
    """Show the cycles in which money comes back to who paid it, the largest first.

    Each amount follows the one before; --static asks what pairs paid in all, in any order.

    \b
    Examples:
      deals cycles --as-of 2025-12-31
      deals cycles --within 365
      deals cycles --static --layer paid,committed
    """
    query.ask("cycles", **options)
