"""Q1: the worked ledger E1, and what holds for every web."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given
from support.webs import e1, renamed, shifted, split, web_of, webs

from dealledger.events import Money
from dealledger.projections.analysis.reciprocity import exchange, reciprocity
from dealledger.projections.analysis.web import Pair, Web


def usd(minor: int) -> Money:
    return Money("USD", minor)


@pytest.mark.parametrize(
    ("a", "b", "share", "a_capital", "barter"),
    [("m", "l", Fraction(1), 6, 2), ("n", "l", Fraction(4, 7), 4, 0), ("l", "x", Fraction(), 0, 0)],
)
def test_pairs_of_e1(a: str, b: str, share: Fraction, a_capital: int, barter: int) -> None:
    """r(M,L) = 1, r(N,L) = 4/7; q(M to L) = 6, q(N to L) = 4; barter(L,M) = 2."""
    found = exchange(e1(), a, b)

    assert (share, usd(a_capital), usd(barter)) == (
        found.reciprocity, found.a_capital, found.barter,
    )  # fmt: skip


def test_web_of_e1() -> None:
    """24 of 66 is 4/11; 4 of 9 links are mutual; the density is 9/20 and rho -1/99."""
    found = reciprocity(e1())

    assert (usd(66), usd(24), Fraction(4, 11)) == (found.total, found.matched, found.share)
    assert (5, 9, 4, Fraction(-1, 99)) == (
        found.parties, found.links, found.mutual, found.binary,
    )  # fmt: skip


def test_the_imbalance_has_the_sign_of_who_pays_more() -> None:
    """3 there and 1 back: half of what both pay is not matched, on the side of a."""
    found = exchange(web_of("2025-01-01 a b 3\n2025-01-02 b a 1"), "a", "b")

    assert (Fraction(1, 2), Fraction(1, 2)) == (found.reciprocity, found.imbalance)


def test_an_empty_web_has_no_reciprocity() -> None:
    """Nothing is paid: no share, rather than 0 of 0."""
    found = reciprocity(Web("USD", ()))

    assert ((), None, None, None) == (found.pairs, found.share, found.expected, found.binary)


@given(webs())
def test_the_web_is_the_sum_of_its_pairs(web: Web) -> None:
    """What is matched of the web is twice the smaller side of every pair."""
    found = reciprocity(web)

    assert found.matched.minor == 2 * sum(
        min(row.a_to_b.minor, row.b_to_a.minor) for row in found.pairs
    )
    assert found.total.minor == sum(row.a_to_b.minor + row.b_to_a.minor for row in found.pairs)
    assert all(0 <= row.reciprocity <= 1 and -1 <= row.imbalance <= 1 for row in found.pairs)


def test_many_pairs_add_up_a_web_no_more_often_than_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a web of everybody with everybody, each sum is made once, and not once for each pair."""
    asked: list[bool | None] = []
    amounts = Web.amounts

    def counted(web: Web, *, capital: bool | None = None) -> dict[Pair, int]:
        asked.append(capital)
        return amounts(web, capital=capital)

    monkeypatch.setattr(Web, "amounts", counted)
    reciprocity(web_of("2025-01-01 a b 1"))
    few = len(asked)
    names = "abcdefgh"
    reciprocity(web_of("\n".join(f"2025-01-01 {a} {b} 1" for a in names for b in names if a != b)))

    assert 2 * few == len(asked)


@given(webs())
def test_mutual_links_are_those_that_networkx_counts(web: Web) -> None:
    """overall_reciprocity of the graph without amounts."""
    graph = nx.DiGraph(list(web.amounts()))
    found = reciprocity(web)
    if found.links:
        share = nx.overall_reciprocity(graph)

        assert share == pytest.approx(found.mutual / found.links)


@given(webs())
def test_names_days_and_parts_do_not_matter(web: Web) -> None:
    """Other names, other days, or one amount in two parts: the same web."""
    found = reciprocity(web)
    others = dict(zip("abcdex", "edcbax", strict=True))
    variants = [renamed(web, others), shifted(web, 400), *([split(web, 0)] if web.legs else [])]
    for variant in variants:
        other = reciprocity(variant)

        assert (found.share, found.expected, found.binary) == (
            other.share, other.expected, other.binary,
        )  # fmt: skip
        assert sorted(row.reciprocity for row in found.pairs) == sorted(
            row.reciprocity for row in other.pairs
        )
