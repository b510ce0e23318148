"""Reading long files in a process of its own, so that two cores share the work of an import.

The other process reads, checks and encodes the lines; this one decides and writes. The pipe
between them carries plain numbers, texts, bytes and tuples, and the other one ends with it.
"""

from __future__ import annotations

import gc
import marshal
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

from dealledger.events import BadInput, DealLedgerError, EncodedEvent, Problem, Refused
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.import_summary import ImportSummary

if TYPE_CHECKING:
    from dealledger.ledger.append.reading import Order

_CHUNK: Final = 250
_LENGTH_BYTES: Final = 4
_AHEAD_BYTES: Final = 1 << 20
"""How far reading may be ahead of writing; a usual pipe would hold a tenth of a chunk."""

_LINES, _REFUSED, _PROBLEMS, _END = "lines", "refused", "problems", "end"


def read_apart(
    order: Order, advance: Callable[[int], None], account: ImportSummary | None = None
) -> Iterator[Draft]:
    """Yield the drafts of files, as `reading.read` does. advance: told the bytes read.

    account: takes in what is to be said. Raises: BadInput and Refused, as `read`; DealLedgerError,
    if the other process stopped.
    """
    command = [sys.executable, _isolation(), "-c", _started(sys.path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, pipesize=_AHEAD_BYTES) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            with suppress(BrokenPipeError), process.stdin as orders:
                orders.write(marshal.dumps(order.plain()))
            yield from _received(process.stdout, advance, account or ImportSummary())
        finally:
            process.kill()


def _isolation() -> str:
    """Return the option of Python that keeps the other process from the current folder.

    With -m or -c alone it stands first on the path, and a csv.py in it would run. Not more isolated
    than this process: a package of the user's own site would not be found.
    """
    return "-I" if sys.flags.isolated else "-P"


def _started(path: Sequence[str]) -> str:
    """Return the code that starts the other process on the path of this one.

    An empty part of it means the current folder, whatever that is by then.
    """
    places = [place for place in path if place]
    return f"import sys; sys.path[:] = {places!a}; from {__name__} import main; main()"


def _received(
    pipe: IO[bytes], advance: Callable[[int], None], account: ImportSummary
) -> Iterator[Draft]:
    while True:
        try:
            length = int.from_bytes(pipe.read(_LENGTH_BYTES), "big")
            what, said = marshal.loads(pipe.read(length))  # noqa: S302  our own process wrote it
        except (EOFError, ValueError, TypeError):
            raise DealLedgerError(
                "reading stopped half-way", "nothing was recorded; try again"
            ) from None
        if what == _END:
            account.take(said)
            return
        if what == _REFUSED:
            raise BadInput(*said)
        if what == _PROBLEMS:
            raise Refused(Problem(*each) for each in said)
        count, drafts = said
        advance(count)
        for where, fields, problems, claims, unit in drafts:
            event = None if fields is None else EncodedEvent(*fields)
            found = tuple(Problem(*each) for each in problems)
            yield Draft(event, where, found, frozenset(claims), unit)


def _send(order: Order, pipe: IO[bytes]) -> None:
    """Write what the files hold, in chunks."""
    from dealledger.ledger.append.reading import read

    count = 0

    def advance(more: int) -> None:
        nonlocal count
        count += more

    account = ImportSummary()
    try:
        drafts = map(_plain, read(order, advance, account))
        while chunk := list(islice(drafts, _CHUNK)):
            _write(pipe, (_LINES, (count, chunk)))
            count = 0
    except BadInput as error:
        _write(pipe, (_REFUSED, (error.message, error.hint)))
    except Refused as error:
        _write(pipe, (_PROBLEMS, tuple(astuple(each) for each in error.problems)))
    else:
        _write(pipe, (_END, account.plain()))
    pipe.flush()


def _write(pipe: IO[bytes], said: tuple[str, Any]) -> None:
    """Write one message, with its length in front: to read it piece by piece takes long."""
    data = marshal.dumps(said)
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)


def _plain(draft: Draft) -> tuple[Any, ...]:
    event = draft.event
    problems = tuple(astuple(each) for each in draft.problems)
    fields = event.fields() if isinstance(event, EncodedEvent) else None
    return draft.where, fields, problems, tuple(draft.claims), draft.unit


def main() -> None:
    """Send what the files hold to the process that started this one."""
    gc.disable()  # events are trees: no circle is ever left, and looking for some takes a third
    try:
        # Only now: it loads much, and what fails for want of memory is said by who listens.
        from dealledger.ledger.append.reading import Order

        _send(Order.of(marshal.loads(sys.stdin.buffer.read())), sys.stdout.buffer)  # noqa: S302
    except (BrokenPipeError, EOFError, KeyboardInterrupt, MemoryError):
        os._exit(1)  # nothing is left to be flushed, and that it stopped is said by who listens
