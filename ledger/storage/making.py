"""An empty ledger: its tables, its guards and the head."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, text

from dealledger.ledger.storage import guards_postgresql
from dealledger.ledger.storage import guards_sqlite as guards
from dealledger.ledger.storage.schemas import quoted
from dealledger.ledger.storage.tables import HEAD, METADATA, SCHEMA_VERSION


def make_tables(connection: Connection, origin: str) -> None:
    """Make what a ledger is before it has records, in the transaction of *connection*."""
    METADATA.create_all(connection, checkfirst=False)
    make_guards(connection)
    row: dict[str, Any] = {"id": 1, "origin": origin, "schema_version": SCHEMA_VERSION, "size": 0}
    made = guards.layout(connection) if connection.dialect.name == "sqlite" else None
    row |= {"frontier": b"", "recorded_at": 0, "layout": made}
    connection.execute(insert(HEAD), row)


def make_guards(connection: Connection) -> None:
    """Make what refuses changes of the record."""
    for statement in guard_statements(connection):
        connection.execute(text(statement))


def guard_statements(connection: Connection) -> list[str]:
    """Return the statements that make the guards of this database."""
    if connection.dialect.name == "sqlite":
        return list(guards.SQLITE)
    schema = quoted(connection)
    return [*guards_postgresql.statements(schema), *guards_postgresql.revocations(schema)]
