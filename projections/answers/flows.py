"""The cash that moved: the answer of `flows`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from dealledger.events import Money
from dealledger.events.category import CATEGORIES, CREDITS, TRANSFER, is_cash
from dealledger.events.currency import parse_currency
from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.conversion import rates_extra, rates_notes
from dealledger.projections.answers.numbers import amount, money
from dealledger.projections.answers.point import undisclosed_note
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.flows import flows
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from dealledger.events import Json
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
            "Net, possible range",
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

_ELSEWHERE: Final = {
    TRANSFER: "what holders paid each other for stakes",
    CREDITS: "funding in credits",
}
_ELSEWHERE_KINDS: Final = {TRANSFER: "transfer", CREDITS: "funding"}


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
    moved = _moved_elsewhere(view, slug)
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
            "elsewhere": _elsewhere_json(moved),
            **({"accrued": True} if accrue else {}),
            **rates_extra(found.rates),
        },
        notes=[
            *(["amounts with a period are read by it, straight-line by days"] if accrue else []),
            *rates_notes(found.rates),
            *confidence_notes(found.confidence),
            *undisclosed_note(found.undisclosed),
            *_elsewhere_notes(moved, slug),
        ],
    )


def _bounds(row: Any) -> str:
    if row.net_min == row.net_max:
        return ""
    return f"{amount(row.net_min)} to {amount(row.net_max)}"


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What moved in a category that is no cash between a company and who pays it."""

    category: str
    amounts: tuple[Money, ...]
    undisclosed: int


def _moved_elsewhere(view: View, party: str | None = None) -> tuple[_Elsewhere, ...]:
    """Return what moved besides cash, of everybody or of one party."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    undisclosed: dict[str, int] = defaultdict(int)
    names = tuple(name for name in CATEGORIES if not is_cash(name))
    for each in view.sums(*names, party=party):
        undisclosed[each.category] += each.undisclosed
        if each.currency is not None and each.minor:
            sums[each.category][each.currency] += each.minor
    return tuple(
        _Elsewhere(
            name,
            tuple(Money(code, minor) for code, minor in sorted(sums[name].items())),
            undisclosed[name],
        )
        for name in names
        if sums[name] or undisclosed[name]
    )


def _elsewhere_json(found: tuple[_Elsewhere, ...]) -> Json:
    """Return {category: {amounts, undisclosed_amounts}}."""
    return {
        each.category: {
            "amounts": [{"currency": m.currency, "amount": m.text()} for m in each.amounts],
            "undisclosed_amounts": each.undisclosed,
        }
        for each in found
    }


def _elsewhere_notes(found: tuple[_Elsewhere, ...], party: str | None) -> list[str]:
    """Return the lines under a table that say what is not in it, and what shows it."""
    notes = []
    for each in found:
        said = [*map(money, each.amounts)]
        said += [f"{each.undisclosed} undisclosed"] if each.undisclosed else []
        words = _ELSEWHERE.get(each.category, CATEGORIES[each.category].said)
        whose = f" {party}" if party else ""
        kind = _ELSEWHERE_KINDS.get(each.category)
        see = f"deals log{whose}" + (f" --kind {kind}" if kind else "")
        notes.append(f"not in it: {words}, {' and '.join(said)} (see: {see})")
    return notes
