"""Parts of a whole add up to it, and none is off by a whole unit."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dealledger.events.apportion import apportion

WEIGHTS = st.lists(st.fractions(0, 1000, max_denominator=97), min_size=1, max_size=8)


def test_the_largest_remainder_is_served_first() -> None:
    """Of equal remainders the earlier; without weights the first has all."""
    assert [34, 33, 33] == apportion(100, [1, 1, 1])
    assert [0, 1, 1] == apportion(2, [Fraction(1, 5), Fraction(9, 10), Fraction(9, 10)])
    assert [7, 0] == apportion(7, [0, 0])
    assert [] == apportion(0, [])


@given(st.integers(0, 10**20), WEIGHTS)
def test_parts_add_up(whole: int, weights: list[Fraction]) -> None:
    """To the last unit, whatever the weights; a part is its exact share, rounded up or down."""
    parts = apportion(whole, weights)
    total = sum(weights)

    assert whole == sum(parts)
    if total:
        assert all(
            abs(part - whole * w / total) < 1 for part, w in zip(parts, weights, strict=True)
        )
