"""deals concentration [PARTY]: over how many others money is spread, and who of them are rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.params import PARTY, Query, query_options
from dealledger.cli.web_options import web_options
from dealledger.projections.answers.report import Column, Report, index, plain
from dealledger.projections.answers.webs import Asked, web_extra, web_notes

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import View
    from dealledger.projections.analysis.market.concentration import Concentration, PartyShare
    from dealledger.projections.analysis.web import Web

BY: Final = ("direction", "rivals", "partners", "owners")
"""So many parts stand in a table; JSON and CSV have all."""

COLUMNS = (
    Column("party", "Party"),
    Column("direction", "Its"),
    Column("parties", "Others", lambda row: len(row.parts), rank=2),
    Column("total", "Total", right=True),
    Column("hhi", "HHI", lambda row: index(row.hhi), right=True),
    Column("least", "At least", lambda row: _least(row), narrow=True, right=True, rank=3),
    Column("hhi_least", get=lambda row: index(row.least), wide=True),
    Column("effective", "Effective number", lambda row: plain(row.effective), right=True),
    Column("effective_most", get=lambda row: plain(row.most_effective), wide=True),
    Column("normalised", "Normalised", lambda row: plain(row.normalised, 3), right=True, rank=4),
    Column("unattributed", wide=True),
    Column("undisclosed_amounts", "Undisclosed", lambda row: row.undisclosed, wide=True),
    Column("undisclosed", "Undisclosed", lambda row: row.undisclosed or "", narrow=True,
           right=True, rank=1),
    Column("shares", "Shares", lambda row: _shares(row),
           narrow=True),
)  # fmt: skip


@click.command("concentration")
@click.argument("party", required=False, type=PARTY)
@click.option(
    "--by",
    type=click.Choice(BY),
    default="direction",
    show_default=True,
    help="direction: suppliers, customers, funders, labs resold. rivals: what comes from rivals. "
    "partners: rivals that deal with each other. owners: rivals with the same owners.",
)
@web_options(since=True)
@query_options
def command(query: Query, asked: Asked, party: str | None, by: str) -> None:
    """Show how concentrated the suppliers, customers and funders of a party are.

    HHI is the sum of squared shares: 10,000 if one has all. The effective number is how many equal
    parts would be as concentrated; normalised is 0 if all are equal and 1 if one has all.

    \b
    Examples:
      deals concentration openai --layer committed
      deals concentration anthropic --by rivals --as-of 2026-06-30
      deals concentration --by partners
    """
    with query.view() as view:
        query.answer(report(view, asked, party, by), view)


def report(view: View, asked: Asked, party: str | None = None, by: str = "direction") -> Report:
    """Return the concentration of everybody or of one party, or one of the tables on rivals."""
    from dealledger.projections.analysis.market.concentration import booked
    from dealledger.projections.answers.rivals import owners_report, partners_report, rivals_report
    from dealledger.projections.parties import find_party

    slug = find_party(view, party) if party else None
    if by == "partners":
        return partners_report(view, asked, slug)
    web = asked.web(view)
    if by == "owners":
        return owners_report(view, web, slug)
    web = booked(web, slug) if slug else web
    return rivals_report(view, web, slug) if by == "rivals" else _books(view, web, slug)


def _books(view: View, web: Web, slug: str | None) -> Report:
    from dealledger.projections.analysis.market.concentration import concentrations, resale

    books = (*concentrations(web), *resale(view, web, slug))
    rows = [row for row in books if slug in (None, row.party)]
    columns = [
        column for column in COLUMNS
        if column.key not in ("least", "undisclosed") or any(column.value(row) for row in rows)
    ]  # fmt: skip
    return Report(
        "Concentration" + (f" of {slug}" if slug else ""),
        columns,
        rows,
        extra={"by": "direction", **web_extra(web)},
        notes=[*_notes(rows), *web_notes(web)],
        own_fields=_own_fields,
    )


def _notes(rows: list[Concentration]) -> list[str]:
    notes = []
    if any(row.unattributed for row in rows):
        notes.append("at least: groups and the outside world are many parties, split endlessly")
    if any(row.undisclosed and row.least for row in rows):
        notes.append("at least: undisclosed amounts are taken as large as makes HHI least")
    labs = [row for row in rows if row.direction == "labs"]
    if any(row.total is None for row in labs):
        notes.append(
            "labs that it resells count as one each, unless all are known to be paid by it"
        )
    return notes


def _own_fields(row: Concentration) -> dict[str, Json | None]:
    from dealledger.projections.answers.values import to_json

    def said(part: PartyShare) -> Any:
        return {name: to_json(getattr(part, name)) for name in ("party", "amount", "share")}

    return {"shares": [said(part) for part in row.parts]}


def _least(row: Concentration) -> str:
    from dealledger.projections.answers.values import cell

    return "" if row.least == row.hhi else f"≥ {cell(index(row.least))}"


def _shares(row: Concentration) -> str:
    from dealledger.projections.answers.values import shares_text

    return shares_text([(part.party, part.share) for part in row.parts])
