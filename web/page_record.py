"""The record as the page holds it: the hashed bytes, all leaves, and words for each event."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from datetime import date
from typing import Any

from dealledger.events import Party
from dealledger.projections.answers.wording import sentence
from dealledger.web.scope import Scope


def record(scope: Scope, kept: Collection[int] | None = None) -> dict[str, Any]:
    """Return the part `record` of the document.

    kept: the positions whose bytes the page holds; None: all. Every leaf is there in any case, so
    that the root can be computed.
    """
    inside = [kept is None or each.position in kept for each in scope.records]
    return {
        "bodies": [
            each.body.decode() if there else None
            for each, there in zip(scope.records, inside, strict=True)
        ],
        "leaves": b64encode(b"".join(each.leaf for each in scope.records)).decode(),
        "said": [
            sentence(each.event) if there else None
            for each, there in zip(scope.records, inside, strict=True)
        ],
    }


def parties(scope: Scope) -> dict[str, Any]:
    """Return the part `parties` of the document: who stands in the record, by slug."""
    found: dict[str, dict[str, Any]] = {}
    for each in scope.view.whole().events("party"):
        event = each.event
        assert isinstance(event, Party)
        own = found.setdefault(event.party, {"names": [], "roles": [], "events": []})
        stop = _stop(scope, each.effective_on)
        _note(own["names"], stop, event.name)
        _note(own["roles"], stop, list(event.roles))
        own |= {
            "ticker": event.ticker,
            "country": event.country,
            "aliases": list(event.aliases),
            "events": [*own["events"], each.position],
        }
    return found


def _stop(scope: Scope, day: date) -> int:
    return scope.stop_at(day) if day >= scope.stops[0] else 0


def _note(changes: list[Any], stop: int, value: Any) -> None:
    if changes and changes[-1][0] == stop:
        changes.pop()
    if not changes or changes[-1][1] != value:
        changes.append([stop, value])
