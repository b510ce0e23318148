"""Text from the ledger in formats that others read: it is shown as it is, and means nothing there.

Markdown would make emphasis, links, pictures, HTML, entities, mathematics or another column of a
name, and a spreadsheet would run a cell that begins like a formula.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dealledger.events.text import INVISIBLE, visible

_MARKUP: Final = re.compile(r"[\\`*_{\[|~^&$]")
"""CommonMark takes a backslash before any of them, also those that only extensions know."""
_LINKS: Final = re.compile(r"(?<=[A-Za-z]):(?=\S)|(?<=www)\.|(?<=\S)@(?=\S)", re.IGNORECASE)
"""Where plain text becomes a link: behind a scheme, in www., in an address of mail."""

_FORMULA: Final = frozenset("=+-@＝＋－＠")
_BROKEN: Final = ("\t", "\r", "\n")
_NUMBER: Final = re.compile(r"-[0-9]+(\.[0-9]+)?")


def markdown(text: str) -> str:
    r"""Return *text* on one line of Markdown, in a cell of a table too.

    >>> print(markdown("**Acme** | <b> [x](https://x.example)"))
    \*\*Acme\*\* \| &lt;b> \[x](https\://x.example)
    """
    line = visible(" ".join(text.split("\n"))).strip()
    escaped = _LINKS.sub(r"\\\g<0>", _MARKUP.sub(r"\\\g<0>", line))
    return escaped.replace("<", "&lt;")


def guarded(text: str) -> str:
    """Return *text* as a cell that no spreadsheet runs: with a ' in front, if it looks like that.

    A plain number below zero is none.

    >>> guarded("=1+1"), guarded("-0.5"), guarded("Acme")
    ("'=1+1", '-0.5', 'Acme')
    """
    first = next((each for each in text if not _is_passed_over(each)), "")
    is_formula = (first in _FORMULA or text.startswith(_BROKEN)) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _is_passed_over(character: str) -> bool:
    """Tell whether a spreadsheet may look for a formula behind it."""
    return character.isspace() or unicodedata.category(character) in INVISIBLE
