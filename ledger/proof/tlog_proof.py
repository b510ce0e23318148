"""Proof files: one record, its place in the log, and a checkpoint; verified without the ledger.

The form is C2SP `tlog-proof`: the index, the hashes of the inclusion proof, and the checkpoint as
it was handed out. Its extra line carries the record's bytes here. Nobody vouches for that line, and
nobody has to: the verifier hashes the bytes, and others do not lead to the root.

Source: C2SP tlog-proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from dealledger.events import BadInput, canonical_bytes, read_object
from dealledger.events.text import shown
from dealledger.ledger.proof.checkpoint import Checkpoint, open_checkpoint, parse_number
from dealledger.ledger.proof.merkle import HASH_BYTES, leaf_hash
from dealledger.ledger.proof.note import (
    LONGEST_NOTE_BYTES,
    Note,
    Unverified,
    base64_bytes,
    base64_text,
    decode,
)
from dealledger.ledger.proof.proofs import MOST_HASHES, inclusion_proof, verify_inclusion

LONGEST_PROOF_BYTES: Final = 2 * LONGEST_NOTE_BYTES
_FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class LogProof:
    """A proof file. index: the record's place from 0. extra: the record's bytes, or nothing.

    note: the checkpoint as it was handed out, with its signatures.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: Note
    extra: bytes = b""

    @classmethod
    def parse(cls, data: bytes) -> LogProof:
        """Return the proof that the bytes of a file hold.

        Raises: BadInput, also for more than 64 hashes.
        """
        head, blank, checkpoint = data.partition(b"\n\n")
        lines = decode(head).split("\n")
        if lines.pop(0) != _FIRST_LINE:
            raise BadInput("this is not a proof file", f"it begins with {_FIRST_LINE}")
        if not blank:
            raise BadInput("the proof ends before its checkpoint")
        extra = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else b""
        index = parse_number(_after("index ", lines.pop(0) if lines else ""))
        if len(lines) > MOST_HASHES:
            raise BadInput(f"the proof has {len(lines):,} hashes", f"at most {MOST_HASHES}")
        hashes = tuple(parse_hash(line) for line in lines)
        return cls(index, hashes, *open_checkpoint(checkpoint), extra)

    def to_bytes(self) -> bytes:
        """Return the bytes of the file."""
        lines = [_FIRST_LINE]
        if self.extra:
            lines.append(f"extra {base64_text(self.extra)}")
        lines.append(f"index {self.index}")
        lines += map(base64_text, self.hashes)
        return ("\n".join(lines) + "\n\n").encode() + self.note.to_bytes()

    def check(self, body: bytes) -> None:
        """Check that the record with these bytes stands at the index in the checkpoint's tree.

        Who signed the checkpoint is another question: `check_signed`.
        Raises: Unverified.
        """
        size, root = self.checkpoint.size, self.checkpoint.root
        if not verify_inclusion(leaf_hash(body), self.index, size, self.hashes, root):
            raise Unverified("the record is not proven: its bytes do not lead to the root")

    def record(self, body: bytes) -> dict[str, Any]:
        """Return what the proven record says: its event, its place and when it was recorded.

        body: the record's bytes.
        Raises: BadInput, if it is none of a ledger of deals; Unverified, if this does not prove it,
        or it stands where it does not belong.
        """
        self.check(body)
        try:
            content = read_object(body)
            event = content["event"]
            texts = [event["id"], event["kind"], event["effective_on"], content["recorded_at"]]
            is_record = canonical_bytes(content) == body and all(isinstance(e, str) for e in texts)
        except (BadInput, KeyError, TypeError):
            is_record = False
        if not is_record:
            raise BadInput("what is proven is not a record of a ledger of deals")
        origin, place = self.checkpoint.origin, self.index + 1
        if (content.get("ledger"), content.get("position")) != (origin, place):
            raise Unverified(
                f"the record is not the one that belongs to @{place} of {shown(origin)}"
            )
        return content


def make_proof(
    body: bytes, index: int, leaves: Iterable[bytes], checkpoint: Checkpoint, note: Note
) -> LogProof:
    """Return the proof that the record at *index*, from 0, is in the checkpoint's tree.

    leaves: the leaf hashes from the first on. body: the record's stored bytes, which go along.
    Raises: Unverified, if the leaves do not lead to the checkpoint's root; ValueError, if there are
    fewer of them, or no such index.
    """
    hashes = inclusion_proof(leaves, index, checkpoint.size)
    proof = LogProof(index, hashes, checkpoint, note, body)
    proof.check(body)
    return proof


def _after(name: str, line: str) -> str:
    if not line.startswith(name):
        raise BadInput(f"{shown(line)} stands where the proof should say '{name.strip()}'")
    return line.removeprefix(name)


def _extra(line: str) -> bytes:
    data = base64_bytes(_after("extra ", line))
    if not data:
        raise BadInput("the extra line of the proof is not base64")
    return data


def parse_hash(line: str) -> bytes:
    """Return the hash that a line of a proof says.

    Raises: BadInput.
    """
    data = base64_bytes(line)
    if data is None or len(data) != HASH_BYTES:
        raise BadInput(f"{shown(line)} is not a hash", "32 bytes in base64")
    return data
