"""checkpoint, key, prove, verify-proof and verify --checkpoint: what they say, and when they fail."""

from __future__ import annotations

import base64
import json
import os
import re
import sqlite3
import stat
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dealledger.cli.main import run
from dealledger.events import Party, canonical_bytes
from dealledger.ledger import Ledger, store
from dealledger.ledger.checkpoint import Checkpoint, open_checkpoint
from dealledger.ledger.guards import SQLITE
from dealledger.ledger.merkle import leaf_hash
from dealledger.ledger.note import COSIGNATURE, Note, Signature, SigningKey, VerifierKey
from dealledger.ledger.tlog_proof import make_proof

ORIGIN = "example.org/deals"
ROOT = "267175fe"
LINES = """
{"id":"p-n","kind":"party","effective_on":"2024-01-01","party":"n","name":"N"}
{"id":"p-l","kind":"party","effective_on":"2024-01-01","party":"l","name":"L"}
{"id":"f1","kind":"funding","effective_on":"2024-02-01","investor":"n","investee":"l","amount":"10","currency":"USD","source_title":"A filing"}
{"id":"r1","kind":"payment","effective_on":"2024-03-01","payer":"l","payee":"n","amount":"4","currency":"USD"}
{"id":"r2","kind":"payment","effective_on":"2024-04-01","payer":"l","payee":"n","amount":"5","currency":"USD"}
"""
KEY = SigningKey(ORIGIN, bytes(range(32)))
VKEY = str(KEY.verifier())
CHANGED = """UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '"10"', '"99"') AS BLOB)"""
OTHER = SigningKey("other.example/deals", bytes(range(32)))


class Done(NamedTuple):
    code: int
    out: str
    err: str


def failed(code: int, *lines: str) -> Done:
    return Done(code, "", "".join(f"deals: {line}\n" for line in lines))


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a small ledger, recorded at one moment by one person."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    monkeypatch.setattr(store, "_now", lambda: 1_750_000_000_000_000)
    monkeypatch.setattr(store, "_user", lambda: "ada")
    Path("events.jsonl").write_text(LINES.strip())
    assert 0 == run(["init", "--origin", ORIGIN])
    assert 0 == run(["import", "events.jsonl"])
    Path("ledger.key").write_text(KEY.secret_text() + "\n")
    Path("other.key").write_text(OTHER.secret_text() + "\n")


class Deals:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, line: str, *more: str) -> Done:
        self.capsys.readouterr()
        code = run([*line.split(), *more])
        return Done(code, *self.capsys.readouterr())


@pytest.fixture
def deals(capsys: pytest.CaptureFixture[str]) -> Deals:
    """Give a function that runs a command line."""
    return Deals(capsys)


def grow(name: str = "deals.db") -> None:
    with Ledger.open(name) as opened:
        day = date(2024, 5, 1)
        opened.append([Party(id="p-x", effective_on=day, announced_on=day, party="x", name="X")])


def tamper(*statements: str) -> None:
    """Change the file as its owner can: drop the guards, change, make them again."""
    with sqlite3.connect("deals.db") as connection:
        for guard in SQLITE:
            connection.execute(f"DROP TRIGGER {guard.split()[2]}")
        for statement in statements:
            connection.execute(statement)
        for guard in SQLITE:
            connection.execute(guard)
    connection.close()


def rewrite(say: str) -> None:
    """Make another ledger of the same origin, whose events say something else."""
    Path("deals.db").unlink()
    Path("events.jsonl").write_text(LINES.strip().replace('"amount":"4"', f'"amount":"{say}"'))
    assert 0 == run(["init", "--origin", ORIGIN])
    assert 0 == run(["import", "events.jsonl"])


def test_a_checkpoint_is_three_lines(deals: Deals) -> None:
    """Origin, size and root; these are the bytes of the format, so a change breaks old ones."""
    body = f"{ORIGIN}\n5\nJnF1/rx0bO/44L8IBDXUYbIBF808m0CEBV0Srw48UFQ=\n"
    done = deals("checkpoint")

    assert (0, body, "") == done
    assert (0, f"wrote c: @5, root {ROOT}\n", "") == deals("checkpoint -o c")
    assert body == Path("c").read_text()


def test_a_checkpoint_of_an_earlier_record(deals: Deals) -> None:
    """By position and by moment; before everything it is the empty tree."""
    assert deals("checkpoint --known-at @2").out.startswith(f"{ORIGIN}\n2\n")
    assert deals("checkpoint --known-at 2099").out.startswith(f"{ORIGIN}\n5\n")
    nothing = f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert (0, nothing, "") == deals("checkpoint --known-at 2020")
    assert failed(2, "there is no position @6 (the ledger ends at @5)") == deals(
        "checkpoint --known-at @6"
    )


def test_a_signed_checkpoint_carries_its_signature(deals: Deals) -> None:
    """The same bytes each time, on the terminal as in a file."""
    done = deals("checkpoint --key ledger.key")
    deals("checkpoint --key ledger.key -o c")

    assert done.out.encode() == Path("c").read_bytes()
    assert re.fullmatch(rf"{ORIGIN}\n5\n[^\n]{{44}}\n\n— {ORIGIN} [A-Za-z0-9+/]{{91}}=\n", done.out)


def test_another_ledgers_key_signs_nothing(deals: Deals) -> None:
    """The name under a checkpoint is taken for the ledger's; nothing is written."""
    said = (
        "the key is named 'other.example/deals', the ledger 'example.org/deals' "
        "(make one for this ledger with: deals key new -o FILE)"
    )

    assert failed(2, said) == deals("checkpoint --key other.key -o c")
    assert failed(2, said) == deals("prove f1 --key other.key -o c")
    assert not Path("c").exists()


def test_a_file_that_is_no_key_signs_nothing(deals: Deals) -> None:
    """The line names the file, and never what is in it."""
    Path("empty").touch()
    said = "this is no secret key (make one with: deals key new)"

    assert failed(2, f"events.jsonl: {said}") == deals("checkpoint --key events.jsonl -o c")
    assert failed(2, f"empty: {said}") == deals("prove f1 --key empty -o c")
    assert not Path("c").exists()


def test_a_tampered_ledger_gives_no_checkpoint(deals: Deals) -> None:
    """Its stored bytes do not lead to its head, whatever the hashes beside them say."""
    said = (
        "the stored records do not lead to the root of the head; no checkpoint is taken "
        "(run: deals verify)"
    )
    tamper(CHANGED)

    for line in ("checkpoint -o c", "checkpoint --key ledger.key -o c", "prove r1 -o c"):
        assert failed(1, said) == deals(line)
    assert not Path("c").exists()


def test_a_ledger_without_its_end_gives_no_checkpoint(deals: Deals) -> None:
    """Fewer records than the head counts."""
    tamper("DELETE FROM event WHERE position = 5")

    assert 1 == deals("checkpoint --known-at @2").code


def test_a_later_or_foreign_file_is_not_replaced(deals: Deals) -> None:
    """What may be the only evidence is left as it is."""
    deals("checkpoint -o c")
    kept = Path("c").read_bytes()

    assert failed(2, "c is a later checkpoint, @5 (choose another name)") == deals(
        "checkpoint --known-at @2 -o c"
    )
    rewrite("6")
    assert failed(
        1, "c is left as it is: forked: the record up to @5 is not that of the checkpoint"
    ) == deals("checkpoint -o c")
    assert kept == Path("c").read_bytes()
    assert failed(
        2, "ledger.key: this is no checkpoint (three lines: origin, size and root)"
    ) == deals("checkpoint -o ledger.key")


def test_an_earlier_checkpoint_is_replaced(deals: Deals) -> None:
    """The same record, grown."""
    deals("checkpoint -o c")
    grow()

    assert 0 == deals("checkpoint -o c").code
    assert Path("c").read_text().startswith(f"{ORIGIN}\n6\n")


def test_a_new_key_is_secret(deals: Deals) -> None:
    """The file is the owner's alone, the vkey is printed, and both belong together."""
    done = deals("key new -o new.key")
    key = SigningKey.parse(Path("new.key").read_text().removesuffix("\n"))

    assert (0, f"{key.verifier()}\n", "") == done
    assert ORIGIN == key.name
    assert 0o600 == stat.S_IMODE(Path("new.key").stat().st_mode)
    assert key != SigningKey.parse(deals("key new -o b").out and Path("b").read_text().strip())
    assert deals("key new --name a.example -o c").out.startswith("a.example+")


def test_a_key_replaces_nothing(deals: Deals) -> None:
    """A file, a link to nowhere and a folder that is not there."""
    Path("link").symlink_to("nowhere")
    before = Path("ledger.key").read_text()
    said = "exists already; nothing was changed (choose another name)"

    assert failed(2, f"ledger.key {said}") == deals("key new -o ledger.key")
    assert failed(2, f"link {said}") == deals("key new -o link")
    assert before == Path("ledger.key").read_text()
    assert not Path("nowhere").exists()
    assert failed(2, "no/such.key cannot be written: No such file or directory") == deals(
        "key new -o no/such.key"
    )


def test_a_key_that_cannot_be_written_leaves_nothing(
    deals: Deals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: no half key."""

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    assert failed(2, "new.key cannot be written: No space left on device") == deals(
        "key new -o new.key"
    )
    assert not Path("new.key").exists()


def test_a_key_needs_a_name_that_notes_can_hold(deals: Deals) -> None:
    """Nothing is written for another."""
    assert failed(2, "'a b' is no name of a key (such as example.org/deals)") == deals(
        "key new -o new.key --name", "a b"
    )
    assert not Path("new.key").exists()


def test_without_cryptography_only_signing_fails(
    deals: Deals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unsigned checkpoints and proofs work without the extra; else the message names it."""
    deals("prove f1 --key ledger.key -o p")
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    said = "signatures need the cryptography package (pip install 'deal-ledger[sign]')"

    for line in (
        "checkpoint --key ledger.key",
        "key new -o new.key",
        f"verify-proof p --vkey {VKEY}",
    ):
        assert failed(2, said) == deals(line)
    assert not Path("new.key").exists()
    for line in ("checkpoint -o c", "prove f1 -o q", "verify-proof p", "verify --checkpoint c"):
        assert 0 == deals(line).code


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


def test_a_proof_to_stdout_is_the_file(deals: Deals) -> None:
    """Without -o the proof is printed; the record's stored bytes go along."""
    deals("prove f1 --key ledger.key -o p")
    done = deals("prove f1 --key ledger.key")
    extra = done.out.splitlines()[1].removeprefix("extra ")
    with Ledger.open("deals.db") as opened:
        found = opened.find("f1")

    assert Path("p").read_text() == done.out
    assert found
    assert found.body == base64.b64decode(extra)


def test_a_proof_can_be_of_an_earlier_checkpoint(deals: Deals) -> None:
    """One that was handed out and maybe cosigned stays as it is; the proof is of its size."""
    deals("checkpoint --key ledger.key -o c")
    grow()

    assert (0, "wrote p: f1 is @3 of 5\n", "") == deals("prove f1 --checkpoint c -o p")
    assert Path("p").read_bytes().endswith(b"\n\n" + Path("c").read_bytes())
    assert 0 == deals(f"verify-proof p --vkey {VKEY}").code
    assert failed(
        2,
        "p-x was recorded later, @6; the checkpoint is @5 (take a new one with: deals checkpoint)",
    ) == deals("prove p-x --checkpoint c -o q")
    assert failed(
        2, "--key and --checkpoint exclude each other (--key signs a new checkpoint)"
    ) == deals("prove f1 --checkpoint c --key ledger.key -o q")
    assert not Path("q").exists()


def test_an_unknown_event_is_not_proven(deals: Deals) -> None:
    """The message names the closest."""
    assert failed(2, "unknown event 'p-m' (did you mean p-n or p-l?)") == deals("prove p-m -o p")
    assert not Path("p").exists()


def test_a_forked_ledger_proves_nothing_of_an_old_checkpoint(deals: Deals) -> None:
    """The event is in the ledger, and not in the record that was handed out."""
    deals("checkpoint -o c")
    rewrite("6")

    assert failed(1, "forked: the record up to @5 is not that of the checkpoint") == deals(
        "prove f1 --checkpoint c -o p"
    )


def test_who_signed_is_said_as_far_as_it_is_known(deals: Deals) -> None:
    """Not asked, not signed, by another key, for another ledger, badly."""
    deals("prove f1 --key ledger.key -o p")
    deals("prove f1 -o unsigned")
    stranger = SigningKey(ORIGIN, bytes(32)).verifier()
    unchecked = "who signed the checkpoint was not checked: say who must have with --vkey"
    unsigned = "the checkpoint is not signed: trust it only if you know where it comes from"

    assert unchecked == deals("verify-proof p").out.splitlines()[-1]
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
        ("empty", "empty: this is no proof file (it begins with c2sp.org/tlog-proof@v1)"),
        ("long", "long is longer than 2,000,000 bytes (is it the right file?)"),
        ("cut", "cut: this is no checkpoint (three lines: origin, size and root)"),
        ("none", "none cannot be read: No such file or directory"),
        (".", ". cannot be read: Is a directory"),
        ("bare", "bare does not carry the record (say where it is with --record FILE)"),
        ("binary", "binary: this is no UTF-8: byte 3 is wrong"),
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


VECTORS = Path(__file__).parent.parent / "vectors" / "signed_note.json"


def test_a_proof_of_another_log_is_no_event(deals: Deals) -> None:
    """The published example is proven, and is no record of deals."""
    example = json.loads(VECTORS.read_text())["worked_example"]
    Path("p").write_text(example["tlog_proof_index5_size8"])
    Path("leaf").write_bytes(bytes.fromhex(example["leaf5_hex"]))

    assert failed(2, "leaf: what is proven is no record of a ledger of deals") == deals(
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

    assert failed(2, "p: what is proven is no record of a ledger of deals") == deals(
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


def test_verify_says_that_the_record_only_grew(deals: Deals) -> None:
    """The checkpoint is still the beginning of the ledger."""
    deals("checkpoint --key ledger.key -o c")
    grow()
    code, out, err = deals(f"verify --checkpoint c --vkey {VKEY}")

    assert (0, "") == (code, err)
    assert [
        "6 events, every one as appended",
        f"origin {ORIGIN}",
        "the record only grew since the checkpoint: @5, 1 event more",
        f"signed by {ORIGIN}, key {KEY.verifier().id.hex()}",
    ] == [line for line in out.splitlines() if not line.startswith("root")]


@pytest.mark.parametrize(
    ("time", "shown"),
    [(1_679_315_147, "2023-03-20T12:25:47.000000Z"), (2**64 - 1, "18446744073709551615")],
)
def test_a_witness_counts_beside_the_ledgers_key(deals: Deals, time: int, shown: str) -> None:
    """Who trusts both names both; the time that the witness signed is shown, whatever it is."""
    witness = SigningKey("witness.example/w1", bytes(32))
    key = VerifierKey(witness.name, COSIGNATURE, witness.verifier().public)
    taken, note = open_checkpoint(deals("checkpoint --key ledger.key").out.encode())
    signed = witness.sign(f"cosignature/v1\ntime {time}\n{taken.body()}").data
    cosigned = Signature(key.name, key.id, time.to_bytes(8, "big") + signed)
    Path("c").write_bytes(Note(note.text, (*note.signatures, cosigned)).to_bytes())
    code, out, err = deals(f"verify --checkpoint c --vkey {VKEY} --vkey {key}")

    assert (0, "") == (code, err)
    assert [
        f"signed by {ORIGIN}, key {KEY.verifier().id.hex()}",
        f"signed by witness.example/w1, key {key.id.hex()}, at {shown}",
    ] == out.splitlines()[-2:]


def test_verify_tells_what_contradicts_the_checkpoint(deals: Deals) -> None:
    """A shorter record, another record, and another ledger, each in one line."""
    deals("checkpoint -o c")
    deals("--ledger other.db init --origin other.example/deals")
    deals("--ledger short.db init --origin example.org/deals")
    rewrite("6")
    for ledger, said in (
        ("deals.db", "forked: the record up to @5 is not that of the checkpoint"),
        ("short.db", "events missing: the checkpoint has 5, the ledger 0"),
        (
            "other.db",
            "the checkpoint is of 'example.org/deals', this ledger is 'other.example/deals'",
        ),
    ):
        done = deals(f"--ledger {ledger} verify --checkpoint c")
        assert failed(1, f"{said}\ndeals: 1 finding") == done
    grow()
    assert (
        "deals: forked: the record up to @5 is not that of the checkpoint\ndeals: 1 finding\n"
        == deals("verify --checkpoint c").err
    )


def test_a_cut_off_end_shows_only_against_a_checkpoint(deals: Deals) -> None:
    """An old copy put back is a valid ledger; only what was kept elsewhere tells."""
    backup = Path("deals.db").read_bytes()
    grow()
    deals("checkpoint -o c")
    Path("deals.db").write_bytes(backup)

    assert 0 == deals("verify").code
    assert failed(
        1, "events missing: the checkpoint has 6, the ledger 5\ndeals: 1 finding"
    ) == deals("verify --checkpoint c")


def test_the_stored_bytes_are_compared_and_not_the_head(deals: Deals) -> None:
    """A record changed with its leaf hash, the head left as it was: forked."""
    deals("checkpoint -o c")
    tamper(CHANGED)
    done = deals("verify --checkpoint c")

    assert (1, "") == done[:2]
    assert "deals: forked: the record up to @5 is not that of the checkpoint" in (
        done.err.splitlines()
    )


def test_verify_checks_who_signed_first(deals: Deals) -> None:
    """A checkpoint that somebody else made says nothing about the ledger."""
    deals("checkpoint -o c")
    deals("checkpoint --key ledger.key -o signed")
    stranger = SigningKey(ORIGIN, bytes(32)).verifier()
    for line, code, said in (
        (f"verify --checkpoint c --vkey {VKEY}", 1, "the checkpoint is not signed"),
        (
            f"verify --checkpoint signed --vkey {stranger}",
            1,
            "no signature of the note is by a known key",
        ),
        (
            "verify --checkpoint signed --vkey x",
            2,
            "this is no verifier key (it has the form name+12345678+base64)",
        ),
        (
            f"verify --vkey {VKEY}",
            2,
            "--vkey is for a checkpoint (say which with --checkpoint FILE)",
        ),
        (
            "verify --checkpoint events.jsonl",
            2,
            "events.jsonl: ",
        ),
    ):
        done = deals(line)
        assert (code, "") == done[:2]
        assert done.err.startswith(f"deals: {said}")
        assert 1 == len(done.err.splitlines())


def test_everything_works_on_every_database(deals: Deals, ledger_url: str) -> None:
    """Checkpoint, proof and comparison, on SQLite and PostgreSQL."""
    name = ledger_url.replace("deals.db", "second.db")
    deals(f"--ledger {name} init --origin {ORIGIN}")
    deals(f"--ledger {name} import events.jsonl")

    assert deals("checkpoint").out == deals(f"--ledger {name} checkpoint").out
    assert 0 == deals(f"--ledger {name} checkpoint --key ledger.key -o c").code
    assert 0 == deals(f"--ledger {name} prove r2 --checkpoint c -o p").code
    assert 0 == deals(f"--ledger {name} verify --checkpoint c --vkey {VKEY}").code
    assert 0 == deals(f"verify-proof p --vkey {VKEY}").code
