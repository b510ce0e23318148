"""The cash that moved: the answer of `flows`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from dealledger.events.currency import parse_currency
from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.conversion import rates_extra, rates_notes
from dealledger.projections.answers.elsewhere import (
    elsewhere_json,
    elsewhere_notes,
    moved_elsewhere,
)
from dealledger.projections.answers.numbers import amount
from dealledger.projections.answers.point import undisclosed_note
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.flows import flows
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from dealledger.ledger import View

By = Literal["party", "pair", "kind", "year"]

COLUMNS: Final[dict[By, tuple[Column, ...]]] = {
    "party": (
        Column("party", "Party"),
        Column("currency", "Currency"),
        Column("inflow", "In", kind="amount", about="what the party received"),
        Column("outflow", "Out", kind="amount", about="what it paid"),
        Column(
            "net",
            "Net",
            kind="amount",
            about="received less paid; of a pair, what a paid less what b paid",
        ),
    ),
    "pair": (
        Column("a", "A"),
        Column("b", "B"),
        Column("currency", "Currency"),
        Column("a_to_b", "A to B", kind="amount", about="what a paid b"),
        Column("b_to_a", "B to A", kind="amount", about="what b paid a"),
        Column(
            "net",
            "Net A to B",
            rank=2,
            kind="amount",
            about="received less paid; of a pair, what a paid less what b paid",
        ),
        Column(
            "bounds",
            "between",
            shown=lambda row: _bounds(row),
            only_shown=True,
            rank=1,
            sparse=True,
        ),
        Column(
            "net_min",
            kind="amount",
            about="the least that net can be, while the date is inside of periods",
        ),
        Column("net_max", kind="amount", about="the most"),
        Column("a_to_b_funding", kind="amount", about="of it capital"),
        Column("a_to_b_payment", kind="amount", about="of it revenue"),
        Column("b_to_a_funding", kind="amount", about="of it capital"),
        Column("b_to_a_payment", kind="amount", about="of it revenue"),
    ),
    "kind": (
        Column("kind", "Kind", kind="text", about="funding or payment"),
        Column("currency", "Currency"),
        Column("amount", "Amount"),
    ),
    "year": (
        Column(
            "year", "Year", shown=lambda row: str(row.year), kind="count", about="the calendar year"
        ),
        Column("currency", "Currency"),
        Column("funding", "Funding", kind="amount", about="capital paid in"),
        Column("payment", "Payments", kind="amount", about="revenue"),
        Column("amount", "Together"),
    ),
}


def answer(
    view: View,
    party: str | None = None,
    by: By = "party",
    currency: str | None = None,
    *,
    accrue: bool = False,
) -> Report:
    """Return the flows of everybody or of one party, by party, pair, kind or year.

    accrue: amounts with a period count straight-line by days.
    Raises: BadInput, for an unknown party or currency; MissingRate.
    """
    slug = find_party(view, party) if party else None
    code = parse_currency(currency) if currency else None
    found = flows(view, slug, currency=code, accrue=accrue, years=by == "year")
    moved = moved_elsewhere(view, slug)
    by_name = {
        "party": found.by_party, "pair": found.by_pair, "kind": found.by_kind, "year": found.by_year
    }  # fmt: skip
    return Report(
        f"Cash by {by}" + (f" of {slug}" if slug else ""),
        COLUMNS[by],
        by_name[by](),
        extra={
            "by": by,
            "confidence": confidence_json(found.confidence),
            "undisclosed_amounts": found.undisclosed,
            "elsewhere": elsewhere_json(moved),
            **({"accrued": True} if accrue else {}),
            **rates_extra(found.rates),
        },
        notes=[
            *(["amounts with a period are read by it, straight-line by days"] if accrue else []),
            *rates_notes(found.rates),
            *confidence_notes(found.confidence),
            *undisclosed_note(found.undisclosed),
            *elsewhere_notes(moved, slug),
        ],
    )


def _bounds(row: Any) -> str:
    if row.net_min == row.net_max:
        return ""
    return f"{amount(row.net_min)} and {amount(row.net_max)}"
