"""Is the database made as the code makes it? Its definitions, compared with the code's own.

What answers come from is not only rows: a view, a trigger, a policy or a table without its key can
change them all. So nothing in the database is believed about its own definitions. A shape is what
each thing in it is called and how it is defined; `shape_sqlite` and `shape_postgresql` say which
one the code makes, and read the one that is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from sqlalchemy import Connection

from dealledger.events.text import shown
from dealledger.ledger.errors import Damaged, NewerLedger, NotALedger
from dealledger.ledger.storage import shape_postgresql, shape_sqlite
from dealledger.ledger.storage.head import schema_version
from dealledger.ledger.storage.tables import SCHEMA_VERSION

Shape = Mapping[str, str]
"""What a thing is called, such as "the table event", to its definition in the database's words."""

_SEEN: Final = "dealledger_shape"
_TO_DO: Final = "run: deals verify; deals backup copies what can be saved"
_ABOUT_ROWS: Final = ("the table ", "the column ", "the view ")
_SHOWN: Final = 20
"""So many differences are told; who fills a database with things is not read to the end."""


def differences(wanted: Shape, found: Shape) -> list[str]:
    """Return what is missing, changed or not ours, each in a line; empty, if all is as made.

    >>> differences({"the table a": "x", "the table b": "x"}, {"the table a": "y"})
    ['the table a was changed', 'the table b is missing']
    """
    lines = [
        *(f"{name} is missing" for name in wanted.keys() - found.keys()),
        *(f"{shown_thing(name)} is not ours" for name in found.keys() - wanted.keys()),
        *(f"{name} was changed" for name in wanted.keys() & found.keys()
          if wanted[name] != found[name]),
    ]  # fmt: skip
    return sorted(lines)


def shown_thing(name: str) -> str:
    """Return the name of a thing as it may be printed: whoever made it chose it."""
    article, kind, *rest = name.split(" ", 2)
    text = " ".join(rest)
    is_plain = text.replace("_", "").replace(".", "").replace(" ", "").isalnum()
    return name if is_plain else f"{article} {kind} {shown(text)}"


def problems(connection: Connection) -> list[str]:
    """Return how the definitions differ from the code's own; empty, if they do not."""
    found, known = _of(connection).found(connection), _of(connection).known(connection)
    lines = min((differences(wanted, found) for wanted in known), key=len)
    more = len(lines) - _SHOWN
    return [*lines[:_SHOWN], *([f"{more:,} more definitions are not ours"] if more > 0 else [])]


def are_unreadable(found: list[str]) -> bool:
    """Tell whether with such problems it is not known what a row is, or when reading one ends."""
    return any(each.startswith(_ABOUT_ROWS) for each in found)


def computed(connection: Connection) -> str | None:
    """Return the name of something that runs when a table is read, such as a view; None, if none.

    A ledger has none, and those of a stranger may never end: nothing is read through them.
    """
    found: str | None = _of(connection).computed(connection)
    return found


def tables(connection: Connection) -> frozenset[str]:
    """Return which of the tables of a ledger there are."""
    found: frozenset[str] = _of(connection).tables(connection)
    return found


def version_of(connection: Connection, name: str) -> int:
    """Return the version of the store that a database holds.

    Raises: NotALedger; NewerLedger, if this Deal Ledger does not know the version.
    """
    runs = computed(connection)
    if runs is not None:
        raise NotALedger(name, f"{shown(runs)} is computed when it is read")
    if not {"event", "head"} <= tables(connection):
        raise NotALedger(name, "it has no table of events")
    version = schema_version(connection)
    if version is None:
        raise NotALedger(name, "it was not made completely")
    if version > SCHEMA_VERSION:
        raise NewerLedger(name, version, SCHEMA_VERSION)
    return version


def check(connection: Connection, name: str) -> None:
    """Refuse to answer from a ledger that is not made as the code makes it.

    Once for each connection, and again when others changed the file. What was seen is kept with the
    connection, not in the ledger, which whoever changes it could write.

    Raises: Damaged.
    """
    state: dict[str, object] = connection.info
    change = _of(connection).change(connection)
    if state.get(_SEEN) == change:
        return
    found = problems(connection)
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise Damaged(f"{name} is not made as a ledger is: {found[0]}{more}", _TO_DO)
    state[_SEEN] = change


def _of(connection: Connection) -> ModuleType:
    return shape_sqlite if connection.dialect.name == "sqlite" else shape_postgresql
