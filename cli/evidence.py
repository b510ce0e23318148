"""What the commands about evidence share: reading keys, checkpoints and proofs, and who signed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from dealledger.cli.option_values import Option, gathered
from dealledger.cli.terminal.output import complain
from dealledger.ledger.named_files import read_bytes

if TYPE_CHECKING:
    from dealledger.ledger.proof.checkpoint import Checkpoint
    from dealledger.ledger.proof.note import Note, Signed, SigningKey, VerifierKey
    from dealledger.ledger.proof.policy import Policy
    from dealledger.ledger.proof.tlog_growth import GrowthProof
    from dealledger.ledger.proof.tlog_proof import LogProof

T = TypeVar("T")

PATH: Final = click.Path(path_type=Path)


class KeyParam(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A vkey: a public key with its name and id."""

    name = "vkey"

    def convert(self, value: Any, param: Any, context: click.Context | None) -> VerifierKey:
        """Return the key that *value* names."""
        from dealledger.ledger.proof.note import VerifierKey

        return value if isinstance(value, VerifierKey) else VerifierKey.parse(value)


@dataclass(frozen=True, slots=True)
class Trust:
    """Who must have signed a checkpoint: each of *vkeys*, and one whom the policy lets sign it."""

    vkeys: tuple[VerifierKey, ...] = ()
    policy: Policy | None = None

    def __bool__(self) -> bool:
        """Tell whether anybody must have signed."""
        return bool(self.vkeys or self.policy)

    def signed(self, checkpoint: Checkpoint, note: Note) -> tuple[Signed, ...]:
        """Return the signatures that were asked for, each once; nothing, if none was.

        Raises: Unverified.
        """
        from dealledger.ledger.proof.checkpoint import check_signed

        named = check_signed(checkpoint, note, self.vkeys) if self.vkeys else ()
        allowed = self.policy.check(checkpoint, note) if self.policy else ()
        return tuple(dict.fromkeys((*named, *allowed)))


def trust_of(*, vkeys: tuple[VerifierKey, ...], policy: Path | None) -> Trust:
    """Return whom the options name."""
    return Trust(vkeys, read_policy(policy) if policy else None)


TRUST_OPTIONS: Final[tuple[Option, ...]] = (
    click.option("--vkey", "vkeys", type=KeyParam(), multiple=True, metavar="VKEY",
                 help="Who must have signed, as `deals key new` prints it; may be repeated."),
    click.option("--policy", type=PATH, metavar="FILE",
                 help="Who may have signed at which sizes: lines `log VKEY [from SIZE] "
                 "[until SIZE]`."),
)  # fmt: skip

trust_options: Final = gathered("trust", trust_of, TRUST_OPTIONS)
"""Add --vkey and --policy as one `trust`."""

key_option: Final = click.option(
    "--key", type=PATH, metavar="FILE", help="Sign with this secret key, of: deals key new."
)


def read_key(file: Path) -> SigningKey:
    """Return the secret key of a file; warn on stderr if it is open to others than its owner.

    Raises: BadInput.
    """
    from dealledger.events.text import visible
    from dealledger.ledger.proof.note import SigningKey

    def parse(data: bytes) -> SigningKey:
        return SigningKey.parse(data.decode("utf-8", "replace").removesuffix("\n"))

    key = _read(file, 10_000, parse)
    # Windows has no such modes: there every file says that all may read it.
    if os.name == "posix" and (mode := stat.S_IMODE(file.stat().st_mode)) & 0o077:
        said = f"{visible(str(file))} is a secret key, and open to others (mode {mode:o})"
        complain(f"deals: warning: {said}; run: chmod 600 {visible(str(file))}")
    return key


def read_checkpoint(file: Path) -> tuple[Checkpoint, Note]:
    """Return the checkpoint of a file, and the note that carries it.

    Raises: BadInput.
    """
    from dealledger.ledger.proof.checkpoint import open_checkpoint
    from dealledger.ledger.proof.note import LONGEST_NOTE_BYTES

    return _read(file, LONGEST_NOTE_BYTES, open_checkpoint)


def read_proof(file: Path) -> LogProof | GrowthProof:
    """Return the proof of a file: of a record, or that the record only grew.

    Raises: BadInput.
    """
    from dealledger.ledger.proof.tlog_growth import GrowthProof, is_growth
    from dealledger.ledger.proof.tlog_proof import LONGEST_PROOF_BYTES, LogProof

    def parse(data: bytes) -> LogProof | GrowthProof:
        return GrowthProof.parse(data) if is_growth(data) else LogProof.parse(data)

    return _read(file, LONGEST_PROOF_BYTES, parse)


def read_policy(file: Path) -> Policy:
    """Return the policy of a file.

    Raises: BadInput.
    """
    from dealledger.ledger.proof.policy import LONGEST_POLICY_BYTES, Policy

    return _read(file, LONGEST_POLICY_BYTES, Policy.parse)


def signature_lines(note: Note, signed: Sequence[Signed]) -> list[str]:
    """Return the lines that say who signed a checkpoint, as far as that was verified."""
    if not note.signatures:
        return ["the checkpoint is not signed: trust it only if you know where it comes from"]
    if not signed:
        return [
            "who signed the checkpoint was not checked: say who must have with --vkey or --policy"
        ]
    return [f"signed by {each.key.name}, key {each.key.id.hex()}{_at(each)}" for each in signed]


def _at(signed: Signed) -> str:
    """Return when a witness signed; its clock may say anything that 64 bits hold."""
    from dealledger.events.dates import instant_text

    if signed.time is None:
        return ""
    is_date = signed.time < 253_402_300_800  # the year 10000
    return f", at {instant_text(signed.time * 1_000_000) if is_date else signed.time}"


def _read(file: Path, longest: int, parse: Callable[[bytes], T]) -> T:
    """Parse the content of a file; an error names the file.

    Raises: BadInput.
    """
    from dealledger.events import BadInput

    data = read_bytes(file, longest)
    try:
        return parse(data)
    except BadInput as error:
        raise BadInput(f"{file}: {error.message}", error.hint) from None
