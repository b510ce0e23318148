"""No question to a file goes on for ever: what takes long is asked only of pages that are sound.

Pages that point at each other, or many times at one page, can hold more rows than could ever be
read, in a small file. SQLite reads them without a word. So when a transaction has taken a while,
its file is looked at once: is each page in one place only? What is so has no more rows than its
size allows, and the question goes on, however long it takes.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from dealledger.ledger.storage.sqlite import open_file, sqlite

PATIENCE_S: Final = 10
"""So long a transaction takes before its file is looked at."""
_DEFINITIONS_S: Final = 10
"""So long it may take then to read the definitions in it, which are some twenty lines."""
_STEPS: Final = 200_000
"""How many steps of SQLite's machine lie between two looks at the clock."""


class Watch:
    """Told of each transaction of a connection, and asked by SQLite while it works."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_sound = False
        self._until = 0

    def begin(self) -> None:
        """Take note that a transaction begins."""
        self._until = time.monotonic_ns() + PATIENCE_S * 10**9

    def __call__(self) -> int:
        """Return whether SQLite is to stop: 1, if it reads pages that lead nowhere."""
        if self.is_sound or time.monotonic_ns() < self._until:
            return 0
        sound = _are_sound(self.path)
        self.is_sound = sound is True
        self.begin()
        return int(sound is False)


def watch(connection: sqlite.Connection, path: Path) -> Watch:
    """Let a connection be asked how long it takes; return what is told of its transactions."""
    watching = Watch(path)
    watching.begin()
    connection.set_progress_handler(watching, _STEPS)
    return watching


def _are_sound(path: Path) -> bool | None:
    """Tell whether each page of a file stands in one place; None, if a writer hides it for now."""
    try:
        connection = open_file(path, 0)
    except (OSError, sqlite.Error):
        return None
    end = time.monotonic_ns() + _DEFINITIONS_S * 10**9
    # Only what reads the definitions is bounded so; the check itself looks at no page twice.
    connection.set_progress_handler(lambda: int(time.monotonic_ns() > end), _STEPS)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.set_progress_handler(None, 0)
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return None if code in (sqlite.SQLITE_BUSY, sqlite.SQLITE_LOCKED) else False
    finally:
        connection.close()
