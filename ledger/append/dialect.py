"""How the cells of a table are written: what is given, and what is found by looking at some.

Found is a decimal comma: by a cell such as 0,5 or 1.234,56, where no cell has a decimal point. What
could be both, such as 1,250 alone, finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dealledger.events import BadInput
from dealledger.events.text import shown

_WORDS: Final = {
    "tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|", "pipe": "|", "space": " ",
}  # fmt: skip
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "blanks"}
"""How a separator is called."""
_NUMBER: Final = re.compile(r"[0-9][0-9.,]*[0-9]")
_SWAP: Final = str.maketrans(",.", ".,")
_GAP: Final = re.compile("(?<=[0-9])[ '\u2019\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
"""What groups thousands beside a decimal comma, besides points: kinds of blanks, apostrophes."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written; None and empty is what is to be found.

    separator: one character. quote: the mark around cells, empty for none. decimal: a comma or a
    point. sheet: of a workbook, by its name. head: the lines in which the headings stand.
    """

    separator: str | None = None
    quote: str = '"'
    encoding: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    head: tuple[int, ...] = ()


def parse_separator(typed: str) -> str:
    """Return the one character that separates cells: itself, or tab, comma, semicolon, bar, space.

    Raises: BadInput.
    """
    found = _WORDS.get(typed.casefold(), typed)
    if len(found) != 1 or found.isalnum() or found in '"\r\n':
        raise BadInput(f"{shown(typed)} separates no cells", "one of ; , | tab, or another sign")
    return found


def parse_quote(typed: str) -> str:
    """Return the mark around cells, or nothing for none. Raises: BadInput."""
    if typed.casefold() in ("none", ""):
        return ""
    if len(typed) != 1 or typed.isalnum():
        raise BadInput(f"{shown(typed)} is not a quotation mark", "one sign, or none")
    return typed


def parse_decimal_sign(typed: str) -> str:
    """Return the sign before decimals: a comma or a point. Raises: BadInput."""
    found = {"comma": ",", "point": "."}.get(typed.casefold(), typed)
    if found not in (",", "."):
        raise BadInput(f"{shown(typed)} is not a decimal sign", "a comma or a point")
    return found


def parse_head(typed: str) -> tuple[int, ...]:
    """Return the lines in which headings stand, in their order. Raises: BadInput."""
    words = [each.strip() for each in typed.split(",")]
    if not all(each.isascii() and each.isdigit() and 0 < int(each) < 1_000 for each in words):
        raise BadInput(f"{shown(typed)} is not a line of headings", "such as 3, or 2,3")
    return tuple(sorted({int(each) for each in words}))


def decimal_sign(cells: Iterable[str]) -> str | None:
    """Return the sign before decimals that numbers have, or None if they do not say or disagree.

    >>> decimal_sign(["1.250", "0,5"]), decimal_sign(["1,250"]), decimal_sign(["1.250,00", "2.5"])
    (',', None, None)
    """
    found = {sign for cell in cells for each in _NUMBER.findall(cell) if (sign := _sign(each))}
    return found.pop() if len(found) == 1 else None


def with_point(text: str) -> str:
    """Return a number that has a decimal comma with a decimal point, its thousands at commas.

    >>> with_point("EUR 1.250,75M"), with_point("1 250,5")
    ('EUR 1,250.75M', '1,250.5')
    """
    return _GAP.sub(".", text).translate(_SWAP)


def _sign(number: str) -> str | None:
    commas, points = number.count(","), number.count(".")
    if commas and points:
        return "," if number.rindex(",") > number.rindex(".") else "."
    if max(commas, points) > 1:
        return "." if commas else ","
    if not commas and not points:
        return None
    sign = "," if commas else "."
    whole, _, rest = number.partition(sign)
    return sign if len(rest) != 3 or whole == "0" or len(whole) > 3 else None
