"""deals dependencies [PARTY]: tied capital, rights that bind, and what is promised for how long."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import IN_CURRENCY, PARTY, Query, query_options


@click.command("dependencies")
@click.argument("party", required=False, type=PARTY)
@click.option(
    "--by",
    type=click.Choice(["ties", "lock-in", "rights"]),
    help="Only one table. ties: funding that has to be spent with the funder. lock-in: what is "
    "left to buy, and for how long. rights: those in force, and how long they last.",
)
@IN_CURRENCY
@click.option("--all", "everything", is_flag=True, help="With ties: also fundings without any.")
@query_options
def command(query: Query, **options: Any) -> None:
    """Show what a party depends on: tied capital, promises to suppliers, rights that bind.

    A tie is fulfilled by what the funded party pays later to whom it is tied. The average life
    of what is left to buy, and the years that it locks, count from the date that is asked for.

    \b
    Examples:
      deals dependencies openai --as-of 2025-10-28
      deals dependencies openai --by lock-in
      deals dependencies microsoft --by rights --as-of 2025-10-28
    """
    query.ask("dependencies", **options)
