"""Who else than the owner may use a ledger in PostgreSQL, and for what: the least that it takes.

To read: SELECT. To append: also INSERT into the tables, and UPDATE of the three columns of the head
that grow, which is also what locks it. What such a role may insert is bounded by the guards: whole
appends, at the next positions, with the lines of these positions only. It may change and remove
nothing. An owner, and a superuser, can do all that `verify` finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from sqlalchemy import Connection, text

from dealledger.events import BadInput
from dealledger.ledger.errors import Damaged
from dealledger.ledger.storage import guards_postgresql, shape_postgresql
from dealledger.ledger.storage.schemas import quoted, schema_in
from dealledger.ledger.storage.tables import HEAD, METADATA

Purpose = Literal["append", "read"]

GROWING: Final = ("size", "frontier", "recorded_at")
"""The columns of the head that an append changes."""

_RIGHTS: Final = """
    SELECT c.relname, coalesce(g.rolname, 'everybody') AS who, lower(a.privilege_type) AS what
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
        LATERAL pg_catalog.aclexplode(c.relacl) a
        LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE n.nspname = :schema AND c.relname = ANY(:tables) AND a.grantee <> c.relowner
        AND a.privilege_type NOT IN ('SELECT', 'INSERT', 'MAINTAIN')
    UNION ALL
    SELECT c.relname || '.' || t.attname, coalesce(g.rolname, 'everybody'),
        lower(a.privilege_type)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid,
        LATERAL pg_catalog.aclexplode(t.attacl) a
        LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE n.nspname = :schema AND c.relname = ANY(:tables) AND a.grantee <> c.relowner
        AND a.privilege_type = 'UPDATE'
        AND NOT (c.relname = 'head' AND t.attname IN ('size', 'frontier', 'recorded_at'))
    ORDER BY 1, 2, 3"""


def statements(connection: Connection, role: str, purpose: Purpose) -> list[str]:
    """Return the statements that give a role what it needs, and take what it needs not."""
    schema = quoted(connection)
    who = connection.dialect.identifier_preparer.quote(role)
    every = ", ".join(f"{schema}.{name}" for name in METADATA.tables)
    made = [
        f"REVOKE ALL ON {every} FROM {who}",
        f"GRANT USAGE ON SCHEMA {schema} TO {who}",
        f"GRANT SELECT ON {every} TO {who}",
    ]
    if purpose == "append":
        written = ", ".join(f"{schema}.{name}" for name in METADATA.tables if name != HEAD.name)
        made += [
            f"GRANT INSERT ON {written} TO {who}",
            f"GRANT UPDATE ({', '.join(GROWING)}) ON {schema}.{HEAD.name} TO {who}",
        ]
    return made


def grant(connection: Connection, role: str, purpose: Purpose) -> list[str]:
    """Give a role the least that *purpose* takes; return the statements that did it.

    A ledger that was made before its guards bounded what a role may insert gets them first.

    Raises: BadInput, if there is no such role; Damaged, if the ledger is not made as it should be.
    """
    known = connection.execute(
        text("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = :role"), {"role": role}
    ).scalar()
    if known is None:
        raise BadInput(f"there is no role {role}", f"make it with: CREATE ROLE {role} LOGIN")
    if known:
        raise BadInput(f"{role} is a superuser, whom nothing bounds", "grant to another role")
    made, granted = bring_up(connection), statements(connection, role, purpose)
    for statement in granted:
        connection.execute(text(statement))
    return [*made, *granted]


def bring_up(connection: Connection) -> list[str]:
    """Make the guards that a ledger has not yet; return the statements that did it.

    Raises: Damaged, if its definitions are none of those that we know.
    """
    lacking = shape_postgresql.lacking(connection)
    if lacking is None:
        raise Damaged("this ledger is not made as the code makes it", "run: deals verify")
    done = guards_postgresql.statements(quoted(connection), lacking)
    for statement in done:
        connection.execute(text(statement))
    return done


def are_bounded(connection: Connection) -> bool:
    """Tell whether the guards bound what others may insert; an older ledger has none that do."""
    return not shape_postgresql.lacking(connection)


def rights(connection: Connection) -> Iterator[str]:
    """Yield what others than the owner may do to the tables beyond appending and reading."""
    asked: dict[str, object] = {"schema": schema_in(connection), "tables": list(METADATA.tables)}
    for table, who, what in connection.execute(text(_RIGHTS), asked):
        yield f"{who} may {what} {table}"
