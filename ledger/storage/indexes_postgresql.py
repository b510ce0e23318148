"""Do the indexes of a PostgreSQL database lead to the rows? What definitions cannot show.

Who may edit the catalogs can switch an index off for a moment, or its uniqueness, and change rows
meanwhile: then it misses a row, leads to one twice, or to another one than it says, under the right
definition. So each index is read whole, three ways, and compared as sums of hashes:

* its keys alone, as it holds them itself, are those of the rows,
* the rows that it leads to are the rows of the table, each once,
* they come in the order of their keys.

Then each key leads to the row that has it. SQLite does as much in `PRAGMA integrity_check`.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from sqlalchemy import Connection, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from dealledger.ledger.storage.driver import Fetched
from dealledger.ledger.storage.schemas import quoted
from dealledger.ledger.storage.tables import METADATA

_BY_INDEX: Final = ("seqscan", "bitmapscan", "sort", "incremental_sort")
_BY_TABLE: Final = ("indexscan", "indexonlyscan", "bitmapscan")
"""What the planner does without where it is to read an index, and where it is to read a table."""


class _Sought(NamedTuple):
    """An index. keys: its columns. rows: the condition that its rows meet."""

    name: str
    keys: tuple[str, ...]
    rows: str


def astray(connection: Connection, tables: Collection[str]) -> Iterator[str]:
    """Yield the names of the indexes that do not lead to the rows of *tables*.

    Each table is read once, and each of its indexes twice.
    """
    schema, seed = quoted(connection), secrets.randbits(62)  # nobody can choose rows of one sum
    for name in sorted(tables):
        table = f"{schema}.{name}"
        sought = list(_indexes(METADATA.tables[name]))
        with _without(connection, _BY_TABLE):
            sums = [part for each in sought for part in _sums_of_table(each, seed)]
            row = connection.exec_driver_sql(f"SELECT {', '.join(sums)} FROM {table}").one()
        with _without(connection, _BY_INDEX):
            for number, each in enumerate(sought):
                if _led_to(connection, table, each, seed) != (*row[2 * number : 2 * number + 2], 0):
                    yield f"the index {each.name} does not lead to the rows of {name}"


def _indexes(table: Table) -> Iterator[_Sought]:
    for each in table.constraints:
        names = tuple(column.name for column in getattr(each, "columns", ()))
        if isinstance(each, PrimaryKeyConstraint):
            yield _Sought(f"{table.name}_pkey", names, "true")
        elif isinstance(each, UniqueConstraint):
            yield _Sought(f"{table.name}_{'_'.join(names)}_key", names, "true")
    for index in table.indexes:
        yield _Sought(str(index.name), _names(index), _rows(index))


def _names(index: Index) -> tuple[str, ...]:
    return tuple(column.name for column in index.columns)


def _rows(index: Index) -> str:
    said = index.dialect_options["postgresql"]["where"]
    return "true" if said is None else str(said)


def _sums_of_table(sought: _Sought, seed: int) -> Iterator[str]:
    for values in (sought.keys, (*sought.keys, "ctid")):
        yield _sum(values, seed, sought.rows)


def _sum(values: tuple[str, ...], seed: int, rows: str = "true") -> str:
    """Return the sum of the hashes of rows; a row that is there twice counts twice."""
    hashed = f"hashtextextended(ROW({', '.join(values)})::text, {seed})"
    return f"coalesce(sum({hashed}) FILTER (WHERE {rows}), 0)"


def _led_to(connection: Connection, table: str, sought: _Sought, seed: int) -> Fetched:
    """Return the sums of an index: of its keys, of what it leads to; how much is out of order."""
    keys, located = sought.keys, (*sought.keys, "ctid")
    alone, whole = (
        f"SELECT {', '.join(values)} FROM {table} WHERE {sought.rows} ORDER BY {', '.join(keys)}"
        for values in (keys, located)
    )
    before = ", ".join(f"lag({key}) OVER () AS before_{key}" for key in keys)
    behind = f"ROW({', '.join(keys)}) < ROW({', '.join(f'before_{key}' for key in keys)})"
    (held,) = connection.exec_driver_sql(f"SELECT {_sum(keys, seed)} FROM ({alone}) AS held").one()
    led_to, disorder = connection.exec_driver_sql(
        f"SELECT {_sum(located, seed)}, count(*) FILTER (WHERE {behind}) "
        f"FROM (SELECT *, {before} FROM ({whole}) AS led) AS compared"
    ).one()
    return held, led_to, disorder


@contextmanager
def _without(connection: Connection, ways: tuple[str, ...]) -> Iterator[None]:
    """Let the planner do without some ways of reading, and without several processes."""
    for way in ways:
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    connection.exec_driver_sql("SET LOCAL max_parallel_workers_per_gather = 0")
    yield
    for way in ways:
        connection.exec_driver_sql(f"SET LOCAL enable_{way} TO DEFAULT")
    connection.exec_driver_sql("SET LOCAL max_parallel_workers_per_gather TO DEFAULT")
