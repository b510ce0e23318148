"""The one SQLite library with which this process opens ledgers, and how a file is opened.

Locks of POSIX belong to a process: where two libraries in one process open one file, the first that
closes it drops the locks of the other. So nothing else here imports a library of SQLite.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

Version = tuple[int, int, int]

_FIXED: Final = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def keeps_log(version: Version) -> bool:
    """Tell whether this SQLite keeps a write-ahead log safe with several processes.

    Before 3.44.6, 3.50.7 and 3.51.3 it can, rarely, lose pages of it.
    """
    return version >= _FIXED[-1] or any(
        version[:2] == line[:2] and version >= line for line in _FIXED
    )


def journal_mode(version: Version) -> str:
    """Return the journal mode of new ledgers under this SQLite."""
    return "WAL" if keeps_log(version) else "DELETE"


def _library() -> tuple[ModuleType, str]:
    """Return the library and its name: Python's own, if it keeps a log safe, else pysqlite3's."""
    import sqlite3

    if keeps_log(sqlite3.sqlite_version_info):
        return sqlite3, ""
    try:
        from pysqlite3 import dbapi2
    except ImportError:  # there is no wheel of it for every machine
        return sqlite3, ""
    if keeps_log(dbapi2.sqlite_version_info):
        return dbapi2, "pysqlite3"
    return sqlite3, ""


if TYPE_CHECKING:
    # Both have the same interface, but for what Python added to its own since.
    import sqlite3

    sqlite = sqlite3
    SOURCE: Final[str] = ""
    """The package that brings the library; nothing, if it is Python's own."""
else:
    sqlite, SOURCE = _library()


class Stamp(NamedTuple):
    """What changes when a file is written."""

    size: int
    changed_ns: int
    node: int


class FrozenConnection(sqlite.Connection):
    """A connection to a file that we cannot write, opened as one that nobody writes.

    stamp: of the file, before it was opened; whether it is still the same is asked at the end.
    """

    path: Path
    stamp: Stamp

    def is_as_opened(self) -> bool:
        """Tell whether nobody wrote to the file since it was opened."""
        return stamp_of(self.path) == self.stamp


def open_file(path: Path, patience_ms: int) -> sqlite.Connection:
    """Return a connection to a file of SQLite that exists, to write if we may; else to read.

    A write-ahead log needs companions beside the file, also to read: whoever may not make them
    reads the file as one that nobody writes, if there is no log; see `FrozenConnection`.
    patience_ms: how long to wait for locks.
    """
    path = path.resolve()  # the companions lie beside the file itself
    options: dict[str, Any] = {
        "uri": True,
        "isolation_level": None,
        "timeout": patience_ms / 1_000,
        "check_same_thread": False,
    }
    logged, log = is_logged(path), path.with_name(f"{path.name}-wal")
    if os.access(path, os.W_OK) and not (logged and not os.access(path.parent, os.W_OK)):
        return _opened(path, "mode=rw", options)
    stamp = stamp_of(path)
    if not logged or (log.exists() and log.stat().st_size):
        return _opened(path, "mode=ro", options)
    frozen = sqlite.connect(_uri(path, "mode=ro&immutable=1"), factory=FrozenConnection, **options)
    frozen.path, frozen.stamp = path, stamp
    return frozen


def is_logged(path: Path) -> bool:
    """Tell whether a file of SQLite is in the mode of a write-ahead log."""
    with path.open("rb") as file:
        return file.read(20)[18:] == b"\x02\x02"


def stamp_of(path: Path) -> Stamp:
    """Return the stamp of a file as it is now."""
    found = path.stat()
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def _opened(path: Path, how: str, options: dict[str, Any]) -> sqlite.Connection:
    connection: sqlite.Connection = sqlite.connect(_uri(path, how), **options)
    return connection


def _uri(path: Path, how: str) -> str:
    return f"file:{quote(os.fsencode(path))}?{how}"
