"""Balanced flow forwarding: by its definition, in fractions; and near it, in large webs."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.webs import random_amounts, webs

from dealledger.projections.analysis.circles import bff, stationary
from dealledger.projections.analysis.circles.balancing import balanced
from dealledger.projections.analysis.circles.bff import EXACT_PARTIES, peeled
from dealledger.projections.analysis.risk.linear import solved
from dealledger.projections.analysis.web import Pair, Web

PART = Fraction(1, 1_000_000)
"""Of a web: how much a share may be off in a large block; in others, minor units."""


def by_definition(amounts: Mapping[Pair, int]) -> dict[Pair, Fraction]:
    """Return BFF by solving the walk of what is left, block by block, until nothing goes round."""
    rest = {pair: Fraction(minor) for pair, minor in amounts.items()}
    while True:
        graph = nx.DiGraph(pair for pair, part in rest.items() if part)
        block = next(
            (part for part in nx.strongly_connected_components(graph) if len(part) > 1), ()
        )
        if not block:
            return {pair: amounts[pair] - part for pair, part in rest.items()
                    if part < amounts[pair]}  # fmt: skip
        inner = {pair: part for pair, part in rest.items() if part and {*pair} <= {*block}}
        flow = stationary_flow(inner)
        scale = min(inner[pair] / part for pair, part in flow.items())
        for pair, part in flow.items():
            rest[pair] -= scale * part


def stationary_flow(weights: Mapping[Pair, Fraction]) -> dict[Pair, Fraction]:
    """Return the flow of the walk that leaves each party in proportion to the weights."""
    parties = sorted({party for pair in weights for party in pair})
    out = {party: sum(part for pair, part in weights.items() if pair[0] == party)
           for party in parties}  # fmt: skip
    rows = {party: {party: Fraction(-1)} for party in parties}
    for (source, target), part in weights.items():
        rows[target][source] = part / out[source]
    rows[parties[0]] = dict.fromkeys(parties, Fraction(1))
    visits = solved(rows, {parties[0]: {0: Fraction(1)}})
    assert visits is not None
    return {pair: visits[pair[0]][0] * part / out[pair[0]] for pair, part in weights.items()}


def furthest(one: Mapping[Pair, Fraction], other: Mapping[Pair, Fraction]) -> Fraction:
    """Return the largest difference of a pair."""
    none = Fraction()
    pairs = one.keys() | other.keys()
    return max((abs(one.get(pair, none) - other.get(pair, none)) for pair in pairs), default=none)


def check_balance(shares: Mapping[Pair, Any], amounts: Mapping[Pair, int]) -> None:
    """Within the amounts, and as much into every party as out of it, exactly."""
    net: dict[str, Any] = {}
    for (source, target), share in shares.items():
        assert 0 < share <= amounts[source, target]
        net[source] = net.get(source, 0) - share
        net[target] = net.get(target, 0) + share
    assert not any(net.values())


@given(webs(parties="abcdef", most=16))
def test_it_is_what_the_definition_says(web: Web) -> None:
    """Exactly, pair by pair; nothing that is left runs in a circle."""
    inside = web.inside()
    found = peeled(inside)

    assert by_definition(inside) == found.shares
    assert found.exact
    check_balance(found.shares, inside)
    rest = [pair for pair, minor in inside.items() if minor > found.shares.get(pair, 0)]
    assert nx.is_directed_acyclic_graph(nx.DiGraph(rest))


@pytest.mark.parametrize(("parties", "pairs"), [(4, 12), (8, 30), (14, 60), (20, 90)])
def test_large_webs_are_near_it(parties: int, pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whole minor units that balance exactly, off by a few of them or less than PART."""
    check_near(random_amounts(parties, parties, pairs), monkeypatch)


@pytest.mark.parametrize("touch", [10**12, 10**8, 10**4, 1])
def test_parts_that_hardly_touch_are_near_it(touch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two webs with a little money to and fro: the walk hardly ever changes sides."""
    amounts = {
        (side + source, side + target): minor
        for side, seed in (("a", 1), ("b", 2))
        for (source, target), minor in random_amounts(seed, 8, 30, 10**12).items()
    }
    check_near(
        {**amounts, ("ap000", "bp001"): touch, ("bp002", "ap003"): 2 * touch + 1}, monkeypatch
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_walk_that_hardly_settles_is_near_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of 20 parties, each of which deals only with its neighbours."""
    dice = random.Random(seed)
    names = [f"p{number:02}" for number in range(20)]
    line = [*pairwise(names)]
    pairs = [*line, *(pair[::-1] for pair in line)]
    check_near({pair: dice.randint(10**8, 10**12) for pair in pairs}, monkeypatch)


def check_near(amounts: Mapping[Pair, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Find BFF both ways and compare."""
    monkeypatch.setattr(bff, "EXACT_PARTIES", 99)
    monkeypatch.setattr(bff, "LONGEST_BITS", 10**6)
    exact = peeled(amounts)
    monkeypatch.setattr(bff, "EXACT_PARTIES", 0)
    near = peeled(amounts)

    assert (True, False) == (exact.exact, near.exact)
    assert all(share.denominator == 1 for share in near.shares.values())
    check_balance(near.shares, amounts)
    assert furthest(exact.shares, near.shares) < 100
    monkeypatch.setattr(stationary, "FEW", 0)
    assert furthest(exact.shares, peeled(amounts).shares) < PART * sum(amounts.values())


@given(webs(parties="abcdef", most=16, top=10**9))
def test_small_webs_are_near_it_too(web: Web) -> None:
    """The way of large webs on small ones, where whole units and ties are hardest."""
    inside = web.inside()
    before = bff.EXACT_PARTIES
    bff.EXACT_PARTIES = 0  # type: ignore[misc]
    try:
        near = peeled(inside)
    finally:
        bff.EXACT_PARTIES = before  # type: ignore[misc]
    exact = peeled(inside)

    check_balance(near.shares, inside)
    assert furthest(exact.shares, near.shares) <= PART * sum(inside.values()) + len(inside)


def test_a_ring_that_does_not_settle_is_solved_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Against the order of the search the rates of a ring only swap places, for ever."""
    asked: list[int] = []
    solve = stationary.eliminated

    def eliminated(block: set[int], *rest: Any) -> dict[int, Any]:
        asked.append(len(block))
        return solve(block, *rest)

    monkeypatch.setattr(stationary, "eliminated", eliminated)
    names = [f"p{number:02}" for number in range(60)]
    pairs = zip(names, [*names[1:], names[0]], strict=True)
    # Each party but one pays more than it is paid, and ever more so.
    amounts = {pair: 10**6 + place**2 for place, pair in enumerate(pairs)}
    found = peeled(amounts)

    assert [60] == asked
    assert not found.exact
    assert dict.fromkeys(sorted(amounts), 10**6) == found.shares


@pytest.mark.parametrize("few", [0, 40])
@pytest.mark.parametrize(("there", "back"), [(10**18, 1), (1, 10**18)])
def test_amounts_too_far_apart_for_binary_numbers(
    few: int, there: int, back: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From party to party 18 digits more go to the middle than back, or to the ends: 342 in all."""
    names = [f"p{number:02}" for number in range(39)]
    line = [*pairwise(names)]
    inward = [pair if place < 19 else pair[::-1] for place, pair in enumerate(line)]
    amounts = dict.fromkeys(inward, there) | dict.fromkeys((pair[::-1] for pair in inward), back)
    monkeypatch.setattr(stationary, "FEW", few)
    found = peeled(amounts)
    monkeypatch.setattr(bff, "EXACT_PARTIES", 99)
    monkeypatch.setattr(bff, "LONGEST_BITS", 10**6)

    check_balance(found.shares, amounts)
    assert furthest(peeled(amounts).shares, found.shares) <= 1


def test_no_more_parties_than_stated_are_exact() -> None:
    """One party more, and it is whole minor units."""
    names = [f"p{number:02}" for number in range(EXACT_PARTIES + 1)]
    ring = dict.fromkeys(zip(names, [*names[1:], names[0]], strict=True), 7)
    del ring[names[-1], names[0]]

    assert not peeled({**ring, (names[-1], names[0]): 7}).exact
    assert peeled({**ring, (names[-2], names[0]): 7}).exact


def test_fractions_that_nobody_can_read_become_whole_minor_units() -> None:
    """Ten parties with amounts of 14 digits: the ratios would have hundreds of digits."""
    amounts = random_amounts(1, 10, 60)
    found = peeled(amounts)

    assert not found.exact
    check_balance(found.shares, amounts)


@pytest.mark.parametrize("one", [Fraction(1), 1.0])
def test_rates_of_a_walk(one: Any) -> None:
    """a pays b 3; b pays a 1 and c 1; c pays a 2: b must pay 3/2 as fast as a, c 3/4."""
    found = stationary.eliminated({0, 1, 2}, {0: {1: 3}, 1: {0: 1, 2: 1}, 2: {0: 2}}, one)

    assert Fraction(3, 2) == Fraction(found[1] / found[0])
    assert Fraction(3, 4) == Fraction(found[2] / found[0])


@given(
    st.dictionaries(
        st.tuples(*[st.sampled_from("abcde")] * 2).filter(lambda pair: pair[0] != pair[1]),
        st.integers(0, 50),
    )
)
def test_any_flow_can_be_made_to_balance(flow: dict[Pair, int]) -> None:
    """It only takes away, whatever it is given."""
    found = balanced(flow, flow)

    check_balance({pair: minor for pair, minor in found.items() if minor}, flow)


def test_what_balances_is_left_as_it_is() -> None:
    """Nothing is taken off a circulation."""
    flow = {("a", "b"): 3, ("b", "c"): 3, ("c", "a"): 3}

    assert flow == balanced(flow, flow)
