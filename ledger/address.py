"""Where a ledger is: the path of a SQLite file, or the URL of a PostgreSQL database."""

from __future__ import annotations

from typing import Final

_POSTGRES: Final = ("postgresql://", "postgres://", "postgresql+psycopg://")


def is_postgres(name: str) -> bool:
    """Tell whether *name* is the URL of a PostgreSQL database; else it is a path."""
    return name.startswith(_POSTGRES)
