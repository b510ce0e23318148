"""Merkle proofs: that a record stands in the tree, and that a tree only grew.

A proof is a short list of hashes, from which whoever holds a root computes it again without the
ledger. Making one takes a single pass over the leaf hashes and keeps none of them: the hashes of a
proof are roots of ranges of the log that do not overlap. Verifying is strict: each hash has 32
bytes, none is left over, and a tree without leaves proves nothing, so size 0 is for the caller.

Source: RFC 9162, sections 2.1.3 and 2.1.4 (the proofs of RFC 6962, section 2.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from dealledger.ledger.proof.merkle import HASH_BYTES, Frontier, node_hash

MOST_HASHES: Final = 64
"""No tree of fewer than 2**64 leaves needs more hashes in a proof."""


def inclusion_proof(leaves: Iterable[bytes], index: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that the leaf at *index*, counted from 0, is in the tree of *size* leaves.

    leaves: the leaf hashes from the first on; only `size` of them are read. Order of the proof: the
    leaf's sibling first, the root's child last.
    Raises: ValueError, if there is no such leaf or there are fewer leaves.
    Source: RFC 9162, section 2.1.3.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none at {index}")
    wanted: list[range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            wanted.append(range(middle, end))
            end = middle
        else:
            wanted.append(range(start, middle))
            start = middle
    return _roots(leaves, wanted[::-1], size)


def consistency_proof(leaves: Iterable[bytes], size1: int, size2: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of *size1* leaves is the beginning of that of *size2*.

    leaves: the leaf hashes from the first on; only `size2` of them are read.
    Raises: ValueError, unless 0 < size1 <= size2, or if there are fewer leaves.
    Source: RFC 9162, section 2.1.4.1.
    """
    if not 0 < size1 <= size2:
        raise ValueError(f"a tree of {size1} leaves is not the beginning of one of {size2}")
    wanted: list[range] = []
    start, end = 0, size2
    while end > size1:
        middle = start + _left_size(end - start)
        if size1 <= middle:
            wanted.append(range(middle, end))
            end = middle
        else:
            wanted.append(range(start, middle))
            start = middle
    # Where all of the older tree is one subtree of the newer, the verifier knows its root already.
    if start > 0:
        wanted.append(range(start, end))
    return _roots(leaves, wanted[::-1], size2)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether *proof* shows the leaf hash at *index*, from 0, in the tree with this root.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or not _well_formed(leaf, root, *proof):
        return False
    place, last, computed = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            computed = node_hash(each, computed)
            place, last = _past_lone_levels(place, last)
        else:
            computed = node_hash(computed, each)
        place, last = place >> 1, last >> 1
    return last == 0 and computed == root


def verify_consistency(
    size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes
) -> bool:
    """Tell whether *proof* shows that the tree of *size2* leaves begins with that of *size1*.

    False for size 0: everything begins with nothing, and no proof says more.
    Source: RFC 9162, section 2.1.4.2.
    """
    if not 0 < size1 <= size2 or not _well_formed(root1, root2, *proof):
        return False
    if size1 == size2:
        return not proof and root1 == root2
    if not proof:
        return False
    is_whole = size1 & (size1 - 1) == 0
    first, *rest = (root1, *proof) if is_whole else proof
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = first
    for each in rest:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(each, older), node_hash(each, newer)
            place, last = _past_lone_levels(place, last)
        else:
            newer = node_hash(newer, each)
        place, last = place >> 1, last >> 1
    return last == 0 and older == root1 and newer == root2


def _left_size(size: int) -> int:
    """Return the leaves in the left subtree: the largest power of two below *size*."""
    return 1 << ((size - 1).bit_length() - 1)


def _roots(leaves: Iterable[bytes], wanted: Sequence[range], size: int) -> tuple[bytes, ...]:
    """Return the root of each range of leaves, in the order of *wanted*, in one pass."""
    source, place = iter(leaves), 0
    roots: dict[range, bytes] = {}
    for each in sorted(wanted, key=lambda part: part.start):
        place += sum(1 for _ in islice(source, each.start - place))
        tree = Frontier().extended(islice(source, len(each)))
        place += tree.size
        roots[each] = tree.root()
    place += sum(1 for _ in islice(source, size - place))
    if place != size:
        raise ValueError(f"{place} leaves do not make a tree of {size}")
    return tuple(roots[each] for each in wanted)


def _well_formed(*hashes: bytes) -> bool:
    # Two of the hashes are the leaf or the roots.
    return len(hashes) <= MOST_HASHES + 2 and all(len(each) == HASH_BYTES for each in hashes)


def _past_lone_levels(place: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the last node moves up unchanged."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last
