"""How `dependencies` shows tied capital: funding by funding, and by who was funded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dealledger.projections.analysis.ties import CODES, Required, Tie, TiedIssuer, ties
from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.numbers import amount
from dealledger.projections.answers.point import undisclosed_note
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.values import cell, to_json
from dealledger.projections.confidence import confidence_of

if TYPE_CHECKING:
    from dealledger.events import Money
    from dealledger.ledger import View

COLUMNS = (
    Column("event", "Id", kind="id", about="the funding"),
    Column("day", "Date", rank=3, kind="day", about="its day"),
    Column("funder", "Funder", kind="party", about="who funds"),
    Column("issuer", "Funded", kind="party", about="who is funded"),
    Column(
        "funding",
        "Funding",
        lambda row: row.amount,
        right=True,
        rank=4,
        kind="amount",
        about="how much; null: not disclosed",
    ),
    Column(
        "grade",
        "Tied",
        shown=lambda row: _grade(row),
        rank=2,
        kind="text",
        about="untied, partial or full; null: not said",
    ),
    Column(
        "code",
        exact=lambda row: CODES[row.grade] if row.grade else None,
        kind="count",
        about="of IATI: 5 untied, 3 partly, 4 tied; null: not said",
    ),
    Column("credits", kind="yes/no", about="it is given in credits"),
    Column(
        "tied",
        "How much",
        shown=lambda row: _between(row.tied, row.most_tied),
        right=True,
        kind="amount",
        about="how much is tied, at least; null: not known",
    ),
    Column(
        "tied_most",
        exact=lambda row: row.most_tied,
        kind="amount",
        about="at most; null: not known",
    ),
    Column(
        "tied_to",
        "To",
        lambda row: row.to,
        shown=lambda row: row.to or "",
        kind="party",
        about="with whom it has to be spent; null: with nobody",
    ),
    Column(
        "fulfilled",
        "Spent there since",
        shown=lambda row: _between(row.fulfilled, row.most_fulfilled),
        right=True,
        rank=1,
        kind="amount",
        about="what was spent there since, at least; null: not known",
    ),
    Column(
        "fulfilled_most",
        exact=lambda row: row.most_fulfilled,
        kind="amount",
        about="at most; null: not known",
    ),
)
_GRADES: Final = {"partial": "in part", "full": "in full", "untied": "no", None: ""}
_ISSUER: Final = {
    "issuer": "issuer",
    "funding": "funding",
    "tied": "tied",
    "tied_most": "most_tied",
    "fulfilled": "fulfilled",
    "share": "share",
    "share_most": "most_share",
    "unsaid": "unsaid",
    "undisclosed_amounts": "undisclosed",
    "required": "required",
    "spend": "spend",
    "dependency": "dependency",
}
"""What JSON says of an issuer, and the name of it in `TiedIssuer`."""


def ties_report(
    view: View, slug: str | None, currency: str | None, *, everything: bool = False
) -> Report:
    """Return the fundings that are tied, of everybody or by and into one party."""
    found = ties(view, currency=currency)
    fundings = [tie for tie in found.fundings if slug in (None, tie.funder, tie.issuer)]
    rows = [tie for tie in fundings if everything or tie.to is not None]
    rows.sort(key=lambda tie: tie.issuer)
    about = {tie.issuer for tie in rows} | {slug}
    issuers = [each for each in found.issuers if slug is None or each.issuer in about]
    required = [
        each for each in found.required if slug in (None, each.right.grantor, each.right.grantee)
    ]
    undisclosed = sum(tie.amount is None for tie in fundings)
    sure = confidence_of((tie.amount, tie.confidence) for tie in fundings if tie.amount)
    return Report(
        "Tied capital" + (f" of {slug}" if slug else ""),
        COLUMNS,
        rows,
        extra={
            "by": "ties",
            "currency": found.currency,
            "issuers": [_issuer_json(each) for each in issuers],
            "required_technology": [_required_json(each) for each in required],
            "confidence": confidence_json(sure),
            "undisclosed_amounts": undisclosed,
        },
        notes=[
            *(note for each in issuers for note in _issuer_notes(each)),
            *map(_required_note, required),
            *_notes(fundings, len(fundings) - len(rows)),
            *confidence_notes(sure),
            *undisclosed_note(undisclosed),
        ],
    )


def _required_json(required: Required) -> Any:
    right = required.right
    said = {key: to_json(getattr(right, key)) for key in ("id", "grantor", "grantee", "since")}
    return {**said, "terms": right.terms, "funded": to_json(required.funded)}


def _required_note(required: Required) -> str:
    """Return one right that an investor has, in a line."""
    right, funded = required.right, required.funded
    has = f"which funded it with {amount(funded)}" if funded and funded.minor else "its investor"
    if funded is None:
        has = "which promised to fund it"
    terms = f": {right.terms}" if right.terms else ""
    return f"{right.grantor} has to use technology of {right.grantee}, {has} ({right.id}){terms}"


def _grade(tie: Tie) -> str:
    word = _GRADES[tie.grade]
    return f"{word}, in credits" if tie.credits else word


def _between(least: Money | None, most: Money | None) -> str:
    if least is None or most is None:
        return "–"
    if not most.minor:
        return ""
    return cell(least) if least == most else f"{cell(least)} to {cell(most)}"


def _issuer_json(issuer: TiedIssuer) -> Any:
    return {key: to_json(getattr(issuer, name)) for key, name in _ISSUER.items()}


def _issuer_notes(issuer: TiedIssuer) -> list[str]:
    notes = []
    if issuer.share is not None and issuer.most_tied.minor:
        share = cell(issuer.share)
        if issuer.most_share != issuer.share:
            share = f"between {share} and {cell(issuer.most_share)}"
        notes.append(
            f"{issuer.issuer}: {share} of {amount(issuer.funding)} of funding is tied; "
            f"{amount(issuer.fulfilled)} of that was spent where it is tied to"
        )
    if issuer.required.minor and issuer.dependency is not None:
        notes.append(
            f"{issuer.issuer}: {cell(issuer.dependency)} of {amount(issuer.spend)} that it paid "
            "went to suppliers whose technology it has to use"
        )
    return notes


def _notes(fundings: list[Tie], left_out: int) -> list[str]:
    notes = []
    unsaid = sum(tie.grade is None for tie in fundings)
    if unsaid:
        notes.append(f"not said, and counted as untied: {unsaid} of {len(fundings)} fundings")
    if any(tie.credits for tie in fundings):
        notes.append("credits are no cash, and tied in full: they buy only from who gives them")
    if left_out:
        notes.append(f"left out without a tie: {left_out} (--all)")
    return notes
