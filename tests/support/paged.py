"""A page as a browser would read it: its document, and what its tables say at a point."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from typing import Any

from dealledger.web.histories import read


def document_in(page: str) -> Any:
    """Return the document that a page holds."""
    [data] = re.findall(r'<script type="application/octet-stream;base64" id="data">([^<]*)<', page)
    return json.loads(zlib.decompress(b64decode(data), -15))


def point(document: Any, lens: int, stop: int) -> list[str]:
    """Return the options by which the command line asks at a point of a page."""
    seen = document["lenses"][lens]
    day = document["days"][stop]
    by = {"then": day, "announced": seen.get("announced_by")}.get(seen["kind"])
    return [
        "--as-of", day, "--known-at", f"@{seen['known_at']}",
        *(["--announced-by", by] if by else []),
    ]  # fmt: skip


def rows_at(document: Any, name: str, lens: int, stop: int) -> list[dict[str, Any]]:
    """Return the rows of a table at a point, by keys, as exact values; what is empty is left out."""
    table = document["tables"][name]
    found = []
    for row in table["rows"]:
        number = read(row["at"], lens, stop)
        if number is not None:
            values = table["cells"][number]
            row_values = {
                column["key"]: _exact(value, document["days"][stop])
                for column, value in zip(table["columns"], values, strict=False)
                if not column.get("shown_only")
            }
            found.append({key: value for key, value in row_values.items() if value is not None})
    return found


def _exact(value: Any, day: str) -> Any:
    from datetime import date

    if isinstance(value, dict) and "until" in value:
        return (date.fromisoformat(value["until"]) - date.fromisoformat(day)).days
    return value[1] if isinstance(value, list) else value
