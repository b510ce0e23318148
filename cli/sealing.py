"""Who seals a page, and how it is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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


def read_story(file: Path) -> str:
    """Return the text of a story. Raises: BadInput."""
    from dealledger.events import BadInput
    from dealledger.ledger.named_files import read_bytes
    from dealledger.web.story import LONGEST_BYTES

    try:
        return read_bytes(file, LONGEST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: this is not UTF-8: byte {error.start + 1} is wrong") from None


@contextmanager
def naming(story: Path | None) -> Iterator[None]:
    """Name the file of a story in what is wrong with one of its lines."""
    from dealledger.web.story import BadStory

    try:
        yield
    except BadStory as error:
        raise BadStory(f"{story}: {error.message}", error.hint) from None
