"""A database that holds a ledger: its name, its connections, and what they are good for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from dealledger.ledger.naming import shown_name
from dealledger.ledger.storage import shape
from dealledger.ledger.storage.engine import Connection, Engine, reading


class Database:
    """The connections of one ledger, also where the process that opened it was forked since."""

    def __init__(self, engine: Engine, name: str) -> None:
        """name: the path or URL, as somebody typed it."""
        self._engine = engine
        self._process = os.getpid()
        self.name = name

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Give a connection to a ledger that is made as the code makes it.

        Raises: Damaged, if it is not.
        """
        with self._looking() as connection:
            shape.check(connection, shown_name(self.name))
            yield connection

    def _looking(self) -> AbstractContextManager[Connection]:
        """Give a connection to the database as it is, for those who say what is wrong with it."""
        return reading(self._own_engine(), self.name)

    def _own_engine(self) -> Engine:
        """Return the engine, without the connections of a process that this one was forked from."""
        if self._process != os.getpid():
            self._engine.dispose(close=False)
            self._process = os.getpid()
        return self._engine

    def set_journal(self) -> str:
        """Put a SQLite file into the journal mode that is best under this SQLite; return its name.

        Raises: Busy, if others have it open; Unwritable.
        """
        from dealledger.ledger.storage.making import set_journal

        return set_journal(self._own_engine(), self.name)
