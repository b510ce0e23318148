"""Files packed with gzip, unpacked as they are read, within bounds."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from typing import IO, Final

from dealledger.events import BadInput

MOST_TIMES: Final = 200
"""How many times its size a file may unpack to: text seldom does thirty."""
ALWAYS_FINE_BYTES: Final = 100_000_000


def unpacked_name(name: str) -> str:
    """Return the name of a file without the ending that says that it is packed."""
    return name[:-3] if name.lower().endswith(".gz") else name


class Unpacked(io.RawIOBase):
    """What a packed file holds; told the bytes of the packed file, and never much more than them.

    Reading raises BadInput, if it is damaged or unpacks to far more than its size.
    """

    def __init__(self, packed: IO[bytes], name: str, advance: Callable[[int], None]) -> None:
        """advance: told the bytes read of the packed file."""
        self._packed = packed
        self._name = name
        self._advance = advance
        self._plain = gzip.GzipFile(fileobj=packed)
        self._given = self._told = 0

    def readable(self) -> bool:
        """Tell that it is read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Unpack into a buffer; return the number of bytes."""
        try:
            piece = self._plain.read(len(buffer))
        except (OSError, EOFError, zlib.error):
            raise BadInput(f"{self._name} is not a whole gzip file", "pack it again") from None
        self._given += len(piece)
        taken = self._packed.tell()
        self._advance(taken - self._told)
        self._told = taken
        if self._given > max(ALWAYS_FINE_BYTES, taken * MOST_TIMES):
            said = f"{self._name} unpacks to more than {MOST_TIMES} times its size"
            raise BadInput(said, "if that is meant, unpack it with gunzip first")
        buffer[: len(piece)] = piece
        return len(piece)
