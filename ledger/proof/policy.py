"""Policies: which keys sign for a ledger, and at which sizes; so a key can be retired or revoked.

A line `log VKEY [from SIZE] [until SIZE]` names a key and the checkpoints that it may sign: those
of at least and of at most so many records, both inclusive; without, all. Blank lines and lines that
begin with `#` say nothing. The form is that of C2SP `tlog-policy` without witnesses; from and until
are ours. A line that is not understood refuses the policy: it might ask for more than is checked.

Source: C2SP tlog-policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dealledger.events import BadInput
from dealledger.events.text import shown
from dealledger.ledger.proof.checkpoint import Checkpoint, parse_number
from dealledger.ledger.proof.note import ED25519, Note, Signed, Unverified, VerifierKey, verify_note

LONGEST_POLICY_BYTES: Final = 100_000
_BLANKS: Final = re.compile("[ \t]+")
_FORM: Final = "log VKEY [from SIZE] [until SIZE], or # and a comment"


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key and the sizes that it may sign: from *first* until *last*, or on without an end."""

    key: VerifierKey
    first: int = 0
    last: int | None = None

    def signs(self, size: int) -> bool:
        """Tell whether the key may sign a checkpoint of this size."""
        return self.first <= size and (self.last is None or size <= self.last)

    def __str__(self) -> str:
        """Return which key signs which sizes."""
        first, last = f"@{self.first}", f"@{self.last}"
        if self.last is None:
            sizes = f"from {first} on"
        else:
            sizes = f"from {first} to {last}" if self.first else f"up to {last}"
        return f"key {self.key.id.hex()} of {shown(self.key.name)} signs {sizes}"


@dataclass(frozen=True, slots=True)
class Policy:
    """The keys that somebody trusts, for one ledger or several."""

    keys: tuple[LogKey, ...]

    @classmethod
    def parse(cls, data: bytes) -> Policy:
        """Return the policy that the bytes of a file say.

        Raises: BadInput, naming the line; also for a policy without a key, or with one twice.
        """
        keys: list[LogKey] = []
        for number, line in enumerate(_text(data).split("\n"), start=1):
            words = [word for word in _BLANKS.split(line) if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                keys.append(_log_key(words, line))
            except BadInput as error:
                raise BadInput(f"line {number}: {error.message}", error.hint) from None
            if keys[-1].key.public in {each.key.public for each in keys[:-1]}:
                raise BadInput(f"line {number}: this key stands there twice")
        if not keys:
            raise BadInput("the policy names no key", _FORM)
        return cls(tuple(keys))

    def check(self, checkpoint: Checkpoint, note: Note) -> tuple[Signed, ...]:
        """Return the signatures by keys that may sign this checkpoint: at least one.

        A signature by a key outside of its sizes does not count.
        Raises: Unverified; DealLedgerError, without the cryptography package.
        """
        if not note.signatures:
            raise Unverified("the checkpoint is not signed")
        own = {each.key: each for each in self.keys if each.key.name == checkpoint.origin}
        if not own:
            raise Unverified(f"the policy names no key of {shown(checkpoint.origin)}")
        signed = verify_note(note, own)
        good = tuple(each for each in signed if own[each.key].signs(checkpoint.size))
        if not good:
            keys = "; ".join(str(own[each.key]) for each in signed)
            raise Unverified(f"{keys}; the checkpoint is @{checkpoint.size}")
        return good


def _text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"this is not UTF-8: byte {error.start + 1} is wrong") from None
    if control := re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text.replace("\r\n", "\n")):
        raise BadInput(f"control character U+{ord(control[0]):04X}")
    return text.replace("\r\n", "\n")


def _log_key(words: list[str], line: str) -> LogKey:
    if words[0] != "log" or len(words) < 2:
        raise BadInput(f"{shown(line.strip())} is not understood", _FORM)
    key = VerifierKey.parse(words[1])
    if key.kind != ED25519:
        raise BadInput(f"the key of {shown(key.name)} is a witness's, and signs no log")
    first, last = 0, None
    more = words[2:]
    if more[:1] == ["from"] and len(more) > 1:
        first, more = parse_number(more[1]), more[2:]
    if more[:1] == ["until"] and len(more) > 1:
        last, more = parse_number(more[1]), more[2:]
    if more:
        raise BadInput(f"{shown(' '.join(more))} is not understood", _FORM)
    if last is not None and last < first:
        raise BadInput(f"from {first:,} until {last:,} covers no size")
    return LogKey(key, first, last)
