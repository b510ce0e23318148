"""Who stands in the ledger: the answer of `parties`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.projections.answers.report import Column, Report
from dealledger.projections.parties import parties

if TYPE_CHECKING:
    from dealledger.ledger import View

COLUMNS: Final = (
    Column("party", "Party"),
    Column("name", "Name"),
    Column("roles", "Roles"),
    Column("ticker", "Ticker", rank=2),
    Column("country", "Country", rank=3),
    Column("aliases", "Also called", rank=1),
    Column("since"),
    Column("events"),
)


def answer(view: View, role: str | None = None) -> Report:
    """Return all parties, or those with a role."""
    rows = [row for row in parties(view) if role is None or role in row.roles]
    return Report("Parties", COLUMNS, rows)
