"""What an append tries again by itself, how long, and what it says when that was in vain.

A database of many writers may undo a transaction because another one went first, and a server that
is restarted drops its connections. Both pass in a moment, so an append that can be repeated is. A
connection that is lost at the commit leaves its outcome unknown: repeating is safe there too, since
the ids are the same at each try and an id is recorded once.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Final

from dealledger.events import DealLedgerError, Event, Refused
from dealledger.ledger.appending import CHUNK, Appended, Draft
from dealledger.ledger.engine import BUSY_TIMEOUT_S, shown_name
from dealledger.ledger.errors import Busy, MaybeRecorded, Overtaken, Unreachable

_FIRST_MS: Final = 20
_LONGEST_MS: Final = 1_000


class Drafts:
    """The events of one append, with the ids that nobody gave, the same at each try.

    repeatable: they can be read again. An iterator can be read only once, so as much of one as is
    decided together is kept, and a longer one is appended in one try.
    """

    def __init__(self, events: Iterable[Event | Draft], make_id: Callable[[], str]) -> None:
        self._events = events
        self._make_id = make_id
        self._ids: dict[int, str] = {}
        self.repeatable = True
        if isinstance(events, Iterator):
            kept = list(islice(events, CHUNK + 1))
            self.repeatable = len(kept) <= CHUNK
            self._events = kept if self.repeatable else chain(kept, events)

    def __iter__(self) -> Iterator[Draft]:
        """Yield one draft per event; an event in it has an id."""
        for number, each in enumerate(self._events):
            draft = each if isinstance(each, Draft) else Draft(each)
            if draft.event is not None and draft.event.id is None:
                event = draft.event.model_copy(update={"id": self._id(number)})
                draft = replace(draft, event=event)
            yield draft

    def _id(self, number: int) -> str:
        if not self.repeatable:
            return self._make_id()
        if number not in self._ids:
            self._ids[number] = self._make_id()
        return self._ids[number]


@dataclass(slots=True)
class Tries:
    """The tries of one append to the ledger *name*.

    committing: what the try that runs is making durable, once it began to. _unknown: the same of
    the tries whose connection was lost there, as id to position.
    """

    name: str
    repeatable: bool
    committing: Sequence[Appended] = ()
    _unknown: dict[str, int] = field(default_factory=dict)
    _count: int = 0
    _begin: int = field(default_factory=time.monotonic_ns)

    def wait(self, error: DealLedgerError) -> None:
        """Wait a moment before the next try, if there is one after this error of the last.

        Raises: the error, if it is none that passes; Busy, MaybeRecorded or Unreachable, if it did
        not.
        """
        if isinstance(error, Unreachable):
            self._unknown |= {each.id: each.position for each in self.committing if each.is_new}
        self.committing = ()
        self._count += 1
        waited_s = (time.monotonic_ns() - self._begin) // 10**9
        passes = isinstance(error, Overtaken | Unreachable)
        if not (passes and self.repeatable and waited_s < BUSY_TIMEOUT_S):
            raise self._in_vain(error) from error.__cause__
        # Any moment up to a growing limit, so that those who clashed do not meet again.
        limit = min(_FIRST_MS << min(self._count, 10), _LONGEST_MS)
        time.sleep(secrets.randbelow(limit) / 1_000)

    def interrupted(self) -> None:
        """Say so, if the try that runs was making something durable; else nothing is recorded.

        Raises: MaybeRecorded.
        """
        ids = tuple(each.id for each in self.committing if each.is_new)
        if ids:
            raise MaybeRecorded(shown_name(self.name), ids, "interrupted") from None

    def done(self, appended: Iterable[Appended]) -> tuple[Appended, ...]:
        """Return what was appended; what a try before this one made durable is new as well."""
        if not self._unknown:
            return tuple(appended)
        return tuple(
            replace(each, is_new=True) if self._unknown.get(each.id) == each.position else each
            for each in appended
        )

    def _in_vain(self, error: DealLedgerError) -> DealLedgerError:
        shown = shown_name(self.name)
        if self._unknown and not isinstance(error, Refused):
            return MaybeRecorded(shown, tuple(self._unknown))
        if isinstance(error, Overtaken):
            times = "once" if self._count == 1 else f"{self._count} times"
            return Busy(shown, f"other writers went first, {times}")
        if isinstance(error, Unreachable):
            return Unreachable(error.message, "nothing was recorded; try again")
        return error
