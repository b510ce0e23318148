"""The names in a ledger's file, for a shell that completes what somebody types.

A shell asks at every touch of a key. So this reads with one plain statement, and loads neither the
tables nor the models of events, which would take ten times as long. Nothing is computed here.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from dealledger.ledger.address import file_uri

PATIENCE_S: Final = 0.5
"""How long a shell waits for a writer."""

# What begins with a text is not before it, and before the text with a character after it that is
# behind all that slugs and ids have: so both statements read a part of an index.
_BEGINS: Final = "{0} >= :start AND {0} < :start || '~'"
_STANDS: Final = "NOT EXISTS (SELECT 1 FROM event later WHERE later.retracts = event.position)"
_PARTIES: Final = (
    "SELECT mention.party, event.body FROM mention JOIN event USING (position) "
    f"WHERE mention.kind = 'party' AND {_BEGINS.format('mention.party')} "
    f"AND {_STANDS} ORDER BY mention.party, event.effective_on, event.position"
)
_EVENTS: Final = (
    f"SELECT id, kind FROM event WHERE {_BEGINS.format('id')} "
    f"AND kind != 'retraction' AND {_STANDS} ORDER BY id"
)


def parties_in_file(path: Path, start: str) -> dict[str, str]:
    """Return the slugs that begin with *start*, in order, each with the latest name of its party.

    Nothing, if the file cannot be read: a shell has no place for errors.
    """
    rows = _read(path, _PARTIES, start)
    return {slug: _name(body) for slug, body in rows}


def events_in_file(path: Path, start: str) -> dict[str, str]:
    """Return the ids of events that stand and begin with *start*, in order, each with its kind."""
    return dict(_read(path, _EVENTS, start))


def _name(body: str) -> str:
    try:
        return str(json.loads(body)["event"]["name"])
    except (ValueError, KeyError, TypeError):  # a damaged record; the slug is known all the same
        return ""


def _read(path: Path, statement: str, start: str) -> list[tuple[str, str]]:
    uri = file_uri(path, "ro")
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_S)) as connection:
            return connection.execute(statement, {"start": start}).fetchall()
    except sqlite3.Error:
        return []
