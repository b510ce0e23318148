"""What makes the database itself refuse to change the record.

A seat belt, not the proof: who owns the file can drop a trigger, and only the Merkle root shows
that. The holes that naive triggers leave are closed: `INSERT OR REPLACE` on any unique column
(the delete trigger does not fire), gaps, TRUNCATE, and sessions that switch ordinary triggers off.
"""

from __future__ import annotations

from typing import Final

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
