"""Turn DOT text into a picture: with the `dot` program where there is one, else within the process.

The text is drawn as it comes; all that is done here is to run Graphviz safely (a limit of time and
of size, nothing of its noise on the terminal, no date in the file) and to hand SVG on to `svg`,
which makes it fit for browsers. Pictures are the same bytes each time they are drawn.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Final, Literal

from dealledger.events import DealLedgerError
from dealledger.events.text import visible
from dealledger.projections.diagram.svg import finished

Form = Literal["svg", "png", "pdf", "dot"]

TIMEOUT_SECONDS: Final = 60
LARGEST_DOT_BYTES: Final = 8_000_000
PNG_DOTS_PER_INCH: Final = "110"
_DATE: Final = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)[0-9]{14}")
"""Of a PDF; replaced by one of the same length, as the file counts its bytes."""


def render(dot: str, form: Form, *, title: str, description: str) -> bytes:
    """Return the picture of *dot*. title, description: what an SVG says to those who cannot see it.

    Raises: DealLedgerError, if there is no Graphviz, or it fails, or takes too long.
    """
    if form == "dot":
        return dot.encode()
    picture = raw(dot, form)
    if form == "svg":
        return finished(picture, title=title, description=description)
    return _DATE.sub(rb"\g<1>19700101000000", picture) if form == "pdf" else picture


def raw(dot: str, form: Form = "svg") -> bytes:
    """Return the picture of *dot* as Graphviz draws it.

    Raises: DealLedgerError, as `render`.
    """
    source = dot.encode()
    if len(source) > LARGEST_DOT_BYTES:
        raise DealLedgerError(
            "the diagram is too large to draw", "choose less of it, such as --focus PARTY"
        )
    program = shutil.which("dot")
    return _by_program(program, source, form) if program else _in_process(dot, form)


def _by_program(program: str, source: bytes, form: Form) -> bytes:
    """Draw with the program at the path *program*."""
    command = [program, f"-T{form}"]
    if form == "png":
        command.append(f"-Gdpi={PNG_DOTS_PER_INCH}")
    try:
        done = subprocess.run(
            command,
            input=source,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DealLedgerError(
            f"dot took more than {TIMEOUT_SECONDS} seconds", "choose less, such as --focus PARTY"
        ) from None
    except OSError as error:
        raise DealLedgerError(f"dot cannot be run: {error.strerror}") from None
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise DealLedgerError(f"dot failed: {visible(said[0])[:200] if said else 'no picture'}")
    return done.stdout


def _in_process(dot: str, form: Form) -> bytes:
    """Draw with the libraries that come with pygraphviz."""
    try:
        # Imported here: loading it takes longer than most commands, and few draw.
        import pygraphviz
    except ImportError:
        raise DealLedgerError(
            "there is no Graphviz to draw with", "pip install pygraphviz, or install Graphviz"
        ) from None
    with _quiet():
        try:
            graph = pygraphviz.AGraph(string=dot)
            arguments = f"-Gdpi={PNG_DOTS_PER_INCH}" if form == "png" else ""
            picture = graph.draw(format=form, prog="dot", args=arguments)
        except (ValueError, OSError) as error:
            raise DealLedgerError(f"Graphviz failed: {visible(str(error))[:200]}") from None
    return bytes(picture)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the C libraries say off the terminal: remarks on fonts, past sys.stderr."""
    sys.stderr.flush()
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
