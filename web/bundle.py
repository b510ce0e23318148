"""What the page is made of: one script, one style and the shell around them, from `web/client`.

The client is a handful of ES modules, so that a checker of types reads them as they are. A page
that works from a mail attachment can load nothing, so they become one script here: each module is
a function of its own, called once, after the modules that it imports. What only people read stays
behind, and the licence of what is not ours stands in the shell.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from dealledger.web.packing import packed

CLIENT: Final = Path(__file__).parent / "client"
ENTRY: Final = "page"

_IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async )?(?:function|const|class) ([\w$]+))", re.MULTILINE
)


@cache
def script(folder: Path = CLIENT) -> str:
    """Return the one script of the page, in the order in which its modules need each other."""
    done: dict[str, str] = {}
    _add(ENTRY, folder, done)
    return packed("".join(done.values()))


def style(folder: Path = CLIENT) -> str:
    """Return the style sheet of the page."""
    return (folder / "page.css").read_text(encoding="utf-8")


def shell(folder: Path = CLIENT) -> str:
    """Return the page around them.

    It has a place each for `{{title}}` (more than one), `{{policy}}`, `{{style}}`, `{{script}}`,
    `{{source}}` and `{{data}}`.
    """
    return (folder / "page.html").read_text(encoding="utf-8")


def _add(name: str, folder: Path, done: dict[str, str]) -> None:
    """Put module *name* into *done*, after what it imports."""
    source = (folder / f"{name}.js").read_text(encoding="utf-8")
    for needed in _IMPORT.finditer(source):
        if needed[2] not in done:
            _add(needed[2], folder, done)
    body = _IMPORT.sub(_taken, source)
    offered = [found[1] for found in _EXPORT.finditer(body)]
    body = _EXPORT.sub("", body)
    if name == ENTRY:
        done[name] = f"{body}\n"
    else:
        done[name] = (
            f"const ${name} = (() => {{\n{body}\nreturn {{{', '.join(offered)}}};\n}})();\n"
        )


def _taken(found: re.Match[str]) -> str:
    """Return the line that takes what an import named from the module's function."""
    names = " ".join(found[1].split()).rstrip(",").replace(" as ", ": ")
    return f"const {{{names}}} = ${found[2]};\n"
