"""deals verify-proof FILE: what a proof proves, without any ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.evidence import (
    PATH,
    Trust,
    read_checkpoint,
    read_proof,
    signature_lines,
    trust_options,
)
from dealledger.cli.params import output_options
from dealledger.cli.terminal.formats import Style
from dealledger.cli.terminal.output import emit
from dealledger.ledger.named_files import read_bytes
from dealledger.projections.answers.report import Report

if TYPE_CHECKING:
    from dealledger.ledger.proof.tlog_growth import GrowthProof
    from dealledger.ledger.proof.tlog_proof import LogProof


@click.command("verify-proof")
@click.argument("file", type=PATH, metavar="FILE")
@trust_options
@click.option("--record", type=PATH, metavar="FILE",
              help="The record's bytes. Default: those that the proof carries.")  # fmt: skip
@click.option("--since", type=PATH, metavar="FILE",
              help="The earlier checkpoint, for a proof that the record only grew.")  # fmt: skip
@output_options
def command(
    file: Path, trust: Trust, record: Path | None, since: Path | None, style: Style
) -> None:
    """Verify a proof and say which event it proves to be in which record. Needs no ledger.

    A proof of `deals prove --since` shows instead that the record only grew since the checkpoint
    that you kept: say where that is with --since.

    Without --vkey and --policy it is not checked who signed the checkpoint; then compare its root
    with that of a checkpoint that you trust. Exit code 1, if the proof does not hold.

    A policy says which key signs which sizes of the record, so that a key can be retired, or
    revoked from the size on at which it got lost:

    \b
      # the key of 2025, and the one that came after it
      log example.org/deals+12345678+AbCd... until 120
      log example.org/deals+9abcdef0+EfGh... from 121

    \b
    Examples:
      deals verify-proof D016.tlog-proof --vkey example.org/deals+12345678+AbCd...
      deals verify-proof D016.tlog-proof --policy ledger.policy
      deals verify-proof growth.proof --since 2026-06-30.checkpoint --policy ledger.policy
    """
    from dealledger.events import BadInput
    from dealledger.ledger.proof.tlog_proof import LogProof

    proof = read_proof(file)
    foreign = ("--since", since) if isinstance(proof, LogProof) else ("--record", record)
    if foreign[1]:
        raise BadInput(f"{foreign[0]} is for another sort of proof than {file}", "leave it out")
    if isinstance(proof, LogProof):
        emit(_event_report(proof, file, record, trust), style)
    else:
        emit(_growth_report(proof, file, since, trust), style)


def _event_report(proof: LogProof, file: Path, record: Path | None, trust: Trust) -> Report:
    """Say which event is proven.

    Raises: BadInput, Unverified.
    """
    from dealledger.events import BadInput
    from dealledger.ledger.record import LARGEST_BODY
    from dealledger.projections.answers.proof import event_proven

    body = read_bytes(record, LARGEST_BODY) if record else proof.extra
    if not body:
        raise BadInput(f"{file} does not carry the record", "say where it is with --record FILE")
    try:
        content = proof.record(body)
    except BadInput as error:
        raise BadInput(f"{record or file}: {error.message}", error.hint) from None
    signed = trust.signed(proof.checkpoint, proof.note)
    return event_proven(proof, content, signed, signature_lines(proof.note, signed))


def _growth_report(proof: GrowthProof, file: Path, since: Path | None, trust: Trust) -> Report:
    """Say from where to where the record is proven to have only grown.

    Raises: BadInput, Unverified.
    """
    from dealledger.events import BadInput
    from dealledger.projections.answers.proof import growth_proven

    if since is None:
        raise BadInput(
            f"{file} proves that a record grew", "say since which checkpoint with --since FILE"
        )
    earlier, _ = read_checkpoint(since)
    grown = proof.check(earlier)
    signed = trust.signed(proof.checkpoint, proof.note)
    return growth_proven(proof, earlier, grown, signed, signature_lines(proof.note, signed))
