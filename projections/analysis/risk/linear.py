"""Systems of linear equations in fractions, solved exactly: few unknowns, most entries 0."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

Unknown = TypeVar("Unknown", bound=Hashable)
Side = TypeVar("Side", bound=Hashable)


def solved(
    rows: Mapping[Unknown, Mapping[Unknown, Fraction]],
    sides: Mapping[Unknown, Mapping[Side, Fraction]],
) -> dict[Unknown, dict[Side, Fraction]] | None:
    """Return x with rows x = sides, for several right-hand sides at once; None if singular.

    Zeros are left out, in what is given and in what is returned.

    >>> half = Fraction(1, 2)
    >>> solved({"x": {"x": half, "y": half}, "y": {"y": half}}, {"x": {0: half}, "y": {0: half}})
    {'x': {}, 'y': {0: Fraction(1, 1)}}
    """
    left = {name: dict(row) for name, row in rows.items()}
    right = {name: dict(sides.get(name, {})) for name in rows}
    pivots: dict[Unknown, Unknown] = {}
    waiting = list(left)
    for unknown in rows:
        holding = [name for name in waiting if left[name].get(unknown)]
        if not holding:
            return None
        # The shortest row: what is taken off the others fills them least.
        pivot = min(holding, key=lambda name: len(left[name]))
        waiting.remove(pivot)
        pivots[unknown] = pivot
        for name in holding:
            if name != pivot:
                factor = left[name][unknown] / left[pivot][unknown]
                _take(left[name], left[pivot], factor)
                _take(right[name], right[pivot], factor)
    found: dict[Unknown, dict[Side, Fraction]] = {}
    for unknown in reversed(list(pivots)):
        row, value = left[pivots[unknown]], right[pivots[unknown]]
        for other, factor in row.items():
            if other != unknown:
                _take(value, found[other], factor)
        found[unknown] = {side: number / row[unknown] for side, number in value.items()}
    return {unknown: found[unknown] for unknown in rows}


def _take(
    target: dict[Unknown, Fraction], source: Mapping[Unknown, Fraction], factor: Fraction
) -> None:
    """Take *factor* times *source* off *target*; what becomes 0 goes."""
    for key, number in source.items():
        rest = target.pop(key, Fraction()) - factor * number
        if rest:
            target[key] = rest
