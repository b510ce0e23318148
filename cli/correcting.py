"""A corrected file that is imported again: what it says otherwise becomes corrections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from dealledger.cli.commands.retract import retraction
from dealledger.cli.params import open_ledger
from dealledger.events import Event
from dealledger.events.base import content
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.import_summary import ImportSummary

if TYPE_CHECKING:
    from dealledger.ledger import Ledger, View

_MOST_SAID: Final = 20


def corrected(drafts: Iterable[Draft], reason: str, account: ImportSummary) -> list[Draft]:
    """Return drafts in which what is recorded otherwise is a retraction and a replacement.

    What a correction made says already is left out. account: takes in what changed.
    """
    changes: list[str] = []
    known = 0
    found: list[Draft] = []
    with open_ledger() as ledger:
        view = ledger.at(date.max)
        for draft in drafts:
            parts = list(_parts(ledger, view, draft, reason, changes))
            known += not parts
            found += parts
    account.notes += changes[:_MOST_SAID]
    if len(changes) > _MOST_SAID:
        account.notes.append(f"{len(changes) - _MOST_SAID:,} more events are corrected")
    if known:
        account.notes.append(f"as corrected before: {known:,}")
    return found


def _parts(
    ledger: Ledger, view: View, draft: Draft, reason: str, changes: list[str]
) -> Iterator[Draft]:
    """Yield a draft as it is, or its correction; nothing, if a correction says it already."""
    event = draft.event
    if event is None or event.id is None or (record := ledger.find(event.id)) is None:
        yield draft
        return
    new = event if isinstance(event, Event) else event.event
    if _facts(new) == _facts(record.event) and view.resolve(record.id) == record.id:
        yield draft
        return
    current = ledger.find(view.resolve(record.id)) or record
    if ledger.retraction_of(current) is not None:
        yield draft  # taken back for good: the ledger says what it thinks of it
        return
    if _facts(new) == _facts(current.event):
        return
    number = 2
    while ledger.find(f"{event.id[:60]}.{number}"):
        number += 1
    replacement = new.model_copy(update={"id": f"{event.id[:60]}.{number}"})
    changes.append(f"{current.id} becomes {replacement.id}: {_difference(new, current.event)}")
    yield Draft(retraction(ledger, current.id, reason, replacement.id), draft.where)
    yield draft._replace(event=replacement)


def _facts(event: Event) -> dict[str, Any]:
    return {name: value for name, value in content(event).items() if name != "id"}


def _difference(new: Event, old: Event) -> str:
    """Return which fields change from what to what."""
    one, two = _facts(old), _facts(new)
    names = [name for name in (*one, *(each for each in two if each not in one))
             if one.get(name) != two.get(name)]  # fmt: skip
    return ", ".join(
        f"{name} {one.get(name, 'nothing')} -> {two.get(name, 'nothing')}" for name in names
    )
