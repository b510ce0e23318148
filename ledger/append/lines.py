"""The numbered lines of a file: bytes, or text in the encoding that is given or found.

UTF-8 is tried first. A file that begins with the mark of UTF-16 or UTF-32 is read as that. At the
first line that is not UTF-8 the file is taken for cp1252, if that fits and no line before it was
UTF-8 beyond ASCII; which encoding was read is kept, to be said. Lines end in LF.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import IO, Final

from dealledger.events import BadInput
from dealledger.events.text import shown
from dealledger.ledger.append.encodings import NoText, convert, narrow, wide

LONGEST_LINE: Final = 1_000_000
"""In bytes, or letters where a letter has several."""
_BOM: Final = b"\xef\xbb\xbf"
_PIECE: Final = 1 << 16
_UTF_8: Final = frozenset({"utf-8", "utf-8-sig", "ascii"})


def byte_lines(
    stream: IO[bytes], name: str, advance: Callable[[int], None]
) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file, without the mark that UTF-8 may begin with.

    advance: told the bytes read. Raises: BadInput, for a line without end.
    """
    lines = iter(lambda: stream.readline(LONGEST_LINE + 1), b"")
    for number, read in enumerate(lines, start=1):
        advance(len(read))
        line = read.removeprefix(_BOM) if number == 1 else read
        if len(line) > LONGEST_LINE and not (number == 1 and wide(line)):
            raise _too_long(name, number)
        yield number, line


def check_narrow(first: bytes, name: str) -> None:
    """Refuse a file of JSON that is written in several bytes a letter."""
    if seems := wide(first):
        raise BadInput(f"{name} is {seems[:6]}", convert(seems, name))


def known_encoding(name: str) -> str:
    """Return the usual name of an encoding. Raises: BadInput, if there is none of that name."""
    try:
        b"".decode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        hint = "such as utf-8, utf-16, cp1252, iso-8859-15 or shift_jis"
        raise BadInput(f"there is no encoding {shown(name)}", hint) from None


class TextLines:
    """The lines of a file as text.

    found: the encoding that was read, if it was not given and is not UTF-8; else empty. Known when
    the lines have been read up to where it shows.
    """

    def __init__(
        self,
        stream: IO[bytes],
        name: str,
        encoding: str | None = None,
        advance: Callable[[int], None] = lambda count: None,
    ) -> None:
        """encoding: None, to find it. advance: told the bytes read."""
        self.found = ""
        self._stream = stream
        self._name = name
        self._given = None if encoding is None else known_encoding(encoding)
        self._advance = advance
        self._is_beyond_ascii = False

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Yield (number, text). Raises: NoText, BadInput."""
        if self._given is not None and self._given not in _UTF_8:
            yield from self._pieces(b"", self._given)
            return
        for number, line in byte_lines(self._stream, self._name, self._advance):
            if number == 1 and self._given is None and (seems := wide(line)):
                self.found = seems
                yield from self._pieces(line, seems)
                return
            yield number, self._text(number, line)

    def _text(self, number: int, line: bytes) -> str:
        if self.found:
            return self._decoded(number, line, self.found)
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            seems = narrow(line)
            if self._given is None and not self._is_beyond_ascii and seems:
                self.found = "cp1252"
                return self._decoded(number, line, self.found)
            raise NoText(number, "UTF-8", error.start + 1, seems) from None
        self._is_beyond_ascii = self._is_beyond_ascii or not line.isascii()
        return text

    def _decoded(self, number: int, line: bytes, encoding: str) -> str:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as error:
            raise NoText(number, encoding, error.start + 1) from None

    def _pieces(self, first: bytes, encoding: str) -> Iterator[tuple[int, str]]:
        """Yield the lines of a file in which a line break may have several bytes."""
        decoder = codecs.getincrementaldecoder(encoding)()
        number, rest = 1, ""
        piece = first or self._read()
        while True:
            try:
                rest += decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                before = piece[: error.start]
                byte = error.start - before.rfind(b"\n")
                raise NoText(number + before.count(b"\n"), encoding, byte) from None
            rest = rest.removeprefix("\ufeff") if number == 1 else rest
            *lines, rest = rest.split("\n")
            for line in lines:
                yield number, f"{line}\n"
                number += 1
            if len(rest) > LONGEST_LINE:
                raise _too_long(self._name, number)
            if not piece:
                break
            piece = self._read()
        if rest:
            yield number, rest

    def _read(self) -> bytes:
        piece = self._stream.read(_PIECE)
        self._advance(len(piece))
        return piece


def _too_long(name: str, number: int) -> BadInput:
    return BadInput(f"{name}:{number}: the line is longer than {LONGEST_LINE:,} bytes")
