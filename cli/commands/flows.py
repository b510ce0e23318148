"""deals flows [PARTY]: the cash that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dealledger.cli.params import IN_CURRENCY, PARTY, Query, query_options
from dealledger.projections.answers.point import undisclosed_note
from dealledger.projections.answers.report import Column, Report

if TYPE_CHECKING:
    from dealledger.ledger import View

COLUMNS = {
    "party": (
        Column("party", "Party"),
        Column("currency", "Currency"),
        Column("inflow", "In"),
        Column("outflow", "Out"),
        Column("net", "Net"),
    ),
    "pair": (
        Column("a", "A"),
        Column("b", "B"),
        Column("currency", "Currency"),
        Column("a_to_b", "A to B"),
        Column("b_to_a", "B to A"),
        Column("net", "Net A to B", rank=2),
        Column("bounds", "between", lambda row: _bounds(row), narrow=True, rank=1, sparse=True),
        Column("net_min", wide=True),
        Column("net_max", wide=True),
        Column("a_to_b_funding", wide=True),
        Column("a_to_b_payment", wide=True),
        Column("b_to_a_funding", wide=True),
        Column("b_to_a_payment", wide=True),
    ),
    "kind": (Column("kind", "Kind"), Column("currency", "Currency"), Column("amount", "Amount")),
    "year": (
        Column("year", "Year", lambda row: str(row.year), narrow=True),
        Column("year", wide=True),
        Column("currency", "Currency"),
        Column("funding", "Funding"),
        Column("payment", "Payments"),
        Column("amount", "Together"),
    ),
}


@click.command("flows")
@click.argument("party", required=False, type=PARTY)
@click.option("--by", type=click.Choice(list(COLUMNS)), default="party", show_default=True,
              help="What a row stands for.")  # fmt: skip
@IN_CURRENCY
@click.option("--accrue", is_flag=True,
              help="Count amounts with a period straight-line by days.")  # fmt: skip
@query_options
def command(query: Query, party: str | None, by: str, currency: str | None, accrue: bool) -> None:
    """Show the cash that moved: fundings (unless in credits) and payments, gross and net.

    What holders paid each other for stakes, and funding in credits, are not in it: a line says so.

    An amount that is known only for a period counts in full when the period ends; `between` says
    how far the net can be off while the date lies inside of such periods.

    \b
    Examples:
      deals flows --as-of 2025-12-31
      deals flows microsoft --by pair --as-of 2024-12-31 --announced-by 2024-12-31
      deals flows --by year --in USD
    """
    with query.view() as view:
        query.answer(report(view, party, by, currency, accrue=accrue), view)


def report(
    view: View, party: str | None = None, by: str = "party", currency: str | None = None,
    *, accrue: bool = False,
) -> Report:  # fmt: skip
    """Return the flows of everybody or of one party, by party, pair, kind or year."""
    from dealledger.events.currency import parse_currency
    from dealledger.projections.answers.confidence import confidence_json, confidence_notes
    from dealledger.projections.answers.conversion import rates_extra, rates_notes
    from dealledger.projections.answers.elsewhere import (
        elsewhere_json,
        elsewhere_notes,
        moved_elsewhere,
    )
    from dealledger.projections.flows import flows
    from dealledger.projections.parties import find_party

    slug = find_party(view, party) if party else None
    code = parse_currency(currency) if currency else None
    found = flows(view, slug, currency=code, accrue=accrue, years=by == "year")
    moved = moved_elsewhere(view, slug)
    by_name = {
        "party": found.by_party, "pair": found.by_pair, "kind": found.by_kind, "year": found.by_year
    }  # fmt: skip
    columns = [
        column for column in COLUMNS[by]
        if column.key != "bounds" or any(row.net_min != row.net_max for row in found.by_pair())
    ]  # fmt: skip
    return Report(
        f"Cash by {by}" + (f" of {slug}" if slug else ""),
        columns,
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
    from dealledger.projections.answers.numbers import amount

    if row.net_min == row.net_max:
        return ""
    return f"{amount(row.net_min)} and {amount(row.net_max)}"
