"""The published vectors of RFC 6962 and of C2SP: each part of the files is used, here or beside.

Notes: tests/ledger/test_note.py. Proofs: tests/ledger/test_proofs.py. Checkpoint bodies and the
proof file: tests/ledger/test_checkpoint.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from dealledger.ledger.proof.checkpoint import open_checkpoint, parse_number
from dealledger.ledger.proof.merkle import Frontier, leaf_hash, node_hash
from dealledger.ledger.proof.note import (
    SigningKey,
    VerifierKey,
    base64_bytes,
    parse_note,
    verify_note,
)
from dealledger.ledger.proof.proofs import verify_consistency

FOLDER: Final = Path(__file__).parent
NOTES: Final = json.loads((FOLDER / "signed_note.json").read_text())
TREE: Final = json.loads((FOLDER / "rfc6962_tree8.json").read_text())
TREES: Final = TREE["sequential_trees"]
GO, WORKED = NOTES["go_example"], NOTES["worked_example"]


def test_go_s_note_of_two_signatures() -> None:
    """Both keys verify, together and each alone, whatever stands beside."""
    note = parse_note(GO["note_two_sigs"].encode())
    keys = [VerifierKey.parse(GO["vkey"]), VerifierKey.parse(GO["vkey2"])]

    assert keys == [signed.key for signed in verify_note(note, keys)]
    for key in keys:
        assert [key] == [signed.key for signed in verify_note(note, [key])]


@pytest.mark.parametrize("size", ["0", "6", "8"])
def test_what_the_witness_signs(size: str) -> None:
    """The time and the whole body of the checkpoint; its signature is over these bytes."""
    row = WORKED["checkpoints"][size]
    witness = SigningKey(WORKED["witness_name"], bytes.fromhex(WORKED["witness_seed_hex"]))
    said = f"cosignature/v1\ntime {WORKED['cosignature_time']}\n{row['body']}"
    _, cosigned = parse_note(row["note"].encode()).signatures

    assert row["cosigned_message"] == said
    assert WORKED["cosignature_time"].to_bytes(8, "big") == cosigned.data[:8]
    assert witness.sign(said).data == cosigned.data[8:]
    assert bytes.fromhex(WORKED["witness_pub_hex"]) == witness.verifier().public


def test_the_request_to_a_witness_proves_that_the_log_grew() -> None:
    """From 6 records to 8: the hashes of the request lead from the one root to the other."""
    head, _, checkpoint = WORKED["add_checkpoint_request_6_to_8"].partition("\n\n")
    old, *lines = head.split("\n")
    newer, _ = open_checkpoint(checkpoint.encode())
    older, _ = open_checkpoint(WORKED["checkpoints"]["6"]["note"].encode())
    hashes = [base64_bytes(line) or b"" for line in lines]

    assert older.size == parse_number(old.removeprefix("old "))
    assert verify_consistency(older.size, newer.size, hashes, older.root, newer.root)
    assert not verify_consistency(older.size, newer.size, hashes[::-1], older.root, newer.root)


def test_every_node_of_the_tree_of_eight() -> None:
    """Level by level, each node over the two below it; the last one is the root."""
    level = [leaf_hash(bytes.fromhex(each)) for each in TREE["leaf_inputs_hex"]]
    for wanted in TREE["node_hashes_by_level"]:
        assert wanted == [each.hex() for each in level]
        root = level[0].hex()
        level = [node_hash(*pair) for pair in zip(level[::2], level[1::2], strict=False)]

    assert TREE["root_by_size"][8] == root
    assert [] == level


def test_roots_of_the_largest_trees() -> None:
    """Up to 100,000 records, over powers of two and their neighbours."""
    tree, done = Frontier(), 0
    for size in sorted(map(int, TREES)):
        leaves = (leaf_hash(number.to_bytes(8, "big")) for number in range(done, size))
        tree, done = tree.extended(leaves), size

        assert TREES[str(size)] == tree.root().hex()
