"""Several statements in one round trip: what an append asks and writes while it holds the head.

Appenders queue on the row of the head, so their rate is one divided by the time that each holds
it, and on PostgreSQL that time is round trips. The statements are the same one by one; they are
only sent together (pipeline mode of the protocol, which every server of PostgreSQL's protocol has).
They are turned to text once and handed to the driver: to prepare them anew takes longer than they.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Dialect, Select, Table, Update, bindparam
from sqlalchemy.exc import DBAPIError

from dealledger.ledger.storage.driver import Fetched, Row, Value, driver_of
from dealledger.ledger.storage.schemas import quoted, schema_in

AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"
"""A statement that reads, whatever the types of its columns."""

VALUES: Final[Any] = bindparam("values", expanding=True)
"""What a question asks about, in its statement: `column.in_(VALUES)`."""

_TOGETHER: Final = 64
"""How many rows one statement inserts: few enough for all servers, and few different statements."""


@dataclass(frozen=True, slots=True)
class BatchedQuery:
    """A statement that reads, and the values it asks about; asking about none has no answer.

    values: None, if the statement asks about nothing in particular.
    """

    statement: AnySelect
    values: Collection[str] | None = None


def ask(connection: Connection, *questions: BatchedQuery) -> list[list[Fetched]]:
    """Return the rows of each question, as tuples; each sees what was committed before it runs."""
    texts = [_text(connection, question) for question in questions]
    driver = driver_of(connection)
    with at_once(connection):
        cursors = [None if each is None else driver.execute(*each) for each in texts]
    return [[] if cursor is None else cursor.fetchall() for cursor in cursors]


def put(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert whole rows: the values as they are stored, in the order of the columns."""
    if not rows:
        return
    driver = driver_of(connection)
    if connection.dialect.name != "postgresql":
        driver.executemany(_insertion(table, None, 1, "?"), rows)
        return
    schema = quoted(connection)
    for begin in range(0, len(rows), _TOGETHER):
        part = rows[begin : begin + _TOGETHER]
        values = [value for row in part for value in row]
        driver.execute(_insertion(table, schema, len(part), "%s"), values)


def change(connection: Connection, statement: Update, values: Mapping[str, Value]) -> None:
    """Run a statement that changes rows."""
    driver = driver_of(connection)
    text, fixed = _compiled(connection.dialect, schema_in(connection), statement, 0)
    driver.execute(text, {**fixed, **values})


def commit_with_it(connection: Connection) -> None:
    """Send the commit together with what stands before it in `at_once`, where that saves a trip.

    `connection.commit()` is still to be called behind it; it finds nothing left to do.
    """
    if connection.dialect.name == "postgresql":
        driver = driver_of(connection)
        driver.execute("COMMIT", prepare=False)


@contextmanager
def at_once(connection: Connection) -> Iterator[None]:
    """Send what is executed inside in one round trip; nothing inside may look at an answer.

    An error of any of it is raised at the end.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    import psycopg

    driver = driver_of(connection)
    errors: list[psycopg.Error] = []
    try:
        with driver.pipeline():
            try:
                yield
            except psycopg.Error as error:  # taken out by hand, or psycopg would print a warning
                errors.append(error)
    except psycopg.Error as error:
        errors.append(error)
    except BaseException:
        connection.invalidate()  # it was interrupted: what still arrives is nobody's answer
        raise
    if errors:
        raise _failure(connection, errors[0]) from errors[0]  # the others follow from the first


def _failure(connection: Connection, error: BaseException) -> DBAPIError:
    """Return what SQLAlchemy would raise for an error of the driver; drop a dead connection."""
    driver = driver_of(connection)
    lost = driver.broken or driver.closed
    if lost:
        connection.invalidate(error)
    kind: Any = connection.dialect.loaded_dbapi.Error
    found = DBAPIError.instance(
        None, None, error, kind, connection_invalidated=lost, dialect=connection.dialect
    )
    assert isinstance(found, DBAPIError)
    return found


def _text(connection: Connection, question: BatchedQuery) -> tuple[str, dict[str, object]] | None:
    """Return a question as the driver takes it: its text and parameters."""
    values = sorted(question.values or ())
    if question.values is not None and not values:
        return None
    # Few different lengths, so that there are few different statements to prepare.
    length = 1 << (len(values) - 1).bit_length() if values else 0
    schema = schema_in(connection)
    text, fixed = _compiled(connection.dialect, schema, question.statement, length)
    values += values[-1:] * (length - len(values))
    return text, fixed | {f"values_{number}": value for number, value in enumerate(values, 1)}


@lru_cache(maxsize=128)
def _compiled(
    dialect: Dialect, schema: str | None, statement: AnySelect | Update, length: int
) -> tuple[str, dict[str, object]]:
    """Return the text of a statement for so many values, and its other parameters."""
    make: Any = type(dialect)
    named = make(paramstyle="named") if dialect.name == "sqlite" else dialect
    named.colspecs = dialect.colspecs
    places = None if schema is None else {None: schema}
    compiled = (
        statement.compile(dialect=named)
        if places is None
        else statement.compile(
            dialect=named, render_schema_translate=True, schema_translate_map=places
        )
    )
    if not length:
        return str(compiled), dict(compiled.params)
    state = compiled.construct_expanded_state({"values": [""] * length})
    fixed = {
        name: each for name, each in state.parameters.items() if not name.startswith("values_")
    }
    return state.statement, fixed


@lru_cache(maxsize=512)
def _insertion(table: Table, schema: str | None, count: int, mark: str) -> str:
    names = [column.name for column in table.columns]
    row = f"({', '.join([mark] * len(names))})"
    place = table.name if schema is None else f"{schema}.{table.name}"
    return f"INSERT INTO {place} ({', '.join(names)}) VALUES {', '.join([row] * count)}"
