"""deals merge OTHER: what another ledger tells, in this one; no party or fact twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.appending import Appending, appending_options
from dealledger.cli.evidence import PATH
from dealledger.cli.params import open_ledger

if TYPE_CHECKING:
    from dealledger.events import Problem
    from dealledger.projections.merging import Merge


@click.command("merge")
@click.argument("other", metavar="OTHER")
@click.option("--parties", "file", type=PATH, metavar="FILE",
              help="Who is who: CSV with the columns theirs,ours.")  # fmt: skip
@click.option("--likely", type=click.Choice(["keep", "leave"]),
              help="Facts that are likely told here: keep both or leave theirs.")  # fmt: skip
@appending_options
def command(other: str, file: Path | None, likely: str | None, appending: Appending) -> None:
    """Append what another ledger tells and this one does not.

    Parties are matched by slug and name. Facts that both tell are told once, whoever recorded
    them; what is likely one fact is listed, and nothing is written before a person decides. Each
    event that comes in keeps in its note where it stands in the other ledger, and its hash there.

    \b
    Example:
      deals merge colleague.db --dry-run
      deals merge colleague.db --parties who-is-who.csv --likely leave
    """
    from dealledger.cli.importing import capped
    from dealledger.cli.terminal.output import complain
    from dealledger.events import Refused

    found = _merge(other, file, leave_likely=likely == "leave")
    problems = list(found.problems)
    if likely is None:
        problems += _doubts(found)
    if problems:
        with capped(all_errors=False):
            raise Refused(problems)
    known = len(found.parties) - len(found.new_parties)
    complain(f"deals: {known:,} of {len(found.parties):,} parties and {len(found.told):,} events "
             "of theirs are told here already")  # fmt: skip
    for theirs, ours in found.parties.items():
        if theirs != ours:
            complain(f"deals: {theirs} there is {ours} here")
    from dealledger.cli.importing import say_what_became

    say_what_became(found.events, appending)


def _merge(other: str, file: Path | None, *, leave_likely: bool) -> Merge:
    from datetime import date

    from dealledger.ledger import Ledger
    from dealledger.ledger.named_files import read_bytes
    from dealledger.projections.merging import merge, parse_parties

    given = {}
    if file is not None:
        text = read_bytes(file, 1_000_000).decode("utf-8-sig", "replace")
        given = parse_parties(text, str(file))
    with open_ledger() as ledger, Ledger.open(other) as second:
        ours, theirs = ledger.at(date.max), second.at(date.max)
        every = [*ours.events(), *ours.events(retracted=True), *ours.events("retraction")]
        taken = {record.id for record in every}
        return merge(ours, theirs, given, taken=taken, leave_likely=leave_likely)


def _doubts(found: Merge) -> list[Problem]:
    from dealledger.events import Problem

    hint = "--likely leave: ours is enough; --likely keep: they are two"
    return [
        Problem(f"{each.second} there is likely {each.first} here: {', '.join(each.why)}", hint)
        for each in found.likely
    ]
