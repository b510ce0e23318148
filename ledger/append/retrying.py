"""What an append tries again by itself, how long, and what it says when that was in vain.

A database of many writers may undo a transaction because another one went first, and a server that
is restarted drops its connections. Both pass in a moment, so an append that can be repeated is. A
connection that is lost at the commit leaves its outcome unknown: repeating is safe there too, since
the ids are the same at each try and an id is recorded once.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final, NoReturn

from dealledger.events import DealLedgerError, Event, Refused
from dealledger.ledger.append.batch import CHUNK, Appended, Draft
from dealledger.ledger.errors import (
    Busy,
    MaybeRecorded,
    Overtaken,
    Stopped,
    Unconfirmed,
    Unreachable,
)
from dealledger.ledger.naming import shown_name
from dealledger.ledger.storage.engine import BUSY_TIMEOUT_S

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
            event = draft.event
            if event is not None and event.id is None:
                draft = draft._replace(event=event.model_copy(update={"id": self._id(number)}))
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

    _committing: positions and ids of what the try that runs is making durable, once it began to.
    _lost: the same of the tries whose connection was lost there.
    """

    name: str
    _committing: tuple[range, tuple[str, ...]] | None = None
    _lost: list[tuple[range, tuple[str, ...]]] = field(default_factory=list)
    _count: int = 0
    _begin: int = field(default_factory=time.monotonic_ns)

    def commits(self, positions: range, ids: Iterable[str]) -> None:
        """Say what the try that runs now makes durable. ids: of the events, as far as known."""
        self._committing = positions, tuple(ids)

    @property
    def lost(self) -> bool:
        """Tell whether the connection of a try before was lost when it committed."""
        return bool(self._lost)

    def seen(self, each: Appended) -> Appended:
        """Return what became of an event: what a try before made durable is new as well."""
        if self._lost and any(each.position in positions for positions, _ in self._lost):
            return each._replace(is_new=True)
        return each

    def wait(self, error: DealLedgerError, *, repeatable: bool) -> None:
        """Wait a moment before the next try, if there is one after this error of the last.

        Raises: the error, if it is none that passes; Busy, MaybeRecorded or Unreachable, if it did
        not.
        """
        if isinstance(error, Unconfirmed) and self._committing is not None:
            raise MaybeRecorded(
                shown_name(self.name), self._committing[1], f"failed ({error.message})"
            ) from error.__cause__
        if isinstance(error, Unreachable) and self._committing is not None:
            self._lost.append(self._committing)
        self._committing = None
        self._count += 1
        waited_s = (time.monotonic_ns() - self._begin) // 10**9
        passes = isinstance(error, Overtaken | Unreachable)
        if not (passes and repeatable and waited_s < BUSY_TIMEOUT_S):
            raise self._in_vain(error) from error.__cause__
        # Any moment up to a growing limit, so that those who clashed do not meet again.
        limit = min(_FIRST_MS << min(self._count, 10), _LONGEST_MS)
        time.sleep(secrets.randbelow(limit) / 1_000)

    def interrupted(self) -> NoReturn:
        """Say whether a try was making something durable; else nothing is recorded.

        Raises: MaybeRecorded, Stopped.
        """
        ids = self._ids_lost() if self._committing is None else self._committing[1]
        if self._committing is None and not self._lost:
            raise Stopped from None
        raise MaybeRecorded(shown_name(self.name), ids, "was interrupted") from None

    def _ids_lost(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each for _, ids in self._lost for each in ids))

    def _in_vain(self, error: DealLedgerError) -> DealLedgerError:
        shown = shown_name(self.name)
        if self._lost and not isinstance(error, Refused):
            return MaybeRecorded(shown, self._ids_lost())
        if isinstance(error, Overtaken):
            times = "once" if self._count == 1 else f"{self._count} times"
            return Busy(shown, f"other writers went first, {times}")
        if isinstance(error, Unreachable):
            return Unreachable(error.message, "nothing was recorded; try again")
        return error
