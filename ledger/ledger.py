"""The ledger: append events, look at it at any point of its two times, verify it.

This is where the clock enters, if nobody brings one: the moment of recording, and the ids that
nobody gave. An append is all or nothing, returns only when it is durable, and may be repeated
safely by event id.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from dealledger.events import BadInput, DealLedgerError, Event
from dealledger.events.dates import instant_microseconds
from dealledger.ledger.address import is_postgres
from dealledger.ledger.append.expected import Expected
from dealledger.ledger.clock import Clock, MakeId, user_name, utc_now
from dealledger.ledger.errors import Damaged
from dealledger.ledger.moments import position_at
from dealledger.ledger.naming import shown_name
from dealledger.ledger.record import Record, new_id
from dealledger.ledger.storage import shape, sql_log
from dealledger.ledger.storage.database import Database
from dealledger.ledger.storage.engine import (
    SURPRISES,
    Connection,
    Engine,
    check_name,
    check_pages,
    check_values,
    connect,
)
from dealledger.ledger.storage.head import Head, read_head
from dealledger.ledger.storage.sql_view import SqlView
from dealledger.ledger.storage.tables import EVENT, HEAD, METADATA

if TYPE_CHECKING:
    # Whoever asks a question need not load what appends, copies and verifies.
    from dealledger.ledger.append.batch import Appended, Draft, Tally
    from dealledger.ledger.append.writer import Writer
    from dealledger.ledger.audit.doctor import Check
    from dealledger.ledger.audit.verify import Take, Verification
    from dealledger.ledger.proof.checkpoint import Checkpoint
    from dealledger.ledger.view import View


class Ledger(Database):
    """An append-only ledger of deals, in a SQLite file or a PostgreSQL database.

    >>> ledger = Ledger.create("deals.db", origin="example.org/deals")  # doctest: +SKIP
    >>> ledger.append([Party(...), Funding(...)])                        # doctest: +SKIP
    >>> view = ledger.at(date(2025, 10, 28))                             # doctest: +SKIP
    """

    def __init__(
        self, engine: Engine, name: str, clock: Clock = utc_now, make_id: MakeId = new_id
    ) -> None:
        """Use `Ledger.open` or `Ledger.create` instead."""
        super().__init__(engine, name)
        self._clock = clock
        self._make_id = make_id
        self._rolled = True

    @classmethod
    def open(
        cls,
        name: str | os.PathLike[str],
        *,
        clock: Clock = utc_now,
        make_id: MakeId = new_id,
        read_only: bool = False,
    ) -> Self:
        """Open the ledger at a path or a `postgresql://` URL.

        clock: tells when events are recorded. make_id: makes the ids that nobody gave. read_only:
        the database itself refuses to write.
        Raises: NoLedger, NotALedger, NewerLedger, Unreachable.
        """
        name = os.fspath(name)
        ledger = cls(connect(name, read_only=read_only), name, clock, make_id)
        return ledger._after(ledger._check)

    def _after(self, step: Callable[[], None]) -> Self:
        """Take the first step with a ledger; close it, if that fails."""
        try:
            step()
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def _check(self) -> None:
        """Refuse what is not a ledger, or a newer one."""
        with self._looking() as connection:
            version = shape.version_of(connection, shown_name(self.name))
        self._rolled = version >= 2

    @classmethod
    def create(
        cls,
        name: str | os.PathLike[str],
        *,
        origin: str | None = None,
        source: Ledger | None = None,
        progress: Callable[[int], None] = lambda count: None,
        clock: Clock = utc_now,
        make_id: MakeId = new_id,
    ) -> Self:
        """Make a ledger and open it; killed at any moment, that leaves nothing or all of it.

        origin: the name that every record carries, so that none can be passed off in another
        ledger; best a URL of yours without its scheme. Default: a random one. source: a ledger
        whose records it is to hold, byte for byte, with their origin; default: it is empty.
        progress: called with the number of records copied since the last call. clock, make_id: as
        for `open`.
        Raises: LedgerExists; Unwritable; BadInput, for an origin with blanks or `+`; Damaged, if
        the source does not verify; Unreachable.
        """
        from dealledger.ledger.storage.making import make, make_quick, origin_of
        from dealledger.ledger.storage.whole import made_beside

        name = os.fspath(name)
        origin = origin_of(origin)
        check_name(name)
        fill = None if source is None else partial(source.copy_into, progress=progress)
        if is_postgres(name):
            ledger = cls(connect(name), name, clock, make_id)
            return ledger._after(lambda: make(ledger._engine, name, origin, fill))
        with (
            made_beside(Path(name)) as file,
            cls(connect(os.fspath(file), new=True), name) as ledger,
        ):
            make_quick(ledger._engine, name)
            make(ledger._engine, name, origin, fill)
            ledger.set_journal()
        return cls.open(name, clock=clock, make_id=make_id)

    def __enter__(self) -> Self:
        """Return the ledger itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close all connections; an error that nobody expects may come from a damaged ledger.

        Raises: Damaged, if it does.
        """
        try:
            if isinstance(error, SURPRISES):
                self._check_damage(error)
        except Damaged as damaged:
            raise damaged from error
        finally:
            self.close()

    def _check_damage(self, error: BaseException) -> None:
        """Raise Damaged, if an error may come from that: of pages, or of what somebody edited.

        The whole is verified only for what no input of ours brings about, such as a currency that
        there is not.
        """
        with self._looking() as connection:
            check_pages(connection, shown_name(self.name))
        if not isinstance(error, DealLedgerError | UnicodeEncodeError):
            found = self.verify().findings
            if found:
                said = f"{shown_name(self.name)} is damaged: {found[0]}"
                raise Damaged(said, "see all of it with: deals verify")

    def head(self) -> Head:
        """Return the end of the log as it is now, whatever the definitions around it are."""
        with self._looking() as connection:
            return read_head(connection)

    def append(
        self,
        events: Iterable[Event | Draft],
        *,
        expected_version: int | Expected = Expected.ANY,
        actor: str | None = None,
        register: bool = False,
        dry_run: bool = False,
    ) -> tuple[Appended, ...]:
        """Append events: all of them, durably, or none.

        An event whose id is recorded with the same content is returned with its first position. Ids
        that nobody gave are UUIDv7. actor: who records (an event's own actor goes first); default:
        the user of this process. register: make unknown parties known. dry_run: check everything,
        record nothing. expected_version: how many events their deal has before this.

        What the database undid because others went first, or lost with the connection, is tried
        again for ten seconds; but more than a thousand events of an iterator, which can be read
        only once, are not.

        Returns: one result per event, in order; with register, also the parties'.
        Raises: Refused, with every problem; Conflict, if ids or versions contradict the record;
        Busy, if other writers hold the ledger or went first each time; Unreachable; MaybeRecorded,
        if the connection was lost at the commit and did not come back, or if it was interrupted
        there; Unwritable.
        """
        from dealledger.ledger.append.writer import Terms

        terms = Terms(expected_version, actor or user_name(), register, dry_run)
        return self._writer().append(events, terms)

    def load(
        self,
        events: Iterable[Event | Draft],
        *,
        expected_version: int | Expected = Expected.ANY,
        actor: str | None = None,
        register: bool = False,
        dry_run: bool = False,
    ) -> Tally:
        """Append as `append` does, for more events than memory should hold; return their counts."""
        from dealledger.ledger.append.writer import Terms

        terms = Terms(expected_version, actor or user_name(), register, dry_run)
        return self._writer().load(events, terms)

    def _writer(self) -> Writer:
        from dealledger.ledger.append.writer import Writer

        return Writer(self._own_engine(), self.name, self._rolled, self._now, self._make_id)

    def at(
        self,
        as_of: date,
        known_at: datetime | int | str | None = None,
        announced_by: date | None = None,
    ) -> View:
        """Return the ledger as it stood.

        as_of: a date in the world, inclusive. known_at: a moment of the record, inclusive: a
        position, a UTC time, or as text `@120`, `2025-11-01` (the end of that day) or
        `2025-11-01T09:30:00Z`; default: all that is recorded. announced_by: leave out what was
        announced later.
        Raises: BadInput, for a position that is not recorded yet and for what is not a moment.
        """
        with self._reading() as connection:
            head = read_head(connection)
            position = position_at(head.size, known_at, partial(sql_log.moment_at, connection))
        return SqlView(
            as_of, position, announced_by, head.origin, self._reading, head.tree, self._rolled
        )

    def read(self, *, after: int = 0, limit: int | None = None) -> Iterator[Record]:
        """Yield the records behind a position in the order of the log, retractions included."""
        with self._reading() as connection:
            yield from sql_log.records_behind(connection, after, limit)

    def find(self, event_id: str) -> Record | None:
        """Return the record of an event id, or None."""
        with self._reading() as connection:
            return sql_log.record_with_id(connection, event_id)

    def ids(self, start: str = "") -> tuple[str, ...]:
        """Return the ids that begin with *start*, in the order of the record, retracted or not."""
        with self._reading() as connection:
            return sql_log.ids(connection, start)

    def retraction_of(self, record: Record) -> Record | None:
        """Return the retraction of a record, or None if it stands."""
        with self._reading() as connection:
            return sql_log.retraction_of(connection, record.position)

    def replacing(self, event_id: str) -> Record | None:
        """Return the retraction that this event came with in place of another, or None."""
        with self._reading() as connection:
            return sql_log.replacing(connection, event_id)

    def referring(self, event_id: str) -> tuple[str, ...]:
        """Return the ids of the events that refer to *event_id* and are not retracted, sorted.

        Who refers to an event that it replaced refers to it.
        """
        with self._reading() as connection:
            return sql_log.referring(connection, event_id)

    @contextmanager
    def leaves(self, size: int | None = None) -> Iterator[Iterator[bytes]]:
        """Give the leaf hashes of the first *size* records, or of all, in the order of the log.

        They are computed from the stored bytes, as they are taken: so a log of any length needs the
        same memory, and what is signed or compared rests neither on the head nor on the hashes that
        stand beside the records, which who changes a record can change with it.
        """
        with self._reading() as connection:
            yield sql_log.leaves(connection, size)

    def checkpoint(self, known_at: datetime | int | str | None = None) -> Checkpoint:
        """Return the checkpoint of the record as it stood at *known_at*, as for `at`.

        Raises: Unverified, if the stored records do not lead to the root of the head: then there is
        nothing that should be handed out; BadInput, as `at`.
        """
        from dealledger.ledger.proof.checkpoint import checkpoint_of

        head = self.head()
        # What was recorded between the two looks is left out.
        position = min(self.at(date.max, known_at).known_at, head.size)
        with self.leaves(head.size) as leaves:
            return checkpoint_of(head.origin, head.tree, leaves, position)

    def grown_since(self, checkpoint: Checkpoint) -> int:
        """Return how many records the ledger has grown since *checkpoint* was taken of it.

        Raises: OtherLedger, EventsMissing, Forked.
        """
        from dealledger.ledger.proof.checkpoint import check_extends

        with self.leaves() as leaves:
            return check_extends(checkpoint, origin=self.head().origin, leaves=leaves)

    def verify(
        self,
        progress: Callable[[int], None] = lambda count: None,
        *,
        quick: bool = False,
        take: Take = lambda rows, leaves: (),
    ) -> Verification:
        """Derive everything again from the stored bytes and name what differs.

        quick: only the hashes of the bytes, the root and the definitions. take: see audit/verify.
        progress: called with the number of records checked since the last call.
        """
        from dealledger.ledger.audit.verify import verify

        tables = (EVENT, HEAD) if quick else METADATA.sorted_tables
        with self._looking() as connection:
            check_values(connection, shown_name(self.name), tables)
            try:
                return verify(connection, progress, quick=quick, take=take)
            except SURPRISES as error:
                # A changed type in a page: SQLite checks types only when it writes.
                raise Damaged(f"a stored value has another type: {error}") from error

    def health(self) -> tuple[Check, ...]:
        """Return what is well and what is not about this ledger; quick, see `verify`."""
        from dealledger.ledger.audit.doctor import ledger_findings

        with self._looking() as connection:
            return tuple(ledger_findings(connection, self.name, self._now()))

    def grant(
        self, role: str, purpose: Literal["append", "read"], *, dry_run: bool = False
    ) -> list[str]:
        """Let a role of PostgreSQL read this ledger, or append to it, and no more.

        Returns: the statements that did it. dry_run: only return them.
        Raises: BadInput, if there is no such role, or for a file; Damaged; Unwritable.
        """
        from dealledger.ledger.storage.engine import writing
        from dealledger.ledger.storage.granting import grant

        if not is_postgres(self.name):
            raise BadInput("a file has no roles", "use the rights of files: chmod, chown")
        with writing(self._own_engine(), self.name) as connection:
            done = grant(connection, role, purpose)
            if not dry_run:
                connection.commit()
        return done

    def renew_guards(self) -> int:
        """Put today's guards into a PostgreSQL database that has older ones; return how many.

        Raises: Damaged, if it is not made as a ledger is; Unwritable, for others than its owner.
        """
        from dealledger.ledger.storage.engine import writing
        from dealledger.ledger.storage.granting import bring_up

        if not is_postgres(self.name):
            return 0  # a file has had the same guards from the beginning
        with writing(self._own_engine(), self.name) as connection:
            done = bring_up(connection)
            connection.commit()
        return sum(each.startswith("ALTER TABLE") for each in done)

    def copy_into(self, target: Connection, progress: Callable[[int], None]) -> None:
        """Copy every record, byte for byte, into the tables of an empty ledger.

        Raises: Damaged, if this ledger does not verify.
        """
        from dealledger.ledger.audit.backup import copy_records

        with self._looking() as records:
            copy_records(records, target, progress)

    def _now(self) -> int:
        """Return the moment in microseconds since 1970, UTC."""
        return instant_microseconds(self._clock())


def take_checkpoint(ledger: Ledger, known_at: datetime | int | str | None = None) -> Checkpoint:
    """Return `Ledger.checkpoint`, under the name that it had before it was a method."""
    return ledger.checkpoint(known_at)
