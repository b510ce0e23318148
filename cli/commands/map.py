"""deals map FILE: a first map of a table, with the reasons for each line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.dialects import dialect_options
from dealledger.cli.evidence import PATH

if TYPE_CHECKING:
    from dealledger.ledger.append.dialect import Dialect


@click.command("map")
@click.argument("file", type=PATH)
@dialect_options
@click.option("-o", "output", type=PATH, metavar="FILE", help="Write the map to a file.")
def command(file: Path, dialect: Callable[[], Dialect], output: Path | None) -> None:
    """Propose a map for a table, by which `import --map` reads it.

    It looks at the headings and at what the first rows hold: dates and in which form, amounts,
    units, several names in a cell, a round's total on the row of each investor. Each line says why
    it is there; what nothing uses stands at the end. A person decides; docs/importing.md has all
    that a map can say.

    \b
    Examples:
      deals map rounds.csv
      deals map rounds.xlsx --sheet 2024 -o rounds.toml
    """
    from dealledger.cli.terminal.output import complain, write
    from dealledger.ledger.maps.looking import look
    from dealledger.ledger.maps.proposing import propose

    said = dialect()
    write(propose(file.name, look(os.fspath(file), said), said), output)
    if output is not None:
        complain(f"look at {output}, then: deals import {file} --map {output} --register --dry-run")
