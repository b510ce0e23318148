"""The rules of terminations: what may be cut or ended, how far, and what may come after it. Pure.

A commitment may be cut several times, each time to less, and ended once; a right, rivalry or
holding is ended once. What counts is the order of the dates, however they were recorded, and a memo
counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from dealledger.events import BadInput, Commitment, Event, Problem, Termination
from dealledger.events.decimals import decimal_text
from dealledger.events.money import minor_units

ENDABLE: Final = ("commitment", "right", "rivalry", "holding")
_RULE: Final = "termination"


def ending_problems(event: Termination, ended: str, target: Event) -> Iterator[Problem]:
    """Yield why *event* cannot end *target*, or leave what it says of it."""
    if target.kind not in ENDABLE:
        yield Problem(
            f"{ended} is a {target.kind} and cannot end", "one of " + ", ".join(ENDABLE), rule=_RULE
        )
    elif event.remaining is not None:
        yield from _remaining_problems(event.remaining, ended, target)


def unit_problems(unit: str | None, ended: str, target: Event) -> Iterator[Problem]:
    """Yield why what remains of *target* cannot be typed in the currency *unit*."""
    if unit and isinstance(target, Commitment) and target.currency != unit:
        said = f"in {target.currency}" if target.currency else "without a currency"
        yield Problem(f"remaining: {ended} is {said}, not in {unit}", rule=_RULE)


def order_problems(event: Termination, ended: str, other: Termination) -> Iterator[Problem]:
    """Yield why *event* cannot stand beside *other*, which is recorded and cuts or ends the same.

    The earlier one must leave something, and more than the later one. Of two on one day, that which
    is recorded already comes first.
    """
    if event.memo or other.memo:
        return
    is_later = event.effective_on >= other.effective_on
    first, then = (other, event) if is_later else (event, other)
    if first.remaining and (then.remaining or 0) < first.remaining:
        return
    day, undo = other.effective_on, f"deals retract {other.id}, if that was wrong"
    left = decimal_text(other.remaining) if other.remaining else ""
    if is_later and not left:
        yield Problem(f"{ended} ended already, on {day} by {other.id}", undo, rule=_RULE)
    elif is_later:
        yield Problem(
            f"{other.id} leaves only {left} of {ended} already, on {day}",
            "a further cut leaves less", rule=_RULE,
        )  # fmt: skip
    elif not event.remaining:
        does = "cuts" if left else "ends"
        yield Problem(f"{other.id} {does} {ended} after that, on {day}", undo, rule=_RULE)
    else:
        yield Problem(
            f"{other.id} leaves {left} of {ended} after that, on {day}",
            "an earlier cut leaves more", rule=_RULE,
        )  # fmt: skip


def _remaining_problems(remaining: Decimal, ended: str, event: Event) -> Iterator[Problem]:
    if not isinstance(event, Commitment):
        yield Problem(f"{ended} is a {event.kind}: nothing of it remains", rule=_RULE)
        return
    try:
        if event.currency:
            minor_units(remaining, event.currency)
    except BadInput as error:
        yield Problem(f"remaining: {error.message}", error.hint, rule=_RULE)
    if event.amount is not None and event.per == "total" and remaining > event.amount:
        yield Problem(f"remaining is above the amount of {ended}", rule=_RULE)
