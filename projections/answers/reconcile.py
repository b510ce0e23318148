"""What does not fit together: the answer of `reconcile`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.projections.answers.report import Column, Report
from dealledger.projections.reconcile import reconcile

if TYPE_CHECKING:
    from dealledger.ledger import View

COLUMNS: Final = (
    Column(
        "check",
        "Check",
        kind="text",
        about="holding, overdrawn, over-allocated, transfer, round, above its cap, "
        "right past its end, no source, memo",
    ),
    Column("subject", "Subject", kind="text", about="what it is about"),
    Column(
        "stated",
        "Stated",
        full=True,
        right=True,
        rank=2,
        kind="share or money",
        about="what a source states; null: nothing",
    ),
    Column(
        "computed",
        "Computed",
        full=True,
        right=True,
        rank=2,
        kind="share or money",
        about="what the events add up to; null: nothing",
    ),
    Column("message", "What", kind="text", about="what does not fit"),
    Column("events", "Events", rank=3),
)


def answer(view: View) -> Report:
    """Return what does not fit; no rows, if all does."""
    return Report("What does not fit", COLUMNS, reconcile(view))
