"""deals import FILE...: JSONL or CSV in, all or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.appending import Appending, appending_options, counts, say_dry_run
from dealledger.cli.params import open_ledger
from dealledger.cli.terminal.output import tell

if TYPE_CHECKING:
    from dealledger.events.names import Names
    from dealledger.ledger import Draft

_LONG_BYTES = 1_000_000


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--csv", "as_csv", is_flag=True, help="Read CSV also without .csv or .tsv at the end."
)
@click.option(
    "--kind", metavar="KIND", help="The kind of all CSV rows, if there is no such column."
)
@appending_options
def command(files: tuple[str, ...], as_csv: bool, kind: str | None, appending: Appending) -> None:
    """Append the events of JSONL or CSV files; - is stdin. All of them, or none.

    Lines that are recorded already are skipped, so importing a file twice is safe. If any line is
    bad, every bad line is named and nothing is recorded.

    The first row of CSV names the fields, as docs/events.md has them:

    \b
      kind,effective_on,payer,payee,amount,note
      payment,2024-12-31,microsoft,coreweave,$1.19B,"year, as reported"

    \b
    Examples:
      deals import deals.jsonl
      deals import payments.csv --kind payment --register
      deals export | deals --ledger copy.db import -
    """
    with _progress(files) as advance:
        events = _Files(files, as_csv, kind, advance)
        # What comes from a pipe comes once.
        source = iter(events) if "-" in files else events
        if appending.dry_run:
            say_dry_run(appending(source))
            return
        tally = appending.load(source)
    tell(counts(tally))


class _Files:
    """The events of the files; read again, if an append has to be tried again."""

    def __init__(
        self,
        names: tuple[str, ...],
        as_csv: bool,
        kind: str | None,
        advance: Callable[[int], None],
    ) -> None:
        self._names = names = _different(names)
        self._tables = {
            name: as_csv or kind is not None or name.lower().endswith((".csv", ".tsv"))
            for name in names
        }
        self._kind = kind
        self._advance = advance

    def __iter__(self) -> Iterator[Draft]:
        lines_only = "-" not in self._names and not any(self._tables.values())
        if lines_only and _bytes(self._names) > _LONG_BYTES:
            from dealledger.ledger.append.second_process import read_apart

            return read_apart(self._names, self._advance)
        return self._read_here()

    def _read_here(self) -> Iterator[Draft]:
        from dealledger.ledger.append.files import Reader, opened

        # Before anything is written: a reader might have to wait for the writer.
        names = _recorded_names() if any(self._tables.values()) else None
        reader = Reader(self._kind, self._advance, names)
        for name in self._names:
            with opened(name) as stream:
                shown = "stdin" if name == "-" else name
                read = reader.csv if self._tables[name] else reader.jsonl
                yield from read(stream, shown)


def _recorded_names() -> Names:
    from dealledger.projections.answers.naming import recorded_names

    with open_ledger() as ledger:
        return recorded_names(ledger)


def _different(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names without those of a file that was named already, however it was spelled."""
    found: dict[object, str] = {}
    for name in names:
        key: object = name
        with suppress(OSError, ValueError):
            about = Path(name).stat()
            key = name if name == "-" else (about.st_dev, about.st_ino)
        found.setdefault(key, name)
    return tuple(found.values())


def _bytes(files: tuple[str, ...]) -> int:
    total = 0
    for name in files:
        with suppress(OSError):
            total += Path(name).stat().st_size
    return total


@contextmanager
def _progress(files: tuple[str, ...]) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal while a long file is read."""
    total = _bytes(files)
    if total < _LONG_BYTES or not sys.stderr.isatty():
        yield lambda count: None
        return
    from dealledger.cli.terminal.progress import bar

    with bar("importing", total) as advance:
        yield advance
