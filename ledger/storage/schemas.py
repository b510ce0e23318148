"""In which schema of a PostgreSQL database a ledger is, and that names are looked for nowhere else.

The search path of a session comes from the database, the role and triggers at login, so whoever may
change these could put a table, a function or an operator of the same name in front of ours. So each
name in a statement is written with its schema, which only the URL can choose, and all else is
looked for in pg_catalog.
"""

from __future__ import annotations

import re
import shlex
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, event

SAFE_PATH: Final = "pg_catalog, pg_temp"
"""Where names without a schema are looked for: nowhere that a user of the database can write."""

USUAL: Final = "public"
_SAID: Final = re.compile(r"(?:--|-c *)?search_path *= *(.*)", re.DOTALL)
_SAFE: Final = (
    f"SELECT pg_catalog.set_config('search_path', '{SAFE_PATH}', false), "
    # With this a policy of row security makes an error, not an answer with fewer rows.
    "pg_catalog.set_config('row_security', 'off', false)"
)


def schema_of(url: URL) -> str:
    """Return the schema that a URL chooses by `?options=-csearch_path=NAME`; else `public`."""
    for options in url.normalized_query.get("options", ()):
        words = shlex.split(options)
        joined = [f"-c{after}" if word == "-c" else word for word, after
                  in zip(words, [*words[1:], ""], strict=True)]  # fmt: skip
        for word in joined:
            found = _SAID.fullmatch(word)
            names = [name.strip(' "') for name in found[1].split(",")] if found else []
            if names and names[0] and "$" not in names[0]:
                return names[0]
    return USUAL


def keep_inside(engine: Engine, schema: str) -> Engine:
    """Return an engine whose statements name all in *schema*, and whose sessions look nowhere."""

    def settle(connection: Any, _record: object) -> None:
        transacting = connection.autocommit
        connection.autocommit = True
        connection.execute(_SAFE)
        connection.autocommit = transacting

    event.listen(engine, "connect", settle)
    return engine.execution_options(schema_translate_map={None: schema})


def schema_in(connection: Connection) -> str | None:
    """Return the schema that the statements of a connection name; None for a SQLite file."""
    named: dict[str | None, str] = connection.get_execution_options().get(
        "schema_translate_map", {}
    )
    return named.get(None)


def quoted(connection: Connection) -> str:
    """Return the schema as it stands in a statement.

    >>> from sqlalchemy.dialects import postgresql
    >>> postgresql.dialect().identifier_preparer.quote("Deals")
    '"Deals"'
    """
    name = schema_in(connection)
    assert name is not None
    return connection.dialect.identifier_preparer.quote(name)
