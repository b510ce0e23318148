"""deals key new, deals key show: a key that signs checkpoints, and its public half."""

from __future__ import annotations

from pathlib import Path

import click

from dealledger.cli.evidence import PATH, read_key
from dealledger.cli.params import open_ledger
from dealledger.cli.terminal.output import write
from dealledger.cli.terminal.recorded import done


@click.group("key")
def command() -> None:
    """Make keys that sign checkpoints: Ed25519.

    \b
    Needs: pip install 'deal-ledger[sign]'

    \b
    Examples:
      deals key new -o ledger.key
      deals key show ledger.key
    """


@command.command("new")
@click.option("--name", metavar="ORIGIN", help="The ledger that it signs for. Default: this one.")
@click.option("-o", "--output", type=PATH, metavar="FILE", required=True,
              help="Where to write the secret key; never over a file that exists.")  # fmt: skip
def new(name: str | None, output: Path) -> None:
    """Make a key: the secret goes to a file that only you can read, the public key is printed.

    Keep the file secret: who has it can sign for the ledger. Give the printed line, the vkey, to
    everybody who is to verify checkpoints and proofs.

    \b
    Examples:
      deals key new -o ledger.key
      deals key new --name example.org/deals -o ledger.key
    """
    import secrets

    from dealledger.ledger.proof.note import SigningKey

    if name is None:
        with open_ledger() as ledger:
            name = ledger.head().origin
    key = SigningKey(name, secrets.token_bytes(32))
    vkey = str(key.verifier())
    _write_secret(key.secret_text() + "\n", output)
    done(f"wrote {output}; its public key: deals key show {output}")
    write(vkey, None)


@command.command("show")
@click.argument("file", type=PATH, metavar="FILE")
def show(file: Path) -> None:
    """Print the public key, the vkey, of a secret key file again; never the secret.

    \b
    Example:
      deals key show ledger.key
    """
    write(str(read_key(file).verifier()), None)


def _write_secret(text: str, file: Path) -> None:
    """Write a file that did not exist.

    Raises: BadInput, if there is something already; Unwritable.
    """
    from dealledger.cli.terminal.output_files import make_secret
    from dealledger.events import BadInput

    try:
        make_secret(text.encode(), file)
    except FileExistsError:
        raise BadInput(
            f"{file} exists already; nothing was changed", "choose another name"
        ) from None
