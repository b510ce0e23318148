"""Options that make one value: commands take them as one argument, whatever they are."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Command: TypeAlias = Callable[..., Any]
Option: TypeAlias = Callable[[Command], Command]


def gathered(into: str, make: Callable[..., Any], options: Sequence[Option]) -> Option:
    """Return a decorator that adds options to a command and hands it one value made of them.

    into: the name of the command's argument. make: takes each option by its name.
    """
    names = names_of(options)

    def adding(function: Command) -> Command:
        @functools.wraps(function)
        def command(*args: Any, **given: Any) -> Any:
            own = {name: given.pop(name) for name in names}
            return function(*args, **{into: make(**own)}, **given)

        added: Command = command
        for option in reversed(options):
            added = option(added)
        return added

    return adding


def names_of(options: Sequence[Option]) -> list[str]:
    """Return the names of options, which click writes down at the function that they are for."""

    def nothing() -> None: ...

    decorated: Any = nothing
    for option in options:
        decorated = option(decorated)
    return [each.name for each in decorated.__click_params__]
