"""Policies: which key signs which sizes, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dealledger.events import BadInput
from dealledger.ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from dealledger.ledger.proof.note import Note, Signed, SigningKey, Unverified, VerifierKey
from dealledger.ledger.proof.policy import LogKey, Policy

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "signed_note.json").read_text())
WITNESS = VECTORS["worked_example"]["witness_vkey"]
ORIGIN = "example.org/deals"
OLD, NEW, STRANGER = (SigningKey(ORIGIN, bytes([n]) * 32) for n in range(3))
ROTATED = f"""# rotated at 100
log {OLD.verifier()} until 99

  log\t{NEW.verifier()}   from 100
"""


def signed(size: int, *keys: SigningKey) -> tuple[Checkpoint, Note]:
    checkpoint = Checkpoint(ORIGIN, size, bytes(32))
    notes = [sign_checkpoint(checkpoint, key) for key in keys]
    return checkpoint, Note(checkpoint.body(), tuple(s for note in notes for s in note.signatures))


def signers(size: int, *keys: SigningKey) -> tuple[VerifierKey, ...]:
    return tuple(each.key for each in Policy.parse(ROTATED.encode()).check(*signed(size, *keys)))


def test_a_policy_is_read() -> None:
    """Comments, blank lines, blanks and tabs between words; both bounds are inclusive."""
    policy = Policy.parse(ROTATED.replace("\n", "\r\n").encode())

    assert (LogKey(OLD.verifier(), 0, 99), LogKey(NEW.verifier(), 100)) == policy.keys
    assert policy == Policy.parse(ROTATED.rstrip().encode())


@pytest.mark.parametrize(("size", "key"), [(0, OLD), (99, OLD), (100, NEW), (10**6, NEW)])
def test_the_key_of_a_size_counts(size: int, key: SigningKey) -> None:
    """Alone, beside one whose time is over or not come, and beside a stranger's."""
    assert (key.verifier(),) == signers(size, key)
    assert (key.verifier(),) == signers(size, OLD, NEW, STRANGER)


@pytest.mark.parametrize(
    ("size", "keys", "said"),
    [
        (100, (OLD,), "key {old} of 'example.org/deals' signs up to @99; the checkpoint is @100"),
        (99, (NEW,), "key {new} of 'example.org/deals' signs from @100 on; the checkpoint is @99"),
        (1_000, (OLD, STRANGER), "key {old} of 'example.org/deals' signs up to @99; the checkpoint is @1000"),
        (50, (STRANGER,), "no signature of the note is by a known key"),
        (50, (), "the checkpoint is not signed"),
    ],
)  # fmt: skip
def test_other_signatures_are_refused(size: int, keys: tuple[SigningKey, ...], said: str) -> None:
    """The line says which key, its range, and the size."""
    ids = {"old": OLD.verifier().id.hex(), "new": NEW.verifier().id.hex()}
    with pytest.raises(Unverified) as caught:
        signers(size, *keys)

    assert said.format(**ids) == str(caught.value)


def test_a_key_signs_for_its_own_ledger_only() -> None:
    """A policy may name several ledgers; a key of one says nothing about another."""
    other = SigningKey("other.example/deals", bytes(32))
    policy = Policy.parse(f"log {other.verifier()}\n".encode())
    with pytest.raises(Unverified, match=r"^the policy names no key of 'example.org/deals'$"):
        policy.check(*signed(5, OLD))


def test_a_wrong_signature_is_refused() -> None:
    """A known key's signature of something else."""
    _, note = signed(5, OLD)
    checkpoint = Checkpoint(ORIGIN, 6, bytes(32))
    policy = Policy.parse(ROTATED.encode())
    with pytest.raises(Unverified, match=r"^the signature by 'example.org/deals' is wrong$"):
        policy.check(checkpoint, Note(checkpoint.body(), note.signatures))
    assert (Signed(OLD.verifier()),) == policy.check(*signed(5, OLD))


FORM = "(log VKEY [from SIZE] [until SIZE], or # and a comment)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"the policy names no key {FORM}"),
        ("# nobody\n", f"the policy names no key {FORM}"),
        ("log", f"line 1: 'log' is not understood {FORM}"),
        ("\nwitness w {old}", f"line 2: 'witness w {{old}}' is not understood {FORM}"),
        ("log x", "line 1: this is not a verifier key (it has the form name+12345678+base64)"),
        ("log {witness}", "line 1: the key of 'witness.example/w1' is a witness's, and signs no log"),
        ("log {old} from", f"line 1: 'from' is not understood {FORM}"),
        ("log {old} from 5 to 6", f"line 1: 'to 6' is not understood {FORM}"),
        ("log {old} until 6 from 5", f"line 1: 'from 5' is not understood {FORM}"),
        ("log {old} from +5", "line 1: '+5' is not a size or index"),
        ("log {old} from 05", "line 1: '05' is not a size or index"),
        ("log {old} from 18446744073709551616", "line 1: '18446744073709551616' is not a size or index"),
        ("log {old} from 6 until 5", "line 1: from 6 until 5 covers no size"),
        ("log {old}\nlog {old} from 5", "line 2: this key stands there twice"),
        ("log {old}\u2028log {old}", "line 1: this is not a verifier key (it has the form name+12345678+base64)"),
        ("log {old}\x00", "control character U+0000"),
        ("log {old}\rlog", "control character U+000D"),
    ],
)  # fmt: skip
def test_a_bad_policy_says_what_is_wrong(text: str, said: str) -> None:
    """One line each; what is not understood is never passed over."""
    old = str(OLD.verifier())
    shown = said.replace("witness w {old}", f"witness w {old}"[:60] + "…")
    with pytest.raises(BadInput) as caught:
        Policy.parse(text.format(old=old, witness=WITNESS).encode())

    assert shown == str(caught.value)


def test_a_policy_is_utf_8() -> None:
    """Another encoding is refused by the byte."""
    with pytest.raises(BadInput, match=r"^this is not UTF-8: byte 3 is wrong$"):
        Policy.parse(b"# \xe4")
