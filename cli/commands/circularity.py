"""deals circularity [PARTY]: how much of the money goes round, in the web or through one party."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import PARTY, Query, query_options
from dealledger.cli.web_options import web_options_since


@click.command("circularity")
@click.argument("party", required=False, type=PARTY)
@click.option("--shuffle", is_flag=True,
              help="Of PARTY: compare with 200 random orders of the same payments.")  # fmt: skip
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="N",
    help="What --shuffle draws from; the same seed draws the same. Default: 1.",
)
@web_options_since
@query_options
def command(query: Query, **options: Any) -> None:
    """Show how much money goes round: in the whole web, or back to PARTY.

    Of the web: what pairs pay each other, what goes round in proportion (BFF), at most (C*), and
    how much revenue there is for each unit that outsiders pay. Of PARTY: how much of its revenue
    is its own funding come back, at least and at most, whose money the revenue is, and what it
    gave its customers in shares.

    \b
    Examples:
      deals circularity --as-of 2025-12-31
      deals circularity microsoft --since 2024-01-01
      deals circularity amazon --shuffle
    """
    query.ask("circularity", **options)
