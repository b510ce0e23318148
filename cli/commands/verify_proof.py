"""deals verify-proof FILE: what a proof proves, without any ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from dealledger.ledger.files import read_bytes
from dealledger.projections.answers.report import Report

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger.proof.note import Signed
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

    body = read_bytes(record, LARGEST_BODY) if record else proof.extra
    if not body:
        raise BadInput(f"{file} does not carry the record", "say where it is with --record FILE")
    proof.check(body)
    signed = trust.signed(proof.checkpoint, proof.note)
    return _report(proof, _content(proof, body, record or file), signed)


def _growth_report(proof: GrowthProof, file: Path, since: Path | None, trust: Trust) -> Report:
    """Say from where to where the record is proven to have only grown.

    Raises: BadInput, Unverified.
    """
    from dealledger.events import BadInput
    from dealledger.projections.answers.event import facts_report

    if since is None:
        raise BadInput(
            f"{file} proves that a record grew", "say since which checkpoint with --since FILE"
        )
    earlier, _ = read_checkpoint(since)
    grown, later = proof.check(earlier), proof.checkpoint
    signed = trust.signed(later, proof.note)
    place: dict[str, Json | None] = {
        "origin": later.origin,
        "since_size": earlier.size,
        "since_root": earlier.root.hex(),
        "size": later.size,
        "root": later.root.hex(),
        "grown": grown,
    }
    title = f"{later.origin}: the record only grew from @{earlier.size} to @{later.size}"
    extra = {**place, "signed_by": _signers(signed)}
    return facts_report(title, place, extra, signature_lines(proof.note, signed))


def _content(proof: LogProof, body: bytes, file: Path) -> dict[str, Any]:
    """Return what the record says.

    Raises: BadInput, if it is none of a ledger of deals; Unverified, if it stands where it does not
    belong.
    """
    from dealledger.events import BadInput, canonical_bytes, read_object
    from dealledger.events.text import shown
    from dealledger.ledger.proof.note import Unverified

    try:
        content = read_object(body)
        event = content["event"]
        texts = [event["id"], event["kind"], event["effective_on"], content["recorded_at"]]
        is_record = canonical_bytes(content) == body and all(isinstance(e, str) for e in texts)
    except (BadInput, KeyError, TypeError):
        is_record = False
    if not is_record:
        raise BadInput(f"{file}: what is proven is no record of a ledger of deals")
    origin, place = proof.checkpoint.origin, proof.index + 1
    if (content.get("ledger"), content.get("position")) != (origin, place):
        raise Unverified(f"the record is not the one that belongs to @{place} of {shown(origin)}")
    return content


def _report(proof: LogProof, content: dict[str, Any], signed: tuple[Signed, ...]) -> Report:
    from dealledger.projections.answers.event import facts_report

    event, checkpoint = content["event"], proof.checkpoint
    said = {name: event[name] for name in ("id", "kind", "effective_on")} | event
    place: dict[str, Json | None] = {
        "recorded_at": content["recorded_at"],
        "actor": content.get("actor"),
        "origin": checkpoint.origin,
        "position": proof.index + 1,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }
    title = f"{event['id']}: @{proof.index + 1} in the record of {checkpoint.origin}"
    extra = {"event": event, **place, "signed_by": _signers(signed)}
    return facts_report(title, said | place, extra, signature_lines(proof.note, signed))


def _signers(signed: tuple[Signed, ...]) -> list[Any]:
    return [
        {"name": each.key.name, "key_id": each.key.id.hex(), "time": each.time} for each in signed
    ]
