"""Connections: one code path for SQLite by path and PostgreSQL by URL.

A SQLite file is opened only if it exists and is one; SQLite itself would silently make it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from sqlalchemy import URL, QueuePool, Table, create_engine, event, make_url
from sqlalchemy import Connection as Connection  # noqa: PLC0414  for who names no library of SQL
from sqlalchemy import Engine as Engine  # noqa: PLC0414
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    NoSuchModuleError,
)
from sqlalchemy.pool import ConnectionPoolEntry

from dealledger.events.errors import BadInput, DealLedgerError
from dealledger.ledger.address import is_postgres
from dealledger.ledger.errors import (
    Busy,
    Damaged,
    NoLedger,
    NotALedger,
    Unconfirmed,
    Unreachable,
    Unwritable,
)
from dealledger.ledger.naming import shown_name, shown_scheme
from dealledger.ledger.storage.bounding import (
    CAN_LIMIT,
    LARGEST_VALUE_BYTES,
    bound_connection,
    bound_statements,
)
from dealledger.ledger.storage.driver import Driver, driver_of
from dealledger.ledger.storage.schemas import keep_inside, schema_of
from dealledger.ledger.storage.sqlite import FrozenConnection, open_file, sqlite
from dealledger.ledger.storage.translating import (
    RESTORE,
    Doing,
    code_of,
    first_line,
    translated,
)
from dealledger.ledger.storage.watching import watch

BUSY_TIMEOUT_S: Final = 10
_CACHE_KIB: Final = 1 << 16
_ASKING_MS: Final = 5
_WATCH: Final = "dealledger_watch"
_UNLESS_SAID: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""How long a server that is gone is waited for; what a URL says itself goes first."""
_MAGIC: Final = b"SQLite format 3\x00"
SURPRISES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What code raises that meets a value which cannot stand where it stands."""


def connect(name: str, *, new: bool = False, read_only: bool = False) -> Engine:
    """Return an engine for the ledger *name*, a path or a `postgresql://` URL.

    new: the file was just made and is still empty. read_only: the database refuses every write.

    Raises: NoLedger or NotALedger, if there is no such file or it is not a database; BadInput, for
    another kind of URL.
    """
    if is_postgres(name):
        engine = _postgres(name)
        if read_only:
            event.listen(engine, "connect", _only_read_postgres)
        return engine
    check_name(name)
    path = Path(name)
    if not new:
        _check_file(path)
    # The default for a URL without a path is one connection per thread, for databases in memory.
    engine = create_engine(
        "sqlite://", module=sqlite, creator=lambda: _sqlite(path), poolclass=QueuePool
    )
    bound_statements(engine)
    event.listen(engine, "begin", _begin)
    if read_only:
        event.listen(engine, "connect", _only_read_sqlite)

    @event.listens_for(engine, "connect")
    def _watch(connection: sqlite.Connection, record: ConnectionPoolEntry) -> None:
        record.info[_WATCH] = watch(connection, path)

    event.listen(engine, "checkout", _take)
    return engine


def _only_read_sqlite(connection: Driver, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _only_read_postgres(connection: Driver, _record: object) -> None:
    connection.read_only = True


def check_name(name: str) -> None:
    """Refuse what would be a file of a strange name, and is meant as something else.

    Raises: BadInput.
    """
    if is_postgres(name):
        return
    if "://" in name:
        other = shown_scheme(name)
    elif name == ":memory:" or shown_name(name) != name:  # such as host=... password=...
        other = shown_name(name)
    else:
        return
    raise BadInput(f"{other} is not a ledger", "a path, or postgresql://...")


@contextmanager
def reading(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection whose statements all see one state of the ledger.

    Raises: Busy, at the end, if a file was written meanwhile that could only be read as it lay.
    """
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with (
        translated(name, Doing()),
        engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        yield connection
        driver = connection.connection.driver_connection
        if isinstance(driver, FrozenConnection) and not driver.is_as_opened():
            raise Busy(shown_name(name), "it was written while it was read", "ask again")


@contextmanager
def writing(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection that holds the write lock; roll back unless the caller commits."""
    doing = Doing(writes=True)
    with (
        translated(name, doing),
        engine.connect().execution_options(dealledger_writes=True) as connection,
    ):
        transaction = connection.begin()
        doing.holds = engine.dialect.name == "sqlite"  # another database locks the head, later
        try:
            yield connection
        except (KeyboardInterrupt, Unconfirmed):
            connection.invalidate()  # it may have stopped anywhere, also in the middle of a commit
            raise
        finally:
            if transaction.is_active:
                transaction.rollback()


@contextmanager
def committing(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection that holds the write lock; commit in the end, if all went well.

    Raises: Unreachable, with what to do, if nobody knows whether that was done.
    """
    at_commit = False
    try:
        with writing(engine, name) as connection:
            yield connection
            at_commit = True
            commit(connection)
    except (Unconfirmed, Unreachable) as error:
        if not at_commit:
            raise
        said = f"{shown_name(name)} failed at the commit, so it may be made or not: {error.message}"
        raise Unreachable(said, "do it again; that says if it exists") from error.__cause__


@contextmanager
def holding(engine: Engine, name: str) -> Iterator[Driver]:
    """Give the driver's own connection, outside of a transaction."""
    with translated(name, Doing(writes=True)):
        connection = engine.raw_connection()
        try:
            yield cast("Driver", connection.driver_connection)
        finally:
            connection.close()


def commit(connection: Connection) -> None:
    """Commit what was written.

    Raises: Unconfirmed, if the disk failed at that: what it has of it, nobody knows.
    """
    try:
        connection.commit()
    except DBAPIError as error:
        # A failed write leaves no commit, a failed sync may; this driver does not say which it was.
        if isinstance(error.orig, sqlite.Error) and code_of(error.orig) == sqlite.SQLITE_IOERR:
            raise Unconfirmed(first_line(error.orig)) from error
        raise


def check_values(connection: Connection, name: str, tables: Iterable[Table]) -> None:
    """Refuse a SQLite file with a value that no ledger has, where SQLite itself cannot.

    Raises: Damaged.
    """
    if CAN_LIMIT or connection.dialect.name != "sqlite":
        return
    present = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    for table in (each for each in tables if each.name in present):
        # Of a value that lies on further pages, they are not read for this.
        large = (f"octet_length({each.name}) > {LARGEST_VALUE_BYTES}" for each in table.columns)
        query = f"SELECT 1 FROM main.{table.name} WHERE {' OR '.join(large)} LIMIT 1"
        if connection.exec_driver_sql(query).scalar():
            raise Damaged(f"{name} is damaged: a value in {table.name} is too big", RESTORE)


def check_pages(connection: Connection, name: str) -> None:
    """Refuse a SQLite file whose pages are damaged, as far as SQLite itself sees it.

    A changed page can give any value to any column, and SQLite reads it without a word.

    Raises: Damaged.
    """
    if connection.dialect.name != "sqlite":
        return
    said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if said != "ok":
        raise Damaged(f"{name} is damaged: {' '.join(str(said).split())}", RESTORE)


def _check_file(path: Path) -> None:
    try:
        if not path.exists():
            raise NoLedger(str(path))
        if not path.is_file():
            raise NotALedger(str(path), "it is a folder")
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError as error:
        raise Unwritable(f"{shown_name(str(path))} cannot be read: {error.strerror}") from None
    if not start:
        raise NotALedger(str(path), "the file is empty")
    if start != _MAGIC:
        raise NotALedger(str(path), "the file is something else")


def _sqlite(path: Path) -> sqlite.Connection:
    try:
        connection = open_file(path, int(BUSY_TIMEOUT_S * 1_000))
    except OSError as error:
        raise Unwritable(f"{shown_name(str(path))} cannot be read: {error.strerror}") from None
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    # EXTRA also syncs the folder when the rollback journal is removed, which is the commit.
    connection.execute("PRAGMA synchronous=EXTRA")
    connection.execute("PRAGMA cell_size_check=ON")
    # Long imports write to many places of the indexes: what is too much for this is written twice.
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    bound_connection(connection)
    return connection


def _take(connection: object, _record: object, _proxy: object) -> None:
    """Replace a connection whose file was written since, which it does not look for itself."""
    if isinstance(connection, FrozenConnection) and not connection.is_as_opened():
        raise DisconnectionError


def _begin(connection: Connection) -> None:
    """Start the transaction ourselves: a deferred one that turns to writing fails at once."""
    connection.info[_WATCH].begin()
    if connection.get_execution_options().get("dealledger_writes"):
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Wait for the write lock by asking often.

    SQLite itself asks ten times a second; a writer that appends without pause lets it in so rarely
    that it waits in vain.
    """
    driver = driver_of(connection)
    end = time.monotonic_ns() + int(BUSY_TIMEOUT_S * 10**9)
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _locks(driver, last=time.monotonic_ns() >= end):
            time.sleep(secrets.randbelow(_ASKING_MS) / 1_000)
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_S * 1_000)}")


def _locks(driver: Driver, *, last: bool) -> bool:
    """Try to take the write lock; tell whether it was free. Each append does so: by the driver."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite.OperationalError as error:
        if last or code_of(error) != sqlite.SQLITE_BUSY:
            raise
        return False
    return True


def _postgres(name: str) -> Engine:
    try:
        url = make_url(name).set(drivername="postgresql+psycopg")
        # A connection that the server closed while nobody used it is replaced when it is taken.
        engine = create_engine(_bounded(url), isolation_level="READ COMMITTED", pool_pre_ping=True)
        return keep_inside(engine, schema_of(url))
    except (ArgumentError, ValueError):  # also a port that is no number
        raise BadInput("this is not a PostgreSQL URL", "postgresql://user@host/database") from None
    except (ModuleNotFoundError, NoSuchModuleError):
        raise DealLedgerError(
            "PostgreSQL needs the psycopg driver", "pip install 'deal-ledger[postgres]'"
        ) from None


def _bounded(url: URL) -> URL:
    """Return a URL with our time limits, as far as it has none of its own."""
    said = url.normalized_query
    # Said at the start of a session, so that it takes no round trip; the last one counts.
    options = " ".join((f"-c lock_timeout={int(BUSY_TIMEOUT_S * 1_000)}", *said.get("options", ())))
    ours = {key: value for key, value in _UNLESS_SAID.items() if key not in said}
    return url.update_query_dict({**ours, "options": options})
