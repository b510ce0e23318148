"""Tied capital, rights that bind, and what is left to buy: the answer of `dependencies`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from dealledger.events import BadInput
from dealledger.events.currency import parse_currency
from dealledger.projections.analysis.lockin import Clock, clocks, lockin, purchases
from dealledger.projections.analysis.web import Layer, web
from dealledger.projections.answers.report import Column, Number, Report, plain
from dealledger.projections.answers.ties import ties_report
from dealledger.projections.answers.webs import web_extra, web_notes
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from dealledger.ledger import View

By = Literal["ties", "lock-in", "rights"]

RIGHTS = (
    Column("id", "Id", lambda row: row.right.id, kind="id", about="of the grant"),
    Column("grantor", "Grantor", lambda row: row.right.grantor),
    Column("grantee", "Grantee", lambda row: row.right.grantee),
    Column("right", "Right", lambda row: row.right.right),
    Column("exclusive", "Exclusive", lambda row: row.right.exclusive, rank=3),
    Column("royalty_free", exact=lambda row: row.right.royalty_free),
    Column("since", "Since", lambda row: row.right.since, rank=5),
    Column("until", "Until", lambda row: row.right.until, shown=lambda row: _until(row)),
    Column(
        "precision", kind="text", about="of `until`: day, month, quarter or year; null: no date"
    ),
    Column(
        "last_day",
        "Read as",
        lambda row: row.until,
        rank=4,
        kind="day",
        about="as which `until` is read; null: no date",
    ),
    Column("days_left", "Days left", lambda row: row.days, right=True, rank=2),
    Column(
        "years_left",
        "Years left",
        lambda row: plain(row.years),
        right=True,
        rank=6,
        kind="number",
        about="from the date to its last day; null: no date",
    ),
    Column(
        "or_earlier_if",
        "Or earlier if",
        lambda row: row.condition,
        shown=lambda row: row.condition or "",
        rank=1,
        sparse=True,
        kind="text",
        about="what may end it earlier; null: nothing is said",
    ),
    Column("firmness", exact=lambda row: row.right.firmness),
    Column("terms", exact=lambda row: row.right.terms),
    Column("deal", exact=lambda row: row.right.deal),
)

_BOUGHT: Final[tuple[Layer, ...]] = ("committed", "announced")

LOCK_IN = (
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


def answer(
    view: View,
    party: str | None = None,
    by: By | None = None,
    currency: str | None = None,
    *,
    everything: bool = False,
) -> Report:
    """Return what everybody or one party depends on, in one of three tables or in all.

    everything: with the fundings that are not tied.
    Raises: BadInput, for an unknown party or currency, and for what a table does not read.
    """
    slug = find_party(view, party) if party else None
    code = parse_currency(currency) if currency else None
    if everything and by not in ("ties", None):
        raise BadInput(f"--all has no meaning with --by {by}", "leave it out")
    if code and by == "rights":
        raise BadInput("--in has no meaning with --by rights", "leave it out")
    if by == "lock-in":
        return _lock_in(view, slug, code)
    if by == "rights":
        return _rights(view, slug)
    found = ties_report(view, slug, code, everything=everything)
    if by == "ties":
        return found
    return replace(
        found,
        extra={key: value for key, value in found.extra.items() if key != "by"},
        further={"lock_in": _lock_in(view, slug, code), "rights": _rights(view, slug)},
    )


def _rights(view: View, slug: str | None) -> Report:
    rows = clocks(view, slug)
    wordless = sum(row.until is None and row.condition is None for row in rows)
    notes = []
    if any(row.precision not in (None, "day") for row in rows):
        notes.append("a month, quarter or year is read as its last day")
    if wordless:
        notes.append(f"{wordless} without an end that a source names")
    return Report(
        "Rights in force" + (f" of {slug}" if slug else "") + ", by their end",
        RIGHTS,
        rows,
        extra={"by": "rights"},
        notes=notes,
    )


def _until(row: Clock) -> str:
    if row.until is None:
        return "no date" if row.condition else ""
    return row.right.until or ""


def _lock_in(view: View, slug: str | None, currency: str | None) -> Report:
    """Return what everybody, or one party, has promised to buy, by layer and supplier."""
    bought = purchases(web(view, _BOUGHT, currency=currency), slug)
    rows = lockin(view, bought)
    return Report(
        "What is left to buy" + (f" for {slug}" if slug else ""),
        LOCK_IN,
        rows,
        extra={"by": "lock-in", **web_extra(bought)},
        notes=[
            *(_EXPLAINED if rows else ()),
            *web_notes(bought),
        ],
    )
