"""How large edges are over time: by their history, as by asking for the web of each day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from support.given import event, funds, party, pays, promises
from support.memory import Told

from dealledger.events import Event
from dealledger.ledger import View
from dealledger.projections import alliances, horizon
from dealledger.projections.alliances import EdgeKey, Size
from dealledger.projections.diagram.edge_sizes import ever_among_largest, largest_ever
from dealledger.projections.diagram.select import size_of

A: EdgeKey = ("payment", "a", "x", False, "plain")
B: EdgeKey = ("payment", "b", "x", False, "plain")
C: EdgeKey = ("payment", "c", "x", False, "plain")

STORY: list[Event] = [
    promises("c", "100", on="2024-01-10", end="2024-06-30"),
    pays("p1", "30", on="2024-02-10", commitment="c"),
    promises("d", "50", on="2024-03-10"),
    event("termination", "t", on="2024-04-10", ends=["d"], remaining="20"),
    pays("p2", "5", on="2024-08-10", commitment="c"),
    promises("loose", "900", on="2024-02-20", firmness="letter-of-intent"),
    event("termination", "u", on="2024-05-10", ends=["loose"]),
    promises("unsaid", None, on="2024-05-20"),
    promises("whole", "80", on="2024-07-01", end="2024-09-30", firmness="announced"),
    promises("part", "40", on="2024-07-10", backs="whole"),
    promises("note", "7000", on="2024-07-10", memo=True),
    promises("shared", "99", on="2024-03-20",
             bearers=[{"party": "core", "amount": "33"}, {"party": "dome", "amount": "40"}]),
    pays("p3", "20", on="2024-04-20", payer="core", commitment="shared"),
    promises("thirds", "1", on="2024-06-20", firmness="announced",
             bearers=[{"party": "core", "amount": "0.30"}, {"party": "dome", "amount": "0.70"}]),
    pays("p4", "0.01", on="2024-07-20", commitment="thirds"),
    event("rate", "r1", on="2023-01-01", base="EUR", quote="USD", rate="1.10"),
    event("rate", "r2", on="2024-04-01", base="EUR", quote="USD", rate="1.30"),
    event("payment", "p5", on="2024-04-02", payer="acme", payee="beta", amount="7", currency="EUR"),
    funds("f", "10", on="2024-01-20", instrument="credits"),
    funds("g", "10", on="2024-01-25"),
]  # fmt: skip


@pytest.fixture
def view(told: Told) -> View:
    """A ledger in which promises are drawn, cut, ended, backed and over."""
    told.append([party(slug) for slug in ("acme", "beta", "core", "dome")])
    told.append(STORY)
    return told.at(date(2024, 1, 1))


@pytest.mark.parametrize("currency", [None, "EUR"])
def test_are_those_of_the_web_of_each_day(view: View, currency: str | None) -> None:
    """Day by day, what the history says is what the web of that day has; converted or not."""
    sizes = horizon(view, currency).sizes
    day = date(2024, 1, 1)
    while day < date(2024, 10, 15):
        known: dict[EdgeKey, int] = {}
        known |= {size.key: size.minor for size in sizes if size.day <= day}
        drawn = {edge.key: size_of(edge) for edge in alliances(view.at(day), currency).edges}
        assert {k: v for k, v in drawn.items() if v} == {k: v for k, v in known.items() if v}, day
        day += timedelta(days=1)


def test_the_most_is_no_sum_of_what_was_never_open_together(view: View) -> None:
    """100 fell to 70 before 50 came: at most 120 were open, and not 150; and 26 of a third one."""
    sizes = horizon(view).sizes
    most = largest_ever(sizes)

    assert 146_00 == most["commitment", "acme", "beta", False, "plain"]
    assert 900_00 == most["commitment", "acme", "beta", False, "apart"]


def test_who_was_among_the_largest_on_some_day() -> None:
    """B passes A and C comes last; by then A has fallen behind, but it was first."""
    sizes = [
        Size(date(2024, 1, 1), A, 5),
        Size(date(2024, 1, 2), B, 6),
        Size(date(2024, 1, 3), C, 2),
        Size(date(2024, 1, 4), A, 1),
        Size(date(2024, 1, 5), B, 0),
    ]

    assert {A, B, C} == ever_among_largest(sizes, {A, B, C}, 1)
    assert {A, B} == ever_among_largest(sizes[:4], {A, B, C}, 1)
    assert {A, C} == ever_among_largest(sizes, {A, C}, 1)


def test_the_order_within_a_day_does_not_count() -> None:
    """Only the end of a day decides: B is large in passing."""
    day = date(2024, 1, 1)
    sizes = [Size(day, B, 9), Size(day, A, 5), Size(day, B, 1)]

    assert {A} == ever_among_largest(sizes, {A, B}, 1)


def test_a_promise_runs_from_who_owes_it(view: View) -> None:
    """Bearers owe their lines less what they drew, the obligor what no line names."""
    edges = {edge.source: edge for edge in alliances(view.at(date(2024, 4, 30))).edges
             if "shared" in edge.events}  # fmt: skip
    parts = {source: dict(edge.parts)["shared"].minor for source, edge in edges.items()}

    assert {"acme": 26_00, "core": 13_00, "dome": 40_00} == parts


def test_converted_amounts_are_rounded_once(view: View) -> None:
    """30 at 1.10, 5 at 1.30 and 7 as they are: 38.12 EUR, by the two rates that were used."""
    web = alliances(view.at(date(2024, 12, 31)), "EUR")
    [paid] = [edge for edge in web.edges if edge.key == ("payment", "acme", "beta", False, "plain")]

    assert ["EUR"] == [money.currency for money in paid.amounts]
    assert round(3001 * Fraction(10, 11) + 500 * Fraction(10, 13) + 700) == paid.amounts[0].minor
    assert {"r1", "r2"} == {rate.event for rate in web.rates}
