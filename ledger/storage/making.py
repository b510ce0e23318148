"""Making a ledger: its tables, its guards and the head, and the file around them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, Engine, insert, text

from dealledger.events import BadInput
from dealledger.events.text import one_line, shown
from dealledger.ledger.errors import LedgerExists
from dealledger.ledger.naming import shown_name
from dealledger.ledger.storage import guards_postgresql, shape
from dealledger.ledger.storage import guards_sqlite as guards
from dealledger.ledger.storage.driver import Value
from dealledger.ledger.storage.engine import committing, holding
from dealledger.ledger.storage.schemas import quoted
from dealledger.ledger.storage.sqlite import journal_mode, sqlite
from dealledger.ledger.storage.tables import HEAD, METADATA, SCHEMA_VERSION

_ORIGIN: Final = re.compile(r"[^\s+]{1,200}")


def make(engine: Engine, name: str, origin: str, fill: Callable[[Connection], None] | None) -> None:
    """Make tables, guards, the head and all records, in one transaction.

    fill: writes the records, if there are any.
    Raises: LedgerExists; Unreachable; Unwritable.
    """
    with committing(engine, name) as connection:
        if shape.tables(connection):
            raise LedgerExists(shown_name(name))
        make_tables(connection, origin)
        if fill is not None:
            fill(connection)


def make_quick(engine: Engine, name: str) -> None:
    """Make the writing of a file quick that nobody else sees and that is synced in the end."""
    with holding(engine, name) as driver:
        driver.execute("PRAGMA journal_mode=OFF")
        driver.execute("PRAGMA synchronous=OFF")


def set_journal(engine: Engine, name: str) -> str:
    """Put a file into the journal mode that is best under this SQLite; return its name."""
    with holding(engine, name) as driver:
        wanted = journal_mode(sqlite.sqlite_version_info)
        (found,) = driver.execute(f"PRAGMA journal_mode={wanted}").fetchone()
    return str(found).upper()


def make_tables(connection: Connection, origin: str) -> None:
    """Make what a ledger is before it has records, in the transaction of *connection*."""
    METADATA.create_all(connection, checkfirst=False)
    make_guards(connection)
    row: dict[str, Value] = {"id": 1, "origin": origin, "schema_version": SCHEMA_VERSION, "size": 0}
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


def origin_of(typed: str | None) -> str:
    """Return the name that a ledger's records carry; a random one, if none is given.

    Raises: BadInput, for blanks, `+`, and what is no line of text.
    """
    if typed is None:
        return f"deal-ledger/{uuid.uuid4().hex[:12]}"
    if not _ORIGIN.fullmatch(typed):
        raise BadInput(f"{shown(typed)} cannot name a ledger", "such as example.org/deals")
    return one_line(typed)
