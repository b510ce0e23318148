"""Who stands in the ledger: the answer of `parties`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.projections.answers.report import Column, Report
from dealledger.projections.parties import parties

if TYPE_CHECKING:
    from dealledger.ledger import View

COLUMNS: Final = (
    Column("party", "Party", kind="party", about="its slug"),
    Column("name", "Name", kind="text", about="its name"),
    Column("roles", "Roles", kind="texts", about="lab, cloud, chipmaker, ..."),
    Column(
        "ticker", "Ticker", rank=2, kind="text", about="where its shares are traded; null: not said"
    ),
    Column("country", "Country", rank=3, kind="text", about="ISO 3166; null: not said"),
    Column("aliases", "Also called", rank=1, kind="texts", about="what it is also called"),
    Column("since", kind="day", about="the day from which it is known"),
    Column("events"),
)


def answer(view: View, role: str | None = None) -> Report:
    """Return all parties, or those with a role."""
    rows = [row for row in parties(view) if role is None or role in row.roles]
    return Report("Parties", COLUMNS, rows)
