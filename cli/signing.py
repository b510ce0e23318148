"""Signing a checkpoint, and never one that contradicts what the same key has signed before.

What a key last signed is kept beside it, in FILE.signed: the signed checkpoint itself, so that a
change of it shows. Source: C2SP tlog-checkpoint, "never sign a checkpoint inconsistent with one
signed before".
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dealledger.cli.evidence import read_checkpoint, read_key

if TYPE_CHECKING:
    from dealledger.ledger import Ledger
    from dealledger.ledger.proof.checkpoint import Checkpoint
    from dealledger.ledger.proof.note import Note, SigningKey


def signed(ledger: Ledger, checkpoint: Checkpoint, key: Path, *, fork: bool = False) -> Note:
    """Return the signed note, and remember it beside the key before it is handed out.

    fork: sign also what does not continue what the key last signed.
    Raises: Unverified, if it does not; BadInput; Unwritable, if nothing can be kept there.
    """
    from dealledger.cli.terminal.output_files import MEMORY, put
    from dealledger.ledger.proof.checkpoint import sign_checkpoint

    signer = read_key(key)
    note = sign_checkpoint(checkpoint, signer)
    memory = key.with_name(key.name + MEMORY)
    last = _last(memory, signer)
    if last is not None and not fork:
        _check_continues(ledger, checkpoint, last, memory)
    if last is None or fork or checkpoint.size > last.size:
        put((note.to_bytes(),), memory, is_memory=True)
    return note


def _last(memory: Path, signer: SigningKey) -> Checkpoint | None:
    """Return what the key last signed, if it is remembered; who changed that did not sign it.

    Raises: Unverified, BadInput.
    """
    from dealledger.ledger.proof.checkpoint import check_signed

    if not memory.exists():
        return None
    last, note = read_checkpoint(memory)
    check_signed(last, note, [signer.verifier()])
    return last


def _check_continues(
    ledger: Ledger, checkpoint: Checkpoint, last: Checkpoint, memory: Path
) -> None:
    from dealledger.ledger.proof.note import Unverified

    try:
        ledger.grown_since(last)
    except Unverified as error:
        raise Unverified(
            f"the key signed @{last.size} before, which this record does not continue: "
            f"{error.message}",
            f"see {memory}; deals checkpoint --fork signs all the same",
        ) from None
    if checkpoint.size == last.size and checkpoint.root != last.root:
        raise Unverified(f"the key signed another root at @{last.size}", f"see {memory}")
