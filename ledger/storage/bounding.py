"""No value of more than ten million bytes comes out of a SQLite file, whichever library reads it.

No value of a ledger comes near it; in a stranger's file it would fill the memory. Python's own
library can be told so. That of pysqlite3 cannot: there each text and each row of bytes is measured
before it leaves SQLite, which is told by the length that stands in front of a value. Both say then
that a value is too big. What SQLite compares and does not return may still be as large as the file.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Engine, LargeBinary, Text, case, func, literal_column

from dealledger.ledger.storage.sqlite import sqlite

T = TypeVar("T")

LARGEST_VALUE_BYTES: Final = 10_000_000
CAN_LIMIT: Final = hasattr(sqlite.Connection, "setlimit")
"""Whether this library can refuse to read a larger value."""
_TOO_BIG: Final = 1 << 40
"""No library makes so many bytes: whoever asks for them is told that this is too big."""


def bound_connection(connection: sqlite.Connection) -> None:
    """Tell a connection to refuse what is larger, if it can be told."""
    if CAN_LIMIT:
        connection.setlimit(sqlite.SQLITE_LIMIT_LENGTH, LARGEST_VALUE_BYTES)


def bound_statements(engine: Engine) -> None:
    """Let the statements of an engine measure what they return, if its connections cannot."""
    if not CAN_LIMIT:
        types: Any = engine.dialect
        types.colspecs = {**types.colspecs, Text: _Text, LargeBinary: _Bytes}


def _measured(column: ColumnElement[T]) -> ColumnElement[T]:
    is_large = func.octet_length(column) > literal_column(str(LARGEST_VALUE_BYTES))
    refused = func.zeroblob(literal_column(str(_TOO_BIG)), type_=column.type)
    return case((is_large, refused), else_=column)


class _Text(Text):
    """A text that is measured where a statement returns it."""

    def column_expression(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """Return what stands in the place of a column that is returned."""
        return _measured(column)


class _Bytes(LargeBinary):
    """Bytes that are measured where a statement returns them."""

    def column_expression(self, column: ColumnElement[bytes]) -> ColumnElement[bytes]:
        """Return what stands in the place of a column that is returned."""
        return _measured(column)
