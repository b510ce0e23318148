"""How answers say by which rates they were converted: all of them in JSON, few under a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.projections.answers.values import to_json
from dealledger.projections.rates import Converter, UsedRate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealledger.events import Json
    from dealledger.ledger import View

_SHOWN: Final = 3


def conversion(view: View, currency: str | None) -> Converter:
    """Return what converts to the currency that somebody typed, or converts nothing.

    Raises: BadInput, if it is none.
    """
    from dealledger.events.currency import parse_currency

    return Converter(view, parse_currency(currency) if currency else None)


def rates_json(used: Sequence[UsedRate]) -> list[Json]:
    """Return the rates, each with the event that states it."""
    return [
        {
            "base": each.base,
            "quote": each.quote,
            "rate": to_json(each.rate),  # type: ignore[dict-item]
            "on": each.day.isoformat(),
            "event": each.event,
        }
        for each in used
    ]


def rates_extra(used: Sequence[UsedRate]) -> dict[str, Json]:
    """Return what JSON says of rates; nothing, if nothing was converted."""
    return {"rates": rates_json(used)} if used else {}


def rates_notes(used: Sequence[UsedRate]) -> list[str]:
    """Return the line under a table that names the rates, the latest ones if they are many."""
    if not used:
        return []
    latest = sorted(used, key=lambda each: each.day, reverse=True)[:_SHOWN]
    said = [
        f"1 {each.base} = {to_json(each.rate)} {each.quote} of {each.day} ({each.event})"
        for each in latest
    ]
    more = len(used) - len(latest)
    rest = f", and {more} earlier (-f json)" if more else ""
    return [f"converted at {', '.join(said)}{rest}"]
