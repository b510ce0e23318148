"""deals rights [PARTY]: what is in force, and for how long."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import PARTY, Query, query_options


@click.command("rights")
@click.argument("party", required=False, type=PARTY)
@click.option("--all", "everything", is_flag=True, help="Also what has ended or is not agreed.")
@query_options
def command(query: Query, **options: Any) -> None:
    """Show the rights in force: licences, exclusivity, warrants, revenue shares, ...

    \b
    Example:
      deals rights microsoft --as-of 2025-10-28
    """
    query.ask("rights", **options)
