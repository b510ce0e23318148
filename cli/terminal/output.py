"""The only writer to stdout, to stderr, and (see `files`) to files that users name."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dealledger.cli.terminal.formats import Style
    from dealledger.projections.answers.report import Report


def emit(report: Report, style: Style) -> None:
    """Print or write *report* in the format of *style*.

    Who reads only its beginning changes nothing: a check that failed ends with its own code.
    """
    from dealledger.cli.terminal.formats import check_place, written

    check_place(style, is_terminal=sys.stdout is not None and sys.stdout.isatty())
    try:
        write(written(report, style), style.file)
    except BrokenPipeError:
        give_up_stdout()


def tell(text: str) -> None:
    """Print what is done for good; should stdout not take it, it is said on stderr."""
    from dealledger.cli.terminal.recorded import done

    done(text)
    _to_stdout(text)


def write(text: str | bytes | Iterable[str], file: Path | None) -> None:
    """Write to stdout, or to a file, which is replaced only when all is written; see `files`.

    Raises: BadInput, Unwritable.
    """
    if file is None:
        for part in (text,) if isinstance(text, str | bytes) else text:
            _to_stdout(part)
        return
    from dealledger.cli.terminal.output_files import put

    parts = (text,) if isinstance(text, str | bytes) else text
    put((each if isinstance(each, bytes) else _bytes(each) for each in parts), file)


def complain(text: str) -> None:
    """Print lines on stderr; that nobody takes them there changes nothing else."""
    with suppress(OSError):
        click.echo(text, err=True)


def give_up_stdout() -> None:
    """Send what is still printed nowhere, since nobody reads it; Python would complain at its end.

    A stream that is no file, as tests have, is left as it is.
    """
    if sys.stdout is None:
        return
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bytes(text: str) -> bytes:
    """Return UTF-8. What is not text, such as a byte of a file's name, is spelled as in JSON."""
    return text.encode("utf-8", "backslashreplace")


def _to_stdout(text: str | bytes) -> None:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "stdout is closed")
    if isinstance(text, bytes):
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
        return
    encoding = sys.stdout.encoding or "utf-8"
    safe = text.encode(encoding, "replace").decode(encoding)
    click.echo(safe, nl=not safe.endswith("\n"))
