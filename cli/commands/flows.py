"""deals flows [PARTY]: the cash that moved."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import IN_CURRENCY, PARTY, Query, query_options


@click.command("flows")
@click.argument("party", required=False, type=PARTY)
@click.option(
    "--by",
    type=click.Choice(["party", "pair", "kind", "year"]),
    default="party",
    show_default=True,
    help="What a row stands for.",
)
@IN_CURRENCY
@click.option("--accrue", is_flag=True,
              help="Count amounts with a period straight-line by days.")  # fmt: skip
@query_options
def command(query: Query, **options: Any) -> None:
    """Show the cash that moved: fundings (unless in credits) and payments, gross and net.

    What holders paid each other for stakes, and funding in credits, are not in it: a line says so.

    An amount that is known only for a period counts in full when the period ends; `between` says
    how far the net can be off while the date lies inside of such periods.

    \b
    Examples:
      deals flows --as-of 2025-12-31
      deals flows microsoft --by pair --as-of 2024-12-31 --announced-by 2024-12-31
      deals flows --by year --in USD
    """
    query.ask("flows", **options)
