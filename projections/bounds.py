"""What of a sum of open amounts is no exact number, but up to, at least or about so much.

A sum alone does not say it: 730.4B may hold 22.4B that is at most so much and 20.0B that is at
least so much. Each part is summed by the same rule as the whole, over the rows of one bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Final, TypeVar

from dealledger.events import Money
from dealledger.events.base import Bound
from dealledger.projections.promises.commitments import CommitmentRow

K = TypeVar("K", bound=Hashable)
Parts = tuple[tuple[Bound, Money], ...]
"""What of a sum has which bound; the rest of it is exact."""

_VAGUE: Final[tuple[Bound, ...]] = ("up-to", "at-least", "about")


def parts_by_bound(
    rows: Iterable[CommitmentRow],
    sums: Callable[[tuple[CommitmentRow, ...]], Iterable[tuple[K, Money]]],
) -> Mapping[K, Parts]:
    """Return, for each sum of *rows*, what of it is no exact number; a sum of exact ones has none.

    sums: gives the sums of some rows by their keys.
    """
    rows = tuple(rows)
    found: dict[K, list[tuple[Bound, Money]]] = defaultdict(list)
    for bound in _VAGUE:
        for key, money in sums(tuple(row for row in rows if row.open_bound == bound)):
            if money.minor:
                found[key].append((bound, money))
    return {key: tuple(parts) for key, parts in found.items()}
