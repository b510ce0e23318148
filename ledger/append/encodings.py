"""Which encoding a file seems to have that is not UTF-8, and what to do where it is not read."""

from __future__ import annotations

import shlex
from typing import Final

from dealledger.events import BadInput

_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
"""How files begin that name their own encoding."""


class NoText(BadInput):
    """A line is not text in an encoding. line: its number. seems: what it may be in, or nothing."""

    def __init__(self, line: int, encoding: str, byte: int, seems: str = "") -> None:
        guess = f"; it seems to be {seems}" if seems else ""
        super().__init__(f"this is not {encoding}: byte {byte} is wrong{guess}")
        self.line = line
        self.seems = seems


def wide(first: bytes) -> str:
    """Return the encoding of a file that writes a letter in several bytes, by its first line.

    Nothing, if it is none. Files of Windows begin with a mark; without one, every other byte of
    a line in Latin letters is zero.
    """
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    even, odd = first[::2].count(0), first[1::2].count(0)
    if len(first) < 4 or min(even, odd) or max(even, odd) * 20 < len(first) * 9:
        return ""
    return "UTF-16LE" if odd else "UTF-16BE"


def convert(seems: str, name: str) -> str:
    """Return what to do about the file *name*, which is in another encoding; empty: not known."""
    if not seems:
        return "save it as UTF-8"
    command = f"save it as UTF-8: iconv -f {seems} -t UTF-8"
    if name == "stdin":
        return command
    return f"{command} {shlex.quote(name)} > {shlex.quote('utf8-' + name.rpartition('/')[2])}"


def narrow(line: bytes) -> str:
    """Return the encoding of one byte per letter that a line seems to have.

    Only of Latin letters, where few of a word's are beyond ASCII: other scripts are not told apart.
    """
    high = [byte for byte in line if byte >= 0x80]
    letters = sum(chr(byte).isalpha() for byte in line if byte < 0x80)
    if len(high) * 2 > letters:
        return ""
    try:
        line.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    return "WINDOWS-1252" if any(byte < 0xA0 for byte in high) else "ISO-8859-1"
