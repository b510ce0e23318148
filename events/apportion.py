"""Parts of a whole in whole units, that add up to it: the method of the largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def apportion(whole: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Divide *whole* in proportion to *weights*; the parts add up to it exactly.

    Each part is rounded down; what is left goes, one by one, to the parts that lost most by that,
    of equal ones to the earlier. Without any weight, the first part is the whole.
    weights: not negative. Source: Hamilton's method.

    >>> apportion(100, [1, 1, 1]), apportion(10, [Fraction(1, 3), Fraction(2, 3)])
    ([34, 33, 33], [3, 7])
    """
    total = sum(weights, Fraction())
    if not total:
        return [whole if place == 0 else 0 for place in range(len(weights))]
    exact = [Fraction(whole * weight, total) for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: whole - sum(parts)]:
        parts[place] += 1
    return parts
