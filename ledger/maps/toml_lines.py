"""TOML with the lines on which things are said, which the reader of the standard library drops.

The text is read as a whole first. Then each statement is read by itself, from the line where it
begins to the first line with which it is one: so the same reader finds what stands where.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from dealledger.events import BadInput

Path: TypeAlias = "tuple[str | int, ...]"

_PLACE: Final = re.compile(r" \(at line ([0-9]+), column ([0-9]+)\)$")
_AT_END: Final = " (at end of document)"


class Statements:
    """What a file says. data: as one object. Its lines are found by the path to a value."""

    def __init__(self, text: str, name: str) -> None:
        """name: of the file, for errors. Raises: BadInput, with the line, for what is no TOML."""
        self.name = name
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise _no_toml(str(error), name, text.count("\n") + 1) from None
        self._lines: dict[Path, int] = {}
        for path, line in _placed(text.split("\n")):
            self._lines.setdefault(path, line)

    def line(self, path: Path) -> int:
        """Return the line on which the value at *path* is said, or that of what it is part of."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1

    def place(self, path: Path) -> str:
        """Return the file and line of the value at *path*."""
        return f"{self.name}:{self.line(path)}"


def _no_toml(said: str, name: str, last: int) -> BadInput:
    if match := _PLACE.search(said):
        return BadInput(f"{name}:{match[1]}: {_lower(said[: match.start()])}")
    return BadInput(f"{name}:{last}: {_lower(said.removesuffix(_AT_END))}")


def _lower(said: str) -> str:
    return f"this is not TOML: {said[:1].lower()}{said[1:]}"


def _placed(lines: list[str]) -> Iterator[tuple[Path, int]]:
    """Yield the path to each value, and the line on which its statement begins."""
    prefix: Path = ()
    counts: dict[Path, int] = {}
    number = 0
    while number < len(lines):
        start = number
        text = lines[number].strip()
        number += 1
        if not text or text.startswith("#"):
            continue
        said = _read(text)
        while said is None and number < len(lines):
            text += f"\n{lines[number]}"
            number += 1
            said = _read(text)
        if said is None:
            return
        if text.startswith("["):
            prefix = _header(said, counts, repeats=text.startswith("[["))
            yield prefix, start + 1
        else:
            for path in _paths(said):
                yield (*prefix, *path), start + 1


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _header(said: dict[str, Any], counts: dict[Path, int], *, repeats: bool) -> Path:
    """Return the path of a table: in a list of tables it is of the last one."""
    names = []
    while said:
        ((name, inner),) = said.items()
        names.append(name)
        said = inner[0] if isinstance(inner, list) else inner
    path: Path = ()
    for place, name in enumerate(names, start=1):
        path = (*path, name)
        if repeats and place == len(names):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _paths(said: Any) -> Iterator[Path]:
    """Yield the paths to all values, the outer ones first."""
    inner = said.items() if isinstance(said, dict) else enumerate(said)
    for key, value in inner:
        yield (key,)
        if isinstance(value, dict | list):
            for path in _paths(value):
                yield (key, *path)
