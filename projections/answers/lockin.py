"""How `dependencies` shows lock-in: what is left to buy, of whom, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.projections.analysis.lockin import lockin, purchases
from dealledger.projections.analysis.web import Layer, web
from dealledger.projections.answers.report import Column, Number, Report, plain
from dealledger.projections.answers.webs import web_extra, web_notes

if TYPE_CHECKING:
    from dealledger.ledger import View

LAYERS: Final[tuple[Layer, ...]] = ("committed", "announced")

COLUMNS = (
    Column("buyer", "Buyer"),
    Column("supplier", "Supplier", shown=lambda row: row.supplier or "all"),
    Column("layer", "Layer"),
    Column("open", "Open", right=True),
    Column("dated", "With an end", right=True, rank=5),
    Column("wal", "Average life, years", lambda row: plain(row.wal), right=True, rank=3),
    Column("last_end", "Last end", rank=2),
    Column("paid", "Paid in 12 months", rank=1),
    Column("years_locked", "Years locked", lambda row: plain(row.years_locked), right=True),
    Column("largest", "Largest", rank=6),
    Column("share", "Its share", rank=7),
    Column(
        "hhi", "HHI", lambda row: None if row.hhi is None else Number(row.hhi * 10000, 0), rank=8
    ),
    Column(
        "undisclosed_amounts",
        "Undisclosed",
        lambda row: row.undisclosed,
        shown=lambda row: row.undisclosed or "",
        right=True,
        rank=4,
        sparse=True,
    ),
    Column("commitments"),
)

_EXPLAINED: Final = (
    "average life: of what has an end, weighted by amount; the rest is left out of it",
    "years locked: open / paid to the same in 12 months; an amount of a period counts at its end",
)


def lockin_report(view: View, slug: str | None, currency: str | None) -> Report:
    """Return what everybody, or one party, has promised to buy, by layer and supplier."""
    bought = purchases(web(view, LAYERS, currency=currency), slug)
    rows = lockin(view, bought)
    return Report(
        "What is left to buy" + (f" for {slug}" if slug else ""),
        COLUMNS,
        rows,
        extra={"by": "lock-in", **web_extra(bought)},
        notes=[
            *(_EXPLAINED if rows else ()),
            *web_notes(bought),
        ],
    )
