"""Connections: one code path for SQLite by path and PostgreSQL by URL.

Everything that drivers say when something goes wrong is put into our words here and nowhere else.
A SQLite file is opened only if it exists and is one; SQLite itself would silently make it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from dealledger.events.errors import BadInput, DealLedgerError
from dealledger.ledger.address import file_uri, is_postgres
from dealledger.ledger.errors import (
    Busy,
    Damaged,
    LedgerExists,
    NoLedger,
    NotALedger,
    Overtaken,
    Unreachable,
    Unwritable,
)
from dealledger.ledger.schemas import keep_inside, schema_of

BUSY_TIMEOUT_S: Final = 10
LARGEST_VALUE_BYTES: Final = 10_000_000
"""No value of a ledger comes near it; what is larger in a stranger's file is refused, not read."""
_CACHE_KIB: Final = 1 << 16
_ASKING_MS: Final = 5
_UNLESS_SAID: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""How long a server that is gone is waited for; what a URL says itself goes first."""
_RESTORE: Final = "restore a backup: deals restore"
_MAGIC: Final = b"SQLite format 3\x00"
_FIXED_WAL: Final = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
_OVERTAKEN: Final = ("40001", "40P01")
"""SQLSTATE of a transaction that was undone for another one: serialization failure, deadlock."""
_WAITED: Final = ("55P03", "57014")
"""SQLSTATE of a lock or a statement that took longer than its time limit."""
_REFUSED: Final = ("42501", "25006", "53100")
"""SQLSTATE of missing rights, of a server that is a read-only copy, and of a full disk."""
SURPRISES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What code raises that meets a value which cannot stand where it stands."""


def shown_name(name: str) -> str:
    """Return *name* as it may be printed: without a password."""
    if not is_postgres(name):
        return name
    try:
        return make_url(name).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "the PostgreSQL URL"


def connect(name: str, *, new: bool = False) -> Engine:
    """Return an engine for the ledger *name*, a path or a `postgresql://` URL.

    new: the file was just made and is still empty.

    Raises: NoLedger or NotALedger, if there is no such file or it is no database; BadInput, for
    another kind of URL.
    """
    if is_postgres(name):
        return _postgres(name)
    if "://" in name:
        raise BadInput(
            f"{name.split('://', maxsplit=1)[0]}:// is no ledger", "a path, or postgresql://..."
        )
    path = Path(name)
    if not new:
        _check_file(path)
    # The default for a URL without a path is one connection per thread, for databases in memory.
    engine = create_engine("sqlite://", creator=lambda: _sqlite(path), poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


def journal_mode(version: tuple[int, int, int]) -> str:
    """Return the journal mode in which this SQLite keeps the file safe with several processes.

    SQLite before 3.44.6, 3.50.7 and 3.51.3 can, rarely, lose pages of a write-ahead log.
    """
    fixed = version >= _FIXED_WAL[-1] or any(
        version[:2] == line[:2] and version >= line for line in _FIXED_WAL
    )
    return "WAL" if fixed else "DELETE"


@contextmanager
def reading(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection whose statements all see one state of the ledger."""
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with (
        _translated(name),
        engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def writing(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection that holds the write lock; roll back unless the caller commits."""
    with (
        _translated(name),
        engine.connect().execution_options(dealledger_writes=True) as connection,
    ):
        transaction = connection.begin()
        try:
            yield connection
        except KeyboardInterrupt:
            connection.invalidate()  # it may have stopped anywhere, also in the middle of a commit
            raise
        finally:
            if transaction.is_active:
                transaction.rollback()


def make_file(path: Path) -> None:
    """Make an empty file that nobody else made.

    Raises: LedgerExists, Unwritable.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except FileExistsError:
        raise LedgerExists(str(path)) from None
    except OSError as error:
        raise Unwritable(f"{path} cannot be made: {error.strerror}") from None


def check_pages(connection: Connection, name: str) -> None:
    """Refuse a SQLite file whose pages are damaged, as far as SQLite itself sees it.

    A changed page can give any value to any column, and SQLite reads it without a word.

    Raises: Damaged.
    """
    if connection.dialect.name != "sqlite":
        return
    said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if said != "ok":
        raise Damaged(f"{name} is damaged: {' '.join(str(said).split())}", _RESTORE)


def _check_file(path: Path) -> None:
    try:
        if not path.exists():
            raise NoLedger(str(path))
        if not path.is_file():
            raise NotALedger(str(path), "it is a folder")
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError as error:
        raise Unwritable(f"{path} cannot be read: {error.strerror}") from None
    if not start:
        raise NotALedger(str(path), "the file is empty")
    if start != _MAGIC:
        raise NotALedger(str(path), "the file is something else")


def _sqlite(path: Path) -> sqlite3.Connection:
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    connection = sqlite3.connect(
        file_uri(path, mode),
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
        check_same_thread=False,
    )
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    # EXTRA also syncs the folder when the rollback journal is removed, which is the commit.
    connection.execute("PRAGMA synchronous=EXTRA")
    connection.execute("PRAGMA cell_size_check=ON")
    # Long imports write to many places of the indexes: what is too much for this is written twice.
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE_BYTES)
    return connection


def _begin(connection: Connection) -> None:
    """Start the transaction ourselves: a deferred one that turns to writing fails at once."""
    if connection.get_execution_options().get("dealledger_writes"):
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Wait for the write lock by asking often.

    SQLite itself asks ten times a second; a writer that appends without pause lets it in so rarely
    that it waits in vain.
    """
    driver: Any = connection.connection.driver_connection
    end = time.monotonic_ns() + int(BUSY_TIMEOUT_S * 10**9)
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _locks(connection, last=time.monotonic_ns() >= end):
            time.sleep(secrets.randbelow(_ASKING_MS) / 1_000)
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_S * 1_000)}")


def _locks(connection: Connection, *, last: bool) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if last or code != sqlite3.SQLITE_BUSY:
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
        raise BadInput("this is no PostgreSQL URL", "postgresql://user@host/database") from None
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


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _in_our_words(shown_name(name), error) from error
    except sqlite3.Error as error:  # of a statement that went to the driver itself
        raise _sqlite_error(shown_name(name), error, _first_line(error)) from error
    except UnicodeDecodeError as error:
        raise Damaged(f"{shown_name(name)} is damaged: a text is no UTF-8", _RESTORE) from error


def _in_our_words(name: str, error: DBAPIError) -> DealLedgerError:
    cause: Any = error.orig
    said = _first_line(cause)
    if isinstance(cause, sqlite3.Error):
        return _sqlite_error(name, cause, said)
    return _postgres_error(name, error, said)


def _first_line(cause: BaseException | None) -> str:
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


def _postgres_error(name: str, error: DBAPIError, said: str) -> DealLedgerError:
    state = getattr(error.orig, "sqlstate", None)
    if state in _OVERTAKEN:
        return Overtaken(name)
    if state in _WAITED:
        return Busy(name)
    if state in _REFUSED:
        return Unwritable(f"{name}: {said}", "nothing was recorded")
    if isinstance(error, OperationalError):
        return Unreachable(f"{name} does not answer: {said}", "is the server up, the URL right?")
    return Damaged(f"{name}: {said}")


def _sqlite_error(name: str, cause: sqlite3.Error, said: str) -> DealLedgerError:
    code = (getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(name)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return Unwritable(f"{name} cannot be written: {said}", "nothing was recorded")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return Unwritable(f"{name}: {said}", "nothing was recorded")
    if code == sqlite3.SQLITE_NOTADB:
        return NotALedger(name, "the file is something else")
    return Damaged(f"{name} is damaged: {said}", _RESTORE)
