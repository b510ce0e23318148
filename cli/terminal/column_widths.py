"""Which columns of a table a screen has room for, and how wide each of them is.

One rule for all tables, in this order, until it fits: gaps of three spaces become two, headings and
texts are broken between words, columns that may be left out are, the least important first (those
that fit after all come back), and texts become as narrow as their longest word. Numbers, dates,
slugs and event ids are never broken: where what is left is still too wide (a slug has up to 63
characters), the screen is too narrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dealledger.events.text import width_of, words_of

GAP: Final = "   "
NARROW_GAP: Final = "  "
EASY: Final = 18
"""Texts of this width are easy to read: rather than less, a column that may be left out is."""
LONGEST: Final = 64
"""A slug has 63 characters and an event id 64: what is longer is neither, and may be broken."""
_HASH: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Sized:
    """What a column holds. rank: 0 always stays; of others the highest is left out first."""

    heading: str
    cells: Sequence[str]
    is_right: bool
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Widths:
    """The columns that are shown, by their places, with their widths and what is between them."""

    places: tuple[int, ...]
    widths: tuple[int, ...]
    gap: str

    @property
    def width(self) -> int:
        """Return how wide the table is."""
        return sum(self.widths) + len(self.gap) * (len(self.widths) - 1)


@dataclass(frozen=True, slots=True)
class _Widths:
    """least: no word is broken; easy: and texts are easy to read; whole: on one line."""

    least: int
    easy: int
    whole: int


def laid_out(columns: Sequence[Sized], width: int) -> Widths:
    """Return which columns fit into *width* and how; more than that only where nothing may go."""
    sizes = [_widths(column) for column in columns]
    choices = [*_choices(columns)]
    places = next((each for each in choices if _fitting(sizes, each, width)), choices[-1])
    gone = sorted((columns[at].rank, at) for at in range(len(columns)) if at not in places)
    for _, at in gone:
        more = tuple(sorted((*places, at)))
        if _fitting(sizes, more, width):
            places = more
    least = Widths(places, tuple(sizes[at].least for at in places), NARROW_GAP)
    found = _fitting(sizes, places, width) or least
    return _widened(found, [sizes[at].whole for at in places], width)


def _fitting(sizes: Sequence[_Widths], places: tuple[int, ...], width: int) -> Widths | None:
    """Return the easiest layout of some columns that fits, or None."""
    for kind, gap in (("whole", GAP), ("easy", GAP), ("easy", NARROW_GAP)):
        found = Widths(places, tuple(getattr(sizes[at], kind) for at in places), gap)
        if found.width <= width:
            return found
    return None


def _choices(columns: Sequence[Sized]) -> Iterator[tuple[int, ...]]:
    """Yield the columns to try: all, then ever fewer, the last of the highest rank goes first."""
    places = list(range(len(columns)))
    yield tuple(places)
    for _, at in sorted(((c.rank, at) for at, c in enumerate(columns) if c.rank), reverse=True):
        places.remove(at)
        yield tuple(places)


def _widths(column: Sized) -> _Widths:
    texts = [] if column.is_right else column.cells
    numbers = column.cells if column.is_right else []
    words = [word for text in (column.heading, *texts) for word in words_of(text)]
    least = max([*map(width_of, filter(_is_whole, words)), *map(width_of, numbers)], default=0)
    whole = max(map(width_of, (column.heading, *column.cells)))
    return _Widths(least, least if column.is_right else min(whole, max(least, EASY)), whole)


def _is_whole(word: str) -> bool:
    """Tell whether a word must not be broken: addresses and hashes may be, and what is endless."""
    return len(word) <= LONGEST and "://" not in word and not _HASH.fullmatch(word)


def _widened(found: Widths, wanted: Sequence[int], width: int) -> Widths:
    """Return a layout with the room that is left given to the narrowest that want more."""
    widths = list(found.widths)
    room = width - found.width
    while room > 0 and (short := [at for at, want in enumerate(wanted) if widths[at] < want]):
        widths[min(short, key=widths.__getitem__)] += 1
        room -= 1
    return Widths(found.places, tuple(widths), found.gap)
