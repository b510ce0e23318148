"""What cells say, as a map has it: dates in their forms, amounts with units, words."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from dealledger.events import BadInput
from dealledger.events.dates import last_day, precision
from dealledger.events.decimals import EXACT, decimal_text
from dealledger.events.money import parse_typed
from dealledger.events.text import shown
from dealledger.ledger.append.dialect import with_point
from dealledger.ledger.maps.model import FieldSource, Writing

Cells: TypeAlias = Mapping[str, str]
"""A row: its cells by heading, without blank ones."""
_LAKH: Final = re.compile("(?<![0-9,])[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?![0-9,])")
_ANY: Final = re.compile("(?<=[0-9]),(?=[0-9]|$)")
_TIME: Final = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.]+Z?")


@lru_cache(maxsize=20_000)
def day_of(text: str, forms: tuple[str, ...]) -> tuple[str, bool]:
    """Return the day that a cell names as YYYY-MM-DD, and whether it is exactly that day.

    A month, a quarter or a year is its last day. forms: of strptime; none: YYYY-MM-DD, YYYY-MM,
    YYYY-Q1 and YYYY. Raises: BadInput.

    >>> day_of("05/03/2019", ("%d/%m/%Y",)), day_of("2019-02", ()), day_of("Feb 2020", ("%b %Y",))
    (('2019-03-05', True), ('2019-02-28', False), ('2020-02-29', False))
    """
    if not forms:
        match = _TIME.fullmatch(text)
        plain = match[1] if match else text
        day = last_day(plain)
        if day is None:
            raise BadInput(f"{shown(text)} is not a date", 'YYYY-MM-DD, or say date = "%d/%m/%Y"')
        return day.isoformat(), precision(plain) == "day"
    for form in forms:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        if "%d" in form or "%j" in form:
            return found.isoformat(), True
        month = found.month if re.search("%[mbB]", form) else 12
        return found.replace(month=month, day=monthrange(found.year, month)[1]).isoformat(), False
    raise BadInput(f"{shown(text)} is not a date", f"the map has {' and '.join(forms)}")


def number_of(text: str, writing: Writing, decimal: str | None) -> str:
    """Return a number as people type it here, with a decimal point and thousands at commas.

    >>> number_of("20,00,00,000.5", Writing(grouping="lakh"), None)
    '200000000.5'
    """
    if decimal == ",":
        text = with_point(text)
    if writing.grouping == "lakh":
        text = _LAKH.sub(lambda found: found[0].replace(",", ""), text)
    elif writing.grouping == "any":
        text = _ANY.sub("", text)
    return text


def amount_of(
    text: str, source: FieldSource, writing: Writing, decimal: str | None
) -> tuple[str | None, str | None]:
    """Return (amount in major units, currency) that a cell says; (None, None): not disclosed.

    The unit multiplies plain numbers; `1.2M` says its own. Raises: BadInput.
    """
    if text.casefold() in writing.undisclosed:
        return None, None
    plain, currency = parse_typed(number_of(text, writing, decimal))
    if source.unit != 1 and not re.search("[kmbtKMBT]", re.sub("[A-Z]{3}", "", text)):
        plain = decimal_text(EXACT.multiply(Decimal(plain), source.unit))
    return plain, currency or source.currency


def text_of(source: FieldSource, cells: Cells) -> str:
    """Return what a source says of one row; empty, if that is nothing."""
    if source.constant is not None:
        return source.constant
    if source.parts:
        texts = [cells.get(each, "") if odd % 2 else each for odd, each in enumerate(source.parts)]
        return "".join(texts).strip() if any(texts[1::2]) else ""
    return _meant(source, cells.get(source.column or "", ""))


def _meant(source: FieldSource, text: str) -> str:
    if not text:
        return source.empty or ""
    if not source.words and source.otherwise is None:
        return text
    otherwise = text if source.otherwise is None else source.otherwise
    return source.words.get(text.casefold(), otherwise)


def several(source: FieldSource, cells: Cells) -> list[str]:
    """Return the values in a cell that may hold several, each once."""
    assert source.split is not None
    parts = source.split.split(cells.get(source.column or "", ""))
    words = (_meant(source, part.strip()) for part in parts if part.strip())
    found = list(dict.fromkeys(word for word in words if word))
    return found or ([source.empty] if source.empty else [])
