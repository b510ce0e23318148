"""Events in one line of words, for logs and messages."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from dealledger.events.base import Priced
from dealledger.projections.answers.numbers import money, share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from dealledger.events import Event


def _percent(stake: Decimal) -> str:
    return share(Fraction(stake))


_FIELDS: Final[tuple[tuple[str, Callable[[Any], str]], ...]] = (
    ("stake", _percent),
    ("move", _percent),
    ("shares", "{:,} shares".format),
    ("rate", str),
    *((name, str) for name in ("instrument", "purpose", "right", "market", "until", "name")),
    ("retracts", "retracts {}".format),
    ("basis", str),
    ("ends", lambda ids: "ends " + ", ".join(ids)),
    ("commitment", "draws on {}".format),
)
"""What is worth saying of an event, in this order, if it has it."""


def sentence(event: Event) -> str:
    """Return who, to whom, how much and what for: `nvidia → openai, 30.0B USD, equity`."""
    said = [_who(event), _how_much(event)]
    for name, words in _FIELDS:
        value = getattr(event, name, None)
        if value is not None:
            said.append(words(value))
    said.append("memo" if event.memo else "")
    return ", ".join(part for part in said if part)


def named(names: Sequence[str], most: int = 4) -> str:
    """Return the first of many names, and how many more there are.

    >>> named(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    more = len(names) - most
    return f"{', '.join(names[:most])} and {more} more" if more > 0 else ", ".join(names)


def _how_much(event: Event) -> str:
    priced = event.money() if isinstance(event, Priced) else None
    if priced is None:
        return ""
    bound = getattr(event, "bound", "exact")
    per = " a year" if getattr(event, "per", "total") == "year" else ""
    return f"{'' if bound == 'exact' else bound + ' '}{money(priced)}{per}"


def _who(event: Event) -> str:
    if not event.sides:
        return ", ".join(sorted(event.parties()))
    first, second = (str(getattr(event, side)) for side in event.sides)
    arrow = "–" if event.kind == "rivalry" else "→"
    issuer = getattr(event, "issuer", None) if event.kind == "transfer" else None
    return f"{first} {arrow} {second}" + (f" of {issuer}" if issuer else "")
