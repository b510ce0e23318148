"""A kind of event whose money moves, added as CONTRIBUTING says, is found in every answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from support.given import party, promises

from dealledger.events import KINDS, Moving, to_json
from dealledger.events.base import Amount, Bound, PartySlug, Ref
from dealledger.events.category import CATEGORIES, Category
from dealledger.events.fields import Day
from dealledger.ledger import Ledger, View
from dealledger.projections import alliances, commitments, flows
from dealledger.projections.analysis.circles.circulation import circularity
from dealledger.projections.analysis.relation import relation
from dealledger.projections.analysis.series import series
from dealledger.projections.analysis.ties import ties
from dealledger.projections.analysis.web import web
from dealledger.projections.changes import changes
from dealledger.projections.trace import trace_balance, trace_net

DAY = date(2025, 3, 1)


class Dividend(Moving):
    """A company pays its owners."""

    kind: Literal["dividend"] = "dividend"
    sides = ("payer", "owner")
    payer: PartySlug
    owner: PartySlug
    amount: Amount | None = None
    bound: Bound = "exact"
    commitment: Ref | None = None
    period_start: Day | None = None
    period_end: Day | None = None

    @property
    def category(self) -> str:
        """Return the row of the table of categories."""
        return "dividend"


@pytest.fixture
def view(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    """Give a View of a ledger with one dividend, on a promise of it."""
    monkeypatch.setitem(KINDS, "dividend", Dividend)
    row = Category(cash=True, capital=False, said="paid as dividend", heading="Dividends")
    monkeypatch.setitem(CATEGORIES, "dividend", row)
    with Ledger.create(tmp_path / "deals.db", origin="example.org/x") as ledger:
        ledger.append([party("acme"), party("beta"), promises("c", "9")])
        paid = Dividend.model_validate(
            {"id": "d", "payer": "acme", "owner": "beta", "amount": "4", "currency": "USD",
             "commitment": "c", "effective_on": DAY}
        )  # fmt: skip
        ledger.append([paid])
        assert "dividend" == to_json(paid)["kind"]
        assert () == ledger.verify().findings
        yield ledger.at(date(2025, 12, 31))


def test_flows_count_it(view: View) -> None:
    """By party, pair, kind and year: as revenue, since it is no capital."""
    found = flows(view)
    [pair] = found.by_pair()

    assert (400, 400) == (pair.net.minor, pair.a_to_b_payment.minor)
    assert [("acme", -400), ("beta", 400)] == [(r.party, r.net.minor) for r in found.by_party()]
    assert [("dividend", 400)] == [(r.kind, r.amount.minor) for r in found.by_kind()]
    assert [(2025, 400)] == [(r.year, r.payment.minor) for r in flows(view, years=True).by_year()]


def test_numbers_lead_back_to_it(view: View) -> None:
    """Explained, over time, and between two points."""
    before = view.at(date(2025, 1, 1))

    assert [400] == [step.after for step in trace_net(view, "acme", "beta")]
    assert [-400] == [step.after for step in trace_balance(view, "acme")]
    assert ("d",) == next(c.events for c in changes(before, view) if c.what == "net")


def test_it_draws_on_its_commitment(view: View) -> None:
    """9 promised, 4 of it paid."""
    [row] = commitments(view)

    assert row.remaining
    assert (500, ("c", "d")) == (row.remaining.minor, row.events)


def test_webs_and_pictures_hold_it(view: View) -> None:
    """Circularity, its history, ties, relations and the web that is drawn."""
    found = web(view)
    cash = [fact for fact in relation(view, "acme", "beta") if fact.section == "cash"]

    assert ["d"] == [leg.event for leg in found.legs]
    assert 400 == circularity(found).total.minor
    assert [DAY] == [point.day for point in series(view, circularity)]
    assert [("paid as dividend", ("d",))] == [(fact.what, fact.events) for fact in cash]
    assert {"d"} <= {each for edge in alliances(view).edges for each in edge.events}
    assert "USD" == ties(view).currency
