"""The document of the page: everything that it shows, as JSON. docs/page.md describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dealledger.projections.diagram.select import Options
from dealledger.web.picture import picture
from dealledger.web.record import parties, places, record
from dealledger.web.scope import Scope, lens_said

VERSION = 1


@dataclass(frozen=True, slots=True)
class Sealed:
    """The checkpoint of a page. text: of the note; vkey: by which its signature can be verified."""

    text: str
    vkey: str | None = None


def document(
    scope: Scope, sealed: Sealed, *, title: str | None = None, options: Options | None = None
) -> dict[str, Any]:
    """Return the document of a page about *scope*.

    Raises: BadInput, if there is too much to draw.
    """
    view, where = scope.view, places(scope)
    known = parties(scope)
    return {
        "version": VERSION,
        "title": title,
        "ledger": {
            "origin": view.origin,
            "size": view.known_at,
            "root": view.root,
            "checkpoint": sealed.text,
            "vkey": sealed.vkey,
        },
        "scope": {"as_of": view.as_of.isoformat(), "known_at": view.known_at, "left_out": None},
        "days": [day.isoformat() for day in scope.stops],
        "start": {"day": len(scope.stops) - 1, "lens": 0},
        "lenses": [
            lens_said(lens, number, scope.records) for number, lens in enumerate(scope.lenses)
        ],
        "parties": known,
        "roles": _roles(known),
        "moments": scope.moments(),
        **picture(scope, options or Options(), where),
        "record": record(scope),
    }


def _roles(known: Mapping[str, Any]) -> list[str]:
    return sorted({role for each in known.values() for _, roles in each["roles"] for role in roles})
