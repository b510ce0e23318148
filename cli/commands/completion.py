"""deals completion SHELL: what a shell needs to complete commands, parties and event ids."""

from __future__ import annotations

import click

from dealledger.cli.terminal.output import write


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Example:
      eval "$(deals completion bash)"
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    root = context.find_root().command
    write(found(root, {}, "deals", "_DEALS_COMPLETE").source(), None)
