"""Which event somebody means by an id, and where it is, if an answer does not see it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from dealledger.events import BadInput
from dealledger.events.errors import closest
from dealledger.events.text import shown
from dealledger.ledger import Log, Record, View

if TYPE_CHECKING:
    from datetime import date

Opened = Callable[[], AbstractContextManager[Log]]

_LEAST: Final = 4
"""How many characters of an id are enough, if no other id begins with them."""
_SHOWN: Final = 5


def find_record(ledger: Log, typed: str, *, changing: bool = False) -> Record:
    """Return the record of an event, by its id or the begin of it.

    changing: something is to be recorded about it, so the begin of an id is not enough.
    Raises: BadInput, with the closest ids, if there is none, and with all, if there are several.
    """
    record = ledger.find(typed)
    if record is not None:
        return record
    begun = ledger.ids(typed) if len(typed) >= _LEAST else ()
    if begun and (changing or len(begun) > 1):
        ids = ", ".join((*begun[:_SHOWN], *(["…"] if len(begun) > _SHOWN else [])))
        raise BadInput(f"unknown event {shown(typed)}", f"so begins {ids}")
    record = ledger.find(begun[0]) if begun else None
    if record is None:
        raise BadInput(f"unknown event {shown(typed)}", _closest(ledger, typed) or "see: deals log")
    return record


def visible_commitment(view: View, typed: str, opened: Opened | None = None) -> str:
    """Return the id of the commitment that somebody means, as it stands at the point of a View.

    opened: opens the ledger, to say where it is, if it is not visible there. Without it the id has
    to be whole, and what is not visible is unknown.
    Raises: BadInput.
    """
    known = {record.id for record in view.events("commitment")}
    event_id = view.resolve(typed)
    if event_id in known:
        return event_id
    if opened is None:
        raise BadInput(f"unknown commitment {shown(typed)}", closest(typed, known))
    with opened() as ledger:
        record = find_record(ledger, typed)
        event_id = view.resolve(record.id)
        if event_id in known:
            return event_id
        record = ledger.find(event_id) or record
        raise _elsewhere(ledger, view, record)


def _closest(ledger: Log, typed: str) -> str:
    """Return the hint with the closest ids, of those that differ in case alone the only ones."""
    ids = ledger.ids()
    alike = [each for each in ids if each.casefold() == typed.casefold()]
    return closest(typed, alike or ids, fold=(lambda word: alike[0]) if alike else str)


def _elsewhere(ledger: Log, view: View, record: Record) -> BadInput:
    """Say why a View does not see an event, or that it is no commitment."""
    event, named = record.event, record.id
    if event.kind != "commitment":
        drawn = getattr(event, "commitment", None)
        return BadInput(
            f"{named} is a {event.kind}, no commitment",
            f"it draws on {drawn}" if drawn else f"see: deals show {named}",
        )
    retraction = ledger.retraction_of(record)
    if record.position > view.known_at:
        return BadInput(
            f"{named} is recorded at @{record.position}, and this is as known at @{view.known_at}",
            "ask with a later --known-at",
        )
    if retraction and retraction.position <= view.known_at:
        before = f"--known-at @{retraction.position - 1} shows it as it was"
        if view.grounds.is_assumed(retraction.position):
            before = "that is only assumed: leave out --assume"
        return BadInput(f"{named} is retracted, by {retraction.id}", before)
    if view.announced_by and event.announced_on > view.announced_by:
        return _later(named, "was announced", event.announced_on, "announced by", view.announced_by)
    return _later(named, "takes effect", event.effective_on, "as of", view.as_of)


def _later(named: str, does: str, day: date, what: str, asked: date) -> BadInput:
    option = "--" + what.replace(" ", "-")
    return BadInput(
        f"{named} {does} on {day}, and this is {what} {asked}", f"ask with {option} {day} or later"
    )
