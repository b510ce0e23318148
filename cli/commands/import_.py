"""deals import FILE...: JSONL or CSV in, all or nothing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.appending import Appending, appending_options, counted, say_dry_run
from dealledger.cli.output import write

if TYPE_CHECKING:
    from dealledger.ledger import Appended, Draft

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
    counts, last = Counter[bool](), 0

    def tell(each: Appended) -> None:
        nonlocal last
        counts[each.is_new] += 1
        last = max(last, each.position)

    with _progress(files) as advance:
        drafts = _drafts(files, as_csv, kind, advance)
        if appending.dry_run:
            say_dry_run(appending(drafts))
            return
        appending.load(drafts, tell)
    said = f"{counted(counts[True], 'event')} recorded, {counts[False]:,} known already"
    write(f"{said}; the last is @{last}", None)


def _drafts(
    files: tuple[str, ...], as_csv: bool, kind: str | None, advance: Callable[[int], None]
) -> Iterator[Draft]:
    from dealledger.cli.reading import Reader, opened

    reader = Reader(kind, advance)
    tables = [as_csv or kind is not None or name.lower().endswith(".csv") for name in files]
    if _bytes(files) > _LONG_BYTES and not any(tables) and "-" not in files:
        from dealledger.cli.reading_apart import read_apart

        yield from read_apart(files, advance)
        return
    for name, is_csv in zip(files, tables, strict=True):
        with opened(name) as stream:
            shown = "stdin" if name == "-" else name
            yield from reader.csv(stream, shown) if is_csv else reader.jsonl(stream, shown)


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
    from dealledger.cli.progress import bar

    with bar("importing", total) as advance:
        yield advance
