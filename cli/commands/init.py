"""deals init: make an empty ledger."""

from __future__ import annotations

import os

import click

from dealledger.cli.params import DEFAULT_FILE, LEDGER_VARIABLE
from dealledger.cli.terminal.output import tell
from dealledger.cli.terminal.recorded import done, lasting, what_is_done


@click.command("init")
@click.option("--origin", metavar="NAME",
              help="What every record says it belongs to; best a URL of yours without https://. "
              "Default: a random name.")  # fmt: skip
@click.pass_context
def command(context: click.Context, origin: str | None) -> None:
    """Make an empty ledger: deals.db here, or what --ledger or $DEALS_LEDGER names.

    \b
    Examples:
      deals init --origin example.org/deals
      deals --ledger postgresql://localhost/deals init
    """
    from dealledger.ledger import Ledger
    from dealledger.ledger.naming import shown_name

    name = context.find_root().params["ledger"] or os.environ.get(LEDGER_VARIABLE) or DEFAULT_FILE
    with lasting(), Ledger.create(name, origin=origin) as ledger:
        done(f"made {shown_name(name)} with origin {ledger.head().origin}")
    tell(what_is_done())
