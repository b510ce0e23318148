"""What makes the database itself refuse to change the record.

A seat belt, not the proof: who owns the file can drop a trigger, and only the Merkle root shows
that. The holes that naive triggers leave are closed: `INSERT OR REPLACE` on any unique column
(the delete trigger does not fire), TRUNCATE, and sessions that switch ordinary triggers off.
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

POSTGRESQL: Final = (
    """CREATE FUNCTION deal_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the record is append-only: % is refused', TG_OP;
    END $$""",
    """CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION deal_ledger_refuse()""",
    """CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION deal_ledger_refuse()""",
    # ALWAYS: they fire also where session_replication_role is replica.
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_change",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_truncate",
    "REVOKE ALL ON event FROM PUBLIC",
    "REVOKE UPDATE, DELETE, TRUNCATE ON event FROM CURRENT_USER",
)

GUARDS: Final = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
"""Dialect to the statements that `init` runs after the tables are made."""


_OF_INSERTION: Final = tuple(each for each in SQLITE if "BEFORE INSERT" in each)


def lift(connection: Connection) -> bool:
    """Take away the guards of insertion in a SQLite file until `put_back`; tell whether that is so.

    Only inside of a transaction that holds the write lock: nobody else ever sees the file without
    them, and a rollback, also that after a crash, brings them back. Not if one is missing already:
    that is for `verify` to find, and never repaired in silence.
    """
    if connection.dialect.name != "sqlite" or _sqlite_problems(connection):
        return False
    for statement in _OF_INSERTION:
        connection.execute(text(f"DROP TRIGGER {statement.split()[2]}"))
    return True


def put_back(connection: Connection) -> None:
    """Make again the guards that `lift` took away."""
    for statement in _OF_INSERTION:
        connection.execute(text(statement))


def layout(connection: Connection) -> str | None:
    """Return a hash of all definitions in a SQLite file; PostgreSQL looks after its own."""
    if connection.dialect.name != "sqlite":
        return None
    query = text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    rows = "\n".join(repr(tuple(row)) for row in connection.execute(query))
    return sha256(rows.encode()).hexdigest()


def guard_problems(connection: Connection) -> list[str]:
    """Return what is missing or different of the guards; an empty list if all stand as made."""
    if connection.dialect.name == "sqlite":
        return _sqlite_problems(connection)
    return _postgresql_problems(connection)


def _sqlite_problems(connection: Connection) -> list[str]:
    query = text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
    )
    found = {row.name: _squeezed(row.sql) for row in connection.execute(query)}
    wanted = {statement.split()[2]: _squeezed(statement) for statement in SQLITE}
    problems = [f"the trigger {name} is missing" for name in wanted.keys() - found.keys()]
    problems += [f"the trigger {name} is not ours" for name in found.keys() - wanted.keys()]
    problems += [
        f"the trigger {name} was changed"
        for name in wanted.keys() & found.keys()
        if wanted[name] != found[name]
    ]
    return sorted(problems)


def _postgresql_problems(connection: Connection) -> list[str]:
    query = text(
        "SELECT tgname, tgenabled, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE tgrelid = 'event'::regclass AND NOT tgisinternal"
    )
    found = {row.tgname: row for row in connection.execute(query)}
    problems = []
    for name in ("event_no_change", "event_no_truncate"):
        row = found.get(name)
        if row is None:
            problems.append(f"the trigger {name} is missing")
        elif row.tgenabled not in ("A", b"A"):
            problems.append(f"the trigger {name} does not fire always")
        elif "RAISE EXCEPTION 'the record is append-only" not in row.prosrc:
            problems.append(f"the function behind the trigger {name} was changed")
    return problems


def _squeezed(statement: str) -> str:
    return " ".join(statement.split())
