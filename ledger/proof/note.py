"""Signed notes: a text of some lines, and under it who signed it.

The form of C2SP `signed-note`, as Go's checksum database and the transparency logs use it; the keys
are Ed25519. Parsing refuses everything that another parser might read in another way. Two kinds of
key are understood: 1 signs the text, 4 is a witness's, which signs a time together with it; keys of
other kinds are refused, signatures by unknown keys ignored. No files and no clock here.

Source: C2SP signed-note v1.0.0 and tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from dealledger.events import BadInput, DealLedgerError
from dealledger.events.text import shown

if TYPE_CHECKING:
    from types import ModuleType

ED25519: Final = 1
COSIGNATURE: Final = 4

LONGEST_NOTE_BYTES: Final = 1_000_000
MOST_SIGNATURES: Final = 100

_ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_TIME_BYTES: Final = 8
_HEX_ID: Final = re.compile(r"[0-9a-f]{8}")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_SIGNED: Final = "— "  # an em dash and a space


class Unverified(DealLedgerError):
    """A signature, proof or checkpoint is well formed and does not hold."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and the name it signs as. kind: 1, or 4 for a witness. public: 32 bytes.

    As text, `vkey`: name, id and key, joined by `+`.
    """

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Return the key that a vkey names.

        Raises: BadInput, also if the id is not that of the name and key.
        """
        name, key_id, data = _key_parts(text, "verifier key")
        if data[0] not in (ED25519, COSIGNATURE) or len(data) != 1 + _KEY_BYTES:
            raise BadInput(
                f"the key of {shown(name)} is of a kind that is not known", "Ed25519: 1 or 4"
            )
        key = cls(name, data[0], data[1:])
        if key.id.hex() != key_id:
            raise BadInput(
                f"the verifier key of {shown(name)} has another id than it says", "copy all of it"
            )
        return key

    @property
    def id(self) -> bytes:
        """Return the 4 bytes that stand before each signature."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(named).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Return the vkey."""
        data = bytes([self.kind]) + self.public
        return f"{self.name}+{self.id.hex()}+{base64_text(data)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret Ed25519 key and the name it signs as. seed: 32 secret bytes.

    As text: `PRIVATE+KEY+`, then name, id and seed, the form of Go's `note` package.
    """

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Return the key of a secret key's text; no message repeats it.

        Raises: BadInput; DealLedgerError, without the cryptography package.
        """
        head = "PRIVATE+KEY+"
        if not text.startswith(head):
            raise BadInput("this is not a secret key", "make one with: deals key new")
        name, key_id, data = _key_parts(text.removeprefix(head), "secret key")
        if data[0] != ED25519 or len(data) != 1 + _KEY_BYTES:
            raise BadInput(
                f"the secret key of {shown(name)} is of a kind that is not known", "Ed25519: 1"
            )
        key = cls(name, data[1:])
        if key.verifier().id.hex() != key_id:
            raise BadInput(f"the secret key of {shown(name)} has another id than it says")
        return key

    def verifier(self) -> VerifierKey:
        """Return the public half.

        Raises: DealLedgerError, without the cryptography package.
        """
        check_name(self.name)
        private = _ed25519().Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, ED25519, private.public_key().public_bytes_raw())

    def secret_text(self) -> str:
        """Return the secret key's text; `str` and `repr` never show it."""
        data = bytes([ED25519]) + self.seed
        return f"PRIVATE+KEY+{self.name}+{self.verifier().id.hex()}+{base64_text(data)}"

    def sign(self, text: str) -> Signature:
        """Return the signature of *text*, which ends with a line break."""
        private = _ed25519().Ed25519PrivateKey.from_private_bytes(self.seed)
        return Signature(self.name, self.verifier().id, private.sign(text.encode()))


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note, not verified yet. key_id: 4 bytes. data: what the kind of key says."""

    name: str
    key_id: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was verified. time: seconds since 1970 that a witness signed with it."""

    key: VerifierKey
    time: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A text, each line with its line break, and the signatures under it; maybe none."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the note as it is handed out; without signatures only its text."""
        lines = (
            f"{_SIGNED}{each.name} {base64_text(each.key_id + each.data)}\n"
            for each in self.signatures
        )
        return (self.text + ("\n" if self.signatures else "") + "".join(lines)).encode()


def parse_note(data: bytes) -> Note:
    """Return the note that *data* holds.

    Raises: BadInput, for what is not UTF-8, holds a control character, has no signature or more
    than 100, or is longer than a million bytes.
    """
    content = decode(data)
    # The text may have blank lines of its own: the signatures begin after the last.
    text, blank, signed = content.rpartition("\n\n")
    if not blank or not signed:
        raise BadInput("the note carries no signature")
    if not signed.endswith("\n"):
        raise BadInput("the note does not end with a line break")
    lines = signed.split("\n")[:-1]
    if len(lines) > MOST_SIGNATURES:
        raise BadInput(f"the note has {len(lines)} signatures", f"at most {MOST_SIGNATURES}")
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[Signed, ...]:
    """Return who of *keys* signed the note, in the order of the note, each once.

    A signature counts by name and id together; those of other keys are ignored.
    Raises: Unverified, if a signature by one of the keys is wrong, or there is none by any;
    DealLedgerError, without the cryptography package.
    """
    known = {(key.name, key.id): key for key in keys}
    found: dict[tuple[str, bytes], Signed] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            signed = _verify(note.text, signature, key)
            found.setdefault((key.name, key.id), signed)
    if not found:
        raise Unverified("no signature of the note is by a known key")
    return tuple(found.values())


def check_name(name: str) -> str:
    """Return *name* if a key can have it: not empty, no blanks, control characters or `+`.

    Raises: BadInput.
    """
    if not name or "+" in name or _CONTROL.search(name) or any(map(str.isspace, name)):
        raise BadInput(f"{shown(name)} is not the name of a key", "such as example.org/deals")
    return name


def decode(data: bytes) -> str:
    """Return the text of a note's bytes.

    Raises: BadInput, if they are too many, no UTF-8, or hold control characters.
    """
    if len(data) > LONGEST_NOTE_BYTES:
        raise BadInput(f"{len(data):,} bytes are too many", f"at most {LONGEST_NOTE_BYTES:,}")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"this is not UTF-8: byte {error.start + 1} is wrong") from None
    if control := _CONTROL.search(text):
        raise BadInput(f"control character U+{ord(control[0]):04X}")
    return text


def base64_text(data: bytes) -> str:
    """Return *data* in the standard base64 alphabet, padded."""
    return base64.b64encode(data).decode()


def base64_bytes(text: str) -> bytes | None:
    """Return the bytes of base64 text, or None if it is not exactly what `base64_text` gives.

    Python's decoder also takes texts with stray final bits; two texts for the same bytes would be
    two notes that say the same.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64_text(data) == text else None


def _key_parts(text: str, what: str) -> tuple[str, str, bytes]:
    """Return name, id in hex, and the bytes of the key; the first of these is its kind."""
    # Base64 may hold a plus too, so only the first two separate.
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    data = base64_bytes(encoded)
    if not _HEX_ID.fullmatch(key_id) or not data:
        raise BadInput(f"this is not a {what}", "it has the form name+12345678+base64")
    return check_name(name), key_id, data


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_SIGNED).partition(" ")
    data = base64_bytes(encoded)
    if not line.startswith(_SIGNED) or data is None or len(data) <= _ID_BYTES:
        raise BadInput(f"{shown(line)} is not a signature line")
    return Signature(check_name(name), data[:_ID_BYTES], data[_ID_BYTES:])


def _verify(text: str, signature: Signature, key: VerifierKey) -> Signed:
    if key.kind == ED25519:
        _check(key, signature.data, text)
        return Signed(key)
    time = int.from_bytes(signature.data[:_TIME_BYTES], "big")
    _check(key, signature.data[_TIME_BYTES:], f"cosignature/v1\ntime {time}\n{text}")
    return Signed(key, time)


def _check(key: VerifierKey, signature: bytes, message: str) -> None:
    """Check one Ed25519 signature.

    Raises: Unverified; DealLedgerError, without the cryptography package.
    """
    ed25519 = _ed25519()
    from cryptography.exceptions import InvalidSignature

    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message.encode())
    except InvalidSignature:
        raise Unverified(f"the signature by {shown(key.name)} is wrong") from None


def _ed25519() -> ModuleType:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise DealLedgerError(
            "signatures need the cryptography package", "pip install 'deal-ledger[sign]'"
        ) from None
    return ed25519
