"""Which marks a test has by where it lies and what it takes, so that nobody forgets one.

`slow` is what is left out of `pytest -m "not slow"`, a look that takes less than a minute: whatever
starts a process, a server or a browser. `long` is what `make test-all` has and `make test` has not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pytest

FOLDERS: Final = {"crash": ("crash", "slow"), "browser": ("browser", "slow")}
STARTS: Final = frozenset({"subprocess.Popen", "os.fork", "os.posix_spawn"})
"""What Python tells its audit hooks when a process begins."""


def marks_of(item: pytest.Item) -> Iterator[str]:
    """Yield the marks that follow from a test's folder, its fixtures and its other marks."""
    for folder in item.path.parts:
        yield from FOLDERS.get(folder, ())
    parameters = getattr(item, "callspec", None)
    given: Iterable[Any] = parameters.params.values() if parameters else ()
    if "postgres_server" in getattr(item, "fixturenames", ()) or "postgresql" in list(given):
        yield from ("postgres", "slow")
    if item.get_closest_marker("long"):
        yield "slow"


class Started:
    """Hears of every process that this one starts, from now on."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in STARTS:
            self.heard.append(f"{name}{arguments[:2]}"[:200])
