"""Print the reference page of all commands, made from their own help.

docs/commands.md is this output; a test keeps it so, and `make docs` rewrites it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from dealledger.cli.main import deals

WIDTH = 88
HELP: Final[dict[str, Any]] = {"help_option_names": ["-h", "--help"]}


def commands(group: click.Group, context: click.Context) -> Iterator[click.Context]:
    """Yield the context of every command below *group*, in the order of its help."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, parent=context, info_name=name, terminal_width=WIDTH, **HELP)
        yield inner
        if isinstance(command, click.Group):
            yield from commands(command, inner)


def reference() -> str:
    """Return the page."""
    root = click.Context(deals, info_name="deals", terminal_width=WIDTH, **HELP)
    parts = ["# Commands", "", "Made from the help of each command by `make docs`.", ""]
    for context in (root, *commands(deals, root)):
        help_text = context.command.get_help(context)
        parts += [f"## {context.command_path}", "", "```text", help_text, "```", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    print(reference(), end="")  # noqa: T201
