"""deals parties: who stands in the ledger."""

from __future__ import annotations

import click

from dealledger.cli.params import Query, query_options
from dealledger.projections.answers.report import Column, Report

COLUMNS = (
    Column("party", "Party"),
    Column("name", "Name"),
    Column("roles", "Roles"),
    Column("ticker", "Ticker", rank=2),
    Column("country", "Country", rank=3),
    Column("aliases", "Also called", rank=1),
    Column("since", "Since", wide=True),
    Column("events", "Events", wide=True),
)


@click.command("parties")
@click.option("--role", metavar="ROLE", help="Only parties with this role: lab, cloud, ...")
@query_options
def command(query: Query, role: str | None) -> None:
    """List the parties with their names, roles and aliases.

    \b
    Example:
      deals parties --role lab
    """
    from dealledger.projections.parties import parties

    with query.view() as view:
        rows = [row for row in parties(view) if role is None or role in row.roles]
        query.answer(Report("Parties", COLUMNS, rows), view)
