"""Checkpoints: what is handed out, so that nobody can change the record unnoticed later.

A checkpoint is three lines: the ledger's origin, how many records it has, and the Merkle root over
them; under it, if it is a note, who signed that. Kept by somebody else, it shows whether a ledger
still begins with the same records. Parsing is strict; there are no files and no clock here.

Source: C2SP tlog-checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from dealledger.events import BadInput
from dealledger.events.text import shown
from dealledger.ledger.proof.merkle import HASH_BYTES, Frontier
from dealledger.ledger.proof.note import (
    ED25519,
    Note,
    Signed,
    SigningKey,
    Unverified,
    VerifierKey,
    base64_bytes,
    base64_text,
    decode,
    parse_note,
    verify_note,
)

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,19}")


class OtherLedger(Unverified):
    """The checkpoint belongs to another ledger."""

    def __init__(self, *, checkpoint: str, ledger: str) -> None:
        self.checkpoint, self.ledger = checkpoint, ledger
        super().__init__(
            f"the checkpoint is of {shown(checkpoint)}, this ledger is {shown(ledger)}"
        )


class EventsMissing(Unverified):
    """The ledger holds fewer events than the checkpoint counts."""

    def __init__(self, *, checkpoint: int, ledger: int) -> None:
        self.checkpoint, self.ledger = checkpoint, ledger
        super().__init__(
            f"events missing: the checkpoint has {checkpoint:,}, the ledger {ledger:,}"
        )


class Forked(Unverified):
    """The ledger has at least as many events as the checkpoint, and not the same ones."""

    def __init__(self, *, size: int) -> None:
        self.size = size
        super().__init__(f"forked: the record up to @{size} is not that of the checkpoint")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The ledger *origin* had this root over its first *size* records. root: 32 bytes.

    extensions: further lines, which other logs may write; ours has none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, body: str) -> Checkpoint:
        """Return the checkpoint of a body, which is the text of the note.

        Raises: BadInput.
        """
        lines = body.split("\n")
        if len(lines) < 4 or lines.pop():
            raise BadInput("this is not a checkpoint", "three lines: origin, size and root")
        origin, size, root, *extensions = lines
        if not origin:
            raise BadInput("the checkpoint names no origin")
        data = base64_bytes(root)
        if data is None or len(data) != HASH_BYTES:
            raise BadInput(f"{shown(root)} is not a root", "32 bytes in base64")
        if "" in extensions:
            raise BadInput("the checkpoint has an empty line")
        return cls(origin, parse_number(size), data, tuple(extensions))

    def body(self) -> str:
        """Return the lines that are signed."""
        return "".join(
            f"{line}\n"
            for line in (self.origin, str(self.size), base64_text(self.root), *self.extensions)
        )


def parse_number(text: str) -> int:
    """Return a size or an index: ASCII digits, no leading zero, below 2**64.

    Raises: BadInput; `int` alone would take `+8`, `8_0` and digits of other scripts.
    """
    if not _NUMBER.fullmatch(text) or int(text) >= 1 << 64:
        raise BadInput(f"{shown(text)} is not a size or index")
    return int(text)


def open_checkpoint(data: bytes) -> tuple[Checkpoint, Note]:
    """Return the checkpoint that *data* holds, and its note; unsigned, the note is the body alone.

    Raises: BadInput.
    """
    note = parse_note(data) if b"\n\n" in data else Note(decode(data))
    return Checkpoint.parse(note.text), note


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> Note:
    """Return the signed note.

    Raises: BadInput, if the key has another name than the ledger: who reads the note takes the
    name for the ledger's.
    """
    if key.name != checkpoint.origin:
        raise BadInput(
            f"the key is named {shown(key.name)}, the ledger {shown(checkpoint.origin)}",
            "make one for this ledger with: deals key new -o FILE",
        )
    body = checkpoint.body()
    return Note(body, (key.sign(body),))


def check_signed(
    checkpoint: Checkpoint, note: Note, keys: Iterable[VerifierKey]
) -> tuple[Signed, ...]:
    """Return the signatures by *keys*: every one of these must have signed.

    A key that is no witness's speaks only for the ledger it is named after.
    Raises: Unverified; DealLedgerError, without the cryptography package.
    """
    keys = tuple(keys)
    if not note.signatures:
        raise Unverified("the checkpoint is not signed")
    for key in keys:
        if key.kind == ED25519 and key.name != checkpoint.origin:
            raise Unverified(
                f"the checkpoint is of {shown(checkpoint.origin)}, the key of {shown(key.name)}"
            )
    signed = verify_note(note, keys)
    for key in keys:
        if key not in {each.key for each in signed}:
            raise Unverified(f"{shown(key.name)} has not signed with the key {key.id.hex()}")
    return signed


def checkpoint_of(
    origin: str, tree: Frontier, leaves: Iterable[bytes], position: int
) -> Checkpoint:
    """Return the checkpoint of a record up to a position.

    tree: what the record says of all its leaves.
    Raises: Unverified, if the leaves do not lead to that.
    """
    leaves = iter(leaves)
    then = Frontier().extended(islice(leaves, position))
    if then.extended(leaves) != tree:
        raise Unverified(
            "the stored records do not lead to the root of the head; no checkpoint is taken",
            "run: deals verify",
        )
    return Checkpoint(origin, position, then.root())


def check_extends(checkpoint: Checkpoint, *, origin: str, leaves: Iterable[bytes]) -> int:
    """Return how many records a ledger has grown since *checkpoint* was taken of it.

    leaves: the hashes of the ledger's records, from the stored bytes; all of them are read.
    Raises: OtherLedger, EventsMissing, Forked.
    """
    if checkpoint.origin != origin:
        raise OtherLedger(checkpoint=checkpoint.origin, ledger=origin)
    source = iter(leaves)
    tree = Frontier().extended(islice(source, checkpoint.size))
    if tree.size < checkpoint.size:
        raise EventsMissing(checkpoint=checkpoint.size, ledger=tree.size)
    if tree.root() != checkpoint.root:
        raise Forked(size=checkpoint.size)
    return sum(1 for _ in source)
