"""Files that users name, read whole up to a length."""

from __future__ import annotations

from pathlib import Path


def read_bytes(file: Path, longest: int) -> bytes:
    """Return the content of a file.

    Raises: BadInput, if it cannot be read or has more than *longest* bytes.
    """
    from dealledger.events import BadInput

    try:
        with file.open("rb") as stream:
            data = stream.read(longest + 1)
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None
    if len(data) > longest:
        raise BadInput(f"{file} is longer than {longest:,} bytes", "is it the right file?")
    return data
