"""What makes a PostgreSQL database itself refuse to change the record.

The record is append-only for everybody, its owner and superusers included, until they drop a guard,
which `verify` names. Who was only granted to append can do it in one way: whole, at the next
positions, with the lines of these positions only, and with the head behind them (`granting`).
What the lines and the head say is not checked here: `verify` derives it from the hashed bytes.

Each statement is written as PostgreSQL writes it again, so that texts can be compared. `{schema}`
is where the ledger is; a function looks for names there and in pg_catalog only, whoever calls it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from dealledger.ledger.storage.schemas import SAFE_PATH


@dataclass(frozen=True, slots=True)
class Function:
    """A function of triggers. path: it sets a search path of its own."""

    name: str
    body: str
    path: bool = True

    def statement(self, schema: str) -> str:
        """Return the statement that makes it."""
        path = f" SET search_path TO {SAFE_PATH}" if self.path else ""
        return (
            f"CREATE FUNCTION {schema}.{self.name}() RETURNS trigger LANGUAGE plpgsql{path} "
            f"AS $${self.source(schema)}$$"
        )

    def source(self, schema: str) -> str:
        """Return the body, as PostgreSQL keeps it."""
        return self.body.replace("{schema}", schema)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger. fires: when; how: for each row or statement. It fires in every session."""

    name: str
    table: str
    fires: str
    how: str
    function: str
    kind: str = "TRIGGER"

    def statement(self, schema: str) -> str:
        """Return the statement that makes it."""
        return (
            f"CREATE {self.kind} {self.name} {self.fires} ON {schema}.{self.table} {self.how} "
            f"EXECUTE FUNCTION {schema}.{self.function}()"
        )


Guards = tuple[Function | Trigger, ...]

_ROW: Final = "FOR EACH ROW"
_STATEMENT: Final = "FOR EACH STATEMENT"
_ADDED: Final = f"REFERENCING NEW TABLE AS added {_STATEMENT}"

REFUSE: Final = Function(
    "deal_ledger_refuse",
    """
    BEGIN
        RAISE EXCEPTION 'the record is append-only: % is refused', TG_OP;
    END """,
    path=False,  # it names nothing, and is as ledgers have it that were made before
)
_NEXT: Final = Function(
    "deal_ledger_next",
    """
    DECLARE
        first bigint; last bigint; number bigint;
    BEGIN
        SELECT min(position), max(position), count(*) INTO first, last, number FROM added;
        IF number > 0 AND (
            last - first + 1 <> number
            OR last <> (SELECT max(position) FROM {schema}.event)
            OR first <> 1 + coalesce(
                (SELECT max(position) FROM {schema}.event WHERE position < first), 0)
        ) THEN
            RAISE EXCEPTION 'the record is append-only: a position other than the next is refused';
        END IF;
        RETURN NULL;
    END """,
)
_WHOLE: Final = Function(
    "deal_ledger_whole",
    """
    BEGIN
        IF NEW.position > (SELECT size FROM {schema}.head WHERE id = 1) THEN
            RAISE EXCEPTION 'the record is append-only: a record behind the head is refused';
        END IF;
        RETURN NULL;
    END """,
)
_LINE: Final = Function(
    "deal_ledger_line",
    """
    BEGIN
        -- The positions of records have no gaps, so those between are there.
        IF (SELECT min(position) FROM added) <= (SELECT size FROM {schema}.head WHERE id = 1)
            OR (SELECT max(position) FROM added)
                > coalesce((SELECT max(position) FROM {schema}.event), 0)
        THEN
            RAISE EXCEPTION 'the record is append-only: a line of another append is refused';
        END IF;
        RETURN NULL;
    END """,
)
_HEAD: Final = Function(
    "deal_ledger_head",
    """
    BEGIN
        IF NEW.size <> coalesce((SELECT max(position) FROM {schema}.event), 0)
            OR NEW.size < OLD.size OR NEW.recorded_at < OLD.recorded_at
            OR NEW.id <> OLD.id OR NEW.schema_version <> OLD.schema_version
            OR NEW.layout IS DISTINCT FROM OLD.layout
            OR (NEW.origin <> OLD.origin AND OLD.size > 0)
        THEN
            RAISE EXCEPTION 'the record is append-only: another head than the next is refused';
        END IF;
        RETURN NEW;
    END """,
)
_ROLLUP: Final = Function(
    "deal_ledger_rollup",
    """
    BEGIN
        IF EXISTS (SELECT FROM added GROUP BY level, segment
                   HAVING segment > (SELECT size FROM {schema}.head WHERE id = 1)
                   OR count(*) <> (SELECT count(*) FROM {schema}.rollup
                                   WHERE rollup.level = added.level
                                   AND rollup.segment = added.segment)) THEN
            RAISE EXCEPTION 'the record is append-only: another sum of a segment is refused';
        END IF;
        RETURN NULL;
    END """,
)
_SUBTREE: Final = Function(
    "deal_ledger_subtree",
    """
    BEGIN
        IF EXISTS (SELECT FROM added
                   WHERE position > (SELECT size FROM {schema}.head WHERE id = 1)) THEN
            RAISE EXCEPTION 'the record is append-only: a root of what is not there is refused';
        END IF;
        RETURN NULL;
    END """,
)

OLDER: Final[Guards] = (
    REFUSE,
    Trigger("event_no_change", "event", "BEFORE DELETE OR UPDATE", _ROW, REFUSE.name),
    Trigger("event_no_truncate", "event", "BEFORE TRUNCATE", _STATEMENT, REFUSE.name),
)
"""The guards of a ledger that was made before one could be granted to append."""

NEWER: Final[Guards] = (
    *(_NEXT, _WHOLE, _LINE, _HEAD, _ROLLUP, _SUBTREE),
    Trigger("event_next", "event", "AFTER INSERT", _ADDED, _NEXT.name),
    Trigger("event_whole", "event", "AFTER INSERT", f"DEFERRABLE INITIALLY DEFERRED {_ROW}",
            _WHOLE.name, "CONSTRAINT TRIGGER"),
    Trigger("entry_of_append", "entry", "AFTER INSERT", _ADDED, _LINE.name),
    Trigger("mention_of_append", "mention", "AFTER INSERT", _ADDED, _LINE.name),
    Trigger("reference_of_append", "reference", "AFTER INSERT", _ADDED, _LINE.name),
    Trigger("head_next", "head", "BEFORE UPDATE", _ROW, _HEAD.name),
    Trigger("rollup_whole", "rollup", "AFTER INSERT", _ADDED, _ROLLUP.name),
    Trigger("subtree_whole", "subtree", "AFTER INSERT", _ADDED, _SUBTREE.name),
)  # fmt: skip
"""What guards the way in which others than the owner append."""


def of_tables(guards: Guards, tables: Collection[str]) -> Guards:
    """Return those of some guards that these tables need, and the functions that they call."""
    triggers = [each for each in guards if isinstance(each, Trigger) and each.table in tables]
    called = {each.function for each in triggers}
    return (*(each for each in guards if each.name in called), *triggers)


def statements(schema: str, guards: Guards = (*OLDER, *NEWER)) -> list[str]:
    """Return the statements that make guards. schema: quoted, as it stands in a statement."""
    made = [each.statement(schema) for each in guards]
    # ALWAYS: they fire also where session_replication_role is replica.
    made += [
        f"ALTER TABLE {schema}.{each.table} ENABLE ALWAYS TRIGGER {each.name}"
        for each in guards
        if isinstance(each, Trigger)
    ]
    return made


def revocations(schema: str) -> list[str]:
    """Return the statements by which nobody else, and not even the owner, may change records."""
    return [
        f"REVOKE ALL ON {schema}.event FROM PUBLIC",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.event FROM CURRENT_USER",
    ]
