"""Merkle proofs: the published vectors, a naive implementation, and every way to bend a proof."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.ledger.proof.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash
from dealledger.ledger.proof.proofs import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)

TREE = json.loads((Path(__file__).parent.parent / "vectors" / "rfc6962_tree8.json").read_text())
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in TREE["leaf_inputs_hex"]]
ROOTS = [bytes.fromhex(each) for each in TREE["root_by_size"]]
MANY = [sha256(bytes([number])).digest() for number in range(130)]


def hashes(row: dict[str, Any]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(each) for each in row["proof"])


def bent(proof: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """Yield proofs that differ from *proof*: one bit, one byte, one hash, or their order."""
    stranger = sha256(b"stranger").digest()
    for at, each in enumerate(proof):
        before, after = proof[:at], proof[at + 1 :]
        yield (*before, bytes([each[0] ^ 1]) + each[1:], *after)
        yield (*before, each[:-1], *after)
        yield (*before, each + b"\0", *after)
        yield (*before, b"", *after)
        yield before + after
        yield (*before, each, each, *after)
        yield (*before, stranger, each, *after)
    yield (*proof, stranger)
    yield (*proof, *[stranger] * 64)
    if proof != proof[::-1]:
        yield proof[::-1]


def naive_root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = naive_split(len(leaves))
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def naive_split(size: int) -> int:
    split = 1
    while split * 2 < size:
        split *= 2
    return split


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = naive_split(len(leaves))
    if index < split:
        return [*naive_path(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive_root(leaves[:split])]


def naive_subproof(size: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if whole else [naive_root(leaves)]
    split = naive_split(len(leaves))
    if size <= split:
        right = naive_root(leaves[split:])
        return [*naive_subproof(size, leaves[:split], whole=whole), right]
    left = naive_root(leaves[:split])
    return [*naive_subproof(size - split, leaves[split:], whole=False), left]


@pytest.mark.parametrize("row", TREE["inclusion"])
def test_inclusion_proofs_are_those_of_the_vectors(row: dict[str, Any]) -> None:
    """Made and verified, for every leaf of every tree of up to 8 leaves."""
    index, size = row["leaf_index"], row["tree_size"]

    assert hashes(row) == inclusion_proof(LEAVES, index, size)
    assert LEAVES[index] == bytes.fromhex(row["leaf_hash"])
    assert verify_inclusion(LEAVES[index], index, size, hashes(row), bytes.fromhex(row["root"]))


@pytest.mark.parametrize("row", TREE["consistency"])
def test_consistency_proofs_are_those_of_the_vectors(row: dict[str, Any]) -> None:
    """Made and verified, for every two trees of up to 8 leaves."""
    size1, size2 = row["size1"], row["size2"]
    root1, root2 = bytes.fromhex(row["root1"]), bytes.fromhex(row["root2"])

    assert hashes(row) == consistency_proof(LEAVES, size1, size2)
    assert verify_consistency(size1, size2, hashes(row), root1, root2)


@pytest.mark.parametrize("row", TREE["inclusion"])
def test_a_bent_inclusion_proof_is_refused(row: dict[str, Any]) -> None:
    """Another hash, place, leaf or root, or a tree of another size with its root."""
    index, size, proof = row["leaf_index"], row["tree_size"], hashes(row)
    leaf, root = LEAVES[index], ROOTS[size]

    assert not any(verify_inclusion(leaf, index, size, each, root) for each in bent(proof))
    for other in {*range(-1, 10), 2**64} - {index}:
        assert not verify_inclusion(leaf, other, size, proof, root)
    for other in set(range(9)) - {size}:
        assert not verify_inclusion(leaf, index, other, proof, ROOTS[other])
        assert not verify_inclusion(leaf, index, size, proof, ROOTS[other])
    for wrong in (*(each for each in LEAVES if each != leaf), leaf[:-1], leaf + b"\0", b""):
        assert not verify_inclusion(wrong, index, size, proof, root)
    for wrong in (root[:-1], root + b"\0", b""):
        assert not verify_inclusion(leaf, index, size, proof, wrong)


@pytest.mark.parametrize("row", TREE["consistency"])
def test_a_bent_consistency_proof_is_refused(row: dict[str, Any]) -> None:
    """Another hash or root, sizes in the other order, or sizes that are none."""
    size1, size2, proof = row["size1"], row["size2"], hashes(row)
    root1, root2 = ROOTS[size1], ROOTS[size2]

    assert not any(verify_consistency(size1, size2, each, root1, root2) for each in bent(proof))
    for wrong in (EMPTY_ROOT, root1[:-1], root1 + b"\0", b"", sha256(root1).digest()):
        assert not verify_consistency(size1, size2, proof, wrong, root2)
        assert not verify_consistency(size1, size2, proof, root1, wrong)
    for first, second in ((0, size2), (-1, size2), (size2 + 1, size2), (0, 0)):
        assert not verify_consistency(first, second, proof, root1, root2)


def test_roots_that_are_no_hashes_prove_nothing() -> None:
    """Equal texts of another length are no roots, also where there is nothing to compute."""
    assert not verify_consistency(1, 1, (), b"same", b"same")
    assert not verify_inclusion(b"same", 0, 1, (), b"same")


def test_the_empty_tree_is_no_beginning() -> None:
    """Size 0 is the caller's: no proof is made for it and none verifies."""
    with pytest.raises(ValueError, match=r"^a tree of 0 leaves is not the beginning of one of 8$"):
        consistency_proof(LEAVES, 0, 8)
    assert not verify_consistency(0, 8, (), EMPTY_ROOT, ROOTS[8])


@pytest.mark.parametrize(("index", "size"), [(8, 8), (-1, 8), (0, 0)])
def test_what_is_not_there_is_not_proven(index: int, size: int) -> None:
    """The index must lie in the tree."""
    with pytest.raises(ValueError, match=rf"^a tree of {size} leaves has none at {index}$"):
        inclusion_proof(LEAVES, index, size)


def test_too_few_leaves_make_no_proof() -> None:
    """A ledger that lost its end is found out."""
    with pytest.raises(ValueError, match=r"^8 leaves do not make a tree of 9$"):
        inclusion_proof(LEAVES, 0, 9)
    with pytest.raises(ValueError, match=r"^8 leaves do not make a tree of 9$"):
        consistency_proof(LEAVES, 8, 9)


def test_leaves_are_read_once_and_not_beyond_the_tree() -> None:
    """A generator will do; what stands behind the tree is left in it."""
    source = iter(MANY)

    assert naive_path(3, MANY[:100]) == list(inclusion_proof(source, 3, 100))
    assert MANY[100] == next(source)


@given(st.data())
def test_proofs_are_those_of_the_recursive_definition(data: st.DataObject) -> None:
    """PATH and PROOF of the RFC, written down as they stand there, give the same hashes."""
    size = data.draw(st.integers(1, len(MANY)))
    index = data.draw(st.integers(0, size - 1))
    earlier = data.draw(st.integers(1, size))
    leaves = MANY[:size]
    root, root1 = naive_root(leaves), naive_root(leaves[:earlier])
    path, grown = inclusion_proof(leaves, index, size), consistency_proof(leaves, earlier, size)

    assert root == Frontier().extended(leaves).root()
    assert naive_path(index, leaves) == list(path)
    assert naive_subproof(earlier, leaves, whole=True) == list(grown)
    assert verify_inclusion(leaves[index], index, size, path, root)
    assert verify_consistency(earlier, size, grown, root1, root)
    assert not any(verify_inclusion(leaves[index], index, size, each, root) for each in bent(path))
    assert not any(verify_consistency(earlier, size, each, root1, root) for each in bent(grown))
