"""Q3: the five parts of a party's revenue, exact for E1, and what holds for every web."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.webs import e1, renamed, shifted, split, web_of, webs

from dealledger.projections.analysis.tracing import precision
from dealledger.projections.analysis.tracing.organic import Organic, organic
from dealledger.projections.analysis.tracing.tracing_rules import followed
from dealledger.projections.analysis.web import Web


def parts(found: Organic) -> list[Fraction]:
    return [money.minor for _, money in found.parts()]


@pytest.mark.parametrize(
    ("party", "revenue", "expected", "unobserved"),
    [
        ("n", 18, "3.4 2.72 6.8 2.16 2.92", 1),
        ("m", 15, "8.6 1.28 1.92 3.2 0", 0),
        ("r", 6, "1.2 0.96 0 3.84 0", 0),
        ("l", 7, "5 0 0 0 2", 2),
    ],
)
def test_e1(party: str, revenue: int, expected: str, unobserved: int) -> None:
    """Exact, pro rata; of N's 2.92, 1.92 is M's capital that r2 brought home."""
    found = organic(e1(), party)

    assert [Fraction(each) for each in expected.split()] == parts(found)
    assert [revenue, unobserved] == [found.revenue.minor, found.unobserved.minor]
    assert found.is_exact


def test_whose_capital_goes_round() -> None:
    """R lives on N's capital and on M's, in the proportion of what they paid in."""
    found = organic(e1(), "r")

    assert [("n", Fraction(12, 5)), ("m", Fraction(36, 25))] == [
        (whose, money.minor) for whose, money in found.others
    ]


def test_funding_mints_a_new_tag() -> None:
    """What a funded party funds on is its own capital, no longer that of who funded it."""
    web = web_of(
        "2025-01-01 a b 8 capital\n2025-01-02 b c 8 capital\n2025-01-03 c d 8\n2025-01-04 d b 8"
    )

    assert {"b": Fraction(8)} == {whose: money.minor for whose, money in organic(web, "d").others}
    assert [0, 0, 8, 0, 0] == parts(organic(web, "b"))


def test_capital_that_came_home_is_own_money() -> None:
    """Spent again, it is the payer's own, and no capital going round."""
    web = web_of("2025-01-01 a b 5 capital\n2025-01-02 b a 5\n2025-01-03 a c 5")

    assert [0, 0, 5, 0, 0] == parts(organic(web, "a"))
    assert [0, 0, 0, 0, 5] == parts(organic(web, "c"))
    assert 0 == organic(web, "c").unobserved.minor


def test_the_window_counts_only_revenue_in_it() -> None:
    """Tags are carried from the beginning."""
    web = replace(e1(), since=date(2025, 7, 1))

    assert 5 == organic(web, "n").revenue.minor
    assert Fraction(2) == organic(web, "n").own_circular.minor


@given(webs(most=15))
def test_the_parts_add_up_to_the_revenue(web: Web) -> None:
    """To the last grain, for everybody; and none is below zero."""
    for party in "abcde":
        found = organic(web, party)

        assert found.revenue.minor == sum(parts(found))
        assert all(part >= 0 for part in parts(found))
        assert found.unobserved.minor <= found.payers_own.minor
        assert found.others_circular.minor == sum(money.minor for _, money in found.others)


@given(webs(most=15))
def test_they_add_up_when_they_are_cut_too(web: Web) -> None:
    """The same in grains; each part is off by less than a billionth."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(precision, "EXACT_BITS", -1)
        found = organic(web, "a")
    exact = organic(web, "a")

    assert not found.is_exact
    assert found.revenue.minor == sum(parts(found))
    assert all(
        abs(one - other) < Fraction(1, 10**9)
        for one, other in zip(parts(found), parts(exact), strict=True)
    )


@given(webs(most=10).map(lambda web: replace(web, legs=tuple(
    leg for leg in web.legs if not leg.capital or leg.source == "a"
))))  # fmt: skip
def test_own_capital_is_the_pro_rata_round_trip(web: Web) -> None:
    """Where only one party funds, what it finds of its own is what Q2 follows pro rata."""
    assert followed(web, "a", "pro_rata") == organic(web, "a").own_circular.minor


@given(webs(), st.data())
def test_names_days_and_splits_do_not_matter(web: Web, data: st.DataObject) -> None:
    """Other names, other days, or one amount in two parts on one day: the same parts."""
    others = dict(zip("abcdex", "edcbax", strict=True))
    variants = [(renamed(web, others), others["a"]), (shifted(web, 400), "a")]
    if web.legs:
        index = data.draw(st.integers(0, len(web.legs) - 1))
        variants.append((split(web, index), "a"))
    for variant, party in variants:
        assert parts(organic(web, "a")) == parts(organic(variant, party))
