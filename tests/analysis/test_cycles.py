"""Q4: the cycles of E1, brute force and networkx as oracles, and the ends of a search."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.webs import START, e1, renamed, shifted, web_of, webs

from dealledger.projections.analysis.circles import paths
from dealledger.projections.analysis.circles.cycles import static_cycles, timed_cycles
from dealledger.projections.analysis.web import Leg, Web


def turned(parties: tuple[str, ...]) -> tuple[str, ...]:
    """Return a circle from its first name on."""
    first = parties.index(min(parties))
    return parties[first:] + parties[:first]


def by_brute_force(web: Web, length: int, within: int | None) -> set[tuple[str, ...]]:
    """Return the events of every choice of legs that is a simple temporal cycle."""
    legs = [leg for leg in web.legs if not web.outside & {leg.source, leg.target}]
    found = set()
    for size in range(2, length + 1):
        for chosen in combinations(legs, size):
            sources = [leg.source for leg in chosen]
            closed = [leg.target for leg in chosen] == [*sources[1:], sources[0]]
            days = (chosen[-1].day - chosen[0].day).days
            if closed and len({*sources}) == size and (within is None or days <= within):
                found.add(tuple(leg.event for leg in chosen))
    return found


def test_timed_cycles_of_e1() -> None:
    """f1-r2-r3 (8, 111 d), f2-r2 (6, 59 d), f1-r5-r6 (5, 203 d), f1-r4 (4, 142 d), r2-r7."""
    found = timed_cycles(e1())

    assert [
        ("f1 r2 r3", "nlm", 8, 111, True),
        ("f2 r2", "ml", 6, 59, True),
        ("f1 r5 r6", "nlr", 5, 203, True),
        ("f1 r4", "nl", 4, 142, True),
        ("r2 r7", "lm", 2, 153, False),
    ] == [
        (" ".join(row.events), "".join(row.parties), row.bottleneck.minor, row.days,
         row.legs[0].capital)
        for row in found.cycles
    ]  # fmt: skip
    assert found.stopped is None


def test_a_window_leaves_out_what_takes_longer() -> None:
    """Two of E1 take at most 120 days; f2-r2 takes 59, which is within 59 and not within 58."""
    assert 2 == len(timed_cycles(e1(), within=120).cycles)
    assert 1 == len(timed_cycles(e1(), within=59).cycles)
    assert 0 == len(timed_cycles(e1(), within=58).cycles)


def test_static_cycles_of_e1() -> None:
    """Four: l-m and l-m-n with 8, l-r-n with 5, l-n with 4."""
    found = static_cycles(e1())

    assert [("lm", 8, "lm"), ("lmn", 8, "lm"), ("lrn", 5, "rn"), ("ln", 4, "ln")] == [
        ("".join(row.parties), row.bottleneck.minor, "".join(row.weakest)) for row in found.cycles
    ]
    assert [8, 9, 10] == [money.minor for money in found.cycles[1].amounts]


def test_on_one_day_the_record_decides() -> None:
    """a to b before b to a: a begins; not b, which paid back later."""
    web = web_of("2025-01-01 a b 5\n2025-01-01 b a 5")

    assert [("a", "b")] == [row.parties for row in timed_cycles(web).cycles]


def test_the_window_of_the_sums_counts() -> None:
    """What ran before --since is part of no cycle."""
    legs = web_of("2025-01-01 a b 5\n2025-02-01 b a 5").legs
    web = Web("USD", legs, since=START + timedelta(days=1))

    assert ((), ()) == (timed_cycles(web).cycles, static_cycles(web).cycles)


@given(webs(most=14), st.integers(2, 5), st.none() | st.integers(0, 120))
def test_timed_cycles_are_those_of_brute_force(web: Web, length: int, within: int | None) -> None:
    """Every choice of legs that closes in order, and no other."""
    found = timed_cycles(web, length, within)

    assert by_brute_force(web, length, within) == {row.events for row in found.cycles}
    assert len(found.cycles) == len({row.events for row in found.cycles})
    for row in found.cycles:
        assert row.bottleneck.minor == min(leg.minor for leg in row.legs)


@given(webs(parties="abcdef", most=20), st.integers(2, 6))
def test_static_cycles_are_those_of_networkx(web: Web, length: int) -> None:
    """simple_cycles with the same bound, each once."""
    graph = nx.DiGraph(web.inside().keys())
    expected = {turned(tuple(circle)) for circle in nx.simple_cycles(graph, length_bound=length)}
    found = [row.parties for row in static_cycles(web, length).cycles]

    assert expected == {*found}
    assert len(expected) == len(found)


@given(webs())
def test_names_and_days_do_not_matter(web: Web) -> None:
    """Other names, or other days: the same events."""
    others = dict(zip("abcdex", "edcbax", strict=True))
    for variant in (renamed(web, others), shifted(web, 400)):
        assert {row.events for row in timed_cycles(web).cycles} == {
            row.events for row in timed_cycles(variant).cycles
        }
        assert len(static_cycles(web).cycles) == len(static_cycles(variant).cycles)


def dense(parties: int) -> Web:
    """Return a web in which everybody pays everybody, one amount a day."""
    names = [f"p{number:02}" for number in range(parties)]
    pairs = [(source, target) for source in names for target in names if source != target]
    return Web(
        "USD",
        tuple(
            Leg(f"e{number}", number, START + timedelta(days=number), *pair, False, number)
            for number, pair in enumerate(pairs, 1)
        ),
    )


@pytest.mark.slow
def test_a_complete_web_ends_and_says_so() -> None:
    """40 parties have half a billion cycles: the first are found, and that they are not all."""
    web = dense(40)

    assert 10_000 == len(static_cycles(web).cycles)
    assert "the search ended at 10,000 cycles: others may be missing" == static_cycles(web).stopped
    assert (
        "the search ended at 10,000 cycles: those that begin on 2025-01-02 or later may be missing"
        == timed_cycles(web).stopped
    )


@pytest.mark.slow
def test_ten_thousand_payments_end() -> None:
    """A hub and 5,000 others: every round trip is found, and a search in time ends after steps."""
    legs = tuple(
        Leg(f"e{number}", number, START + timedelta(days=number // 9),
            *(("hub", f"p{number // 2}") if number % 2 else (f"p{number // 2}", "hub")), False, 5)
        for number in range(10_000)
    )  # fmt: skip
    found = timed_cycles(Web("USD", legs))

    assert 5_000 == len(static_cycles(Web("USD", legs)).cycles)
    assert (found.stopped or "").startswith("the search ended after 2,000,000 steps: those that")
    assert found.cycles


def test_ways_that_meet_again_are_looked_at_once() -> None:
    """Ten layers of three, each paying all of the next: 59,049 ways lead home, over 90 ties."""
    ties = [
        paths.Hop(f"{layer}-{a}", f"{(layer + 1) % 10}-{b}", 0)
        for layer in range(10) for a in range(3) for b in range(3)
    ]  # fmt: skip
    search = paths.Search(60, ties)
    search.close(ties[0], lambda _: [])

    assert 90 >= search._steps


def test_a_search_counts_its_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """With fewer steps it ends earlier, and finds the same as far as it comes."""
    everything = {row.events for row in timed_cycles(dense(5)).cycles}
    monkeypatch.setattr(paths, "STEPS", 100)
    some = timed_cycles(dense(5))

    assert some.stopped
    assert {row.events for row in some.cycles} < everything


def test_a_length_without_end_is_harmless() -> None:
    """No cycle is longer than there are parties."""
    assert 5 == len(timed_cycles(e1(), length=10**12, within=10**12).cycles)
