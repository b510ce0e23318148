"""deals restore FILE: a ledger made from a backup."""

from __future__ import annotations

import os
from pathlib import Path

import click

from dealledger.cli.params import DEFAULT_FILE, LEDGER_VARIABLE
from dealledger.cli.terminal.output import tell
from dealledger.cli.terminal.progress import bar
from dealledger.cli.terminal.recorded import done, lasting, what_is_done
from dealledger.events.text import counted


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, file: Path) -> None:
    """Make a new ledger from a backup: deals.db here, or what --ledger or $DEALS_LEDGER names.

    Byte for byte: positions, moments of recording and root are those of the backup. An existing
    ledger is never restored over.

    \b
    Examples:
      deals --ledger restored.db restore deals-2026-06-30.db
      deals --ledger postgresql://localhost/deals restore deals-2026-06-30.db
    """
    from dealledger.ledger import Ledger
    from dealledger.ledger.naming import shown_name

    name = context.find_root().params["ledger"] or os.environ.get(LEDGER_VARIABLE) or DEFAULT_FILE
    with (
        lasting(),
        Ledger.open(file) as backup,
        bar("restoring", backup.head().size) as advance,
        Ledger.create(name, source=backup, progress=advance) as ledger,
    ):
        head = ledger.head()
        said = f"restored {counted(head.size, 'event')} to {shown_name(name)}"
        done(f"{said}, root {head.tree.root().hex()}")
    tell(what_is_done())
