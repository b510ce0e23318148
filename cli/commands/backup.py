"""deals backup FILE: the ledger as a file, consistent, while others write."""

from __future__ import annotations

from pathlib import Path

import click

from dealledger.cli.params import open_ledger
from dealledger.cli.terminal.output import tell
from dealledger.cli.terminal.progress import bar
from dealledger.cli.terminal.recorded import done, lasting, what_is_done
from dealledger.events.text import counted


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Copy the ledger, record by record, into a new file that is a ledger itself.

    Positions, moments of recording, bytes and root are the same, also from PostgreSQL. Every record
    is verified on the way; FILE appears only when all is copied.

    \b
    Example:
      deals backup deals-2026-06-30.db
    """
    from dealledger.ledger import Ledger

    with (
        lasting(),
        open_ledger() as ledger,
        bar("backing up", ledger.head().size) as advance,
        Ledger.create(file, source=ledger, progress=advance) as copy,
    ):
        head = copy.head()
        said = f"copied {counted(head.size, 'event')} to {file}"
        done(f"{said}, root {head.tree.root().hex()}")
    tell(what_is_done())
