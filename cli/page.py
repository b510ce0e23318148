"""Who seals a page, and how it is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealledger.ledger import Ledger
    from dealledger.web.document import Sealed


def sealed(ledger: Ledger, key: Path | None = None) -> Sealed:
    """Return the checkpoint of all that a ledger holds now, signed if a file with a key is given.

    Raises: Unverified, if the stored records do not lead to the root of the head; BadInput.
    """
    from dealledger.cli.evidence import read_key
    from dealledger.cli.signing import signed
    from dealledger.ledger.proof.note import Note
    from dealledger.web.document import Sealed

    taken = ledger.checkpoint()
    if key is None:
        return Sealed(taken.size, Note(taken.body()).to_bytes().decode())
    note = signed(ledger, taken, key)
    return Sealed(taken.size, note.to_bytes().decode(), str(read_key(key).verifier()))
