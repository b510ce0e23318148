"""What moved and is not in `flows`: the price of stakes among holders, and funding in credits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dealledger.events import Json, Money
from dealledger.events.category import CATEGORIES, CREDITS, TRANSFER, is_cash
from dealledger.projections.answers.numbers import money

if TYPE_CHECKING:
    from dealledger.ledger import View

_WORDS: Final = {
    TRANSFER: "what holders paid each other for stakes",
    CREDITS: "funding in credits",
}
_KINDS: Final = {TRANSFER: "transfer", CREDITS: "funding"}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What moved in a category that is no cash between a company and who pays it."""

    category: str
    amounts: tuple[Money, ...]
    undisclosed: int


def moved_elsewhere(view: View, party: str | None = None) -> tuple[Elsewhere, ...]:
    """Return what moved besides cash, of everybody or of one party."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    undisclosed: dict[str, int] = defaultdict(int)
    names = tuple(name for name in CATEGORIES if not is_cash(name))
    for each in view.sums(*names, party=party):
        undisclosed[each.category] += each.undisclosed
        if each.currency is not None and each.minor:
            sums[each.category][each.currency] += each.minor
    return tuple(
        Elsewhere(
            name,
            tuple(Money(code, minor) for code, minor in sorted(sums[name].items())),
            undisclosed[name],
        )
        for name in names
        if sums[name] or undisclosed[name]
    )


def elsewhere_json(found: tuple[Elsewhere, ...]) -> Json:
    """Return {category: {amounts, undisclosed_amounts}}."""
    return {
        each.category: {
            "amounts": [{"currency": m.currency, "amount": m.text()} for m in each.amounts],
            "undisclosed_amounts": each.undisclosed,
        }
        for each in found
    }


def elsewhere_notes(found: tuple[Elsewhere, ...], party: str | None) -> list[str]:
    """Return the lines under a table that say what is not in it, and what shows it."""
    notes = []
    for each in found:
        said = [*map(money, each.amounts)]
        said += [f"{each.undisclosed} undisclosed"] if each.undisclosed else []
        words = _WORDS.get(each.category, CATEGORIES[each.category].said)
        whose = f" {party}" if party else ""
        kind = _KINDS.get(each.category)
        see = f"deals log{whose}" + (f" --kind {kind}" if kind else "")
        notes.append(f"not in it: {words}, {' and '.join(said)} (see: {see})")
    return notes
