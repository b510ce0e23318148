"""How people are told numbers: short, or exact where they asked for that with --exact.

The one place where an answer rounds. What is asked for holds for the whole answer, its notes too,
so it is set around the command and not handed to every line that says a number.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from dealledger.events.decimals import exact_text, legible
from dealledger.events.fraction import percent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from dealledger.events import Money, PartMoney

_EXACT: Final = ContextVar("exact", default=False)


@contextmanager
def told(*, exact: bool) -> Iterator[None]:
    """Say numbers exactly, or short, as long as this lasts."""
    token = _EXACT.set(exact)
    try:
        yield
    finally:
        _EXACT.reset(token)


def amount(money: Money | PartMoney) -> str:
    """Return an amount: `1.25B`, or exactly `1,250,000,000`."""
    return money.exact() if _EXACT.get() else money.short()


def money(amount_of: Money | PartMoney) -> str:
    """Return an amount with its currency: `1.25B USD`."""
    return f"{amount(amount_of)} {amount_of.currency}"


def share(part: Fraction, places: int = 2) -> str:
    """Return a part of a whole: `27.00 %`, or exactly `27 %`, or `1/36` if decimals never end."""
    if not _EXACT.get():
        return percent(part, places)
    text = exact_text(part * 100)
    return exact_text(part) if "/" in text else f"{text} %"


def number(value: Fraction, places: int = 2) -> str:
    """Return a plain number: `3.09`, or exactly, as a ratio if decimals never end."""
    return exact_text(value) if _EXACT.get() else legible(value, places)
