"""Who is exposed to a party: directly, through all hands, by DebtRank, clearing: `exposure`."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal

from dealledger.events import BadInput, Money, PartMoney
from dealledger.projections.analysis.risk.clearing import Cleared, cleared
from dealledger.projections.analysis.risk.debtrank import debtrank, leverage
from dealledger.projections.analysis.risk.exposure import (
    Exposed,
    Exposure,
    exposure,
    holdings,
    obligations,
)
from dealledger.projections.analysis.web import Pair, Web, sureness
from dealledger.projections.analysis.web import web as web_of
from dealledger.projections.answers.bounds import signed
from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.inputs import Given, in_currency, read_amounts
from dealledger.projections.answers.numbers import amount, money
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.values import cell, to_json
from dealledger.projections.answers.webs import Asked, web_extra, web_notes
from dealledger.projections.parties import find_party

Which = Literal["direct", "debtrank", "clearing"]

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from dealledger.ledger import View
    from dealledger.projections.analysis.risk.extraction import Extraction


def _bounded(key: str, heading: str, rank: int = 0, *, about: str) -> tuple[Column, ...]:
    """Return the columns of an amount, with what kind of number it is."""

    def shown(row: Exposed) -> str:
        return signed(getattr(row, key), getattr(row, f"{key}_bound"))

    return (
        Column(key, heading, shown=shown, right=True, rank=rank, kind="amount", about=about),
        Column(f"{key}_bound", kind="text", about=f"what kind of number `{key}` is"),
    )


DIRECT: Final = (
    Column("party", "Party"),
    Column(
        "stake",
        "Its stake",
        right=True,
        rank=1,
        kind="share",
        about="of the party that is asked about; null: none known",
    ),
    *_bounded(
        "worth", "Worth", rank=2, about="of the stake, at the latest valuation; null: not known"
    ),
    *_bounded(
        "committed",
        "Committed to it",
        about="what it has promised to the party, firmly, and not paid yet",
    ),
    *_bounded("due", "Due in 12 months", rank=3, about="of it within 12 months"),
    *_bounded("announced", "Announced", rank=4, about="the same, of promises that are announced"),
    Column(
        "recorded_revenue",
        "Recorded revenue",
        right=True,
        kind="amount",
        about="what this ledger records of its revenue; null: nothing",
    ),
    Column(
        "revenue",
        "Of that paid by it",
        right=True,
        kind="share",
        about="the part of that that the party pays; null: none recorded",
    ),
    Column(
        "is_large_customer",
        "10 % or more",
        rank=6,
        kind="yes/no",
        about="it pays 10 % or more of that",
    ),
    Column(
        "hit",
        "Of that lost",
        right=True,
        kind="share",
        about="the part of recorded revenue that goes without the party; null: none recorded",
    ),
    Column(
        "hit_all",
        "Of recorded income lost",
        right=True,
        rank=5,
        kind="share",
        about="the same of all recorded income; null: none recorded",
    ),
    Column("undisclosed_amounts", exact=lambda row: row.undisclosed),
)
DEBTRANK: Final = (
    Column("party", "Party", lambda row: row[0]),
    Column(
        "capacity",
        "Capacity",
        lambda row: row[1],
        right=True,
        kind="amount",
        about="what it can lose, by the file",
    ),
    Column("loss", "Loss", lambda row: row[2], kind="share", about="the part of it that is lost"),
)
MISSING: Final = (
    "not here, for no ledger holds what they need: losses that spread through stakes "
    "(--view debtrank: what each can lose), who can pay (--view clearing: a day, and cash)"
)
CLEARING: Final = (
    Column("party", "Party", lambda row: row.party),
    Column(
        "cash",
        "Cash",
        right=True,
        kind="amount",
        about="by the file; null: not given, taken to pay in full",
    ),
    Column("due", "Owes", kind="amount", about="what it owes until the day"),
    Column("pays", "Pays", kind="amount", about="what it can pay of that"),
    Column("owed", "Is owed", kind="amount", about="what it is owed until the day"),
    Column("gets", "Gets", kind="amount", about="what it gets of that"),
    Column("defaults", "Defaults", kind="yes/no", about="it cannot pay in full"),
)


def answer(
    view: View,
    asked: Asked,
    party: str,
    which: Which = "direct",
    *,
    capacities: Path | None = None,
    cash: Path | None = None,
    due: date | None = None,
) -> Report:
    """Return one of the views of the exposure to a party.

    capacities, cash: files of what each party can lose, and has. due: until when promises fall due.
    Raises: BadInput, for an unknown party, and for what a view does not read, or lacks; Refused,
    for bad lines of a file; MissingRate.
    """
    _check(which, {"--capacities": capacities}, {"--cash": cash, "--due": due})
    web, slug = asked.web(view), find_party(view, party)
    if which == "debtrank":
        return _debtrank(view, web, slug, capacities)
    if which == "clearing":
        return _clearing(view, web, slug, due, cash)
    return _direct(view, web, slug)


def _check(which: str, debtrank: dict[str, object], clearing: dict[str, object]) -> None:
    """Refuse options that the view does not read."""
    for options, view in ((debtrank, "debtrank"), (clearing, "clearing")):
        for name, value in options.items():
            if value is not None and which != view:
                raise BadInput(f"{name} has no meaning with --view {which}", f"--view {view}")


def _direct(view: View, web: Web, party: str) -> Report:
    """Return what everybody has at stake in *party*, and what would be lost without it."""
    found = exposure(view, web, party)
    web = replace(web, rates=tuple(sorted({*web.rates, *found.rates})))
    undisclosed = sum(row.undisclosed for row in found.rows)
    notes = [
        "worth: of stakes at the latest valuation; committed, announced: what it has not paid yet",
        "revenue: what this ledger records of it, and a share is of that; it may be far more",
        _score(found.by_revenue, f"without {party} others lose", "recorded revenue", web),
        _score(found.by_income, "counting funding as well they lose", "recorded income", web),
        "lost: also through others, if everybody cuts in proportion (extraction): an upper bound",
        MISSING,
    ]
    if undisclosed:
        notes.append(f"{undisclosed} promises of undisclosed amounts are not in the sums")
    return Report(
        f"Exposure to {party}",
        DIRECT,
        found.rows,
        extra={"party": party, **_scores(found), **web_extra(web)},
        notes=[*notes, *web_notes(web)],
    )


def _debtrank(view: View, web: Web, party: str, file: Path | None) -> Report:
    """Return how far the loss of *party* spreads through stakes. file: capacities."""
    if file is None:
        raise BadInput(
            "DebtRank needs what each party can lose, which no ledger holds",
            "--capacities FILE, CSV with party, amount, currency, on, source",
        )
    given = read_amounts(file, view)
    capacity = in_currency(given, view, web.currency)
    levers = leverage(holdings(view, web), capacity)
    whole = sum(capacity.values())
    weights = {who: Fraction(amount, whole) for who, amount in capacity.items()}
    found = debtrank(levers, weights, party)
    rows = [
        (who, Money(web.currency, capacity[who]), found.losses[who]) for who in sorted(capacity)
    ]
    notes = [
        f"DebtRank {cell(found.rank)}: the loss of all others as a part of all capacity given",
        "what each holds of others: stakes at their latest valuation; promises are no asset",
        *_sources(given),
    ]
    if found.rest:
        notes.append(f"after {found.rounds} rounds less than a millionth is still under way")
    return Report(
        f"DebtRank of {party}",
        DEBTRANK,
        sorted(rows, key=lambda row: (-row[2], row[0])),
        extra={"party": party, "rank": to_json(found.rank), "rounds": found.rounds,
               "capacities": _given_json(given), "currency": web.currency},
        notes=notes,
    )  # fmt: skip


def _clearing(view: View, web: Web, party: str, until: date | None, file: Path | None) -> Report:
    """Return who can pay what falls due until a day if *party* and all others pay from cash."""
    if until is None or file is None:
        raise BadInput(
            "clearing needs a day, and what cash each party has, which no ledger holds",
            "--due DATE --cash FILE, CSV with party, amount, currency, on, source",
        )
    if until <= view.as_of:
        raise BadInput(f"--due {until} is not after {view.as_of}", "name a later day")
    given = read_amounts(file, view)
    due, undated = obligations(view, web, until)
    cash = in_currency(given, view, web.currency)
    rows = [_Money(each, web.currency, cash) for each in cleared(due, _full(due) | cash)]
    failing = [row.party for row in rows if row.defaults]
    notes = [
        f"due by {until}: committed promises, straight-line or as scheduled; greatest payments",
        f"cannot pay in full: {', '.join(failing) or 'nobody'}",
        "whose cash is not in the file is taken to pay in full",
        *_sources(given),
    ]
    if undated:
        notes.append(f"{undated} promises without known days are left out")
    sure = sureness(web_of(view, ("committed",), currency=web.currency))
    return Report(
        f"Clearing until {until}, seen from {party}",
        CLEARING,
        rows,
        extra={"party": party, "due": until.isoformat(), "defaults": [*failing],
               "cash": _given_json(given), "undated": undated, "currency": web.currency,
               "confidence": confidence_json(sure)},
        notes=[*notes, *confidence_notes(sure)],
    )  # fmt: skip


def _full(due: Mapping[Pair, int]) -> dict[str, int]:
    """Return as much cash for everybody as it owes."""
    owes: dict[str, int] = {}
    for (obligor, _), minor in due.items():
        owes[obligor] = owes.get(obligor, 0) + minor
    return owes


class _Money:
    """A cleared party with its amounts as money; cash: None, if nobody said it."""

    def __init__(self, found: Cleared, currency: str, cash: Mapping[str, int]) -> None:
        self.party = found.party
        self.defaults = found.defaults
        self.cash = Money(currency, found.cash) if found.party in cash else None
        self.due, self.owed = Money(currency, found.due), Money(currency, found.owed)
        self.pays, self.gets = (PartMoney(currency, minor) for minor in (found.pays, found.gets))


def _score(found: Extraction, words: str, what: str, web: Web) -> str:
    if found.score is None:
        return f"others have no {what} in this web"
    lost = PartMoney(web.currency, found.score * found.income.minor)
    near = "about " if found.error else ""
    share = f"{near}{cell(found.score)}"
    return f"{words} {share} of their {what}: {amount(lost)} of {amount(found.income)}"


def _scores(found: Exposure) -> dict[str, Any]:
    return {
        "revenue_score": to_json(found.by_revenue.score),
        "income_score": to_json(found.by_income.score),
        "error": to_json(max(found.by_revenue.error, found.by_income.error)),
    }


def _sources(given: tuple[Given, ...]) -> list[str]:
    return [f"{each.party}: {money(each.money)} on {each.on}, {each.source}" for each in given]


def _given_json(given: tuple[Given, ...]) -> list[Any]:
    return [
        {
            "party": each.party,
            "amount": each.money.text(),
            "currency": each.money.currency,
            "on": each.on.isoformat(),
            "source": each.source,
        }
        for each in given
    ]
