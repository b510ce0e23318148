"""deals backup FILE: the ledger as a file, consistent, while others write."""

from __future__ import annotations

from pathlib import Path

import click

from dealledger.cli.appending import counted
from dealledger.cli.output import write
from dealledger.cli.params import open_ledger
from dealledger.cli.progress import bar


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
    import tempfile

    from dealledger.ledger import Ledger, LedgerExists, Unwritable

    if file.exists():
        raise LedgerExists(str(file))
    try:
        folder = tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-")
    except OSError as error:
        raise Unwritable(f"{file} cannot be written: {error.strerror}") from None
    with folder as name, open_ledger() as ledger:
        made = Path(name) / "deals.db"
        with Ledger.create(made) as copy, bar("backing up", ledger.head().size) as advance:
            ledger.copy_to(copy, advance)
            head = copy.head()
        # Linking fails if somebody else made FILE meanwhile; replacing would not.
        file.hardlink_to(made)
    write(f"copied {counted(head.size, 'event')} to {file}, root {head.tree.root().hex()}", None)
