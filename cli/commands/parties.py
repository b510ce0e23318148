"""deals parties: who stands in the ledger."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import Query, query_options


@click.command("parties")
@click.option("--role", metavar="ROLE", help="Only parties with this role: lab, cloud, ...")
@query_options
def command(query: Query, **options: Any) -> None:
    """List the parties with their names, roles and aliases.

    \b
    Example:
      deals parties --role lab
    """
    query.ask("parties", **options)
