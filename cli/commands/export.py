"""deals export: the record as JSONL."""

from __future__ import annotations

from pathlib import Path

import click

from dealledger.cli.params import open_ledger
from dealledger.cli.terminal.output import write


@click.command("export")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE."
)
@click.option("--known-at", metavar="WHEN", help="Only what was recorded by then.")
def command(output: Path | None, known_at: str | None) -> None:
    """Write every event as one line of JSON, in the order of the record.

    Retractions and what they retract are included; an import of the file gives the same events.

    \b
    Example:
      deals export -o deals.jsonl
    """
    import json
    from datetime import date

    from dealledger.events import to_json

    with open_ledger() as ledger:
        end = ledger.at(date.max, known_at).known_at
        lines = (
            json.dumps(to_json(record.event), ensure_ascii=False) + "\n"
            for record in ledger.read(limit=end)
        )
        write(lines, output)
