"""How answers say that an amount, or a part of a sum, is up to, at least or about so much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.events.bound import SIGNS
from dealledger.projections.answers.numbers import amount, money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dealledger.events import Json, Money, PartMoney
    from dealledger.events.base import Bound
    from dealledger.projections.bounds import Parts
    from dealledger.projections.promises.commitments import CommitmentRow

SAID: Final[dict[Bound, str]] = {
    "exact": "", "up-to": "up to", "at-least": "at least", "about": "about",
}  # fmt: skip


def signed(value: Money | PartMoney | None, bound: Bound, *, full: bool = False) -> str:
    """Return one amount for a table: `≤ 5.00B`; full: with its currency."""
    if value is None:
        return "–"
    return SIGNS[bound] + (money(value) if full else amount(value))


def of_it(parts: Parts) -> str:
    """Return what of a sum is no exact number: `22.4B up to, 20.0B at least`."""
    return ", ".join(f"{amount(part)} {SAID[bound]}" for bound, part in parts)


def total(value: Money, parts: Parts) -> str:
    """Return a sum and what of it is no exact number; all of one kind: `up to 15.0B USD`."""
    whole = next((bound for bound, part in parts if part == value), None)
    if whole is not None:
        return f"{SAID[whole]} {money(value)}"
    return money(value) + (f", of it {of_it(parts)}" if parts else "")


def bounds_json(parts: Parts) -> Json:
    """Return {bound: amount} of what is no exact number."""
    return {bound: part.text() for bound, part in parts}


def unknown_draws(rows: Iterable[CommitmentRow]) -> list[str]:
    """Return the line that says where draws of undisclosed amounts leave at most so much."""
    from dealledger.projections.answers.wording import named

    ids = [row.id for row in rows if row.live and row.undisclosed_draws and row.remaining]
    return [f"draws of undisclosed amounts: at most so much is open of {named(ids)}"] if ids else []
