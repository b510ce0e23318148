"""Over how many others money is spread, and who of them are rivals: `concentration`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from dealledger.projections.analysis.market.concentration import (
    Concentration,
    PartyShare,
    booked,
    concentrations,
    resale,
)
from dealledger.projections.answers.report import Column, Nested, Report, index, plain
from dealledger.projections.answers.rivals import owners_report, partners_report, rivals_report
from dealledger.projections.answers.values import cell, shares_text, to_json
from dealledger.projections.answers.webs import Asked, web_extra, web_notes
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.analysis.web import Web

By = Literal["direction", "rivals", "partners", "owners"]

COLUMNS = (
    Column("party", "Party"),
    Column(
        "direction",
        "Its",
        kind="text",
        about="suppliers, customers, funders or labs (that it resells)",
    ),
    Column(
        "parties",
        "Others",
        lambda row: len(row.parts),
        rank=2,
        kind="count",
        about="how many others there are",
    ),
    Column(
        "total",
        "Total",
        right=True,
        kind="amount",
        about="all together; null: labs that count as one each",
    ),
    Column("hhi", "HHI", lambda row: index(row.hhi), right=True),
    Column(
        "hhi_least",
        "At least",
        lambda row: index(row.least),
        shown=lambda row: _least(row),
        right=True,
        rank=3,
        sparse=True,
    ),
    Column("effective", "Effective number", lambda row: plain(row.effective), right=True),
    Column(
        "effective_most",
        exact=lambda row: plain(row.most_effective),
        kind="number",
        about="the most that `effective` can be; null: no limit",
    ),
    Column(
        "normalised",
        "Normalised",
        lambda row: plain(row.normalised, 3),
        right=True,
        rank=4,
        kind="share",
        about="0: all are equal, 1: one has all; null: there is one",
    ),
    Column("unattributed", kind="share", about="what groups and the outside world have"),
    Column(
        "undisclosed_amounts",
        "Undisclosed",
        lambda row: row.undisclosed,
        shown=lambda row: row.undisclosed or "",
        right=True,
        rank=1,
        sparse=True,
    ),
    Column(
        "shares",
        "Shares",
        lambda row: _shares_json(row),
        shown=lambda row: _shares(row),
        kind="list of {party, amount, share}",
        about="of each of the others",
    ),
)


def answer(view: View, asked: Asked, party: str | None = None, by: By = "direction") -> Report:
    """Return the concentration of everybody or of one party, or one of the tables on rivals.

    Raises: BadInput, for an unknown party, and for what --by partners does not read; MissingRate.
    """
    slug = find_party(view, party) if party else None
    if by == "partners":
        return partners_report(view, asked, slug)
    web = asked.web(view)
    if by == "owners":
        return owners_report(view, web, slug)
    web = booked(web, slug) if slug else web
    return rivals_report(view, web, slug) if by == "rivals" else _books(view, web, slug)


def _books(view: View, web: Web, slug: str | None) -> Report:
    books = (*concentrations(web), *resale(view, web, slug))
    rows = [row for row in books if slug in (None, row.party)]
    return Report(
        "Concentration" + (f" of {slug}" if slug else ""),
        COLUMNS,
        rows,
        extra={"by": "direction", **web_extra(web)},
        notes=[*_notes(rows), *web_notes(web)],
    )


def _notes(rows: list[Concentration]) -> list[str]:
    notes = []
    if any(row.unattributed for row in rows):
        notes.append("at least: groups and the outside world are many parties, split endlessly")
    if any(row.undisclosed and row.least for row in rows):
        notes.append("at least: undisclosed amounts are set to what makes HHI smallest")
    labs = [row for row in rows if row.direction == "labs"]
    if any(row.total is None for row in labs):
        notes.append(
            "labs that it resells count as one each, unless all are known to be paid by it"
        )
    return notes


def _shares_json(row: Concentration) -> Nested:
    def said(part: PartyShare) -> Any:
        return {name: to_json(getattr(part, name)) for name in ("party", "amount", "share")}

    return Nested([said(part) for part in row.parts])


def _least(row: Concentration) -> str:
    return "" if row.least == row.hhi else f"≥ {cell(index(row.least))}"


def _shares(row: Concentration) -> str:
    return shares_text([(part.party, part.share) for part in row.parts])
