"""deals verify: is the record what was appended?"""

from __future__ import annotations

import click

from dealledger.cli.appending import counted
from dealledger.cli.main import CHECK_FAILED, DONE
from dealledger.cli.output import write
from dealledger.cli.params import open_ledger
from dealledger.cli.progress import bar


@click.command("verify")
def command() -> int:
    """Derive everything again from the stored bytes: leaf hashes, root, columns, journal, indexes.

    Exit code 1 and one line for each finding, if anything is not as it was appended. Keep the root
    elsewhere: who can change the whole file can also change the root inside of it.

    \b
    Example:
      deals verify
    """
    with open_ledger() as ledger:
        head = ledger.head()
        with bar("verifying", head.size) as advance:
            found = ledger.verify(advance)
    for finding in found.findings:
        click.echo(f"deals: {finding}", err=True)
    if found.findings:
        click.echo(f"deals: {counted(len(found.findings), 'finding')}", err=True)
        return CHECK_FAILED
    write(f"{counted(found.events, 'event')}, every one as appended", None)
    write(f"origin {head.origin}", None)
    write(f"root   {found.root}", None)
    return DONE
