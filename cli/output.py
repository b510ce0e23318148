"""The only writer to stdout and to files that users name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from dealledger.cli.report import Report, Style


def emit(report: Report, style: Style) -> None:
    """Print or write *report* in the format of *style*."""
    from dealledger.cli.formats import formatted

    write(formatted(report, style), style.file)


def write(text: str | bytes, file: Path | None) -> None:
    """Write to stdout, or to a file that is replaced only when all is written.

    Raises: Unwritable.
    """
    if file is None:
        _to_stdout(text)
        return
    import tempfile

    data = text.encode("utf-8") if isinstance(text, str) else text
    try:
        target = Path(os.path.realpath(file)) if file.is_symlink() else file
        if target.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink()
            raise
    except OSError as error:
        from dealledger.ledger import Unwritable

        raise Unwritable(f"{file} cannot be written: {error.strerror}") from None


def _to_stdout(text: str | bytes) -> None:
    if isinstance(text, bytes):
        sys.stdout.buffer.write(text)
        return
    encoding = sys.stdout.encoding or "utf-8"
    safe = text.encode(encoding, "replace").decode(encoding)
    click.echo(safe, nl=not safe.endswith("\n"))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
