"""How people are told events that nobody named: their default ids, 36 characters, as `@position`.

Commands that take an event's id take `@335` as well. JSON, CSV and --wide have the whole ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

_DEFAULT: Final = re.compile(
    r"(?<![\w./:-])[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"(?:\.\w+)*(?![\w/-])"
)
"""A UUIDv7, and what corrections and retractions add to it; not inside of an address."""

Places = Callable[[Iterable[str]], Mapping[str, int]]
"""Gives the positions of those ids that are known."""


def shortened(texts: list[str], places: Places) -> list[str]:
    """Return *texts* with the default ids of known events as their positions."""
    found = {match for text in texts for match in _DEFAULT.findall(text)}
    known = places(found) if found else {}
    if not known:
        return texts

    def short(match: re.Match[str]) -> str:
        return f"@{known[match[0]]}" if match[0] in known else match[0]

    return [_DEFAULT.sub(short, text) for text in texts]
