"""How the answers say how sure their amounts are: a line under tables, exact amounts in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealledger.projections.answers.numbers import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealledger.events import Json
    from dealledger.projections.confidence import Confidence

_UNSAID = "without confidence"


def confidence_json(found: Sequence[Confidence]) -> Json:
    """Return {currency: {level: amount}}, the amounts as exact text."""
    return {
        each.currency: {level or _UNSAID: money.text() for level, money in each.parts}
        for each in found
    }


def confidence_notes(found: Sequence[Confidence]) -> list[str]:
    """Return one line per currency, such as `of the amounts in USD: 62 % confirmed, ...`."""
    notes = []
    for each in found:
        shares = [f"{share(part, 0)} {level or _UNSAID}" for level, part in each.shares()]
        if shares:
            notes.append(f"of the amounts in {each.currency}: {', '.join(shares)}")
    return notes
