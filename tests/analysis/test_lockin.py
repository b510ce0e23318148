"""Q12: how long rights last, and how much is promised to whom for how long."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.given import Look, event, pays, promises

from dealledger.events import Event, PartMoney
from dealledger.events.dates import years_left
from dealledger.ledger import View
from dealledger.projections.analysis.lockin import (
    Locked,
    clocks,
    locked,
    lockin,
    purchases,
)
from dealledger.projections.analysis.web import Leg, Web, web

END = date(2026, 12, 31)
OUTSTANDING = ((25, "c1", date(2030, 12, 31)), (30, "c2", date(2032, 12, 31)),
               (5, "c3", date(2027, 12, 31)))  # fmt: skip


def leg(name: str, minor: int) -> Leg:
    return Leg(name, 1, date(2025, 1, 1), "a", "b", capital=False, minor=minor, layer="committed")


def test_the_worked_example() -> None:
    """25, 30 and 5 that end in 2030, 2032 and 2027, at 2026: 4.75 years, H 4306, largest 50 %."""
    legs = [leg(name, minor) for minor, name, _ in OUTSTANDING]
    ends = {name: end for _, name, end in OUTSTANDING}
    bought = Web("USD", tuple(legs))
    found = locked(bought, legs, ends, END, PartMoney("USD", Fraction(40)), "b")

    assert (Fraction("4.75"), Fraction(1550, 3600)) == (found.wal, found.hhi)
    assert ("c2", Fraction(1, 2)) == (found.largest, found.share)
    assert (Fraction(3, 2), date(2032, 12, 31)) == (found.years_locked, found.last_end)


def test_the_clock_of_a_licence(look: Look) -> None:
    """From 2025-10-28 until 2032, read as its last day: 2,621 days, 7.18 years."""
    view = look(
        event("right", "g", on="2025-10-28", grantor="acme", grantee="beta", right="ip-licence",
              until="2032"),
        on="2025-10-28",
    )  # fmt: skip
    [clock] = clocks(view)

    assert ("year", date(2032, 12, 31), 2621) == (clock.precision, clock.until, clock.days)
    assert clock.years is not None
    assert Fraction("7.18") == round(clock.years, 2)


@pytest.mark.parametrize(
    ("day", "end", "years"),
    [
        ("2026-12-31", "2030-12-31", Fraction(4)),
        ("2025-01-01", "2025-01-02", Fraction(1, 365)),
        ("2023-07-01", "2024-01-01", Fraction(184, 366)),
        ("2024-02-29", "2025-02-28", Fraction(1)),
        ("2024-02-29", "2028-02-29", Fraction(4)),
        ("2025-06-30", "2025-06-30", Fraction()),
        ("9998-12-31", "9999-12-31", Fraction(1)),
        ("9999-01-01", "9999-12-31", Fraction(364, 365)),
    ],
)
def test_years_left(day: str, end: str, years: Fraction) -> None:
    """Whole years to the same day, and the rest by days of the year in which it falls."""
    assert years == years_left(date.fromisoformat(day), date.fromisoformat(end))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 20_000))
def test_years_grow_with_days(day: date, days: int) -> None:
    """One more day is more, and no count is off by a day or more from 365.25 days a year."""
    end = day + timedelta(days=days)
    years = years_left(day, end)

    assert years < years_left(day, end + timedelta(days=1))
    assert abs(years - Fraction(4 * days, 1461)) < Fraction(2, 365)


def test_rights_by_their_end(look: Look) -> None:
    """What has a day comes first; words have none, and what is only talked about has no clock."""

    def right(name: str, **fields: Any) -> Event:
        return event("right", name, grantor="acme", grantee="beta", right="x", **fields)

    found = clocks(
        look(
            right("words", until="AGI is declared"),
            right("open"),
            right("late", until="2032-Q1"),
            right("soon", until="2030-02"),
            right("over", until="2029"),
            right("talks", firmness="talks", until="2040"),
        )
    )

    assert [
        ("soon", "month", None, 59),
        ("late", "quarter", None, 821),
        ("words", None, "AGI is declared", None),
        ("open", None, None, None),
    ] == [(each.right.id, each.precision, each.condition, each.days) for each in found]


def what(view: View, *layers: Any) -> list[Locked]:
    return [*lockin(view, purchases(web(view, layers or ("committed",))))]


def test_what_is_left_to_buy(look: Look) -> None:
    """By supplier, and of all: 60 of beta until 2031, 40 of core without an end; 30 paid."""
    found = what(
        look(
            promises("c", "100", end="2031-12-31"),
            pays("drawn", "40", commitment="c", on="2025-01-01"),
            pays("late", "30", on="2029-01-01"),
            pays("before", "5", on="2028-12-31"),
            promises("d", "40", beneficiary="core"),
            promises("capital", "7", beneficiary="core", purpose="equity"),
            promises("unknown", None, beneficiary="core"),
        )
    )

    assert [
        (None, 10000, 6000, Fraction(2), 3000, None, 1),
        ("beta", 6000, 6000, Fraction(2), 3000, Fraction(2), 0),
        ("core", 4000, 0, None, 0, None, 1),
    ] == [
        (
            each.supplier, each.open and each.open.minor, each.dated and each.dated.minor, each.wal,
            each.paid.minor, each.years_locked, each.undisclosed,
        )
        for each in found
    ]  # fmt: skip
    assert ("c", "d", "unknown") == found[0].commitments


def test_layers_stand_apart(look: Look) -> None:
    """What is announced is not part of what is committed; each has its own rows."""
    view = look(promises("c", "5"), promises("d", "3", firmness="announced"))
    found = what(view, "committed", "announced")

    assert [("committed", "c"), ("announced", "d")] == [(row.layer, row.largest) for row in found]


def test_of_an_undisclosed_promise_only_its_end_is_known(look: Look) -> None:
    """There is no number, and the end of its term."""
    [found] = what(look(promises("c", None, end="2031-12-31")))

    assert (None, None, None, 1) == (found.open, found.wal, found.hhi, found.undisclosed)
    assert date(2031, 12, 31) == found.last_end


def test_what_serves_a_promise_of_the_same_two_counts_once(look: Look) -> None:
    """A tranche of a commitment is a part of it."""
    [found] = what(look(promises("c", "100"), promises("part", "30", backs="c")))

    assert ("c",) == found.commitments


def test_of_one_party(look: Look) -> None:
    """What others promise, and what is promised to it, is left out."""
    view = look(promises("c", "5"), promises("d", "3", obligor="beta", beneficiary="core"))

    assert ["c"] == [each.event for each in purchases(web(view, ("committed",)), "acme").legs]
