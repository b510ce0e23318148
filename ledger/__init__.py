"""Where events are kept: the append-only store, time travel, verification."""

from typing import TYPE_CHECKING

from dealledger.events.lazy import offer_lazily

if TYPE_CHECKING:
    from dealledger.ledger.appending import Appended, Draft, Tally
    from dealledger.ledger.checkpoint import Checkpoint
    from dealledger.ledger.errors import (
        Busy,
        Damaged,
        LedgerExists,
        MaybeRecorded,
        NewerLedger,
        NoLedger,
        NotALedger,
        Unreachable,
        Unwritable,
    )
    from dealledger.ledger.expected import Expected
    from dealledger.ledger.findings import Finding
    from dealledger.ledger.leaves import take_checkpoint
    from dealledger.ledger.note import Note, SigningKey, Unverified, VerifierKey
    from dealledger.ledger.reading import Head
    from dealledger.ledger.records import Record
    from dealledger.ledger.store import Ledger
    from dealledger.ledger.tlog_proof import LogProof
    from dealledger.ledger.verify import Verification
    from dealledger.ledger.view import Line, PeriodLine, Sum, Sure, View

__all__ = [
    "Appended",
    "Busy",
    "Checkpoint",
    "Damaged",
    "Draft",
    "Expected",
    "Finding",
    "Head",
    "Ledger",
    "LedgerExists",
    "Line",
    "LogProof",
    "MaybeRecorded",
    "NewerLedger",
    "NoLedger",
    "NotALedger",
    "Note",
    "PeriodLine",
    "Record",
    "SigningKey",
    "Sum",
    "Sure",
    "Tally",
    "Unreachable",
    "Unverified",
    "Unwritable",
    "Verification",
    "VerifierKey",
    "View",
    "take_checkpoint",
]

offer_lazily(
    __name__,
    {
        "appending": "Appended Draft Tally",
        "checkpoint": "Checkpoint",
        "errors": """
            Busy Damaged LedgerExists MaybeRecorded NewerLedger NoLedger NotALedger
            Unreachable Unwritable
        """,
        "expected": "Expected",
        "findings": "Finding",
        "leaves": "take_checkpoint",
        "note": "Note SigningKey Unverified VerifierKey",
        "reading": "Head",
        "records": "Record",
        "store": "Ledger",
        "tlog_proof": "LogProof",
        "verify": "Verification",
        "view": "Line PeriodLine Sum Sure View",
    },
)
