"""What was promised, drawn, and is still open: the answer of `commitments`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from dealledger.events import Money
from dealledger.events.bound import summed
from dealledger.projections import burdens, by_band, by_bearer, by_year, commitments
from dealledger.projections.answers.bounds import bounds_json, of_it, signed, unknown_draws
from dealledger.projections.answers.bounds import total as total_text
from dealledger.projections.answers.burden import borne_notes, burden_json, burden_note
from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.conversion import conversion, rates_extra, rates_notes
from dealledger.projections.answers.numbers import amount
from dealledger.projections.answers.report import Column, Nested, Report
from dealledger.projections.bounds import Parts, parts_by_bound
from dealledger.projections.confidence import confidence_of
from dealledger.projections.parties import find_party
from dealledger.projections.promises.commitments import CommitmentRow, Total, totals
from dealledger.projections.promises.owed import open_part, payers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from dealledger.events.base import Bound
    from dealledger.ledger import View
    from dealledger.projections.promises.burden import Share

By = Literal["year", "band", "bearer"]
Side = Literal["owes", "owed", "both"]

COLUMNS = (
    Column("id", "Id"),
    Column("obligor", "Obligor"),
    Column("beneficiary", "Beneficiary"),
    # Behind others in JSON, and it stays there.
    Column("purpose", "Purpose", only_shown=True, rank=6),
    Column(
        "currency",
        "Currency",
        kind="currency",
        about="of the amounts of the row; null: none is disclosed",
    ),
    Column(
        "committed",
        "Committed",
        shown=lambda row: _bounded(row),
        right=True,
        kind="amount",
        about="what was promised; null: not disclosed, or only by the year",
    ),
    Column(
        "drawn",
        "Drawn",
        shown=lambda row: _drawn(row),
        right=True,
        rank=3,
        sparse=True,
        kind="amount",
        about="what was drawn of it; null: not known",
    ),
    Column(
        "remaining",
        "Open",
        shown=lambda row: _open(row),
        right=True,
        kind="amount",
        about="what is open; null: not known",
    ),
    Column(
        "open_bound",
        kind="text",
        about="of `remaining`; a draw of undisclosed amount leaves at most so much",
    ),
    Column("cancelled", kind="amount", about="what was called off; null: not known"),
    Column("lapsed", kind="amount", about="what its end left open; null: not known"),
    Column(
        "overdrawn",
        "Over",
        shown=lambda row: _unless_zero(row.overdrawn),
        right=True,
        rank=2,
        sparse=True,
        kind="amount",
        about="what was drawn beyond it; null: not known",
    ),
    Column("undisclosed_draws", kind="count", about="draws of undisclosed amounts"),
    Column("start", kind="day", about="the first day of its term; null: not said"),
    Column("end", "Until", rank=1, kind="day", about="the last day of its term; null: not said"),
    Column(
        "ended_on",
        "Ended",
        shown=lambda row: row.ended_on or "",
        rank=4,
        sparse=True,
        kind="day",
        about="when it was ended; null: it was not",
    ),
    Column("firmness", "Firmness", rank=5),
    Column("layer", kind="text", about="committed, announced or apart"),
    Column("live", kind="yes/no", about="it counts in the sums"),
    Column("status", kind="text", about="open, drawn, apart, ended or memo"),
    Column("purpose", kind="text", about="what it is for"),
    Column("per", kind="text", about="total or year: what the stated amount is for"),
    Column("condition", kind="text", about="what it depends on; null: nothing"),
    Column("bound"),
    Column("backs", kind="id", about="the one that it backs, in whose sum it is; null: none"),
    Column("deal"),
    Column("events"),
)
SHARES = (
    Column("layer", "Layer"),
    Column("currency", "Currency"),
    Column("amount", "Open", kind="amount", about="what is open"),
    Column("share", "Of all", kind="share", about="of all that is open of the layer and currency"),
)
HEADINGS = {
    "open": "Open",
    "drawn": "Drawn in full",
    "apart": "Apart: talks, term sheets, letters of intent",
    "ended": "Ended",
    "memo": "Memo: statements that are never summed",
}


def answer(
    view: View, party: str | None = None, by: By | None = None, side: Side | None = None,
    currency: str | None = None, *, only_open: bool = False,
) -> Report:  # fmt: skip
    """Return the commitments of everybody or of one party, as a list or by year or bearer."""
    slug = find_party(view, party) if party else None
    side = side or ("owes" if by else "both")
    convert = conversion(view, currency)
    rows = _on_side(commitments(view, slug, currency=convert), slug, side)
    title = _title(slug, side, by, only_open=only_open)
    extra, notes = _totals(rows, slug, side)
    extra, notes = {**extra, **rates_extra(convert.used())}, [*notes, *rates_notes(convert.used())]
    if by is None:
        shown = [row for row in rows if row.status == "open" or not only_open]
        columns = [*COLUMNS, *([_owed_column(shown, slug)] if slug else [])]
        return Report(title, columns, shown, extra, notes, lambda row: HEADINGS[row.status])
    divide = partial(_divided, by=by, as_of=view.as_of, payer=slug if side == "owes" else None)
    shares = divide(rows)
    if by == "bearer":
        found = burdens(rows)
        bounds = {row.id: row.bound for row in rows}
        extra["burdens"] = [burden_json(each, bounds[each.id]) for each in found]
        said = [burden_note(each, bounds[each.id]) for each in found]
        notes = [*borne_notes(shares, slug), *said, *notes]
    parts = parts_by_bound(
        rows, lambda some: ((_place(each), each.amount) for each in divide(some))
    )
    return Report(
        title,
        [
            _divided_by(by),
            *SHARES,
            Column(
                "bounds",
                "Of it",
                lambda row: Nested(bounds_json(parts.get(_place(row), ()))),
                shown=lambda row: of_it(parts.get(_place(row), ())),
                rank=1,
                sparse=True,
                kind="{up-to, at-least, about}",
                about="what of the amount is no exact number",
            ),
        ],
        shares,
        {"by": by, **extra},
        notes,
    )


def _place(share: Share) -> tuple[str, str, int | str | None]:
    return share.layer, share.currency, share.key


def _owed_column(rows: list[CommitmentRow], slug: str) -> Column:
    """Return what a party owes of what is open: shown where that is not all of it, or nothing."""

    def owes(row: CommitmentRow) -> Money | None:
        part = open_part(row, slug) if slug in payers(row.event) else None
        return None if part is None or row.currency is None else Money(row.currency, round(part))

    is_all = all(owes(row) in (None, row.remaining) for row in rows)
    heading = "" if is_all else f"Owed by {slug}"
    return Column(
        "owes",
        heading,
        owes,
        shown=lambda row: owes(row) or "",
        right=True,
        kind="amount",
        about="what the party owes of `remaining`; null: it is no payer, or not known",
    )


def _divided(
    rows: tuple[CommitmentRow, ...], by: str, as_of: date, payer: str | None
) -> tuple[Share, ...]:
    if by == "bearer":
        return by_bearer(rows)
    return (by_year if by == "year" else by_band)(rows, as_of, payer)


def _title(slug: str | None, side: Side, by: str | None, *, only_open: bool) -> str:
    words = {"owes": f"What {slug} owes", "owed": f"What {slug} is owed"}
    title = words.get(side, f"Commitments of {slug}") if slug else "Commitments"
    return title + (f": open by {by}" if by else ": open" if only_open else "")


def _on_side(
    rows: tuple[CommitmentRow, ...], slug: str | None, side: Side
) -> tuple[CommitmentRow, ...]:
    """Leave what the party owes (as obligor or bearer), or what it is owed."""
    if slug is None or side == "both":
        return rows
    return tuple(row for row in rows if (row.beneficiary == slug) == (side == "owed"))


def _divided_by(by: By) -> Column:
    """Return the column of what the rows stand for."""
    kind, missing = ("party", "nobody named") if by == "bearer" else ("text", "no dates")
    return Column(
        by,
        by.title(),
        lambda row: row.key,
        shown=lambda row: missing if row.key is None else str(row.key),
        kind="count" if by == "year" else kind,
        about=f"what is summed up; null: {missing}",
    )


def _totals(
    rows: tuple[CommitmentRow, ...], slug: str | None, side: Side
) -> tuple[dict[str, Any], list[str]]:
    """Return the sums for programs and for people; of a party, per side: they never add up."""
    sides: tuple[Side, ...] = ("both",) if slug is None else ("owes", "owed")
    found = [
        (each_side, total, parts)
        for each_side in sides
        if side in (each_side, "both")
        for total, parts in _bounded_totals(
            _on_side(rows, slug, each_side), slug if each_side == "owes" else None
        )
    ]
    undisclosed = sum(row.live and row.remaining is None for row in rows)
    sure = confidence_of(
        (row.remaining, row.event.confidence) for row in rows if row.live and row.remaining
    )
    extra: dict[str, Any] = {
        "confidence": confidence_json(sure),
        "totals": [_total(*each) for each in found],
        "undisclosed_amounts": undisclosed,
    }
    notes = [_total_note(slug, *each) for each in found]
    notes += unknown_draws(rows)
    notes += confidence_notes(sure)
    if undisclosed:
        notes.append(f"{undisclosed} open without a disclosed amount are not in the sums")
    return extra, notes


def _bounded_totals(
    rows: tuple[CommitmentRow, ...], payer: str | None
) -> Iterator[tuple[Total, Parts]]:
    """Yield each sum, and what of it is no exact number."""
    parts = parts_by_bound(
        rows,
        lambda some: (((each.layer, each.currency), each.gross) for each in totals(some, payer)),
    )
    for total in totals(rows, payer):
        yield total, parts.get((total.layer, total.currency), ())


def _total(side: Side, total: Total, parts: Parts) -> dict[str, Any]:
    said: dict[str, Any] = {
        "currency": total.currency,
        "layer": total.layer,
        "gross": total.gross.text(),
        "consolidated": total.consolidated.text(),
        "bounds": bounds_json(parts),
    }
    return said if side == "both" else {"side": side, **said}


def _total_note(slug: str | None, side: Side, total: Total, parts: Parts) -> str:
    who = {"owes": f"{slug} owes, ", "owed": f"{slug} is owed, ", "both": ""}[side]
    net = (
        f", {amount(total.consolidated)} consolidated" if total.gross != total.consolidated else ""
    )
    if total.undisclosed and not total.gross.minor:
        return f"{who}{total.layer}: open, of undisclosed amount"
    return f"{who}{total.layer}: open {total_text(total.gross, parts)}{net}"


def _bounded(row: CommitmentRow) -> str:
    if row.committed is not None:
        return signed(row.committed, row.bound)
    yearly = row.event.money()
    return f"{signed(yearly, row.bound)} a year" if yearly else "undisclosed"


def _drawn(row: CommitmentRow) -> str:
    """Return what was drawn: at least so much where amounts are not disclosed."""
    if row.drawn is None or not row.drawn.minor:
        return "undisclosed" if row.undisclosed_draws else ""
    unknown: list[Bound] = ["at-least"] if row.undisclosed_draws else []
    return signed(row.drawn, summed([*(draw.bound for draw in row.draws), *unknown]))


def _open(row: CommitmentRow) -> str:
    return signed(row.remaining, row.open_bound)


def _unless_zero(money: Money | None) -> str:
    return amount(money) if money and money.minor else ""
