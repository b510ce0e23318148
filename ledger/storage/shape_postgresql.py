"""The definitions in a PostgreSQL database: those that the code makes, and those that are there.

Read from the catalogs, which a superuser can edit too: what definitions alone cannot show, such as
an index whose uniqueness was switched off for a moment, `verify` finds in the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from dealledger.ledger.storage.driver import Fetched, driver_of
from dealledger.ledger.storage.guards_postgresql import (
    NEWER,
    OLDER,
    Function,
    Guards,
    of_tables,
)
from dealledger.ledger.storage.schemas import SAFE_PATH, quoted, schema_in
from dealledger.ledger.storage.statements import at_once
from dealledger.ledger.storage.tables import METADATA, SINCE_2

TIME_LIMIT_MS: Final = 20_000
"""No look into the catalogs takes that long, however hostile the database."""

_KINDS: Final = {"r": "table", "v": "view", "m": "materialized view", "f": "foreign table",
                 "p": "partitioned table"}  # fmt: skip
_ONLY: Final = "c.relnamespace = n.oid AND n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)"
_FROM: Final = "pg_catalog.pg_class c CROSS JOIN pg_catalog.pg_namespace n"
_TABLES: Final = f"""
    SELECT c.relname, c.relkind::text AS kind, concat_ws(', ',
        CASE WHEN c.relpersistence <> 'p' THEN 'not kept in a crash' END,
        CASE WHEN c.relrowsecurity OR c.relforcerowsecurity OR EXISTS (
            SELECT FROM pg_catalog.pg_policy WHERE polrelid = c.oid) THEN 'row security' END,
        CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_rewrite WHERE ev_class = c.oid)
            THEN 'rules' END,
        CASE WHEN c.relispartition OR EXISTS (SELECT FROM pg_catalog.pg_inherits
            WHERE inhparent = c.oid OR inhrelid = c.oid) THEN 'inheritance' END) AS oddities
    FROM {_FROM} WHERE {_ONLY}"""
_COLUMNS: Final = f"""
    SELECT c.relname, a.attname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) AS place,
        concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 'NOT NULL' END,
            CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || a.attcollation END,
            CASE WHEN a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> ''
                THEN 'made by the database' END) AS definition
    FROM {_FROM} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE {_ONLY} AND a.attnum > 0 AND NOT a.attisdropped"""
_CONSTRAINTS: Final = f"""
    SELECT c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid)
        || CASE WHEN k.convalidated THEN '' ELSE ' not validated' END AS definition
    FROM {_FROM} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
    WHERE {_ONLY} AND k.contype NOT IN ('t', 'n')"""
_INDEXES: Final = f"""
    SELECT c.relname, i.relname AS index, pg_catalog.pg_get_indexdef(x.indexrelid) || CASE
        WHEN x.indisvalid AND x.indisready AND x.indislive AND x.indimmediate THEN ''
        ELSE ' not valid' END AS definition
    FROM {_FROM} JOIN pg_catalog.pg_index x ON x.indrelid = c.oid
        JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    WHERE {_ONLY}"""
_TRIGGERS: Final = f"""
    SELECT c.relname, t.tgname, pg_catalog.pg_get_triggerdef(t.oid)
        || CASE t.tgenabled WHEN 'A' THEN '' ELSE ' not always' END AS definition
    FROM {_FROM} JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
        JOIN pg_catalog.pg_namespace o ON o.oid = p.pronamespace
    WHERE {_ONLY} AND NOT (t.tgisinternal AND t.tgconstraint <> 0 AND o.nspname = 'pg_catalog')"""
_FUNCTIONS: Final = """
    SELECT p.proname, concat_ws(' ', l.lanname, pg_catalog.format_type(p.prorettype, NULL),
        pg_catalog.pg_get_function_identity_arguments(p.oid), p.prokind::text, p.provolatile::text,
        CASE WHEN p.prosecdef THEN 'definer' END, p.proconfig::text) || p.prosrc AS definition
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    WHERE n.nspname = %(schema)s AND p.proname LIKE 'deal\\_ledger\\_%%'"""


def known(connection: Connection) -> tuple[dict[str, str], ...]:
    """Return the shapes that a ledger may have; the first is the one that the code makes.

    The others are those of ledgers that were made before: without the guards of those who are
    granted to append, and of store version 1.
    """
    return tuple(shape for shape, _ in _known(quoted(connection)))


def lacking(connection: Connection) -> Guards | None:
    """Return the guards that a ledger made before them lacks; None, if it is not a ledger.

    It may as well be a newer one whose guards somebody put back to the older ones.
    """
    there = found(connection)
    return next((guards for shape, guards in _known(quoted(connection)) if shape == there), None)


def found(connection: Connection) -> dict[str, str]:
    """Return what is defined of the ledger in the database, whatever it is."""
    shape: dict[str, str] = {}
    for name, definition in _found(connection):
        shape[name] = definition if name not in shape else "twice"
    return shape


def change(_connection: Connection) -> tuple[int, int]:
    """Return the same each time: a session looks once."""
    return 0, 0


def tables(connection: Connection) -> frozenset[str]:
    """Return which of our tables there are."""
    [rows] = _asked(connection, _TABLES)
    return frozenset(name for name, _, _ in rows)


def computed(connection: Connection) -> str | None:
    """Return what runs when it is read: a view, a foreign table."""
    [rows] = _asked(connection, _TABLES)
    return next((str(name) for name, kind, _ in rows if kind not in ("r", "p")), None)


def _asked(connection: Connection, *queries: str) -> list[list[Fetched]]:
    """Return the rows of questions about the catalogs, asked in one round trip."""
    driver = driver_of(connection)
    about = {"schema": schema_in(connection), "tables": list(METADATA.tables)}
    with at_once(connection):
        driver.execute(f"SET LOCAL statement_timeout = {TIME_LIMIT_MS}")
        cursors = [driver.execute(query, about) for query in queries]
        driver.execute("SET LOCAL statement_timeout TO DEFAULT")
    return [cursor.fetchall() for cursor in cursors]


def _found(connection: Connection) -> Iterator[tuple[str, str]]:
    about_tables, columns, constraints, indexes, triggers, functions = _asked(
        connection, _TABLES, _COLUMNS, _CONSTRAINTS, _INDEXES, _TRIGGERS, _FUNCTIONS
    )
    for table, kind, oddities in about_tables:
        yield f"the table {table}", f"{_KINDS.get(kind, kind)} {oddities}".strip()
    for table, column, place, definition in columns:
        yield f"the column {table}.{column}", f"{place} {definition}"
    for table, name, definition in constraints:
        yield f"the constraint {name} of {table}", _unquoted(definition)
    for table, index, definition in indexes:
        yield f"the index {index} of {table}", _unquoted(definition)
    for table, trigger, definition in triggers:
        yield f"the trigger {trigger} of {table}", definition
    for function, definition in functions:
        yield f"the function {function}", definition


@cache
def _known(schema: str) -> tuple[tuple[dict[str, str], Guards], ...]:
    """Return each shape with the guards that it lacks."""
    every = list(METADATA.tables.values())
    older = [each for each in every if each not in SINCE_2]
    return tuple(
        (_made(schema, tables, (*OLDER, *guards)), tuple(lack))
        for tables in (every, older)
        for newer in [of_tables(NEWER, [each.name for each in tables])]
        for guards, lack in ((newer, ()), ((), newer))
    )


def _made(schema: str, tables: list[Table], guards: Guards) -> dict[str, str]:
    """Return what is defined in a database that holds *tables* and *guards*."""
    shape: dict[str, str] = {}
    for table in tables:
        shape[f"the table {table.name}"] = "table"
        for place, column in enumerate(table.columns, start=1):
            needed = "" if column.nullable else " NOT NULL"
            shape[f"the column {table.name}.{column.name}"] = f"{place} {_type(column)}{needed}"
        shape |= _keys(_unquoted(schema), table)
        shape |= {
            f"the index {index.name} of {table.name}": _index(_unquoted(schema), index)
            for index in table.indexes
        }
    for each in guards:
        if isinstance(each, Function):
            shape[f"the function {each.name}"] = _function(schema, each)
        else:
            shape[f"the trigger {each.name} of {each.table}"] = each.statement(schema)
    return shape


def _unquoted(definition: str) -> str:
    """Return a definition without quotes: which words need some differs from version to version."""
    return definition.replace('"', "")


def _type(column: Column[object]) -> str:
    """Return the type of a column as PostgreSQL says it."""
    kinds = ((BigInteger, "bigint"), (Integer, "integer"), (LargeBinary, "bytea"))
    return next((said for kind, said in kinds if isinstance(column.type, kind)), "text")


def _keys(schema: str, table: Table) -> dict[str, str]:
    """Return the constraints of a table, with the indexes that PostgreSQL makes for them."""
    shape: dict[str, str] = {}
    for each in table.constraints:
        if isinstance(each, CheckConstraint):
            shape[f"the constraint {table.name}_check of {table.name}"] = _CHECK[str(each.sqltext)]
            continue
        assert isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
        names = [column.name for column in each.columns]
        is_key = isinstance(each, PrimaryKeyConstraint)
        name = f"{table.name}_pkey" if is_key else f"{table.name}_{'_'.join(names)}_key"
        columns = ", ".join(names)
        said = "PRIMARY KEY" if is_key else "UNIQUE"
        shape[f"the constraint {name} of {table.name}"] = f"{said} ({columns})"
        shape[f"the index {name} of {table.name}"] = (
            f"CREATE UNIQUE INDEX {name} ON {schema}.{table.name} USING btree ({columns})"
        )
    return shape


def _index(schema: str, index: Index) -> str:
    said = index.dialect_options["postgresql"]["where"]
    where = "" if said is None else f" WHERE ({said})"
    columns = ", ".join(column.name for column in index.columns)
    unique = "UNIQUE " if index.unique else ""
    table = index.table.name if index.table is not None else ""
    return f"CREATE {unique}INDEX {index.name} ON {schema}.{table} USING btree ({columns}){where}"


def _function(schema: str, function: Function) -> str:
    path = f' {{"search_path={SAFE_PATH}"}}' if function.path else ""
    return f"plpgsql trigger  f v{path}{function.source(schema)}"


_CHECK: Final = {
    "length(body) <= 65535 AND length(leaf) = 32": (
        "CHECK (((length(body) <= 65535) AND (length(leaf) = 32)))"
    )
}
"""The checks of tables, as PostgreSQL writes them again."""
