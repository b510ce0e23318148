"""Who holds what: the answer of `stakes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealledger.events import BadInput
from dealledger.events.bound import SIGNS
from dealledger.projections.analysis.market.lookthrough import direct_stakes
from dealledger.projections.analysis.market.lookthrough import look_through as looked_through
from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.conversion import conversion, rates_extra, rates_notes
from dealledger.projections.answers.numbers import money, number, share
from dealledger.projections.answers.point import undisclosed_note
from dealledger.projections.answers.report import Column, Nested, Report
from dealledger.projections.answers.values import cell, to_json
from dealledger.projections.confidence import together
from dealledger.projections.ownership.stakes import StakeRow, StakeTable, stakes
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from fractions import Fraction

    from dealledger.ledger import View
    from dealledger.projections.ownership.unpriced import Unpriced

COLUMNS = (
    Column("issuer"),
    Column("holder", "Holder", kind="party", about="who holds them"),
    Column(
        "stake",
        "Stake",
        right=True,
        kind="share",
        about="the part of the issuer; null: invested, and nobody states how large the stake is",
    ),
    Column(
        "how",
        "How",
        rank=1,
        kind="text",
        about="how the stake is known: computed, stated or shares; null: not known",
    ),
    Column(
        "basis",
        "Basis",
        rank=5,
        kind="text",
        about="of what it is a part, such as as-converted or fully-diluted; null: not known",
    ),
    Column("since", "Since", rank=3, kind="day", about="since when it is as large"),
    Column(
        "shares",
        "Shares",
        shown=lambda row: _shares(row),
        right=True,
        sparse=True,
        kind="number",
        about="how many shares; null: not known",
    ),
    Column(
        "invested",
        "Invested",
        shown=lambda row: _invested(row),
        full=True,
        right=True,
        rank=2,
        kind="list of {currency, amount}",
        about="what the holder paid in",
    ),
    Column(
        "value",
        "Value",
        shown=lambda row: _worth(row),
        full=True,
        right=True,
        kind="money",
        about="at the latest valuation; null: there is none",
    ),
    Column(
        "bound",
        kind="text",
        about="of stake and value: exact, up-to or about, by later money without terms or "
        "undisclosed shares",
    ),
    Column("events", "Events", rank=4),
    Column(
        "gross",
        kind="share",
        about="of a group's line, with what its members hold themselves; null: no group",
    ),
    Column(
        "counted", kind="yes/no", about="false: a profit interest, or stated of who has no shares"
    ),
    Column("undisclosed_amounts"),
    Column(
        "classes",
        exact=lambda row: _classes(row),
        kind="list of {share_class, shares}",
        about="the shares of each class (share_class null: not named); null: without shares",
    ),
)


THROUGH = (
    Column("issuer"),
    Column("holder", "Holder", kind="party", about="who holds them"),
    Column("direct", "Direct", kind="share", about="held by itself; null: not known"),
    Column("indirect", "Through others", kind="share", about="held through others, at least"),
    Column("total", "Together", kind="share", about="both together"),
    Column(
        "through", "Through", rank=1, kind="parties", about="the issuers that it is held through"
    ),
)


def answer(
    view: View,
    issuers: tuple[str, ...] = (),
    currency: str | None = None,
    *,
    look_through: bool = False,
) -> Report:
    """Return the stake tables of all issuers, or of some; look_through: also through others.

    Raises: BadInput, for an unknown party or currency, and for both options at once; MissingRate.
    """
    if look_through and currency:
        raise BadInput("--in has no meaning with --look-through", "leave it out")
    return _looked_through(view, issuers) if look_through else _tables(view, issuers, currency)


def _tables(view: View, issuers: tuple[str, ...], currency: str | None) -> Report:
    convert = conversion(view, currency)
    wanted = [find_party(view, issuer) for issuer in issuers]
    tables = (
        [table for issuer in wanted for table in stakes(view, issuer, currency=convert)]
        if wanted
        else list(stakes(view, currency=convert))
    )
    rows = [row for table in tables for row in table.rows]
    sure = together(each for table in tables for each in table.confidence)
    used = sorted({*convert.used(), *(rate for table in tables for rate in table.rates)})
    return Report(
        "Stakes" + (f" in {', '.join(wanted)}" if wanted else ""),
        COLUMNS,
        rows,
        extra={
            **_extra(tables),
            "confidence": confidence_json(sure),
            **rates_extra(used),
        },
        notes=[note for table in tables for note in _notes(table)]
        + rates_notes(used)
        + confidence_notes(sure)
        + undisclosed_note(sum(table.undisclosed_amounts for table in tables)),
        section=(lambda row: row.issuer) if len(tables) > 1 else None,
    )


def _looked_through(view: View, issuers: tuple[str, ...]) -> Report:
    """Return what is held of all issuers, or of some, directly and through others."""
    wanted = [find_party(view, issuer) for issuer in issuers]
    found = looked_through(direct_stakes(view))
    rows = [row for row in found.rows if not wanted or row.issuer in wanted]
    notes = ["through others: at least, since undisclosed stakes are left out"]
    notes += [
        f"{' and '.join(circle)} hold each other: what each has of itself counts once"
        for circle in found.circles
    ]
    notes += [
        f"{issuer}: OVER-ALLOCATED; through it, its holders have their stakes in proportion"
        for issuer in found.over
    ]
    return Report(
        "Stakes" + (f" in {', '.join(wanted)}" if wanted else "") + ", looked through",
        THROUGH,
        rows,
        extra={
            "circles": [list(circle) for circle in found.circles],
            "over_allocated": list(found.over),
        },
        notes=notes,
        section=lambda row: row.issuer,
    )


def _extra(tables: list[StakeTable]) -> dict[str, Any]:
    return {
        "undisclosed": {table.issuer: to_json(table.undisclosed) for table in tables},
        "over_allocated": {table.issuer: to_json(table.over) for table in tables if table.over},
        "fundings_without_terms": {
            table.issuer: list(table.termless) for table in tables if table.termless
        },
        "later_without_terms": {
            table.issuer: _later(table.unpriced) for table in tables if table.unpriced
        },
        "undisclosed_shares": {
            table.issuer: list(table.unnumbered) for table in tables if table.unnumbered
        },
        "warnings": [warning for table in tables for warning in table.warnings],
        "undisclosed_amounts": sum(table.undisclosed_amounts for table in tables),
    }


def _notes(table: StakeTable) -> list[str]:
    notes = [f"{table.issuer}: {share(table.undisclosed)} undisclosed"]
    if table.over:
        notes = [f"{table.issuer}: OVER-ALLOCATED by {share(table.over)}"]
    for row in table.rows:
        if row.gross is not None and row.gross != row.stake:
            notes.append(f"{row.holder}: {share(row.gross)} with what its members hold themselves")
        if not row.counted:
            profit = row.basis == "profit-interest"
            what = "a profit interest" if profit else "stated, but it has no shares: this"
            notes.append(f"{row.holder}: {what} is not part of the 100 %")
    if table.unpriced:
        notes.append(f"{table.issuer}: {_diluting(table.unpriced)}")
    elif table.termless:
        count = len(table.termless)
        said = (
            "fundings state no terms, so they change"
            if count > 1
            else "funding states no terms, so it changes"
        )
        notes.append(f"{table.issuer}: {count} {said} no stake")
    if table.unnumbered:
        count = len(table.unnumbered)
        many = "issuances of shares do" if count > 1 else "issuance of shares does"
        notes.append(
            f"{table.issuer}: {count} {many} not say how many; stakes are at most so large"
        )
    if table.valuation:
        value, day, event_id = table.valuation
        notes.append(f"{table.issuer}: values at {money(value)}, {day} ({event_id})")
    return notes + list(table.warnings)


def _invested(row: StakeRow) -> str:
    known = ", ".join(map(money, row.invested))
    if not row.undisclosed_amounts:
        return known
    return f"{known} + undisclosed" if known else "undisclosed"


def _shares(row: StakeRow) -> str:
    """Return the shares of a holder, and of which classes they are where any is named."""

    def count(shares: Fraction) -> str:
        return cell(int(shares)) if shares.denominator == 1 else number(shares)

    if row.shares is None:
        return ""
    named = [f"{count(shares)} {name or 'unnamed'}" for name, shares in row.classes]
    if len(named) == 1:
        return named[0].removesuffix(" unnamed")
    return f"{count(row.shares)} ({', '.join(named)})"


def _classes(row: StakeRow) -> Nested | None:
    """Return the shares of each class; none is not known."""
    named: list[Any] = [
        {"share_class": name, "shares": to_json(shares)} for name, shares in row.classes
    ]
    return Nested(named) if named else None


def _worth(row: StakeRow) -> str:
    return SIGNS[row.bound] + cell(row.value, full=True) if row.value else cell(None)


def _later(late: Unpriced) -> dict[str, Any]:
    return {
        "fundings": list(late.fundings),
        "amounts": to_json(late.amounts, full=True),
        "undisclosed_amounts": late.vague,
        "dilution_most": to_json(late.most),
    }


def _diluting(late: Unpriced) -> str:
    """Say what later money without terms can have done to the stakes shown."""
    count = len(late.fundings)
    paid = [*map(money, late.amounts), *([f"{late.vague} undisclosed"] if late.vague else [])]
    many = "fundings" if count > 1 else "funding"
    dilute = "dilute" if count > 1 else "dilutes"
    said = f"{count} later {many} without terms ({', '.join(paid)}) {dilute} nobody here"
    if late.most is None:
        return f"{said}; by how much a stake is less is not known"
    return f"{said}; a stake is less by at most {share(late.most)}, if none was at a lower value"
