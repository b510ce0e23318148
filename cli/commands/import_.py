"""deals import FILE...: JSONL or CSV in, all or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from dealledger.cli.appending import Appending, appending_options, counted, say_dry_run
from dealledger.cli.output import write

if TYPE_CHECKING:
    from dealledger.ledger import Draft

_LONG_BYTES = 1_000_000


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--csv", "as_csv", is_flag=True, help="Read CSV also where the name does not end so.")
@click.option(
    "--kind", metavar="KIND", help="The kind of all CSV rows, if there is no such column."
)
@appending_options
def command(files: tuple[str, ...], as_csv: bool, kind: str | None, appending: Appending) -> None:
    """Append the events of JSONL or CSV files; - is stdin. All of them, or none.

    Lines that are recorded already are skipped, so importing a file twice is safe. If any line is
    bad, every bad line is named and nothing is recorded.

    \b
    Examples:
      deals import deals.jsonl
      deals import payments.csv --kind payment --register
      deals export | deals --ledger copy.db import -
    """
    with _progress(files) as advance:
        events = _Files(files, as_csv, kind, advance)
        # What comes from a pipe comes once.
        appended = appending(iter(events) if "-" in files else events)
    if appending.dry_run:
        say_dry_run(appended)
        return
    new = sum(each.is_new for each in appended)
    known = len(appended) - new
    end = max((each.position for each in appended), default=0)
    write(f"{counted(new, 'event')} recorded, {known:,} known already; the last is @{end}", None)


class _Files:
    """The events of the files; read again, if an append has to be tried again."""

    def __init__(
        self,
        names: tuple[str, ...],
        as_csv: bool,
        kind: str | None,
        advance: Callable[[int], None],
    ) -> None:
        self._names = names
        self._as_csv = as_csv or kind is not None
        self._kind = kind
        self._advance = advance

    def __iter__(self) -> Iterator[Draft]:
        from dealledger.cli.reading import Reader

        reader = Reader(self._kind, self._advance)
        for name in self._names:
            with _opened(name) as stream:
                is_csv = self._as_csv or name.lower().endswith(".csv")
                shown = "stdin" if name == "-" else name
                yield from reader.csv(stream, shown) if is_csv else reader.jsonl(stream, shown)


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    from dealledger.events.errors import BadInput

    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as stream:
            yield stream
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}") from None


@contextmanager
def _progress(files: tuple[str, ...]) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal while a long file is read."""
    total = 0
    for name in files:
        with suppress(OSError):
            total += Path(name).stat().st_size
    if total < _LONG_BYTES or not sys.stderr.isatty():
        yield lambda count: None
        return
    from dealledger.cli.progress import bar

    with bar("importing", total) as advance:
        yield advance
