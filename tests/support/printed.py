"""Rewrite what README and docs/questions.md show of the commands' output, and the picture."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path
from typing import Final

from dealledger.cli.main import run

ROOT = Path(__file__).parents[2]
PAGES = [page for page in (ROOT / "README.md", ROOT / "docs" / "questions.md") if page.exists()]
PICTURE = ROOT / "docs" / "alliances-2026-06-30.svg"
BLOCK = re.compile(r"(```console\n\$ deals (.+)\n)((?:.*\n)*?)(```)")
FILE = re.compile(r"```jsonl (\S+)\n((?:.*\n)*?)```")


SHOWN: Final = "root 5bfd599e"
"""A root is another each time a ledger is made: on the pages it stays, so that they do not change."""


def printed(line: str) -> str:
    """Return what `deals LINE` prints, with the root that the pages show."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(shlex.split(line)) in (0, 1)  # 1: a check found what it is shown for
    return re.sub(r"root [0-9a-f]{8}\b", SHOWN, out.getvalue())


def write_files(page: str, folder: Path) -> None:
    """Write the files that a page shows, which its commands read."""
    for name, content in FILE.findall(page):
        (folder / name).write_text(content)


def main() -> None:
    """Make the demo ledger in a folder of its own and ask it everything that the pages ask."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        os.environ["DEALS_LEDGER"] = f"{folder}/deals.db"
        printed(f"demo {folder}")
        printed(f"diagram -o {shlex.quote(str(PICTURE))} --as-of 2026-06-30")
        for page in PAGES:
            write_files(page.read_text(), Path(folder))
            page.write_text(BLOCK.sub(lambda m: f"{m[1]}{printed(m[2])}{m[4]}", page.read_text()))


if __name__ == "__main__":
    main()
