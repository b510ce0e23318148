"""How `concentration` shows rivals: what comes from them, who deals with them, who owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dealledger.events import BadInput
from dealledger.projections.analysis.market.owners import Market, common_ownership, known_stakes
from dealledger.projections.analysis.market.rivals import (
    Link,
    RivalPartners,
    markets_of,
    rival_book,
    rival_partners,
)
from dealledger.projections.answers.report import Column, Nested, Report, index
from dealledger.projections.answers.values import cell, shares_text, to_json
from dealledger.projections.answers.webs import Asked, web_extra, web_notes
from dealledger.projections.rivalries import rivalries

if TYPE_CHECKING:
    from fractions import Fraction

    from dealledger.ledger import View
    from dealledger.projections.analysis.web import Web

OPINION: Final = "who competes with whom is an opinion: see deals log --kind rivalry"
VERBS: Final = {
    "stake": "holds part of",
    "commitment": "owes",
    "right": "gave a right to",
    "paid": "paid",
}

RIVALS = (
    Column("party", "Party"),
    Column("funding", "Funding", kind="amount", about="what it was funded with"),
    Column("from_rivals", "From rivals", kind="amount", about="of it by its rivals"),
    Column("share", "Share", kind="share", about="of funding; null: there is none"),
    Column("funders", "Rival funders", kind="parties", about="the rivals among its funders"),
    Column("suppliers", "Suppliers", rank=2, kind="count", about="how many suppliers it has"),
    Column(
        "fan_out",
        "Rivals of each other",
        lambda row: len(row.bridged),
        rank=1,
        kind="count",
        about="how many of them are rivals of each other",
    ),
    Column("bridged", "Which", rank=3, kind="parties", about="which"),
    Column("rivals", kind="parties", about="its rivals"),
    Column("undisclosed_amounts", "Undisclosed", lambda row: row.undisclosed, rank=4),
)
PARTNERS = (
    Column("a", "A", lambda row: row.rivals.a),
    Column("b", "B", lambda row: row.rivals.b),
    Column(
        "markets",
        "Rivals in",
        lambda row: row.rivals.markets,
        kind="texts",
        about="in which they are rivals",
    ),
    Column(
        "events",
        exact=lambda row: row.rivals.events,
        kind="ids",
        about="those that say that they are rivals",
    ),
    Column(
        "links",
        "Partners: in force, or paid in the last 12 months",
        lambda row: _links(row),
        shown=lambda row: ", ".join(map(_words, row.links)),
        kind="list of {kind, from, to, events}",
        about="what is between them: stake, commitment, right or paid",
    ),
)
OWNERS = (
    Column("market", "Market", kind="text", about="the market"),
    Column("rivals", "Rivals", kind="parties", about="who competes there"),
    Column(
        "paid",
        "With revenue",
        shown=lambda row: sum((share > 0 for _, share in row.shares)),
        only_shown=True,
        rank=4,
    ),
    Column(
        "revenue",
        "Revenue",
        shown=lambda row: row.revenue if row.recorded else None,
        rank=2,
        kind="amount",
        about="of its rivals, whatever for",
    ),
    Column(
        "recorded",
        kind="yes/no",
        about="false: all of it is paid for other things than this market, so there are no numbers",
    ),
    Column("hhi", "HHI", lambda row: index(row.hhi)),
    Column(
        "mhhi",
        "With owners",
        lambda row: index(row.mhhi),
        shown=lambda row: _at_least(row.mhhi),
        right=True,
        kind="number",
        about="HHI with common owners, at least; null: no revenue",
    ),
    Column(
        "delta",
        "More",
        lambda row: index(row.delta),
        shown=lambda row: _at_least(row.delta),
        right=True,
        kind="number",
        about="by how much that is more; null: no revenue",
    ),
    Column(
        "common", "Common owners", rank=1, kind="parties", about="who holds several of the rivals"
    ),
    Column(
        "undisclosed_holders",
        exact=lambda row: row.undisclosed,
        kind="count",
        about="of how many rivals not all holders are known",
    ),
    Column(
        "shares",
        "Shares of revenue",
        lambda row: _shares(row),
        shown=lambda row: _earning(row),
        rank=3,
        kind="list of {party, share}",
        about="of the revenue",
    ),
)


def rivals_report(view: View, web: Web, slug: str | None) -> Report:
    """Return what each party, or one, has from its rivals, and its suppliers that are rivals."""
    rivals = rivalries(view)
    names = [slug] if slug else [name for name in web.parties() if name not in web.many]
    books = [rival_book(web, name, rivals) for name in names]
    rows = [row for row in books if row.funding.minor or row.undisclosed or row.bridged]
    return Report(
        "From rivals" + (f" to {slug}" if slug else ""),
        RIVALS,
        rows,
        extra={"by": "rivals", **web_extra(web)},
        notes=[OPINION, *web_notes(web)],
    )


def partners_report(view: View, asked: Asked, slug: str | None) -> Report:
    """Return the rivals that are partners, of everybody or of one party."""
    if asked != Asked():
        raise BadInput(
            "--by partners counts no money, and looks at all layers",
            "leave out --layer, --in and --since",
        )
    rows = [
        row
        for row in rival_partners(view, rivalries(view))
        if slug in (None, row.rivals.a, row.rivals.b)
    ]
    return Report(
        "Rivals that are partners" + (f" of {slug}" if slug else ""),
        PARTNERS,
        rows,
        extra={"by": "partners"},
        notes=[OPINION],
    )


def owners_report(view: View, web: Web, slug: str | None) -> Report:
    """Return how concentrated each market is with the owners of its rivals, or those of one."""
    held = known_stakes(view, web.many)
    purposes = {
        record.id: getattr(record.event, "purpose", None)
        for record in view.events("payment", "commitment")
    }
    rows = [
        common_ownership(web, market, names, held, purposes)
        for market, names in markets_of(rivalries(view)).items()
        if slug is None or slug in names
    ]
    return Report(
        "Common owners of rivals" + (f" of {slug}" if slug else ""),
        OWNERS,
        rows,
        extra={"by": "owners", **web_extra(web)},
        notes=[
            *_unrecorded(rows),
            "shares: of all that the ledger knows each was paid, whatever for",
            "control: as large as the stake; a rival that holds another votes its stake as one",
            "at least: what nobody is known to hold is taken for one holder of nothing else",
            OPINION,
            *web_notes(web),
        ],
    )


def _unrecorded(rows: list[Market]) -> list[str]:
    """Return the line that names the markets of which no revenue is recorded."""
    names = [row.market for row in rows if not row.recorded]
    if not names:
        return []
    return [f"no revenue recorded in {', '.join(names)}: what these were paid was for other things"]


def _words(link: Link) -> str:
    return f"{link.source} {VERBS[link.kind]} {link.target}"


def _links(row: RivalPartners) -> Nested:
    return Nested(
        [
            {"kind": each.kind, "from": each.source, "to": each.target, "events": [*each.events]}
            for each in row.links
        ]
    )


def _shares(row: Market) -> Nested:
    shares: Any = [{"party": name, "share": to_json(share)} for name, share in row.shares]
    return Nested(shares)


def _earning(row: Market) -> str:
    return shares_text([(name, share) for name, share in row.shares if share])


def _at_least(share: Fraction | None) -> str:
    return "–" if share is None else f"≥ {cell(index(share))}"
