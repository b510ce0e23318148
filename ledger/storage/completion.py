"""The names in a ledger's file, for a shell that completes what somebody types.

A shell asks at every touch of a key. So this reads with one plain statement, and loads neither the
tables nor the models of events, which would take ten times as long. Nothing is computed here.
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from dealledger.ledger.storage.sqlite import open_file, sqlite

PATIENCE_MS: Final = 500
"""How long a shell waits for a writer."""

_STANDS: Final = "NOT EXISTS (SELECT 1 FROM event later WHERE later.retracts = event.position)"
_PARTIES: Final = (
    f"SELECT body FROM event WHERE kind = 'party' AND {_STANDS} ORDER BY effective_on, position"
)
# What begins with a text is not before it, and before the text with a character after it that is
# behind all that ids have: so only this part of the index is read.
_EVENTS: Final = (
    "SELECT id, kind FROM event WHERE id >= :start AND id < :start || '~' "
    f"AND kind != 'retraction' AND {_STANDS} ORDER BY id"
)


def parties_in_file(path: Path, start: str) -> dict[str, str]:
    """Return the slugs that begin with *start*, in order, each with the latest name of its party.

    Nothing, if the file cannot be read: a shell has no place for errors.
    """
    found: dict[str, str] = {}
    for (body,) in _read(path, _PARTIES):
        try:
            said = json.loads(body)["event"]
            found[str(said["party"])] = str(said["name"])
        except (ValueError, KeyError, TypeError):
            continue  # a damaged record; `deals verify` names it
    return {slug: found[slug] for slug in sorted(found) if slug.startswith(start)}


def events_in_file(path: Path, start: str) -> dict[str, str]:
    """Return the ids of events that stand and begin with *start*, in order, each with its kind."""
    return dict(_read(path, _EVENTS, start=start))


def _read(path: Path, statement: str, **values: str) -> list[Any]:
    try:
        with closing(open_file(path, PATIENCE_MS)) as connection:
            return connection.execute(statement, values).fetchall()
    except (OSError, sqlite.Error):
        return []
