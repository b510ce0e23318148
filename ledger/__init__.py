"""Where events are kept: the append-only store, time travel, verification."""

from typing import TYPE_CHECKING

from dealledger.events.lazy import offer_lazily

if TYPE_CHECKING:
    from dealledger.ledger.append.batch import Appended, Draft, Tally
    from dealledger.ledger.append.expected import Expected
    from dealledger.ledger.audit.findings import Damage
    from dealledger.ledger.audit.verify import Verification
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
    from dealledger.ledger.ledger import Ledger, take_checkpoint
    from dealledger.ledger.log import Log
    from dealledger.ledger.proof.checkpoint import Checkpoint
    from dealledger.ledger.proof.note import Note, SigningKey, Unverified, VerifierKey
    from dealledger.ledger.proof.tlog_proof import LogProof
    from dealledger.ledger.record import Record
    from dealledger.ledger.storage.head import Head
    from dealledger.ledger.storage.memory_log import MemoryLog
    from dealledger.ledger.storage.memory_records import records_of
    from dealledger.ledger.storage.memory_view import Memory, MemoryView, memory_view
    from dealledger.ledger.view import (
        AS_RECORDED,
        Assumed,
        Grounds,
        JournalLine,
        PeriodLine,
        Sum,
        Sure,
        Verified,
        View,
    )

__all__ = [
    "AS_RECORDED",
    "Appended",
    "Assumed",
    "Busy",
    "Checkpoint",
    "Damage",
    "Damaged",
    "Draft",
    "Expected",
    "Grounds",
    "Head",
    "JournalLine",
    "Ledger",
    "LedgerExists",
    "Log",
    "LogProof",
    "MaybeRecorded",
    "Memory",
    "MemoryLog",
    "MemoryView",
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
    "Verified",
    "VerifierKey",
    "View",
    "memory_view",
    "records_of",
    "take_checkpoint",
]

offer_lazily(
    __name__,
    {
        "append.batch": "Appended Draft Tally",
        "proof.checkpoint": "Checkpoint",
        "errors": """
            Busy Damaged LedgerExists MaybeRecorded NewerLedger NoLedger NotALedger
            Unreachable Unwritable
        """,
        "append.expected": "Expected",
        "audit.findings": "Damage",
        "log": "Log",
        "storage.memory_log": "MemoryLog",
        "storage.memory_records": "records_of",
        "storage.memory_view": "Memory MemoryView memory_view",
        "proof.note": "Note SigningKey Unverified VerifierKey",
        "storage.head": "Head",
        "record": "Record",
        "ledger": "Ledger take_checkpoint",
        "proof.tlog_proof": "LogProof",
        "audit.verify": "Verification",
        "view": "AS_RECORDED Assumed Grounds JournalLine PeriodLine Sum Sure Verified View",
    },
)
