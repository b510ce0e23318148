"""What the cells of a column look like: dates in which form, numbers, codes, links, names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from dealledger.events import BadInput
from dealledger.events.currency import MINOR_DIGITS
from dealledger.ledger.append.dialect import decimal_sign
from dealledger.ledger.maps.cells import day_of

FORMS: Final = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d"),
    *("%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%b %Y", "%B %Y", "%m/%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%d-%b-%y", "%d.%m.%y"),
)
"""Forms of dates that are tried; YYYY-MM-DD, YYYY-MM and YYYY need none."""
_MOST: Final = 0.8
_NUMBER: Final = re.compile(
    r"[$€£]?(?:[A-Z]{3} ?)?[0-9][0-9,._ ']*(?: ?[kmbtKMBT]n?)?(?: ?[A-Z]{3})?"
)
_LAKH: Final = re.compile("[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?![0-9,])")
_LINK: Final = re.compile("https?://")
_BETWEEN: Final = (",", ";", " and ", "&", "/", "|", " + ")
_FEW: Final = 0.02
NOTHING: Final = frozenset({"nan", "-", "--", "null", "none", "n/a", "na", "#n/a", "?", "unknown"})
"""Words that stand in a cell with nothing to say."""
_NOT_KNOWN: Final = frozenset(
    {"undisclosed", "unknown", "n/a", "na", "not disclosed", "-", "confidential", "tbd", "nan"}
)


@dataclass(slots=True)
class ColumnProfile:
    """One column. cells: those that are not blank, in their order.

    form: of its dates, empty for YYYY-MM-DD; other_form: one that reads as many. dates, numbers,
    codes, links: how many cells are that.
    """

    heading: str
    given: str
    cells: list[str] = field(default_factory=list)
    form: str = ""
    other_form: str = ""
    dates: int = 0
    numbers: int = 0
    codes: int = 0
    links: int = 0

    def look(self) -> None:
        """Work out what the cells are."""
        self._find_form()
        self.numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in self.cells)
        self.codes = sum(cell in MINOR_DIGITS for cell in self.cells)
        self.links = sum(_LINK.match(cell) is not None for cell in self.cells)

    def is_mostly(self, count: int) -> bool:
        """Tell whether so many of the cells are most of them."""
        return bool(self.cells) and count >= _MOST * len(self.cells)

    @property
    def told(self) -> int:
        """Return how many cells say something: not only that nothing is known."""
        return sum(cell.casefold() not in NOTHING for cell in self.cells)

    @property
    def is_unique(self) -> bool:
        """Tell whether no cell stands twice."""
        return len(set(self.cells)) == len(self.cells) > 1

    @property
    def variety(self) -> int:
        """Return how many different cells there are."""
        return len(set(self.cells))

    @property
    def sign(self) -> str | None:
        """Return the sign before decimals."""
        return decimal_sign(self.cells)

    @property
    def groups_lakh(self) -> bool:
        """Tell whether digits are grouped as 20,00,000."""
        return any(_LAKH.search(cell) for cell in self.cells)

    def undisclosed(self) -> list[str]:
        """Return the words that stand where a number is not known, the most frequent first."""
        words = Counter(cell.casefold() for cell in self.cells if cell.casefold() in _NOT_KNOWN)
        return [word for word, _ in words.most_common()]

    def between(self) -> list[str]:
        """Return what stands between several names in a cell, where that is not seldom."""
        count = max(len(self.cells), 1)
        found = {sign: sum(sign in cell for cell in self.cells) for sign in _BETWEEN}
        signs = [sign for sign, times in found.items() if times >= _FEW * count]
        return [*signs, *([" and "] if "," in signs and " and " not in signs else [])]

    def _find_form(self) -> None:
        plain = _read(self.cells, ())
        best = max(FORMS, key=lambda form: _read(self.cells, (form,)))
        count = _read(self.cells, (best,))
        self.form, self.dates = (best, count) if count > plain else ("", plain)
        if self.form and count:
            others = (form for form in FORMS if form != best)
            self.other_form = next(
                (each for each in others if _read(self.cells, (each,)) == count), ""
            )


def _read(cells: Iterable[str], forms: tuple[str, ...]) -> int:
    """Return how many cells are dates in a form."""
    count = 0
    for cell in cells:
        try:
            day, _ = day_of(cell, forms)
        except BadInput:
            continue
        count += "1900" <= day[:4] <= "2100"
    return count


def columns_of(headings: dict[str, str], rows: Sequence[dict[str, str]]) -> list[ColumnProfile]:
    """Return the columns of a table, looked at."""
    found = [
        ColumnProfile(name, given, [row[name] for row in rows if name in row])
        for name, given in headings.items()
    ]
    for each in found:
        each.look()
    return found


def looks_like_data(cells: Sequence[str]) -> bool:
    """Tell whether a first row holds no headings, but a number, a date, a code or a link."""
    column = ColumnProfile("", "", [cell for cell in cells if cell])
    column.look()
    return bool(column.dates or column.numbers or column.codes or column.links)
