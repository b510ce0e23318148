"""Segments of the record: whole runs of positions whose sums and hashes never change again.

What is derived from a segment is written once, with the append that completes it. Lengths are
powers of two, so that a segment is a perfect subtree of the Merkle tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

SEGMENT: Final = 1 << 16
"""How many positions a segment has."""

MERGED: Final = 1 << 20
"""How many positions a merged segment has."""


def ends(before: int, after: int, length: int) -> range:
    """Return the last positions of the segments that end behind *before* and not behind *after*.

    >>> list(ends(3, 12, 4))
    [4, 8, 12]
    """
    return range((before // length + 1) * length, after + 1, length)


@dataclass(slots=True)
class Completed:
    """The roots of the segments that a growing tree completes, in their order."""

    roots: list[bytes] = field(default_factory=list)

    def note(self, height: int, roots: list[bytes]) -> None:
        """Keep what `Frontier.extended` says of the height of a segment."""
        if 1 << height == SEGMENT:
            self.roots += roots
