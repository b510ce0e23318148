"""Q11: who bears a headline, and when what is open falls due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.given import party, pays, promises
from support.memory import Told

from dealledger.events import Event
from dealledger.events.dates import years_of
from dealledger.ledger import View
from dealledger.projections import burdens, by_band, by_bearer, by_year, commitments
from dealledger.projections.promises.burden import effective_number
from dealledger.projections.promises.schedule import Due, due_between

Look = Callable[..., View]


@pytest.fixture
def look(told: Told) -> Look:
    """Give a function that records events and looks at the middle of 2026."""
    told.append([party(slug) for slug in ("acme", "beta", "core", "dome", "echo")])

    def look_at(*events: Event) -> View:
        told.append(events)
        return told.at(date(2026, 6, 30))

    return look_at


def bearers(*amounts: str) -> list[dict[str, str]]:
    parties = ("acme", "core", "dome", "echo")
    return [{"party": name, "amount": minor} for name, minor in zip(parties, amounts, strict=False)]


def test_the_worked_headline(look: Look) -> None:
    """1,400 over 5.5 years is 254.5 a year, half of it 127.3; .5/.2/.2/.1 are 2.94 bearers."""
    term = {"start": "2022-03-01", "end": "2027-08-30"}  # 183 of the 366 days of its last year
    view = look(promises("h", "1400", bearers=bearers("700", "280", "280", "140"), **term))
    [found] = burdens(commitments(view))
    assert found.per_year
    assert found.own_per_year

    assert (Fraction(11, 2), Fraction(1, 2), Fraction(50, 17)) == (
        found.years, found.own_ratio, found.effective_bearers,
    )  # fmt: skip
    assert ("254.5", "127.3") == (
        f"{float(found.per_year.minor) / 100:.1f}", f"{float(found.own_per_year.minor) / 100:.1f}",
    )  # fmt: skip
    assert 0 == found.unassigned.minor


def test_what_no_line_names_is_unassigned(look: Look) -> None:
    """10 of 100 named: 90 are one more bearer, so that 1.22 is a least."""
    view = look(promises("h", "100", bearers=bearers("10")))
    [found] = burdens(commitments(view))

    assert (9000, Fraction(1, 10), Fraction(100, 82)) == (
        found.unassigned.minor, found.own_ratio, found.effective_bearers,
    )  # fmt: skip
    assert (None, None) == (found.years, found.per_year)
    assert {"acme": Fraction(1, 10), None: Fraction(9, 10)} == {
        share.key: share.share for share in by_bearer(commitments(view))
    }


def test_without_bearers_there_is_no_burden_to_divide(look: Look) -> None:
    """The obligor bears all; what ended has no bearers."""
    view = look(
        promises("plain", "5"),
        promises("over", "5", bearers=bearers("5"), end="2026-01-01"),
    )

    assert () == burdens(commitments(view))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"start": "2026-07-01", "end": "2032-06-30"},
            {"year 1": 1998, "year 2": 2004, "year 3": 1998, "year 4": 1998, "year 5": 1998, "later": 2004},
        ),
        ({"end": "2026-12-31"}, {"year 1": 12000}),
        ({}, {None: 12000}),
        (
            {
                "schedule": [
                    {"year": 2025, "amount": "20"},
                    {"year": 2026, "amount": "40"},
                    {"year": 2040, "amount": "50"},
                ]
            },
            {"overdue": 2000, "year 1": 4000, "later": 5000, None: 1000},
        ),
    ],
)  # fmt: skip
def test_open_by_band(look: Look, fields: dict[str, object], expected: dict[str, int]) -> None:
    """By days from the date: five years, later, what should have been paid, and no dates."""
    view = look(promises("c", "120", **fields))
    found = {share.key: share.amount.minor for share in by_band(commitments(view), view.as_of)}

    assert expected == found
    assert 12000 == sum(found.values())


def test_bands_and_years_hold_what_is_open(look: Look) -> None:
    """What was drawn falls due no more, in bands as in years."""
    view = look(promises("c", "120", end="2029-06-30"), pays("d", "20", commitment="c"))
    rows = commitments(view)

    assert [10000, 10000] == [
        sum(share.amount.minor for share in shares)
        for shares in (by_band(rows, view.as_of), by_year(rows, view.as_of))
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-01-01", "2025-12-31", Fraction(1)),
        ("2024-02-01", "2024-02-29", Fraction(29, 366)),
        ("2025-07-01", "2030-12-31", 5 + Fraction(184, 365)),
        ("2025-01-16", "2025-02-14", Fraction(30, 365)),
        ("2024-02-15", "2025-02-14", Fraction(1)),
        ("2024-02-29", "2025-02-27", Fraction(1)),
        ("2023-03-01", "2024-02-29", Fraction(1)),
        ("9999-01-01", "9999-12-31", Fraction(1)),
        ("9998-07-01", "9999-12-31", 1 + Fraction(184, 366)),
        ("0001-01-01", "9999-12-31", Fraction(9999)),
        ("2025-01-02", "2025-01-01", Fraction()),
    ],
)
def test_the_length_of_a_term(start: str, end: str, expected: Fraction) -> None:
    """Whole years from anniversary to anniversary, the rest by the days of its year."""
    assert expected == years_of(date.fromisoformat(start), date.fromisoformat(end))


@given(
    st.integers(1, 10**15), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 4000),
    st.lists(st.dates(date(2018, 1, 1), date(2045, 1, 1)), max_size=6),
)  # fmt: skip
def test_cutting_a_part_loses_nothing(minor: int, start: date, days: int, cuts: list[date]) -> None:
    """To the last cent, wherever the cuts fall."""
    end = date.fromordinal(start.toordinal() + days)

    assert minor == sum(due_between(Due(Fraction(minor), start, end), sorted(cuts)))


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=9))
def test_the_effective_number_lies_between_one_and_all(amounts: list[int]) -> None:
    """One, if one bears nearly all; as many as there are, if all bear alike."""
    assert 1 <= effective_number(amounts) <= len(amounts)
    assert len(amounts) == effective_number([7] * len(amounts))
