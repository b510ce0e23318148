"""Where a ledger is: the path of a SQLite file, or the URL of a PostgreSQL database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import quote

_POSTGRES: Final = ("postgresql://", "postgres://", "postgresql+psycopg://")


def is_postgres(name: str) -> bool:
    """Tell whether *name* is the URL of a PostgreSQL database; else it is a path."""
    return name.startswith(_POSTGRES)


def file_uri(path: Path, mode: str) -> str:
    """Return the URI under which SQLite opens a file. mode: ro or rw; it never makes the file."""
    return f"file:{quote(os.fsencode(path))}?mode={mode}"
