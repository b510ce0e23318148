"""Q7 (c), (d) and Q13: DebtRank, clearing and look-through, on their worked examples and laws."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from dealledger.events import BadInput
from dealledger.projections.analysis.market.lookthrough import look_through
from dealledger.projections.analysis.risk.clearing import cleared
from dealledger.projections.analysis.risk.debtrank import debtrank, leverage
from dealledger.projections.analysis.web import Pair

PAIRS = st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")).filter(
    lambda pair: pair[0] != pair[1]
)
DEBTS = st.dictionaries(PAIRS, st.integers(1, 30), max_size=8)


def test_the_worked_debtrank() -> None:
    """The shock of L: M loses .35, N .10 + .20 x .35 = .17, all together .208."""
    levers = {
        ("m", "l"): Fraction(35, 100),
        ("n", "l"): Fraction(1, 10),
        ("n", "m"): Fraction(1, 5),
    }
    weights = {"n": Fraction(2, 5), "m": Fraction(2, 5), "l": Fraction(1, 5)}
    found = debtrank(levers, weights, "l")

    assert {"l": 1, "m": Fraction(35, 100), "n": Fraction(17, 100)} == found.losses
    assert [Fraction(208, 1000), 0] == [found.rank, found.rest]


def test_a_circle_is_not_under_counted() -> None:
    """A loss that comes back is passed on again: .5 + .5^3 + ..., here 2/3 of B."""
    levers = {("a", "b"): Fraction(1, 2), ("b", "a"): Fraction(1, 2), ("a", "x"): Fraction(1, 2)}
    found = debtrank(levers, {"b": Fraction(1)}, "x")

    assert abs(found.losses["a"] - Fraction(2, 3)) < Fraction(1, 10**12)
    assert abs(found.losses["b"] - Fraction(1, 3)) < Fraction(1, 10**12)
    assert 0 < found.rest < Fraction(1, 10**12)


@pytest.mark.parametrize(
    ("exposures", "capacity", "message"),
    [
        ({("a", "b"): 5}, {"a": 0}, "the capacity of a is not above 0"),
        ({("a", "b"): 5}, {"a": -3}, "the capacity of a is not above 0"),
        ({("a", "a"): 5}, {"a": 3}, "a is exposed to itself"),
    ],
)
def test_what_has_no_leverage_is_refused(
    exposures: dict[Pair, int], capacity: dict[str, int], message: str
) -> None:
    """A capacity of nothing, and a holding of oneself."""
    with pytest.raises(BadInput, match=message):
        leverage(exposures, capacity)


def test_leverage_is_what_is_held_for_each_unit_of_capacity() -> None:
    """Those without a capacity are left out."""
    assert {("a", "b"): Fraction(5, 20)} == leverage({("a", "b"): 5, ("c", "b"): 9}, {"a": 20})


@given(st.dictionaries(PAIRS, st.fractions(0, 2, max_denominator=9), max_size=8))
def test_losses_are_parts_of_capacity(levers: dict[Pair, Fraction]) -> None:
    """Between 0 and 1; what the party loses itself is not in the rank; more leverage, no less."""
    weights = {name: Fraction(1, 4) for name in "abcd"}
    found = debtrank(levers, weights, "a")
    more = debtrank({pair: lever + Fraction(1, 10) for pair, lever in levers.items()}, weights, "a")

    assert all(0 <= loss <= 1 for loss in found.losses.values())
    assert 0 <= found.rank <= Fraction(3, 4)
    assert found.rank <= more.rank + found.rest + more.rest


def test_the_worked_clearing() -> None:
    """L pays 14 of 35, M 8 + 10 of 20; N gets 4 + 18 of 30."""
    found = {
        each.party: each
        for each in cleared({("l", "m"): 25, ("l", "n"): 10, ("m", "n"): 20}, {"l": 14, "m": 8})
    }

    assert [14, 18, 0] == [found[who].pays for who in "lmn"]
    assert [0, 10, 22] == [found[who].gets for who in "lmn"]
    assert [True, True, False] == [found[who].defaults for who in "lmn"]


@settings(max_examples=80, deadline=None)
@given(DEBTS, st.dictionaries(st.sampled_from("abcd"), st.integers(0, 30)))
def test_clearing_is_the_greatest_that_can_be_paid(
    due: dict[Pair, int], cash: dict[str, int]
) -> None:
    """Everybody pays all it owes or all it has; HiGHS finds no larger sum of payments."""
    found = {each.party: each for each in cleared(due, cash)}
    names = sorted(found)
    for each in found.values():
        assert each.pays == min(each.due, each.cash + each.gets)
    if not names:
        return
    owes = {name: found[name].due for name in names}
    rows = [
        [float(name == other) - due.get((other, name), 0) / (owes[other] or 1) for other in names]
        for name in names
    ]
    best = linprog(
        [-1.0] * len(names), A_ub=rows, b_ub=[float(cash.get(name, 0)) for name in names],
        bounds=[(0, owes[name]) for name in names],
    )  # fmt: skip

    assert best.success
    assert float(sum(each.pays for each in found.values())) == pytest.approx(-best.fun, abs=1e-6)


def test_a_chain_of_holdings() -> None:
    """A half of B, B half of C, and A a tenth of C: A has .1 + .25 of C, through B."""
    direct = {("a", "b"): Fraction(1, 2), ("b", "c"): Fraction(1, 2), ("a", "c"): Fraction(1, 10)}
    found = {(row.holder, row.issuer): row for row in look_through(direct).rows}
    row = found["a", "c"]

    assert (Fraction(1, 10), Fraction(1, 4), Fraction(7, 20), ("b",)) == (
        row.direct, row.indirect, row.total, row.through,
    )  # fmt: skip
    assert [Fraction(1, 2), 0] == [found["b", "c"].total, found["b", "c"].indirect]
    assert () == look_through(direct).circles


def test_a_circle_of_holdings_is_named() -> None:
    """A half of B and B a fifth of A: X's half of A becomes 5/9, by what A owns of itself.

    What A and B have of each other is what is stated: their ways round themselves count once.
    """
    direct = {("a", "b"): Fraction(1, 2), ("b", "a"): Fraction(1, 5), ("x", "a"): Fraction(1, 2)}
    found = look_through(direct)
    totals = {(row.holder, row.issuer): row.total for row in found.rows}

    assert (("a", "b"),) == found.circles
    assert (Fraction(5, 9), Fraction(5, 18)) == (totals["x", "a"], totals["x", "b"])
    assert (Fraction(1, 2), Fraction(1, 5)) == (totals["a", "b"], totals["b", "a"])


def test_the_correction_of_brioschi() -> None:
    """Two that hold 90 % of each other: 90 %, not 474 %; those outside share the whole of both."""
    direct = {("a", "b"): "9/10", ("b", "a"): "9/10", ("c", "a"): "1/10", ("d", "b"): "1/10"}
    found = look_through({pair: Fraction(part) for pair, part in direct.items()})
    totals = {(row.holder, row.issuer): row.total for row in found.rows}

    assert Fraction(9, 10) == totals["a", "b"] == totals["b", "a"]
    assert 1 == totals["c", "a"] + totals["d", "a"] == totals["c", "b"] + totals["d", "b"]
    assert Fraction(10, 19) == totals["c", "a"]


def test_own_shares_belong_to_the_others() -> None:
    """A fifth of A is its own, so who has the other four has all of it, and all of its half of B."""
    direct = {("a", "a"): Fraction(1, 5), ("x", "a"): Fraction(4, 5), ("a", "b"): Fraction(1, 2)}
    found = {(row.holder, row.issuer): row for row in look_through(direct).rows}

    assert {("x", "a"), ("a", "b"), ("x", "b")} == found.keys()
    assert (Fraction(4, 5), Fraction(1), ("a",)) == (
        found["x", "a"].direct, found["x", "a"].total, found["x", "a"].through,
    )  # fmt: skip
    assert Fraction(1, 2) == found["a", "b"].total == found["x", "b"].total


def test_issuers_that_own_each_other_in_full() -> None:
    """Nobody else has any of them; what one of them has of others, each of them has."""
    direct = {("a", "b"): Fraction(1), ("b", "a"): Fraction(1), ("a", "c"): Fraction(1, 2)}
    found = look_through({**direct, ("c", "d"): Fraction(1, 2)})
    totals = {(row.holder, row.issuer): row.total for row in found.rows}

    assert Fraction(1) == totals["a", "b"] == totals["b", "a"]
    assert Fraction(1, 2) == totals["a", "c"] == totals["b", "c"]
    assert Fraction(1, 4) == totals["a", "d"] == totals["b", "d"]
    assert (("a", "b"),) == found.circles


def test_nobody_has_more_than_all_of_what_is_over_allocated() -> None:
    """A has all of B and of C, of which B has half as well: 100 %, and B's half is a third beyond."""
    direct = {("a", "b"): Fraction(1), ("a", "c"): Fraction(1), ("b", "c"): Fraction(1, 2),
              ("c", "d"): Fraction(1)}  # fmt: skip
    found = look_through(direct)
    rows = {(row.holder, row.issuer): row for row in found.rows}

    assert ("c",) == found.over
    assert (Fraction(1), Fraction(1), Fraction()) == (
        rows["a", "c"].direct, rows["a", "c"].total, rows["a", "c"].indirect,
    )  # fmt: skip
    assert (Fraction(1, 2), Fraction(1, 3)) == (rows["b", "c"].total, rows["b", "d"].total)
    assert Fraction(1) == rows["a", "d"].total


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcde"), st.sampled_from("abcd")),
        st.fractions("1/9", "1", max_denominator=9),
    )
)
def test_look_through_stays_within_the_whole(direct: dict[Pair, Fraction]) -> None:
    """No holder has more than all or less than nothing, or less than it holds itself.

    Where all of an issuer is held, those who are held by nobody have all of it between them.
    """
    rows = look_through(direct).rows
    held = {issuer for _, issuer in direct}
    whole = {i for i in held if sum(part for (_, of), part in direct.items() if of == i) == 1}

    for row in rows:
        assert 0 <= row.direct <= row.total <= 1
        assert row.total == row.direct + row.indirect
    if held == whole:
        for issuer in held:
            ends = [row for row in rows if row.issuer == issuer and row.holder not in held]
            assert sum(row.total for row in ends) in (0, 1) or _has_closed_circle(direct, held)


def _has_closed_circle(direct: dict[Pair, Fraction], held: set[str]) -> bool:
    """Tell whether some issuers cannot be followed up to a holder that nobody holds."""
    free = {holder for holder, _ in direct} - held
    while more := {of for holder, of in direct if holder in free} - free:
        free |= more
    return bool(held - free)


@given(
    st.dictionaries(
        PAIRS.filter(lambda pair: pair[0] < pair[1]), st.fractions("1/9", "1/3", max_denominator=9)
    )
)
def test_without_circles_it_is_the_sum_over_all_ways(direct: dict[Pair, Fraction]) -> None:
    """Of each way the product of its stakes."""

    def held(holder: str, issuer: str) -> Fraction:
        ways = (
            part * held(holder, between)
            for (between, other), part in direct.items()
            if other == issuer and between != holder
        )
        return direct.get((holder, issuer), Fraction()) + sum(ways, Fraction())

    rows = {(row.holder, row.issuer): row.total for row in look_through(direct).rows}

    for holder in "abcd":
        for issuer in "abcd":
            if holder != issuer:
                assert rows.get((holder, issuer), 0) == held(holder, issuer)
