"""Rewrite what the README shows of the commands' output, from what they print now."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path

from dealledger.cli.main import run

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"(```console\n\$ deals (.+)\n)((?:.*\n)*?)(```)")


def printed(line: str) -> str:
    """Return what `deals LINE` prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(shlex.split(line)) == 0
    return out.getvalue()


def main() -> None:
    """Make the demo ledger in a folder of its own and ask it everything that the README asks."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DEALS_LEDGER"] = f"{folder}/deals.db"
        printed(f"demo {folder}")
        text = BLOCK.sub(lambda m: f"{m[1]}{printed(m[2])}{m[4]}", README.read_text())
    README.write_text(text)


if __name__ == "__main__":
    main()
