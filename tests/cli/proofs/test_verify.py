"""deals verify --checkpoint: has the record only grown, and who signed for it?"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.proving import CHANGED, KEY, ORIGIN, VKEY, Deals, failed, grow, rewrite, tamper

from dealledger.ledger import Ledger
from dealledger.ledger.proof.checkpoint import open_checkpoint
from dealledger.ledger.proof.note import COSIGNATURE, Note, Signature, SigningKey, VerifierKey


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


def test_nothing_is_appended_to_what_does_not_continue_a_checkpoint(deals: Deals) -> None:
    """An old backup, a record made anew and another ledger stay as they are; the true one grows."""
    deals("backup old.db")
    assert 0 == deals("checkpoint -o early").code
    grow()
    deals("checkpoint -o c")
    deals("--ledger other.db init --origin other.example/deals")
    more = Path("more.jsonl")
    more.write_text(
        '{"id":"r9","kind":"payment","effective_on":"2024-06-01","payer":"l","payee":"n"}'
    )
    append = "append payment --payer l --payee n --on 2024-06-01 --id r9"
    commands = (append, "import more.jsonl", "retract r1 --reason x",
                "correct r2 --set amount=6 --reason x")  # fmt: skip
    for name, asked, said in (
        ("old.db", commands, "events missing: the checkpoint has 6, the ledger 5"),
        (
            "other.db",
            commands[:2],
            "the checkpoint is of 'example.org/deals', this ledger is 'other.example",
        ),
    ):
        before = Path(name).read_bytes()
        for command in asked:
            code, out, err = deals(f"--ledger {name} {command} --checkpoint c")
            assert (1, "", True) == (code, out, err.startswith(f"deals: {said}")), err
        assert before == Path(name).read_bytes()

    # Further than the checkpoint is no contradiction, and with another command no hindrance.
    for checkpoint, command in zip(("early", "c", "c", "c"), commands, strict=True):
        assert (0, "") == deals(f"{command} --checkpoint {checkpoint}")[::2]
    with Ledger.open("deals.db") as ledger:
        assert 6 + 4 == ledger.head().size


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
            "this is not a verifier key (it has the form name+12345678+base64)",
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


def test_a_policy_goes_with_the_checkpoint(deals: Deals) -> None:
    """A key that was retired before this size is refused; alone a policy has nothing to say."""
    deals("checkpoint --key ledger.key -o c")
    Path("policy").write_text(f"log {VKEY}\n")
    Path("retired").write_text(f"log {VKEY} until 4\n")
    key = KEY.verifier().id.hex()

    assert f"signed by {ORIGIN}, key {key}" in deals("verify --checkpoint c --policy policy").out
    assert failed(1, f"key {key} of '{ORIGIN}' signs up to @4; the checkpoint is @5") == deals(
        "verify --checkpoint c --policy retired"
    )
    assert failed(2, "--policy is for a checkpoint (say which with --checkpoint FILE)") == deals(
        "verify --policy policy"
    )


SECOND_HEAD = "INSERT INTO head SELECT 2, origin, schema_version, size, frontier, recorded_at, layout FROM head"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            SECOND_HEAD,
            "the table head has 2 rows instead of one",
        ),
        (
            "UPDATE head SET frontier = x'00'",
            "the root of the stored records is not that of the head",
        ),
    ],
)
def test_a_head_that_cannot_be_read_is_a_finding(deals: Deals, change: str, said: str) -> None:
    """Exit code 1 and one line, alone and beside a checkpoint; an append is refused."""
    deals("checkpoint -o c")
    tamper(change)

    assert failed(1, said, "1 finding") == deals("verify")
    assert failed(1, said, "1 finding") == deals("verify --checkpoint c")
    done = deals("append party --party y --name Y --on 2024-01-01")
    assert (2, "") == done[:2]
    assert 1 == len(done.err.splitlines())
