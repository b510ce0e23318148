"""What does not fit together: the answer of `reconcile`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.projections.answers.report import Column, Report
from dealledger.projections.reconcile import reconcile

if TYPE_CHECKING:
    from dealledger.ledger import View

COLUMNS: Final = (
    Column("check", "Check"),
    Column("subject", "Subject"),
    Column("stated", "Stated", full=True, right=True, rank=2),
    Column("computed", "Computed", full=True, right=True, rank=2),
    Column("message", "What"),
    Column("events", "Events", rank=3),
)


def answer(view: View) -> Report:
    """Return what does not fit; no rows, if all does."""
    return Report("What does not fit", COLUMNS, reconcile(view))
