"""Checkpoints and proof files: strict forms, who signed, and what the ledger must still hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dealledger.events import BadInput
from dealledger.ledger.proof.checkpoint import (
    Checkpoint,
    EventsMissing,
    Forked,
    OtherLedger,
    check_extends,
    check_signed,
    open_checkpoint,
    sign_checkpoint,
)
from dealledger.ledger.proof.merkle import EMPTY_ROOT, leaf_hash
from dealledger.ledger.proof.note import (
    Note,
    Signed,
    SigningKey,
    Unverified,
    VerifierKey,
)
from dealledger.ledger.proof.tlog_proof import LogProof, make_proof

FOLDER = Path(__file__).parent.parent / "vectors"
WORKED = json.loads((FOLDER / "signed_note.json").read_text())["worked_example"]
BAD_BODIES = json.loads((FOLDER / "signed_note.json").read_text())["reject_checkpoint_bodies"]
TREE = json.loads((FOLDER / "rfc6962_tree8.json").read_text())
BODIES = [bytes.fromhex(each) for each in TREE["leaf_inputs_hex"]]
LEAVES = [leaf_hash(each) for each in BODIES]
ROOTS = [bytes.fromhex(each) for each in TREE["root_by_size"]]
ORIGIN = WORKED["log_name"]
LOG, WITNESS = (VerifierKey.parse(WORKED[f"{each}_vkey"]) for each in ("log", "witness"))
KEY = SigningKey(ORIGIN, bytes.fromhex(WORKED["log_seed_hex"]))
PROOF = WORKED["tlog_proof_index5_size8"].encode()
NOTE = WORKED["checkpoints"]["8"]["note"].encode()


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in BAD_BODIES])
def test_bad_bodies_are_refused(row: dict[str, Any]) -> None:
    """Sizes that are no plain numbers, roots that are none, lines that miss or are empty."""
    with pytest.raises(BadInput):
        Checkpoint.parse(row["body"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "this is not a checkpoint (three lines: origin, size and root)"),
        ("a\n1\nAA==", "this is not a checkpoint (three lines: origin, size and root)"),
        ("a\n1\nAA==\n", "'AA==' is not a root (32 bytes in base64)"),
        ("\n1\nAA==\n", "the checkpoint names no origin"),
        (f"a\n٨\n{'A' * 43}=\n", "'٨' is not a size or index"),
        (
            f"a\n18446744073709551616\n{'A' * 43}=\n",
            "'18446744073709551616' is not a size or index",
        ),
        (f"a\n1\n{'A' * 43}=\n\n", "the checkpoint has an empty line"),
    ],
)
def test_a_bad_body_says_what_is_wrong(body: str, said: str) -> None:
    """One line each."""
    with pytest.raises(BadInput) as caught:
        Checkpoint.parse(body)
    assert said == str(caught.value)


@pytest.mark.parametrize("size", ["0", "6", "8"])
def test_the_worked_example_round_trips(size: str) -> None:
    """Body and note, byte for byte, also signed anew."""
    row = WORKED["checkpoints"][size]
    checkpoint, note = open_checkpoint(row["note"].encode())

    assert Checkpoint(ORIGIN, int(size), ROOTS[int(size)]) == checkpoint
    assert row["body"] == checkpoint.body()
    assert bytes.fromhex(row["signed_bytes_hex"]) == checkpoint.body().encode()
    assert row["note"].encode() == note.to_bytes()
    assert note.signatures[:1] == sign_checkpoint(checkpoint, KEY).signatures


def test_an_unsigned_checkpoint_is_its_body() -> None:
    """It is read, written and compared like another, and is signed by nobody."""
    body = Checkpoint(ORIGIN, 8, ROOTS[8]).body().encode()
    checkpoint, note = open_checkpoint(body)

    assert body == note.to_bytes()
    with pytest.raises(Unverified, match=r"^the checkpoint is not signed$"):
        check_signed(checkpoint, note, [LOG])


def test_further_lines_of_other_logs_are_kept() -> None:
    """They are allowed, and they are signed with the rest."""
    body = Checkpoint(ORIGIN, 8, ROOTS[8], ("more", "and more")).body()

    assert body.endswith("\nmore\nand more\n")
    assert Checkpoint(ORIGIN, 8, ROOTS[8], ("more", "and more")) == Checkpoint.parse(body)


def test_a_key_signs_only_for_the_ledger_it_is_named_after() -> None:
    """The name under a checkpoint is taken for the ledger's."""
    with pytest.raises(BadInput) as caught:
        sign_checkpoint(Checkpoint("other.example", 8, ROOTS[8]), KEY)
    assert (
        "the key is named 'ledger.example/deals', the ledger 'other.example' "
        "(make one for this ledger with: deals key new -o FILE)" == str(caught.value)
    )


def test_every_key_that_is_named_must_have_signed() -> None:
    """Log and witness have; another witness has not."""
    checkpoint, note = open_checkpoint(NOTE)
    other = VerifierKey("witness.example/w2", WITNESS.kind, WITNESS.public)

    assert (Signed(LOG), Signed(WITNESS, 1679315147)) == check_signed(
        checkpoint, note, [LOG, WITNESS]
    )
    with pytest.raises(Unverified) as caught:
        check_signed(checkpoint, note, [LOG, other])
    assert f"'witness.example/w2' has not signed with the key {other.id.hex()}" == str(caught.value)


def test_a_ledgers_key_does_not_speak_for_another_ledger() -> None:
    """A checkpoint of B signed by the key of A is refused, though the signature is right."""
    checkpoint = Checkpoint("other.example", 8, ROOTS[8])
    note = Note(checkpoint.body(), (KEY.sign(checkpoint.body()),))
    with pytest.raises(Unverified) as caught:
        check_signed(checkpoint, note, [LOG])
    assert "the checkpoint is of 'other.example', the key of 'ledger.example/deals'" == str(
        caught.value
    )


@pytest.mark.parametrize("size", range(9))
def test_a_ledger_that_grew_extends_its_checkpoints(size: int) -> None:
    """From nothing to everything; the answer is how many records came since."""
    checkpoint = Checkpoint(ORIGIN, size, ROOTS[size])

    assert 8 - size == check_extends(checkpoint, origin=ORIGIN, leaves=LEAVES)


@pytest.mark.parametrize(
    ("checkpoint", "kind", "said"),
    [
        (
            Checkpoint("other.example", 8, ROOTS[8]),
            OtherLedger,
            "the checkpoint is of 'other.example', this ledger is 'ledger.example/deals'",
        ),
        (
            Checkpoint(ORIGIN, 1_009, ROOTS[8]),
            EventsMissing,
            "events missing: the checkpoint has 1,009, the ledger 8",
        ),
        (
            Checkpoint(ORIGIN, 8, ROOTS[7]),
            Forked,
            "forked: the record up to @8 is not that of the checkpoint",
        ),
        (
            Checkpoint(ORIGIN, 5, ROOTS[6]),
            Forked,
            "forked: the record up to @5 is not that of the checkpoint",
        ),
        (
            Checkpoint(ORIGIN, 0, ROOTS[6]),
            Forked,
            "forked: the record up to @0 is not that of the checkpoint",
        ),
    ],
)
def test_a_ledger_that_changed_does_not(
    checkpoint: Checkpoint, kind: type[Unverified], said: str
) -> None:
    """Told apart: another ledger, a shorter one, another record."""
    with pytest.raises(kind) as caught:
        check_extends(checkpoint, origin=ORIGIN, leaves=LEAVES)
    assert said == str(caught.value)


def test_the_proof_of_the_worked_example_round_trips() -> None:
    """Read, written, made anew and verified; byte for byte."""
    proof = LogProof.parse(PROOF)
    checkpoint, note = open_checkpoint(NOTE)
    made = make_proof(BODIES[5], 5, LEAVES, checkpoint, note)

    assert PROOF == proof.to_bytes()
    assert (proof.index, proof.hashes) == (made.index, made.hashes)
    assert bytes.fromhex(WORKED["leaf5_hex"]) == made.extra == BODIES[5]
    proof.check(BODIES[5])
    assert made == LogProof.parse(made.to_bytes())
    assert b"c2sp.org/tlog-proof@v1\nextra QEFCQw==\nindex 5\n" == made.to_bytes()[:46]
    assert Signed(LOG) == check_signed(proof.checkpoint, proof.note, [LOG])[0]


def test_other_bytes_are_not_proven() -> None:
    """The record is one of a kind, and so is its place."""
    proof = LogProof.parse(PROOF)
    for body in (b"", BODIES[4], BODIES[5] + b"\0", BODIES[5][:-1]):
        with pytest.raises(Unverified) as caught:
            proof.check(body)
        assert "the record is not proven: its bytes do not lead to the root" == str(caught.value)


def test_a_proof_is_not_made_where_the_leaves_do_not_lead_to_the_root() -> None:
    """A proof that nobody can verify is not handed out."""
    checkpoint, note = open_checkpoint(NOTE)
    with pytest.raises(Unverified):
        make_proof(BODIES[5], 5, [*LEAVES[:7], LEAVES[0]], checkpoint, note)


H = "A" * 43 + "="
TAIL = "\n" + NOTE.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is not a proof file (it begins with c2sp.org/tlog-proof@v1)"),
        (
            "c2sp.org/tlog-proof@v2\n",
            "this is not a proof file (it begins with c2sp.org/tlog-proof@v1)",
        ),
        (
            " c2sp.org/tlog-proof@v1\n",
            "this is not a proof file (it begins with c2sp.org/tlog-proof@v1)",
        ),
        ("c2sp.org/tlog-proof@v1\r\n", "control character U+000D"),
        ("c2sp.org/tlog-proof@v1\nindex 5\n", "the proof ends before its checkpoint"),
        ("c2sp.org/tlog-proof@v1\n" + TAIL, "'' stands where the proof should say 'index'"),
        (
            f"c2sp.org/tlog-proof@v1\n{H}\n{TAIL}",
            f"'{H}' stands where the proof should say 'index'",
        ),
        (
            f"c2sp.org/tlog-proof@v1\nindex 5\nextra AA==\n{TAIL}",
            "'extra AA==' is not a hash (32 bytes in base64)",
        ),
        (
            f"c2sp.org/tlog-proof@v1\nextra \nindex 5\n{TAIL}",
            "the extra line of the proof is not base64",
        ),
        (
            f"c2sp.org/tlog-proof@v1\nextra aGl=\nindex 5\n{TAIL}",
            "the extra line of the proof is not base64",
        ),
        (f"c2sp.org/tlog-proof@v1\nindex 05\n{TAIL}", "'05' is not a size or index"),
        (f"c2sp.org/tlog-proof@v1\nindex  5\n{TAIL}", "' 5' is not a size or index"),
        (f"c2sp.org/tlog-proof@v1\nindex {2**64}\n{TAIL}", f"'{2**64}' is not a size or index"),
        (
            f"c2sp.org/tlog-proof@v1\nindex 5\nAA==\n{TAIL}",
            "'AA==' is not a hash (32 bytes in base64)",
        ),
        (
            "c2sp.org/tlog-proof@v1\nindex 5\n" + f"{H}\n" * 65 + TAIL,
            "the proof has 65 hashes (at most 64)",
        ),
        (
            "c2sp.org/tlog-proof@v1\nindex 5\n\n",
            "this is not a checkpoint (three lines: origin, size and root)",
        ),
        (
            f"c2sp.org/tlog-proof@v1\nindex 5\n\n{TAIL}",
            "the checkpoint names no origin",
        ),
    ],
)
def test_a_bad_proof_says_what_is_wrong(text: str, said: str) -> None:
    """One line each."""
    with pytest.raises(BadInput) as caught:
        LogProof.parse(text.encode())
    assert said == str(caught.value)


def test_a_million_lines_are_refused_at_once() -> None:
    """The file is not even split."""
    with pytest.raises(BadInput, match=r"^45,000,030 bytes are too many "):
        LogProof.parse(b"c2sp.org/tlog-proof@v1\nindex 5" + f"\n{H}".encode() * 1_000_000)


def holds(data: bytes) -> bool:
    """Tell whether a file proves leaf 5 under a checkpoint that log and witness signed."""
    try:
        proof = LogProof.parse(data)
        proof.check(BODIES[5])
        check_signed(proof.checkpoint, proof.note, [LOG, WITNESS])
    except (BadInput, Unverified):
        return False
    return True


def test_no_line_of_a_proof_can_be_left_out_or_exchanged() -> None:
    """What remains is malformed, or does not verify; only the order of signatures is free."""
    lines = PROOF.splitlines(keepends=True)
    for at in range(len(lines)):
        assert not holds(b"".join(lines[:at] + lines[at + 1 :]))
    for at in range(len(lines) - 1):
        swapped = b"".join([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]])
        assert holds(swapped) == (at == len(lines) - 2)


def test_no_byte_of_a_proof_can_be_changed() -> None:
    """Every byte is checked: by form, by hash or by signature."""
    assert holds(PROOF)
    for at in range(len(PROOF)):
        assert not holds(PROOF[:at] + PROOF[at + 1 :])
        for change in (1, 0x20, 0x80):
            assert not holds(PROOF[:at] + bytes([PROOF[at] ^ change]) + PROOF[at + 1 :])


def test_a_checkpoint_of_nothing_proves_nothing() -> None:
    """No index lies in an empty tree."""
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    with pytest.raises(Unverified):
        LogProof(0, (), empty, Note(empty.body())).check(b"")
