"""deals import FILE...: JSONL and tables in, all or nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dealledger.cli.appending import Appending, appending_options
from dealledger.cli.dialects import dialect_options
from dealledger.cli.evidence import PATH

if TYPE_CHECKING:
    from dealledger.ledger.append.dialect import Dialect


FORMS: Final = ("jsonl", "csv", "workbook", "ocf", "bods", "ftm", "beancount")


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--csv", "as_csv", is_flag=True, help="Read CSV also without .csv or .tsv at the end."
)
@click.option(
    "--kind", metavar="KIND", help="The kind of all rows of tables, if there is no such column."
)
@click.option(
    "--from", "form", type=click.Choice(FORMS), help="What the files hold. Default: by their names."
)
@click.option("--map", "map_file", type=PATH, metavar="FILE",
              help="Read tables by this map: which column is which field.")  # fmt: skip
@dialect_options
@click.option("--correct", "reason", metavar="REASON",
              help="Correct what is recorded under the same id, but otherwise.")  # fmt: skip
@click.option("--all-errors", is_flag=True, help="Name every problem, not only the first ones.")
@appending_options
def command(
    files: tuple[str, ...],
    as_csv: bool,
    kind: str | None,
    form: str | None,
    map_file: Path | None,
    dialect: Callable[[], Dialect],
    reason: str | None,
    all_errors: bool,
    appending: Appending,
) -> None:
    """Append the events of files: JSONL, CSV or .xlsx, also .gz. All of them, or none.

    - is stdin. Lines that are recorded already are skipped, so importing a file twice is safe. If
    any line is bad, the bad lines are named and nothing is recorded. How tables are written is
    found (and said, if it is unusual): separators, UTF-8, UTF-16 or cp1252, a decimal comma.

    Also read are cap tables in the Open Cap Format (a folder, .ocf.zip), statements of BODS 0.4
    (.json), entities of FollowTheMoney (.ftm, .ijson) and Beancount journals (.beancount). What has
    no place in a ledger is counted by its type.

    The first row of a table names the fields, as docs/events.md has them:

    \b
      kind,effective_on,payer,payee,amount,note
      payment,2024-12-31,microsoft,coreweave,$1.19B,"year, as reported"

    \b
    Examples:
      deals import deals.jsonl
      deals import payments.csv --kind payment --register
      deals import deals.xlsx --sheet Rounds --dry-run
      deals import rounds.csv --map rounds.toml --register
      deals import captable.ocf.zip --register
      deals import rounds.csv --map rounds.toml --correct "the file was corrected"
      deals export | deals --ledger copy.db import -
    """
    from dealledger.cli.importing import Import, capped
    from dealledger.ledger.append.reading import Order

    order = Order(
        _different(files),
        kind,
        as_csv or kind is not None or map_file is not None,
        dialect(),
        map=None if map_file is None else os.fspath(map_file),
        register=appending.register,
        form_said=form,
    )
    with _progress(files) as advance, capped(all_errors=all_errors):
        Import(order, advance).run(appending, reason)


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


@contextmanager
def _progress(files: tuple[str, ...]) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal while a long file is read."""
    from dealledger.cli.importing import LONG_BYTES, size_of

    total = size_of(files)
    if total < LONG_BYTES or not sys.stderr.isatty():
        yield lambda count: None
        return
    from dealledger.cli.terminal.progress import bar

    with bar("importing", total) as advance:
        yield advance
