"""Packages that load what they offer only when it is asked for (PEP 562).

Most of a command's time is loading code: importing all that a package offers costs more than many
answers. `deals --help` and shell completion need only light modules, and a query not what appends.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


def offer_lazily(package: str, homes: Mapping[str, str]) -> None:
    """Let *package* offer names of its modules. homes: the names of each module, by blanks.

    What type checkers see is said beside the call, under `if TYPE_CHECKING`.
    """
    module = sys.modules[package]
    module.__dict__["_home_of"] = {
        name: f"{package}.{home}" for home, names in homes.items() for name in names.split()
    }
    module.__class__ = _LazyPackage


class _LazyPackage(ModuleType):
    _home_of: dict[str, str]

    def __getattr__(self, name: str) -> Any:
        """Load the module that has *name*, once."""
        home = self._home_of.get(name)
        if home is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = self.__dict__[name] = getattr(import_module(home), name)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep Python from binding a loaded module to a name that is offered.

        `projections.flows` is the function, also when its module flows.py was loaded before.
        """
        if not (isinstance(value, ModuleType) and name in self._home_of):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        """Return all names, also those that are not loaded yet."""
        return sorted({*super().__dir__(), *self._home_of})
