"""What drivers say when something goes wrong, put into our words; here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

from dealledger.events.errors import DealLedgerError
from dealledger.ledger.errors import Busy, Damaged, NotALedger, Overtaken, Unreachable, Unwritable
from dealledger.ledger.naming import drivers_words, shown_name
from dealledger.ledger.storage.sqlite import sqlite

RESTORE: Final = "restore a backup: deals restore"
_OVERTAKEN: Final = ("40001", "40P01")
"""SQLSTATE of a transaction that was undone for another one: serialization failure, deadlock."""
_WAITED: Final = ("55P03", "57014")
"""SQLSTATE of a lock or a statement that took longer than its time limit."""
_REFUSED: Final = ("42501", "25006", "53100")
"""SQLSTATE of missing rights, of a server that is a read-only copy, and of a full disk."""


@dataclass(slots=True)
class Doing:
    """What is being done with a connection. holds: it has the write lock."""

    writes: bool = False
    holds: bool = False

    def busy(self, name: str) -> Busy:
        """Return the error of one who waited in vain for others."""
        # Who has the write lock waits only for readers, and for them only with a rollback journal.
        by = "somebody who reads" if self.holds else "a writer"
        if self.writes and not self.holds:
            by = "another writer"
        return Busy(name, f"{by} holds it", self.undone("try again"))

    def undone(self, hint: str = "") -> str:
        """Return a hint that says, if something was to be recorded, that nothing was."""
        return "; ".join(each for each in ("nothing was recorded" * self.writes, hint) if each)


@contextmanager
def translated(name: str, doing: Doing) -> Iterator[None]:
    """Turn what drivers raise inside into errors of ours about the ledger *name*."""
    try:
        yield
    except DBAPIError as error:
        raise _in_our_words(name, error, doing) from error
    except sqlite.Error as error:  # of a statement that went to the driver itself
        raise _sqlite_error(shown_name(name), error, doing) from error
    except UnicodeDecodeError as error:
        raise Damaged(f"{shown_name(name)} is damaged: a text is not UTF-8", RESTORE) from error


def _in_our_words(name: str, error: DBAPIError, doing: Doing) -> DealLedgerError:
    if isinstance(error.orig, sqlite.Error):
        return _sqlite_error(shown_name(name), error.orig, doing)
    return _postgres_error(name, error, doing)


def first_line(cause: BaseException | None) -> str:
    """Return the first line of what an error says, or the name of its kind."""
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


def _postgres_error(name: str, error: DBAPIError, doing: Doing) -> DealLedgerError:
    state, said = getattr(error.orig, "sqlstate", None), drivers_words(first_line(error.orig), name)
    name, said = shown_name(name), f": {said}" if said else ""
    if state in _OVERTAKEN:
        return Overtaken(name)
    if state in _WAITED:
        return doing.busy(name)
    if state in _REFUSED:
        return Unwritable(f"{name}{said}", doing.undone())
    if isinstance(error, OperationalError):
        return Unreachable(f"{name} does not answer{said}", "is the server up, the URL right?")
    return Damaged(f"{name}{said or ' cannot be read'}")


def _sqlite_error(name: str, cause: sqlite.Error, doing: Doing) -> DealLedgerError:
    code, said = code_of(cause), first_line(cause)
    if code in (sqlite.SQLITE_BUSY, sqlite.SQLITE_LOCKED):
        return doing.busy(name)
    if code in (sqlite.SQLITE_READONLY, sqlite.SQLITE_CANTOPEN, sqlite.SQLITE_PERM):
        cannot = "written" if doing.writes else "read"
        return Unwritable(f"{name} cannot be {cannot}: {said}", doing.undone())
    if code in (sqlite.SQLITE_FULL, sqlite.SQLITE_IOERR):
        return Unwritable(f"{name}: {said}", doing.undone())
    if code == sqlite.SQLITE_INTERRUPT:
        return Damaged(f"{name} is damaged: its pages point at each other, without end", RESTORE)
    if code == sqlite.SQLITE_NOTADB:
        return NotALedger(name, "the file is something else")
    return Damaged(f"{name} is damaged: {said}", RESTORE)


def code_of(cause: sqlite.Error) -> int:
    """Return the primary code of an error of SQLite; 0, if it comes from the driver alone."""
    return (getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF
