"""Events in one line of words, for logs and messages."""

from __future__ import annotations

from dealledger.events import Event, Money
from dealledger.events.base import Priced
from dealledger.events.fraction import percent
from fractions import Fraction

_MORE = ("instrument", "purpose", "right", "market", "until", "name", "retracts", "basis")


def sentence(event: Event) -> str:
    """Return who, to whom, how much and what for: `nvidia → openai, 30.0B USD, equity`."""
    parts = [_who(event)]
    amount = (
        event.money()
        if isinstance(event, Priced) and "amount" in type(event).model_fields
        else None
    )
    if amount:
        bound = getattr(event, "bound", "exact")
        per = " a year" if getattr(event, "per", "total") == "year" else ""
        parts.append(f"{'' if bound == 'exact' else bound + ' '}{_money(amount)}{per}")
    for name in ("stake", "move"):
        if getattr(event, name, None) is not None:
            parts.append(percent(Fraction(getattr(event, name))))
    if getattr(event, "shares", None):
        parts.append(f"{getattr(event, 'shares'):,} shares")
    if getattr(event, "rate", None):
        parts.append(f"{event.rate}")  # type: ignore[attr-defined]
    parts += [str(getattr(event, name)) for name in _MORE if getattr(event, name, None)]
    if getattr(event, "ends", None):
        parts.append("ends " + ", ".join(event.ends))  # type: ignore[attr-defined]
    if getattr(event, "commitment", None):
        parts.append(f"draws on {event.commitment}")  # type: ignore[attr-defined]
    if event.memo:
        parts.append("memo")
    return ", ".join(part for part in parts if part)


def _money(money: Money) -> str:
    return f"{money.short()} {money.currency}"


def _who(event: Event) -> str:
    if event.sides:
        first, second = (str(getattr(event, side)) for side in event.sides)
        arrow = "–" if event.kind == "rivalry" else "→"  # noqa: RUF001
        issuer = f" of {event.issuer}" if event.kind == "transfer" else ""  # type: ignore[attr-defined]
        return f"{first} {arrow} {second}{issuer}"
    return ", ".join(sorted(event.parties()))
