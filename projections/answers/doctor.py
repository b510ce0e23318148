"""What is well and what is not: the answer of `doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from dealledger.projections.answers.report import Column, Report

if TYPE_CHECKING:
    from dealledger.ledger.audit.doctor import Check

COLUMNS: Final = (
    Column("check", "Check", kind="text", about="what was looked at"),
    Column("state", "State", kind="text", about="well, warning or wrong"),
    Column("message", "Found", kind="text", about="what was found"),
    Column("hint", "Do", sparse=True, kind="text", about="what to do"),
)


def answer(checks: Sequence[Check]) -> Report:
    """Return what was found, in the order in which it was looked at."""
    return Report("What is well and what is not", COLUMNS, checks)
