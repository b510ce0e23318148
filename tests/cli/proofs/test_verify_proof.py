"""deals verify-proof: what a proof proves without a ledger, and which proofs fail."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.proving import KEY, ORIGIN, OTHER, ROOT, VKEY, Deals, failed

from dealledger.events import canonical_bytes
from dealledger.ledger.proof.checkpoint import Checkpoint
from dealledger.ledger.proof.merkle import leaf_hash
from dealledger.ledger.proof.note import Note, SigningKey, Unverified
from dealledger.ledger.proof.tlog_proof import LogProof, make_proof

VECTORS = Path(__file__).parents[2] / "vectors" / "signed_note.json"


def test_a_proof_needs_no_ledger(deals: Deals) -> None:
    """A third party with the file and the vkey sees what is proven."""
    assert (0, "wrote p: f1 is @3 of 5\n", "") == deals("prove f1 --key ledger.key -o p")
    Path("deals.db").unlink()

    code, out, err = deals(f"verify-proof p --vkey {VKEY}")
    shown = [tuple(line.split(maxsplit=1)) for line in out.splitlines()[4:-1]]
    assert (0, "") == (code, err)
    assert "f1: @3 in the record of example.org/deals" == out.splitlines()[0]
    assert f"signed by {ORIGIN}, key {KEY.verifier().id.hex()}" == out.splitlines()[-1]
    assert [
        ("id", "f1"),
        ("kind", "funding"),
        ("effective_on", "2024-02-01"),
        ("amount", "10"),
        ("announced_on", "2024-02-01"),
        ("currency", "USD"),
        ("investee", "l"),
        ("investor", "n"),
        ("source_title", "A filing"),
        ("recorded_at", "2025-06-15T15:06:40.000000Z"),
        ("actor", "ada"),
        ("origin", ORIGIN),
        ("position", "3"),
        ("size", "5"),
    ] == shown[:-1]


def test_a_proof_answers_programs(deals: Deals) -> None:
    """The keys that the documentation names."""
    deals("prove f1 --key ledger.key -o p")
    found = json.loads(deals(f"verify-proof p --vkey {VKEY} -f json").out)

    assert ("f1", 3, 5, ORIGIN, "ada") == (
        found["event"]["id"],
        found["position"],
        found["size"],
        found["origin"],
        found["actor"],
    )
    assert [{"name": ORIGIN, "key_id": KEY.verifier().id.hex(), "time": None}] == found["signed_by"]
    assert found["root"].startswith(ROOT)


def test_who_signed_is_said_as_far_as_it_is_known(deals: Deals) -> None:
    """Not asked, not signed, by another key, for another ledger, badly."""
    deals("prove f1 --key ledger.key -o p")
    deals("prove f1 -o unsigned")
    stranger = SigningKey(ORIGIN, bytes(32)).verifier()
    unchecked = (
        "who signed the checkpoint was not checked: say who must have with --vkey or --policy"
    )
    unsigned = "the checkpoint is not signed: trust it only if you know where it comes from"

    assert unchecked == deals("verify-proof p --wide").out.splitlines()[-1]
    assert unsigned == deals("verify-proof unsigned").out.splitlines()[-1]
    for line, said in (
        (f"verify-proof unsigned --vkey {VKEY}", "the checkpoint is not signed"),
        (f"verify-proof p --vkey {stranger}", "no signature of the note is by a known key"),
        (
            f"verify-proof p --vkey {VKEY} --vkey {stranger}",
            f"'{ORIGIN}' has not signed with the key {stranger.id.hex()}",
        ),
        (
            f"verify-proof p --vkey {OTHER.verifier()}",
            f"the checkpoint is of '{ORIGIN}', the key of 'other.example/deals'",
        ),
    ):
        assert failed(1, said) == deals(line)


def test_a_bent_proof_fails_the_check(deals: Deals) -> None:
    """Another record, another size, another signature: exit code 1 and one line."""
    deals("prove f1 --key ledger.key -o p")
    deals("prove r1 --key ledger.key -o q")
    good, other = (Path(name).read_text() for name in "pq")
    extra, wrong = good.splitlines()[1], other.splitlines()[1]
    signature = good.splitlines()[-1]
    for text, said in (
        (
            good.replace(extra, wrong),
            "the record is not proven: its bytes do not lead to the root",
        ),
        (
            good.replace("index 2", "index 3"),
            "the record is not proven: its bytes do not lead to the root",
        ),
        (
            good.replace("\n5\n", "\n6\n"),
            f"the signature by '{ORIGIN}' is wrong",
        ),
        (
            good.replace(signature, f"{signature[:-8]}AAAAAAA="),
            f"the signature by '{ORIGIN}' is wrong",
        ),
    ):
        Path("bent").write_text(text)
        assert failed(1, said) == deals(f"verify-proof bent --vkey {VKEY}")


def test_a_malformed_proof_is_bad_input(deals: Deals) -> None:
    """Exit code 2, and the line names the file."""
    deals("prove f1 -o p")
    Path("empty").touch()
    Path("binary").write_bytes(b"PK\xff\x00")
    Path("long").write_bytes(b"x" * 2_000_001)
    Path("cut").write_bytes(Path("p").read_bytes()[:-1])
    Path("bare").write_text(re.sub("extra .*\n", "", Path("p").read_text()))
    for name, said in (
        ("empty", "empty: this is not a proof file (it begins with c2sp.org/tlog-proof@v1)"),
        ("long", "long is longer than 2,000,000 bytes (is it the right file?)"),
        ("cut", "cut: this is not a checkpoint (three lines: origin, size and root)"),
        ("none", "none cannot be read: No such file or directory"),
        (".", ". cannot be read: Is a directory"),
        ("bare", "bare does not carry the record (say where it is with --record FILE)"),
        ("binary", "binary: this is not UTF-8: byte 3 is wrong"),
    ):
        assert failed(2, said) == deals(f"verify-proof {name}")


def test_the_record_can_come_from_elsewhere(deals: Deals) -> None:
    """A proof without the record's bytes verifies with them, and with no others."""
    deals("prove f1 -o p")
    extra = Path("p").read_text().splitlines()[1].removeprefix("extra ")
    Path("bare").write_text(re.sub("extra .*\n", "", Path("p").read_text()))
    Path("record").write_bytes(base64.b64decode(extra))
    Path("wrong").write_bytes(base64.b64decode(extra) + b"\n")

    assert 0 == deals("verify-proof bare --record record").code
    assert failed(1, "the record is not proven: its bytes do not lead to the root") == deals(
        "verify-proof p --record wrong"
    )


def test_a_proof_of_another_log_is_no_event(deals: Deals) -> None:
    """The published example is proven, and is not a record of deals."""
    example = json.loads(VECTORS.read_text())["worked_example"]
    Path("p").write_text(example["tlog_proof_index5_size8"])
    Path("leaf").write_bytes(bytes.fromhex(example["leaf5_hex"]))

    assert failed(2, "leaf: what is proven is not a record of a ledger of deals") == deals(
        "verify-proof p --record leaf --vkey " + example["log_vkey"]
    )


def prove(content: dict[str, Any], body: bytes | None = None) -> None:
    """Write a good proof p of any record, alone in a ledger."""
    body = canonical_bytes(content) if body is None else body
    checkpoint = Checkpoint(ORIGIN, 1, leaf_hash(body))
    proof = make_proof(body, 0, [leaf_hash(body)], checkpoint, Note(checkpoint.body()))
    Path("p").write_bytes(proof.to_bytes())


def record(**changes: Any) -> dict[str, Any]:
    event = {"id": "a", "kind": "party", "effective_on": "2024-01-01"}
    content = {"event": event, "ledger": ORIGIN, "position": 1, "recorded_at": "2024"}
    return content | changes


@pytest.mark.parametrize("changes", [{"ledger": "other.example"}, {"position": 2}, {"ledger": 1}])
def test_a_record_of_another_ledger_or_place_is_refused(
    deals: Deals, changes: dict[str, Any]
) -> None:
    """A record says where it belongs, so that it cannot be passed off elsewhere."""
    prove(record(**changes))

    assert failed(
        1, "the record is not the one that belongs to @1 of 'example.org/deals'"
    ) == deals("verify-proof p")
    proof = LogProof.parse(Path("p").read_bytes())
    with pytest.raises(Unverified, match="is not the one that belongs to @1"):
        proof.record(proof.extra)  # who uses the library is told as well


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[1]",
        b'{"event":1}',
        b'{"event":{"id":1,"kind":"a","effective_on":"b"},"recorded_at":"c"}',
        json.dumps(record()).encode(),
        canonical_bytes(record()).replace(b'"a"', b'"\\ud800"'),
    ],
)
def test_a_record_of_something_else_is_bad_input(deals: Deals, body: bytes) -> None:
    """Proven, and no record of ours: other fields, other types, not canonical."""
    prove({}, body)

    assert failed(2, "p: what is proven is not a record of a ledger of deals") == deals(
        "verify-proof p"
    )


def test_what_a_proof_says_is_shown_literally(deals: Deals) -> None:
    """Text of a stranger's file does not reach the terminal's control."""
    event = {"id": "\x1b[2J", "kind": "\u202eparty", "effective_on": "\x07", "name": ["\x9b", {}]}
    prove(record(event=event))
    code, out, _ = deals("verify-proof p")

    assert 0 == code
    assert set() == {each for each in out if not each.isprintable()} - {"\n"}
    assert r"\x1b[2J" in out


def test_a_policy_says_who_may_sign_which_sizes(deals: Deals) -> None:
    """The key of a size counts; outside of its sizes it is refused, with its range and the size."""
    deals("prove f1 --key ledger.key -o p")
    named = f"key {KEY.verifier().id.hex()} of '{ORIGIN}'"
    signed = f"signed by {ORIGIN}, key {KEY.verifier().id.hex()}"
    for sizes in ("", " from 5", " until 5", " from 5 until 5", " from 0 until 99"):
        Path("policy").write_text(f"# who signs\n\nlog {VKEY}{sizes}\n")
        assert signed == deals("verify-proof p --policy policy").out.splitlines()[-1]
    for sizes, said in (
        (" from 6", "signs from @6 on; the checkpoint is @5"),
        (" until 4", "signs up to @4; the checkpoint is @5"),
        (" from 1 until 4", "signs from @1 to @4; the checkpoint is @5"),
    ):
        Path("policy").write_text(f"log {VKEY}{sizes}\n")
        assert failed(1, f"{named} {said}") == deals("verify-proof p --policy policy")


def test_a_policy_counts_beside_a_vkey(deals: Deals) -> None:
    """Both must hold; who fulfils both is named once."""
    deals("prove f1 --key ledger.key -o p")
    Path("policy").write_text(f"log {VKEY}\n")
    Path("later").write_text(f"log {VKEY} from 6\n")
    said = deals(f"verify-proof p --vkey {VKEY} --policy policy").out

    assert 1 == said.count("signed by")
    assert 1 == deals(f"verify-proof p --vkey {VKEY} --policy later").code
    assert 1 == deals(f"verify-proof p --vkey {OTHER.verifier()} --policy policy").code


def test_a_bad_policy_is_bad_input(deals: Deals) -> None:
    """The line names the file and its line."""
    deals("prove f1 --key ledger.key -o p")
    Path("policy").write_text(f"log {VKEY}\nquorum two\n")

    assert failed(
        2,
        "policy: line 2: 'quorum two' is not understood "
        "(log VKEY [from SIZE] [until SIZE], or # and a comment)",
    ) == deals("verify-proof p --policy policy")
    assert failed(2, "none cannot be read: No such file or directory") == deals(
        "verify-proof p --policy none"
    )
