"""Where events are kept: the append-only store, time travel, verification."""

from dealledger.ledger.appending import Appended, Draft
from dealledger.ledger.errors import (
    Busy,
    Damaged,
    LedgerExists,
    NewerLedger,
    NoLedger,
    NotALedger,
    Unreachable,
    Unwritable,
)
from dealledger.ledger.expected import Expected
from dealledger.ledger.records import Record
from dealledger.ledger.store import Head, Ledger
from dealledger.ledger.verify import Finding, Verification
from dealledger.ledger.view import PeriodLine, Sum, View

__all__ = [
    "Appended",
    "Busy",
    "Damaged",
    "Draft",
    "Expected",
    "Finding",
    "Head",
    "Ledger",
    "LedgerExists",
    "NewerLedger",
    "NoLedger",
    "NotALedger",
    "PeriodLine",
    "Record",
    "Sum",
    "Unreachable",
    "Unwritable",
    "Verification",
    "View",
]
