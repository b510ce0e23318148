"""Bounds of amounts: what a sum or a difference of them can still say."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from dealledger.events.base import Bound
from dealledger.events.bound import SIGNS, subtracted, summed

ALL: tuple[Bound, ...] = get_args(Bound)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], "exact"),
        (["exact", "exact"], "exact"),
        (["exact", "up-to"], "up-to"),
        (["at-least", "at-least"], "at-least"),
        (["up-to", "at-least"], "about"),
        (["about", "exact"], "about"),
    ],
)
def test_a_sum_may_be_what_its_parts_may_be(parts: list[Bound], whole: Bound) -> None:
    """One part that may be lower lets the sum be lower; the same for higher."""
    assert whole == summed(parts)


def test_sums_do_not_hang_on_order_or_grouping() -> None:
    """Parts add up in any order to the same bound."""
    for a, b, c in product(ALL, repeat=3):
        assert summed([a, b, c]) == summed([summed([c, a]), b])


def test_taking_away_turns_the_sides() -> None:
    """What is left of 10 after up to 3 is at least 7; turned twice it is as before."""
    assert ("at-least", "up-to") == (subtracted("up-to"), subtracted("at-least"))
    assert [*ALL] == [subtracted(subtracted(bound)) for bound in ALL]


def test_each_has_a_sign_of_its_own() -> None:
    """Two bounds never look alike."""
    assert len(ALL) == len(set(SIGNS.values()))
