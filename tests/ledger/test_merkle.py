"""The Merkle tree against published vectors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.ledger.proof.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "rfc6962_tree8.json").read_text())
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in VECTORS["leaf_inputs_hex"]]
SEQUENTIAL = {int(size): root for size, root in VECTORS["sequential_trees"].items()}


def test_hashes_are_those_of_rfc_6962() -> None:
    """The prefixes keep leaves and nodes apart."""
    checks = VECTORS["hasher_checks"]

    assert checks["empty"] == EMPTY_ROOT.hex()
    assert checks["empty_leaf"] == leaf_hash(b"").hex()
    assert checks["leaf_L123456"] == leaf_hash(b"L123456").hex()
    assert checks["node_N123_N456"] == node_hash(b"N123", b"N456").hex()


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_published_tree(size: int) -> None:
    """Each size of the tree of certificate transparency has the published root."""
    assert VECTORS["root_by_size"][size] == Frontier().extended(LEAVES[:size]).root().hex()


def test_roots_of_large_trees() -> None:
    """The frontier grows by one leaf at a time, over powers of two and their neighbours."""
    tree, found = Frontier(), {}
    for number in range(4_097):
        if number in SEQUENTIAL:
            found[number] = tree.root().hex()
        tree = tree.extended([leaf_hash(number.to_bytes(8, "big"))])

    assert {size: root for size, root in SEQUENTIAL.items() if size <= 4_096} == found


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8])
def test_frontier_is_kept_as_bytes(size: int) -> None:
    """What is stored is one hash per one bit of the size."""
    tree = Frontier().extended(LEAVES[:size])

    assert 32 * size.bit_count() == len(tree.to_bytes())
    assert tree == Frontier.from_bytes(size, tree.to_bytes())


@pytest.mark.parametrize(("size", "length"), [(0, 32), (1, 0), (1, 31), (2, 64), (3, 32)])
def test_bytes_of_another_size_are_refused(size: int, length: int) -> None:
    """Bytes that cannot be the frontier of that size are no tree."""
    with pytest.raises(ValueError, match=f"a tree of {size} leaves has no frontier of {length}"):
        Frontier.from_bytes(size, b"x" * length)


@given(st.lists(st.integers(1, 70), max_size=8))
def test_growing_by_any_number_is_growing_one_by_one(sizes: list[int]) -> None:
    """However the leaves come, the tree is the same."""
    leaves = [leaf_hash(number.to_bytes(8, "big")) for number in range(sum(sizes))]
    tree, alone, begin = Frontier(), Frontier(), 0
    for size in sizes:
        tree = tree.extended(leaves[begin : begin + size])
        for leaf in leaves[begin : begin + size]:
            alone = alone.extended([leaf])
        begin += size
        assert alone == tree
