"""The Merkle tree over the log: one hash that commits to every record and its place.

SHA-256 with the two prefixes of RFC 6962 section 2.1 (RFC 9162 section 2.1), so that a node is
never taken for a leaf; an odd node moves up unchanged. An append keeps only the frontier: the
roots of the perfect subtrees that the size, read in binary, consists of. No proofs are made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
_CHUNK: Final = 1 << 12


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of one record's stored bytes."""
    return sha256(b"\x00" + body).digest()


def leaf_hashes(bodies: Iterable[bytes]) -> list[bytes]:
    """Return the hashes of many records' stored bytes."""
    return [sha256(b"\x00" + body).digest() for body in bodies]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The tree of `size` leaves, kept as the roots of its perfect subtrees, the largest first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Frontier:
        """Return the frontier that `to_bytes` wrote.

        Raises: ValueError, if the bytes do not belong to a tree of that size.
        """
        if len(data) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"a tree of {size} leaves has no frontier of {len(data)} bytes")
        starts = range(0, len(data), HASH_BYTES)
        return cls(size, tuple(data[start : start + HASH_BYTES] for start in starts))

    def to_bytes(self) -> bytes:
        """Return the roots one after the other."""
        return b"".join(self.roots)

    def extended(
        self,
        leaves: Iterable[bytes],
        note: Callable[[int, list[bytes]], None] = lambda height, roots: None,
    ) -> Frontier:
        """Return the tree with more leaf hashes at its end.

        note: called with a height and the roots of the perfect subtrees of 2**height leaves that
        the new leaves complete, in their order.
        """
        tree, leaves = self, iter(leaves)
        while chunk := list(islice(leaves, _CHUNK)):
            tree = tree._extended(chunk, note)
        return tree

    def _extended(self, hashes: list[bytes], note: Callable[[int, list[bytes]], None]) -> Frontier:
        """Go up level by level: pair what is new, after the subtree that waits for a sibling."""
        size, waiting, left = self.size + len(hashes), list(self.roots), []
        height = 0
        while hashes:
            note(height, hashes)
            if self.size >> height & 1:
                hashes = [waiting.pop(), *hashes]
            if len(hashes) % 2:
                *hashes, last = hashes
                left.append(last)
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [sha256(b"\x01" + one + two).digest() for one, two in pairs]
            height += 1
        return Frontier(size, (*waiting, *reversed(left)))

    def root(self) -> bytes:
        """Return MTH of RFC 6962: the root hash of the whole tree."""
        if not self.roots:
            return EMPTY_ROOT
        *rest, root = self.roots
        for left in reversed(rest):
            root = node_hash(left, root)
        return root
