"""Signed notes: the vectors of the specification and of Go, and what must not pass."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.events import BadInput, DealLedgerError
from dealledger.ledger.proof.note import (
    LONGEST_NOTE_BYTES,
    Note,
    Signature,
    Signed,
    SigningKey,
    Unverified,
    VerifierKey,
    base64_bytes,
    parse_note,
    verify_note,
)

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "signed_note.json").read_text())
GO, WORKED = VECTORS["go_example"], VECTORS["worked_example"]
PETER = VerifierKey.parse(GO["vkey"])
LOG = VerifierKey.parse(WORKED["log_vkey"])
WITNESS = VerifierKey.parse(WORKED["witness_vkey"])
WORKED_NOTE = WORKED["checkpoints"]["8"]["note"].encode()


def names(rows: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(row, id=row["id"]) for row in rows]


def opened(data: bytes, *vkeys: VerifierKey) -> tuple[Signed, ...]:
    return verify_note(parse_note(data), vkeys)


@pytest.mark.parametrize("row", names(VECTORS["accept"]))
def test_good_notes_are_accepted(row: dict[str, Any]) -> None:
    """Each note verifies with its keys, and is written again byte for byte."""
    keys = [VerifierKey.parse(vkey) for vkey in row["vkeys"]]
    note = parse_note(row["note"].encode())

    assert keys == [signed.key for signed in verify_note(note, keys)]
    assert row["note"].encode() == note.to_bytes()


@pytest.mark.parametrize("row", names(VECTORS["reject"]))
def test_bad_notes_are_refused(row: dict[str, Any]) -> None:
    """Malformed, by a name that is none, or wrongly signed."""
    with pytest.raises((BadInput, Unverified)):
        opened(row["note"].encode(), VerifierKey.parse(VECTORS["reject_with_vkey"]))


@pytest.mark.parametrize("row", names(VECTORS["reject_bytes_hex"]))
def test_bad_bytes_are_refused(row: dict[str, Any]) -> None:
    """A note is UTF-8."""
    with pytest.raises(BadInput, match=r"^this is not UTF-8: byte 1 is wrong$"):
        opened(bytes.fromhex(row["hex"]), PETER)


@pytest.mark.parametrize("vkey", VECTORS["reject_vkeys"])
def test_bad_vkeys_are_refused(vkey: str) -> None:
    """Another name, id, alphabet, length or kind."""
    with pytest.raises(BadInput):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize(
    ("vkey", "said"),
    [
        ("", "this is not a verifier key (it has the form name+12345678+base64)"),
        ("a+b", "this is not a verifier key (it has the form name+12345678+base64)"),
        (
            "a b" + GO["vkey"].removeprefix("PeterNeumann"),
            "'a b' is not the name of a key (such as example.org/deals)",
        ),
        (
            GO["vkey"].removeprefix("Peter"),
            "the verifier key of 'Neumann' has another id than it says (copy all of it)",
        ),
        (
            "a+00000000+Ag==",
            "the key of 'a' is of a kind that is not known (Ed25519: 1 or 4)",
        ),
    ],
)
def test_a_bad_vkey_says_what_is_wrong(vkey: str, said: str) -> None:
    """One line each."""
    with pytest.raises(BadInput) as caught:
        VerifierKey.parse(vkey)
    assert said == str(caught.value)


def test_the_example_of_the_specification_verifies() -> None:
    """The note that the specification shows."""
    example = VECTORS["c2sp_example"]
    key = VerifierKey.parse(example["vkey"])

    assert (Signed(key),) == opened(example["note"].encode(), key)


def test_keys_are_written_as_they_are_read() -> None:
    """Go's secret key and all public keys; the id is that of the specification."""
    assert GO["skey"] == SigningKey.parse(GO["skey"]).secret_text()
    assert PETER == SigningKey.parse(GO["skey"]).verifier()
    for vkey in (GO["vkey"], GO["vkey2"], WORKED["log_vkey"], WORKED["witness_vkey"]):
        assert vkey == str(VerifierKey.parse(vkey))
    assert WORKED["log_key_id_hex"] == LOG.id.hex()
    assert WORKED["witness_key_id_hex"] == WITNESS.id.hex()


def test_signing_gives_the_bytes_of_go() -> None:
    """Ed25519 is deterministic: the same key and text give the same note."""
    signature = SigningKey.parse(GO["skey"]).sign(GO["text"])

    assert GO["note"].encode() == Note(GO["text"], (signature,)).to_bytes()


@pytest.mark.parametrize("size", ["0", "6", "8"])
def test_signing_gives_the_bytes_of_the_worked_example(size: str) -> None:
    """Log and witness; the witness verifies with the time that it signed."""
    row = WORKED["checkpoints"][size]
    key = SigningKey(WORKED["log_name"], bytes.fromhex(WORKED["log_seed_hex"]))
    note = parse_note(row["note"].encode())

    assert note.signatures[0] == key.sign(row["body"])
    assert (Signed(LOG), Signed(WITNESS, 1679315147)) == verify_note(note, [WITNESS, LOG])
    assert row["note"].encode() == note.to_bytes()


def test_a_witness_signs_its_time() -> None:
    """Another time under the same signature is refused, and so is one cut short."""
    note = parse_note(WORKED_NOTE)
    log, witness = note.signatures
    for data in (b"\0" * 8 + witness.data[8:], witness.data[:-1], witness.data[8:], b"\0"):
        changed = Note(note.text, (log, Signature(witness.name, witness.key_id, data)))
        with pytest.raises(Unverified, match=r"^the signature by 'witness.example/w1' is wrong$"):
            verify_note(changed, [WITNESS])
        assert (Signed(LOG),) == verify_note(changed, [LOG])


def test_name_and_id_count_together() -> None:
    """The same name with another id, and the same id with another name, are unknown keys."""
    signature = parse_note(WORKED_NOTE).signatures[0]
    renamed = Signature("other.example/deals", signature.key_id, signature.data)
    other_id = Signature(signature.name, b"\0\0\0\0", signature.data)
    text = parse_note(WORKED_NOTE).text
    for stranger in (renamed, other_id):
        with pytest.raises(Unverified, match=r"^no signature of the note is by a known key$"):
            verify_note(Note(text, (stranger,)), [LOG])
        assert (Signed(LOG),) == verify_note(Note(text, (stranger, signature)), [LOG])


def test_one_wrong_signature_of_a_known_key_refuses_the_note() -> None:
    """Also if others are right, before it or behind it."""
    note = parse_note(WORKED_NOTE)
    log, witness = note.signatures
    wrong = Signature(log.name, log.key_id, bytes(64))
    for signatures in ((log, wrong), (wrong, log), (witness, wrong)):
        with pytest.raises(Unverified, match=r"^the signature by 'ledger.example/deals' is wrong$"):
            verify_note(Note(note.text, signatures), [LOG, WITNESS])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the note carries no signature"),
        (b"text\n", "the note carries no signature"),
        (b"text\n\n", "the note carries no signature"),
        (b"text\n\nno newline", "the note does not end with a line break"),
        (b"text\n\nunsigned\n", "'unsigned' is not a signature line"),
        (b"te\x00xt\n\nx\n", "control character U+0000"),
        (b"te\txt\n\nx\n", "control character U+0009"),
        (
            b"text\n\n" + "— a AAAAAAA=\n".encode() * 101,
            "the note has 101 signatures (at most 100)",
        ),
        (
            b"x" * (LONGEST_NOTE_BYTES + 1),
            "1,000,001 bytes are too many (at most 1,000,000)",
        ),
    ],
)
def test_a_bad_note_says_what_is_wrong(data: bytes, said: str) -> None:
    """One line each."""
    with pytest.raises(BadInput) as caught:
        parse_note(data)
    assert said == str(caught.value)


def test_a_hundred_signatures_are_read() -> None:
    """The limit itself is allowed."""
    assert 100 == len(parse_note(b"text\n\n" + "— a AAAAAAA=\n".encode() * 100).signatures)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GO["vkey"], "this is not a secret key (make one with: deals key new)"),
        ("PRIVATE+KEY+x", "this is not a secret key (it has the form name+12345678+base64)"),
        (
            GO["skey"].replace("c74f20a3", "c74f20a4"),
            "the secret key of 'PeterNeumann' has another id than it says",
        ),
        (
            "PRIVATE+KEY+a+00000000+AQ==",
            "the secret key of 'a' is of a kind that is not known (Ed25519: 1)",
        ),
    ],
)
def test_a_bad_secret_key_says_what_is_wrong(text: str, said: str) -> None:
    """One line each, and never the secret."""
    with pytest.raises(BadInput) as caught:
        SigningKey.parse(text)
    assert said == str(caught.value)


def test_a_secret_stays_secret() -> None:
    """Neither str nor repr show the seed."""
    key = SigningKey.parse(GO["skey"])

    assert "SigningKey(name='PeterNeumann')" == repr(key) == str(key)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x01b", "a\u2028b"])
def test_a_key_needs_a_name_that_notes_can_hold(name: str) -> None:
    """No blanks of any script, no plus, no control characters, not nothing."""
    with pytest.raises(BadInput):
        SigningKey(name, bytes(32)).verifier()


def test_without_the_package_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing and verifying need cryptography; reading does not."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    said = "signatures need the cryptography package (pip install 'deal-ledger[sign]')"
    note = parse_note(WORKED_NOTE)
    for action in (lambda: SigningKey("a", bytes(32)).verifier(), lambda: verify_note(note, [LOG])):
        with pytest.raises(DealLedgerError) as caught:
            action()
        assert said == str(caught.value)


@pytest.mark.parametrize("text", ["aGk", "aGk=\n", " aGk=", "aGl=", "aG k=", "aGk==", "aGk=a", "é"])
def test_base64_has_one_form(text: str) -> None:
    """Python's decoder takes some of these; two texts for the same bytes are one too many."""
    assert base64_bytes(text) is None
    assert b"hi" == base64_bytes("aGk=")


LINE = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]))


@given(st.lists(LINE), st.lists(st.binary(min_size=5, max_size=80), min_size=1, max_size=4))
def test_notes_are_read_as_they_are_written(lines: list[str], signatures: list[bytes]) -> None:
    """Any text of lines, blank ones too, and any signatures."""
    text = "".join(f"{line}\n" for line in lines) or "\n"
    note = Note(text, tuple(Signature("é.org/x", each[:4], each[4:]) for each in signatures))

    assert note == parse_note(note.to_bytes())
