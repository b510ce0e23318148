"""Write what each command is for in a line, so that `deals --help` need not load them all.

cli/summaries.py is this output; a test keeps it so, and `make docs` rewrites it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from dealledger.cli.main import deals
from dealledger.cli.summaries import SUMMARIES

FILE: Final = Path(__file__).parents[2] / "cli" / "summaries.py"
_WIDEST: Final = 94
_HEAD: Final = '''"""What each command is for, in the order of the help. Made from their own help by `make docs`.

The order is set here: what has no place yet comes last.
"""

from __future__ import annotations

from typing import Final

SUMMARIES: Final = {
'''


def summaries() -> str:
    """Return the file: the first sentence of the help of each command, as they are now."""
    context = click.Context(deals)
    lines = []
    for name in deals.list_commands(context):
        command = deals.get_command(context, name)
        assert command is not None
        text = click.Command(name, help=command.help).get_short_help_str(1000)
        line = f'    "{name}": "{text}",\n'
        if len(line) > _WIDEST:
            line = f'    "{name}": (\n        "{text}"\n    ),\n'
        lines.append(line)
    assert SUMMARIES.keys() <= set(deals.list_commands(context)), "take away what is gone"
    return f"{_HEAD}{''.join(lines)}}}  # fmt: skip\n"


if __name__ == "__main__":
    FILE.write_text(summaries())
