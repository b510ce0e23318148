"""Q7 (b): who loses what if one party stops, exact for E1, and what holds for every web."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.webs import e1, renamed, shifted, split, web_of, webs

from dealledger.projections.analysis.risk import extraction as module
from dealledger.projections.analysis.risk.extraction import extracted, extraction
from dealledger.projections.analysis.web import Web


def test_e1_without_l() -> None:
    """M 8/15, R 1, N 4/18 + 9/18 x 8/15 + 5/18; 27.8 of 39 of the others' revenue."""
    found = extracted(e1(), "l")

    assert {"m": Fraction(8, 15), "r": Fraction(1), "n": Fraction(23, 30)} == {
        who: found.hits[who] for who in "mrn"
    }
    assert Fraction(278, 390) == found.score
    assert [39, 0] == [found.income.minor, found.error]


@pytest.mark.parametrize(
    ("party", "revenue", "income"),
    [("l", "71.3", "71.3"), ("m", "49.3", "66.3"), ("n", "0.0", "37.6"), ("r", "12.5", "19.7")],
)
def test_scores_of_e1(party: str, revenue: str, income: str) -> None:
    """In percent, of revenue, and of all that comes in: N only sells, until its funding counts."""
    scores = [extracted(e1(), party, capital=capital).score for capital in (False, True)]

    assert [revenue, income] == [f"{float(score or 0) * 100:.1f}" for score in scores]


def test_nobody_pays_anybody() -> None:
    """A party that is in no payment takes nothing with it."""
    found = extracted(Web("USD", ()), "a")

    assert ({"a": Fraction(1)}, None) == (found.hits, found.score)


def test_a_circle_that_lives_on_one_payer() -> None:
    """B and C pay each other, and A pays B: without A all of it goes."""
    web = web_of("2025-01-01 a b 1\n2025-01-02 b c 9\n2025-01-03 c b 9")

    assert {"a": 1, "b": 1, "c": 1} == extraction(web, "a")


@given(webs(most=15))
def test_it_solves_its_equations(web: Web) -> None:
    """Each share is the sum of the payers' shares by their part, and lies between 0 and 1."""
    found, amounts = extraction(web, "a"), web.amounts(capital=False)
    income: dict[str, int] = {}
    for (_, payee), minor in amounts.items():
        income[payee] = income.get(payee, 0) + minor
    for who, hit in found.items():
        if who in web.outside:
            assert hit == 0
        elif who != "a":
            parts = (
                Fraction(minor, income[who]) * found[payer]
                for (payer, payee), minor in amounts.items()
                if payee == who
            )
            assert hit == sum(parts, Fraction())
        assert 0 <= hit <= 1


@given(webs(most=15))
def test_it_is_found_from_below_and_above_too(web: Web) -> None:
    """Of many parties shares are closed in on: never too large, and too small by what is said."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_EXACT", -1)
        near = extracted(web, "a")
    exact = extracted(web, "a")

    for who, hit in exact.hits.items():
        assert 0 <= hit - near.hits[who] <= near.error


@given(webs(), st.data())
def test_names_days_and_parts_do_not_matter(web: Web, data: st.DataObject) -> None:
    """Other names, other days, or one amount in two parts: the same shares."""
    others = dict(zip("abcdex", "edcbax", strict=True))
    found = extraction(web, "a")
    turned = extraction(renamed(web, others), others["a"])

    assert found == {who: turned[others[who]] for who in found}
    assert found == extraction(shifted(web, 300), "a")
    if web.legs:
        assert found == extraction(split(web, data.draw(st.integers(0, len(web.legs) - 1))), "a")


def test_the_outside_world_spends_as_before() -> None:
    """A pays X all that X gets, and X pays B: without A, B loses nothing."""
    web = web_of("2025-01-01 a x 9\n2025-01-02 x b 9", "x")

    assert {"a": 1, "b": 0, "x": 0} == extraction(web, "a")
    assert 0 == extracted(web, "a").score


@given(webs(parties="abcd", most=10))
def test_who_is_paid_more_by_the_outside_loses_less(web: Web) -> None:
    """One more customer outside lowers everybody's share, or leaves it."""
    more = web_of("2030-01-01 x b 7", "x")
    richer = Web("USD", (*web.legs, *more.legs), outside=web.outside)
    before, after = extraction(web, "a"), extraction(richer, "a")

    assert all(after[who] <= before[who] for who in before)
