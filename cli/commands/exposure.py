"""deals exposure PARTY: who would be hit, and how hard, if something happened to one party."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dealledger.cli.params import DAY, PARTY, Query, query_options
from dealledger.cli.web_options import web_options_since


@click.command("exposure")
@click.argument("party", type=PARTY)
@click.option(
    "--view",
    "which",
    type=click.Choice(["direct", "debtrank", "clearing"]),
    default="direct",
    show_default=True,
    help="direct: stakes, promises, revenue, and what would be lost also through others. "
    "debtrank: a loss that spreads through stakes. clearing: who can pay what is due.",
)
@click.option(
    "--capacities",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="For debtrank: what each party can lose. CSV: party, amount, currency, on, source.",
)
@click.option(
    "--cash",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="For clearing: what cash each party has.",
)
@click.option("--due", type=DAY, metavar="DATE", help="For clearing: until when promises fall due.")
@web_options_since
@query_options
def command(query: Query, **options: Any) -> None:
    """Show who is exposed to PARTY: three views, and never one score.

    What a party can lose, and its cash, are in no ledger: debtrank and clearing take them from a
    file in which each amount has a date and a source.

    \b
    Examples:
      deals exposure openai --as-of 2026-06-30
      deals exposure openai --view debtrank --capacities equity.csv
    """
    query.ask("exposure", **options)
