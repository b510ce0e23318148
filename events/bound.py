"""What kind of number an amount is, or a sum of several: exact, up-to, at-least, about.

Each says whether the true amount may be lower, and whether it may be higher; a sum may be what any
of its parts may be. So a sum of exact amounts and of amounts "up to" is itself "up to", and beside
one "at least" nothing is left but "about".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dealledger.events.base import Bound

_ENDS: Final[dict[Bound, tuple[bool, bool]]] = {
    "exact": (False, False),
    "up-to": (True, False),
    "at-least": (False, True),
    "about": (True, True),
}
"""By bound: may the true amount be lower, may it be higher?"""

_BOUNDS: Final[dict[tuple[bool, bool], Bound]] = {ends: bound for bound, ends in _ENDS.items()}
SIGNS: Final[dict[Bound, str]] = {"exact": "", "up-to": "≤ ", "at-least": "≥ ", "about": "~ "}
"""What stands before an amount in tables and pictures."""


def summed(bounds: Iterable[Bound]) -> Bound:
    """Return what kind of number the sum of amounts with *bounds* is; of nothing, exact.

    >>> summed(["exact", "up-to"]), summed(["up-to", "at-least"])
    ('up-to', 'about')
    """
    ends = [_ENDS[bound] for bound in bounds]
    return _BOUNDS[any(low for low, _ in ends), any(high for _, high in ends)]


def subtracted(bound: Bound) -> Bound:
    """Return what an amount with *bound* makes of what it is taken from.

    >>> subtracted("up-to"), subtracted("exact")
    ('at-least', 'exact')
    """
    low, high = _ENDS[bound]
    return _BOUNDS[high, low]
