"""A page about a ledger: which record, which tables, and what is left out for the sake of size."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dealledger.events import BadInput
from dealledger.events.errors import closest
from dealledger.ledger import Ledger
from dealledger.projections.diagram.select import Options
from dealledger.projections.parties import find_party
from dealledger.web.document import PageWanted, Sealed, document
from dealledger.web.page_table import PageTable
from dealledger.web.page_tables import buyers, page_tables
from dealledger.web.scope import scope_of


@dataclass(frozen=True, slots=True)
class PageAsked:
    """What somebody wants of a page.

    begin: where the slider of dates begins. focus: a party, as typed; only what touches it is
    there. only: the tables by their names; None: all. story: the text of one.
    """

    as_of: date
    title: str | None = None
    begin: date | None = None
    focus: str | None = None
    only: Collection[str] | None = None
    story: str | None = None


def page_document(ledger: Ledger, asked: PageAsked, sealed: Sealed) -> dict[str, Any]:
    """Return the document of a page about the records that a checkpoint seals.

    Raises: BadInput.
    """
    scope = scope_of(ledger, asked.as_of, size=sealed.size, begin=asked.begin)
    focus = find_party(scope.view, asked.focus) if asked.focus else None
    wanted = PageWanted(
        _chosen(page_tables(scope.view), asked.only),
        buyers(scope.view),
        asked.title,
        focus,
        _left_out(asked, focus),
        asked.story,
        Options(focus=focus, hops=2) if focus else Options(),
    )
    return document(scope, sealed, wanted)


def _chosen(every: Sequence[PageTable], only: Collection[str] | None) -> tuple[PageTable, ...]:
    """Return the tables whose names, or what stands before the slash in them, are asked for."""
    if only is None:
        return tuple(every)
    known = dict.fromkeys(each.name.partition("/")[0] for each in every)
    for name in only:
        if name not in known:
            hint = closest(name, known) or ", ".join(known)
            raise BadInput(f"--only {name}: no such table", hint)
    return tuple(each for each in every if each.name.partition("/")[0] in only)


def _left_out(asked: PageAsked, focus: str | None) -> str | None:
    """Return what is not on the page, in words."""
    said = []
    if asked.begin:
        said.append(f"dates before {asked.begin}")
    if focus:
        said.append(f"what does not touch {focus}")
    if asked.only is not None:
        said.append(f"tables other than {', '.join(asked.only)}")
    return f"left out: {'; '.join(said)}" if said else None
