"""What a proof proves: the answers of `verify-proof`, which needs no ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dealledger.projections.answers.event import facts_report

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger.proof.checkpoint import Checkpoint
    from dealledger.ledger.proof.note import Signed
    from dealledger.ledger.proof.tlog_growth import GrowthProof
    from dealledger.ledger.proof.tlog_proof import LogProof
    from dealledger.projections.answers.report import Report


def event_proven(
    proof: LogProof, record: Mapping[str, Any], signed: Sequence[Signed], notes: Sequence[str]
) -> Report:
    """Return which event a proof that holds proves to be in which record.

    record: what the proven record says. signed: the signatures that were verified. notes: lines
    that say who signed.
    """
    event, checkpoint = record["event"], proof.checkpoint
    fields = {name: event[name] for name in ("id", "kind", "effective_on")} | event
    place: dict[str, Json | None] = {
        "recorded_at": record["recorded_at"],
        "actor": record.get("actor"),
        "origin": checkpoint.origin,
        "position": proof.index + 1,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }
    title = f"{event['id']}: @{proof.index + 1} in the record of {checkpoint.origin}"
    extra = {"event": event, **place, "signed_by": _signers(signed)}
    return facts_report(title, fields | place, extra, notes)


def growth_proven(
    proof: GrowthProof,
    earlier: Checkpoint,
    grown: int,
    signed: Sequence[Signed],
    notes: Sequence[str],
) -> Report:
    """Return from where to where a record is proven to have only grown; see `event_proven`.

    grown: how many events came between.
    """
    later = proof.checkpoint
    place: dict[str, Json | None] = {
        "origin": later.origin,
        "since_size": earlier.size,
        "since_root": earlier.root.hex(),
        "size": later.size,
        "root": later.root.hex(),
        "grown": grown,
    }
    title = f"{later.origin}: the record only grew from @{earlier.size} to @{later.size}"
    return facts_report(title, place, {**place, "signed_by": _signers(signed)}, notes)


def _signers(signed: Sequence[Signed]) -> list[Any]:
    return [
        {"name": each.key.name, "key_id": each.key.id.hex(), "time": each.time} for each in signed
    ]
