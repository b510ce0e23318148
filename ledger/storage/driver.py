"""The driver's own connection, as far as it is used: Python's SQLite, pysqlite3's, or psycopg's.

What goes around SQLAlchemy goes through here, and here alone it is said what a driver can do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias, cast

from sqlalchemy import Connection

Value: TypeAlias = "str | int | bytes | None"
"""A value as it is stored."""

Row: TypeAlias = "tuple[Value, ...]"
"""A row as it is stored, in the order of the columns of its table."""

Fetched: TypeAlias = "tuple[Any, ...]"
"""A row as a driver gives it: who asked knows of which types, and a damaged page of none."""

Parameters: TypeAlias = "Mapping[str, object] | Sequence[object]"


class Cursor(Protocol):
    """The answer to one statement."""

    def fetchone(self) -> Fetched:
        """Return the next row; a statement that has none is not asked so."""

    def fetchall(self) -> list[Fetched]:
        """Return all rows that are left."""


class Driver(Protocol):
    """A connection. total_changes: of SQLite. The other attributes and pipeline: of PostgreSQL."""

    total_changes: int
    broken: bool
    closed: bool
    read_only: bool

    def execute(self, statement: str, parameters: Parameters = ..., /, **options: bool) -> Cursor:
        """Run one statement."""

    def executemany(self, statement: str, rows: Iterable[Row], /) -> object:
        """Run one statement for each of several rows."""

    def pipeline(self) -> AbstractContextManager[object]:
        """Send what is executed inside without waiting for the answers."""


def driver_of(connection: Connection) -> Driver:
    """Return the driver's own connection."""
    return cast("Driver", connection.connection.driver_connection)
