"""deals checkpoint: what to hand out, so that the record cannot be changed unnoticed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.evidence import PATH, key_option, read_checkpoint
from dealledger.cli.params import open_ledger
from dealledger.cli.terminal.output import tell, write

if TYPE_CHECKING:
    from dealledger.ledger import Ledger


@click.command("checkpoint")
@click.option("-o", "--output", type=PATH, metavar="FILE",
              help="Write to FILE. If it exists, it must hold an earlier checkpoint of the same "
              "record.")  # fmt: skip
@key_option
@click.option("--known-at", metavar="WHEN", help="Only what was recorded by then.")
@click.option("--fork", is_flag=True,
              help="Sign also what does not continue what the key last signed.")  # fmt: skip
def command(output: Path | None, key: Path | None, known_at: str | None, fork: bool) -> None:
    """Take a checkpoint: the origin, the number of events, and the Merkle root over them.

    Hand it to others, or keep it where the ledger's owner cannot reach it. Later, `deals verify
    --checkpoint` shows whether the ledger still begins with the same events. The root is computed
    from the stored bytes; if it is not the ledger's own, no checkpoint is taken. What a key last
    signed is kept beside it, in FILE.signed, and it signs nothing that does not continue that.

    \b
    Examples:
      deals checkpoint
      deals checkpoint --key ledger.key -o 2026-06-30.checkpoint
    """
    from dealledger.cli.signing import signed
    from dealledger.events import BadInput
    from dealledger.ledger.proof.note import Note

    if fork and key is None:
        raise BadInput("--fork is for a key", "say which with --key FILE")
    with open_ledger() as ledger:
        taken = ledger.checkpoint(known_at)
        if output is not None and output.is_file():
            _check_earlier(output, ledger, taken.size)
        note = signed(ledger, taken, key, fork=fork) if key else Note(taken.body())
    # Bytes: a terminal that is not UTF-8 must not put a question mark for the dash.
    write(note.to_bytes(), output)
    if output is not None:
        tell(f"wrote {output}: @{taken.size}, root {taken.root.hex()[:8]}")


def _check_earlier(file: Path, ledger: Ledger, size: int) -> None:
    """Refuse to replace what may be the only evidence against this ledger.

    Raises: BadInput, Unverified.
    """
    from dealledger.events import BadInput
    from dealledger.ledger.proof.note import Unverified

    kept, _ = read_checkpoint(file)
    try:
        ledger.grown_since(kept)
    except Unverified as error:
        raise Unverified(f"{file} is left as it is: {error.message}") from None
    if kept.size > size:
        raise BadInput(f"{file} is a later checkpoint, @{kept.size}", "choose another name")
