"""What makes a SQLite file itself refuse to change the record; `guards_postgresql` is its twin.

A seat belt, not the proof: who owns the file can drop a trigger, and only the Merkle root shows
that. The holes that naive triggers leave are closed: `INSERT OR REPLACE` on any unique column
(the delete trigger does not fire), and positions other than the next.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, text

_ABORT: Final = "SELECT RAISE(ABORT, 'the record is append-only: {what} is refused');"

SQLITE: Final = (
    f"""CREATE TRIGGER event_no_update BEFORE UPDATE ON event
    BEGIN {_ABORT.format(what="UPDATE")} END""",
    f"""CREATE TRIGGER event_no_delete BEFORE DELETE ON event
    BEGIN {_ABORT.format(what="DELETE")} END""",
    f"""CREATE TRIGGER event_next_position BEFORE INSERT ON event
    WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event)
    BEGIN {_ABORT.format(what="a position other than the next")} END""",
    # OR REPLACE removes rows that collide on any unique column, without the delete trigger.
    f"""CREATE TRIGGER event_no_replace BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM event WHERE deal = NEW.deal AND deal_version = NEW.deal_version)
      OR EXISTS (SELECT 1 FROM event WHERE retracts = NEW.retracts)
    BEGIN {_ABORT.format(what="REPLACE")} END""",
)

_OF_INSERTION: Final = tuple(each for each in SQLITE if "BEFORE INSERT" in each)


def lift(connection: Connection) -> bool:
    """Take away the guards of insertion in a SQLite file until `put_back`; tell whether that is so.

    Only inside of a transaction that holds the write lock: nobody else ever sees the file without
    them, and a rollback, also that after a crash, brings them back. They stand before: nothing is
    appended to a file in which one is missing, so none is repaired in silence.
    """
    if connection.dialect.name != "sqlite":
        return False
    for statement in _OF_INSERTION:
        connection.execute(text(f"DROP TRIGGER {statement.split()[2]}"))
    return True


def put_back(connection: Connection) -> None:
    """Make again the guards that `lift` took away."""
    for statement in _OF_INSERTION:
        connection.execute(text(statement))


def layout(connection: Connection) -> str:
    """Return a hash of all definitions in a SQLite file, as the head keeps it.

    Kept for those who look at a file with other programs; nothing here believes it.
    """
    query = text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    rows = "\n".join(repr(tuple(row)) for row in connection.execute(query))
    return sha256(rows.encode()).hexdigest()
