"""deals grant: let another role of PostgreSQL read a ledger, or append to it, and no more."""

from __future__ import annotations

from typing import Literal

import click

from dealledger.cli.params import open_ledger
from dealledger.cli.terminal.output import write


@click.command("grant")
@click.argument("role")
@click.option("--for", "purpose", type=click.Choice(["append", "read"]), required=True,
              help="What the role is to do.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only print the statements.")
def command(role: str, purpose: Literal["append", "read"], dry_run: bool) -> None:
    """Give a role of PostgreSQL the least that it takes to read a ledger, or to append to it.

    Run it as the ledger's owner. It prints the statements that it ran. A role that appends inserts
    only at the next positions, with the lines of these positions, and grows the head with them;
    it changes and removes nothing. An older ledger first gets the guards that see to that.

    \b
    Examples:
      deals --ledger postgresql://owner@localhost/deals grant clerk --for append
      deals --ledger postgresql://owner@localhost/deals grant auditor --for read --dry-run
    """
    with open_ledger() as ledger:
        done = ledger.grant(role, purpose, dry_run=dry_run)
    write("".join(f"{statement};\n" for statement in done), None)
