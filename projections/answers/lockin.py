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
    Column("buyer", "Buyer", kind="party", about="who has promised to buy"),
    Column(
        "supplier",
        "Supplier",
        shown=lambda row: row.supplier or "all",
        kind="party",
        about="from whom; null: all of several",
    ),
    Column("layer", "Layer"),
    Column(
        "open", "Open", right=True, kind="amount", about="what is left to buy; null: not disclosed"
    ),
    Column(
        "dated",
        "With an end",
        right=True,
        rank=5,
        kind="amount",
        about="what of it has an end; null: not disclosed",
    ),
    Column(
        "wal",
        "Average life, years",
        lambda row: plain(row.wal),
        right=True,
        rank=3,
        kind="number",
        about="the average life of that, in years; null: nothing has an end",
    ),
    Column("last_end", "Last end", rank=2, kind="day", about="the last end; null: nothing has one"),
    Column(
        "paid", "Paid in 12 months", rank=1, kind="amount", about="in the 12 months before the date"
    ),
    Column(
        "years_locked",
        "Years locked",
        lambda row: plain(row.years_locked),
        right=True,
        kind="number",
        about="open / paid; null: nothing paid",
    ),
    Column(
        "largest", "Largest", rank=6, kind="id", about="the largest commitment; null: not disclosed"
    ),
    Column(
        "share",
        "Its share",
        rank=7,
        kind="share",
        about="of it in what is open; null: not disclosed",
    ),
    Column(
        "hhi",
        "HHI",
        lambda row: None if row.hhi is None else Number(row.hhi * 10000, 0),
        rank=8,
        kind="number",
        about="over the commitments, 0 to 10,000; null: not disclosed",
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
    Column("commitments", kind="ids", about="all of them"),
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
