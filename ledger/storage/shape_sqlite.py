"""The definitions of a SQLite file: those that the code makes, and those that are there.

SQLite keeps the text of each definition, so the texts are compared, blanks aside. A changed text is
what SQLite itself reads, whatever the definition was when the rows were written: STRICT, keys and
checks are compared with the rows by `PRAGMA integrity_check`, which `verify` asks.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from sqlalchemy import Connection, Table, UniqueConstraint
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from dealledger.ledger.storage.driver import driver_of
from dealledger.ledger.storage.guards_sqlite import SQLITE
from dealledger.ledger.storage.tables import EVENT, METADATA, SINCE_2

_MOST: Final = 1_000
"""So many definitions are read: a ledger has some twenty."""

_AUTOMATIC: Final = "made by SQLite for a UNIQUE"


def known(_connection: Connection) -> tuple[dict[str, str], ...]:
    """Return the shapes that a ledger may have: of this store version, and of version 1."""
    return _known()


@cache
def _known() -> tuple[dict[str, str], ...]:
    every = list(METADATA.tables.values())
    return _made(every), _made([each for each in every if each not in SINCE_2])


def found(connection: Connection) -> dict[str, str]:
    """Return what is defined in the file, whatever it is."""
    driver = driver_of(connection)
    rows = driver.execute(
        f"SELECT type, name, tbl_name, sql FROM main.sqlite_master LIMIT {_MOST}"
    ).fetchall()
    shape: dict[str, str] = {}
    for kind, name, table, statement in rows:
        key = f"the {kind} {name}"
        text = _AUTOMATIC if statement is None else _squeezed(str(statement))
        # Two things of one name are not ours, whichever of them SQLite uses.
        shape[key] = "twice" if key in shape else f"{table}: {text}"
    return shape


def change(connection: Connection) -> tuple[int, int]:
    """Return numbers that change when somebody else changes the file, or its definitions."""
    driver = driver_of(connection)
    (data,) = driver.execute("PRAGMA data_version").fetchone()
    (schema,) = driver.execute("PRAGMA schema_version").fetchone()
    return data, schema


def tables(connection: Connection) -> frozenset[str]:
    """Return which of our tables there are."""
    names = (name.removeprefix("the table ") for name in found(connection))
    return frozenset(METADATA.tables) & frozenset(names)


def computed(connection: Connection) -> str | None:
    """Return what runs when it is read: a view, a virtual table, a computed column."""
    if found(connection) in _known():
        return None
    driver = driver_of(connection)
    # Whatever the type says, and in which letters: SQLite goes by the text of the definition.
    query = (
        "SELECT name FROM main.sqlite_master "
        "WHERE (type <> 'table' AND lower(type) NOT IN ('index', 'trigger')) "
        "OR sql LIKE 'CREATE V%' OR sql LIKE 'CREATE% VIEW %' "
        "UNION ALL "
        "SELECT m.name || '.' || c.name FROM main.sqlite_master m, pragma_table_xinfo(m.name) c "
        "WHERE lower(m.type) = 'table' AND c.hidden > 1 LIMIT 1"
    )
    row = driver.execute(query).fetchone()
    return None if row is None else str(row[0])


def _made(tables: list[Table]) -> dict[str, str]:
    """Return what is defined in a file that holds *tables* and our guards."""
    dialect = sqlite.dialect()  # type: ignore[no-untyped-call,unused-ignore]
    shape: dict[str, str] = {}
    for table in tables:
        made = {f"the table {table.name}": str(CreateTable(table).compile(dialect=dialect))}
        made |= {
            f"the index {index.name}": str(CreateIndex(index).compile(dialect=dialect))
            for index in table.indexes
        }
        unique = sum(isinstance(each, UniqueConstraint) for each in table.constraints)
        made |= {
            f"the index sqlite_autoindex_{table.name}_{number}": _AUTOMATIC
            for number in range(1, unique + 1)
        }
        shape |= {name: f"{table.name}: {_squeezed(text)}" for name, text in made.items()}
    for statement in SQLITE:
        shape[f"the trigger {statement.split()[2]}"] = f"{EVENT.name}: {_squeezed(statement)}"
    return shape


def _squeezed(statement: str) -> str:
    """Return a definition without the blanks that a writer may choose."""
    return re.sub(r" ?([(),]) ?", r"\1", " ".join(statement.split()))
