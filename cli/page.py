"""The page about a ledger: which record, which questions, and who signs it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dealledger.ledger import Ledger
    from dealledger.web.questions import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants of a page.

    begin: where the slider of dates begins. focus: a party; only what touches it is there. only:
    the tables by their names; None: all. key: a file with a secret key.
    """

    as_of: date
    title: str | None = None
    begin: date | None = None
    focus: str | None = None
    only: Collection[str] | None = None
    key: Path | None = None


def document_of(ledger: Ledger, asked: Asked) -> dict[str, Any]:
    """Return the document of a page about all that a ledger holds now.

    Raises: BadInput; Unverified, if the stored records do not lead to the root of the head.
    """
    from dealledger.cli.page_questions import buyers, questions
    from dealledger.cli.signing import signed
    from dealledger.ledger.proof.note import Note
    from dealledger.ledger.storage.leaves import take_checkpoint
    from dealledger.projections.diagram.select import Options
    from dealledger.projections.parties import find_party
    from dealledger.web.document import Sealed, Wanted, document
    from dealledger.web.scope import scope_of

    taken = take_checkpoint(ledger)
    note = signed(ledger, taken, asked.key, fork=False) if asked.key else Note(taken.body())
    sealed = Sealed(note.to_bytes().decode(), _vkey(asked.key))
    scope = scope_of(ledger, asked.as_of, size=taken.size, begin=asked.begin)
    focus = find_party(scope.view, asked.focus) if asked.focus else None
    wanted = Wanted(
        _chosen(questions(scope.view), asked.only),
        buyers(scope.view),
        asked.title,
        focus,
        _left_out(asked, focus),
        Options(focus=focus, hops=2) if focus else Options(),
    )
    return document(scope, sealed, wanted)


def _vkey(key: Path | None) -> str | None:
    from dealledger.cli.evidence import read_key

    return str(read_key(key).verifier()) if key else None


def _chosen(every: tuple[Question, ...], only: Collection[str] | None) -> tuple[Question, ...]:
    """Return the questions whose names, or what stands before the slash in them, are asked for."""
    from dealledger.events import BadInput
    from dealledger.events.errors import closest

    if only is None:
        return every
    known = dict.fromkeys(each.name.partition("/")[0] for each in every)
    for name in only:
        if name not in known:
            hint = closest(name, known) or ", ".join(known)
            raise BadInput(f"--only {name}: no such table", hint)
    return tuple(each for each in every if each.name.partition("/")[0] in only)


def _left_out(asked: Asked, focus: str | None) -> str | None:
    """Return what is not on the page, in words."""
    said = []
    if asked.begin:
        said.append(f"dates before {asked.begin}")
    if focus:
        said.append(f"what does not touch {focus}")
    if asked.only is not None:
        said.append(f"tables other than {', '.join(asked.only)}")
    return f"left out: {'; '.join(said)}" if said else None
