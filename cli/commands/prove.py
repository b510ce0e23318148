"""deals prove: a file that proves that an event is in the record, or that this only grew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.evidence import PATH, key_option, read_checkpoint
from dealledger.cli.params import EVENT, open_ledger
from dealledger.cli.terminal.output import write

if TYPE_CHECKING:
    from dealledger.ledger import Ledger, Record
    from dealledger.ledger.proof.checkpoint import Checkpoint
    from dealledger.ledger.proof.note import Note
    from dealledger.ledger.proof.tlog_growth import GrowthProof
    from dealledger.ledger.proof.tlog_proof import LogProof


@click.command("prove")
@click.argument("event_id", type=EVENT, metavar="[ID]", required=False)
@click.option("--since", type=PATH, metavar="FILE",
              help="Prove that the record only grew since this checkpoint.")  # fmt: skip
@click.option("-o", "--output", type=PATH, metavar="FILE",
              help="Write to FILE; its name ends best with .tlog-proof.")  # fmt: skip
@key_option
@click.option("--checkpoint", type=PATH, metavar="FILE",
              help="Prove it for this checkpoint. Default: one taken now.")  # fmt: skip
def command(
    event_id: str | None,
    since: Path | None,
    output: Path | None,
    key: Path | None,
    checkpoint: Path | None,
) -> None:
    """Write a proof that an event is in the record: who has it needs no ledger to verify it.

    The proof holds the event as it was recorded, some hashes, and a checkpoint. It proves that the
    event was recorded, and nothing of what came later, such as a retraction.

    With --since, the proof is that nothing of an earlier checkpoint was changed or taken out; who
    kept that checkpoint verifies it. Witnesses of C2SP take it as it is.

    \b
    Examples:
      deals prove D016 --key ledger.key -o D016.tlog-proof
      deals prove D016 --checkpoint 2026-06-30.checkpoint -o D016.tlog-proof
      deals prove --since 2026-06-30.checkpoint --key ledger.key -o growth.proof
    """
    from dealledger.events import BadInput

    if key and checkpoint:
        raise BadInput("--key and --checkpoint exclude each other", "--key signs a new checkpoint")
    if (event_id is None) == (since is None):
        raise BadInput(
            "nothing to prove", "name an event: deals prove ID; or a checkpoint: --since FILE"
        )
    with open_ledger() as ledger:
        proof: LogProof | GrowthProof
        if event_id is not None:
            proof, said = _event(ledger, event_id, key, checkpoint)
        else:
            assert since is not None
            proof, said = _growth(ledger, since, key, checkpoint)
    write(proof.to_bytes(), output)
    if output is not None:
        write(f"wrote {output}: {said}", None)


def _event(
    ledger: Ledger, event_id: str, key: Path | None, file: Path | None
) -> tuple[LogProof, str]:
    from dealledger.projections.answers.whereabouts import find_record

    record = find_record(ledger, event_id)
    proof = _proof(ledger, record, key, file)
    return proof, f"{record.id} is @{proof.index + 1} of {proof.checkpoint.size:,}"


def _growth(
    ledger: Ledger, since: Path, key: Path | None, file: Path | None
) -> tuple[GrowthProof, str]:
    """Return the proof that the record only grew since the checkpoint of a file.

    Raises: Unverified, BadInput.
    """
    from dealledger.events import BadInput
    from dealledger.ledger.proof.tlog_growth import make_growth

    earlier, _ = _kept(ledger, since)
    later, note = _kept(ledger, file) if file else _taken(ledger, key)
    if later.size < earlier.size:
        raise BadInput(
            f"{since} is a later checkpoint, @{earlier.size}, than {file}, @{later.size}",
            "take the earlier one for --since",
        )
    with ledger.leaves(later.size) as leaves:
        proof = make_growth(leaves, earlier, later, note)
    return proof, f"the record only grew from @{earlier.size} to @{later.size}"


def _proof(ledger: Ledger, record: Record, key: Path | None, file: Path | None) -> LogProof:
    from dealledger.events import BadInput
    from dealledger.ledger.proof.tlog_proof import make_proof

    taken, note = _kept(ledger, file) if file else _taken(ledger, key)
    if record.position > taken.size:
        raise BadInput(
            f"{record.id} was recorded later, @{record.position}; the checkpoint is @{taken.size}",
            "take a new one with: deals checkpoint",
        )
    with ledger.leaves(taken.size) as leaves:
        return make_proof(record.body, record.position - 1, leaves, taken, note)


def _taken(ledger: Ledger, key: Path | None) -> tuple[Checkpoint, Note]:
    """Return a checkpoint of the whole record, signed if there is a key."""
    from dealledger.cli.signing import signed
    from dealledger.ledger.proof.note import Note

    taken = ledger.checkpoint()
    return taken, signed(ledger, taken, key) if key else Note(taken.body())


def _kept(ledger: Ledger, file: Path) -> tuple[Checkpoint, Note]:
    """Return the checkpoint of a file, if the ledger still begins with its record.

    Raises: Unverified, BadInput.
    """
    kept, note = read_checkpoint(file)
    ledger.grown_since(kept)
    return kept, note
