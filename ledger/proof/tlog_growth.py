"""Growth proofs: the record of one checkpoint begins with that of an earlier one.

The form is the request of C2SP `tlog-witness`: the earlier size, the hashes of the consistency
proof, and the later checkpoint; so the same bytes can be sent to a witness, which signs what only
grew. Whoever kept the earlier checkpoint verifies it without the ledger.

Source: C2SP tlog-witness, add-checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dealledger.events import BadInput
from dealledger.events.text import shown
from dealledger.ledger.proof.checkpoint import Checkpoint, open_checkpoint, parse_number
from dealledger.ledger.proof.merkle import EMPTY_ROOT
from dealledger.ledger.proof.note import Note, Unverified, base64_text, decode
from dealledger.ledger.proof.proofs import MOST_HASHES, consistency_proof, verify_consistency
from dealledger.ledger.proof.tlog_proof import parse_hash

_OLD: Final = "old "


@dataclass(frozen=True, slots=True)
class GrowthProof:
    """A growth proof. size: of the earlier record. note: the later checkpoint as handed out."""

    size: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: Note

    @classmethod
    def parse(cls, data: bytes) -> GrowthProof:
        """Return the proof that the bytes of a file hold.

        Raises: BadInput, also for more than 64 hashes.
        """
        head, blank, checkpoint = data.partition(b"\n\n")
        first, *lines = decode(head).split("\n")
        if not first.startswith(_OLD):
            raise BadInput("this is not a growth proof", "it begins with 'old' and a size")
        if not blank:
            raise BadInput("the proof ends before its checkpoint")
        size = parse_number(first.removeprefix(_OLD))
        if len(lines) > MOST_HASHES:
            raise BadInput(f"the proof has {len(lines):,} hashes", f"at most {MOST_HASHES}")
        hashes = tuple(parse_hash(line) for line in lines)
        return cls(size, hashes, *open_checkpoint(checkpoint))

    def to_bytes(self) -> bytes:
        """Return the bytes of the file."""
        lines = [f"{_OLD}{self.size}", *map(base64_text, self.hashes)]
        return ("\n".join(lines) + "\n\n").encode() + self.note.to_bytes()

    def check(self, earlier: Checkpoint) -> int:
        """Return how many records the ledger has grown since the *earlier* checkpoint.

        Who signed the later one is another question: `check_signed`.
        Raises: Unverified.
        """
        later = self.checkpoint
        if earlier.origin != later.origin:
            raise Unverified(
                f"the proof is of {shown(later.origin)}, "
                f"the earlier checkpoint of {shown(earlier.origin)}"
            )
        if earlier.size != self.size:
            raise Unverified(
                f"the proof begins at @{self.size}, the earlier checkpoint is @{earlier.size}"
            )
        if not self._holds(earlier):
            raise Unverified(
                f"not proven: the record of @{later.size} does not begin with that of the earlier "
                f"checkpoint @{earlier.size}"
            )
        return later.size - earlier.size

    def _holds(self, earlier: Checkpoint) -> bool:
        # Everything begins with the empty tree, and no hashes say more.
        if earlier.size == 0:
            return not self.hashes and earlier.root == EMPTY_ROOT
        later = self.checkpoint
        return verify_consistency(earlier.size, later.size, self.hashes, earlier.root, later.root)


def is_growth(data: bytes) -> bool:
    """Tell whether the bytes of a file mean to be a growth proof."""
    return data.startswith(_OLD.encode())


def make_growth(
    leaves: Iterable[bytes], earlier: Checkpoint, later: Checkpoint, note: Note
) -> GrowthProof:
    """Return the proof that the record of the *later* checkpoint begins with the *earlier* one's.

    leaves: the leaf hashes from the first on.
    Raises: Unverified, if it does not; ValueError, if there are fewer leaves, or the later is less.
    """
    hashes = consistency_proof(leaves, earlier.size, later.size) if earlier.size else ()
    proof = GrowthProof(earlier.size, hashes, later, note)
    proof.check(earlier)
    return proof
