"""The document of the page: everything that it shows, as JSON. docs/page.md describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dealledger.projections.diagram.select import Options
from dealledger.web.chart_series import series
from dealledger.web.page_record import parties, record
from dealledger.web.page_table import PageTable
from dealledger.web.picture import picture
from dealledger.web.places import Places
from dealledger.web.scope import Scope, lens_said
from dealledger.web.story import story
from dealledger.web.table_histories import tables

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Sealed:
    """The checkpoint of a page.

    size: so many records. text: of the note; vkey: by which its signature can be verified.
    """

    size: int
    text: str
    vkey: str | None = None


@dataclass(frozen=True, slots=True)
class PageWanted:
    """What somebody wants on a page.

    questions: its tables, in order. buyers: whose suppliers are followed over time. focus: a party;
    only what touches it is there. left_out: what is not there for the sake of size, in words.
    story: a text that is told beside it; see `story`.
    """

    questions: Sequence[PageTable] = ()
    buyers: Sequence[str] = ()
    title: str | None = None
    focus: str | None = None
    left_out: str | None = None
    story: str | None = None
    options: Options = field(default_factory=Options)


def document(scope: Scope, sealed: Sealed, wanted: PageWanted) -> dict[str, Any]:
    """Return the document of a page about *scope*.

    Raises: BadInput, if there is too much to draw.
    """
    view, places = scope.view, Places(scope.records)
    known = parties(scope)
    for each in known.values():
        places.asked.update(each["events"])
    shown = {
        **picture(scope, wanted.options, places),
        "tables": tables(scope, wanted.questions, places, wanted.focus),
        "series": series(scope, wanted.buyers, places, wanted.focus),
        "story": None if wanted.story is None else story(scope, wanted.story, places),
    }
    return {
        "version": VERSION,
        "title": wanted.title,
        "ledger": {
            "origin": view.origin,
            "size": view.known_at,
            "root": view.root,
            "checkpoint": sealed.text,
            "vkey": sealed.vkey,
        },
        "scope": {
            "as_of": view.as_of.isoformat(),
            "known_at": view.known_at,
            "left_out": wanted.left_out
            and {
                "said": wanted.left_out,
                "command": "deals site -o page.html",
            },
        },
        "days": [day.isoformat() for day in scope.stops],
        "start": {"day": len(scope.stops) - 1, "lens": 0},
        "lenses": [
            lens_said(lens, number, scope.records) for number, lens in enumerate(scope.lenses)
        ],
        "parties": known,
        "roles": _roles(known),
        "moments": scope.moments(),
        **shown,
        "record": record(scope, None if wanted.focus is None else places.asked),
    }


def _roles(known: Mapping[str, Any]) -> list[str]:
    return sorted({role for each in known.values() for _, roles in each["roles"] for role in roles})
