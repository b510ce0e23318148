"""deals log: the events, filtered."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.params import DAY, PARTY, Query, open_ledger, query_options
from dealledger.cli.terminal.output import write

if TYPE_CHECKING:
    from dealledger.projections.answers.log import Test

FOLLOW_SECONDS: Final = 1


@click.command("log")
@click.argument("party", required=False, type=PARTY)
@click.option("--deal", metavar="SLUG", help="Only events of this deal.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind; repeatable.")
@click.option("--since", type=DAY, metavar="DATE", help="In effect on this day or later.")
@click.option("--until", type=DAY, metavar="DATE", help="In effect on this day or before.")
@click.option("--grep", "text", metavar="TEXT", help="Only events that hold this text.")
@click.option("--limit", "-n", type=click.IntRange(min=1), metavar="N", help="Only the last N.")
@click.option(
    "--recorded-since",
    "recorded",
    metavar="WHEN",
    help="Recorded on this day or later (UTC), or behind a position: @120.",
)
@click.option(
    "--backdated",
    "lag",
    metavar="DAYS",
    help="Recorded so long after it took effect, or longer: 30d.",
)
@click.option("--actor", metavar="NAME", help="Only what was recorded by NAME.")
@click.option(
    "--record",
    "with_record",
    is_flag=True,
    help="Show when each was recorded, how many days after it took effect, and by whom; as --all, "
    "--actor, --backdated and --recorded-since do.",
)
@click.option(
    "--all", "everything", is_flag=True, help="In the order of the record, retractions and all."
)
@click.option("--follow", is_flag=True, help="Go on with what is recorded from now on.")
@query_options
def command(
    query: Query, party: str | None, limit: int | None, everything: bool, follow: bool,
    with_record: bool, **options: Any,
) -> None:  # fmt: skip
    """List events by their dates, of everybody or of one party.

    \b
    Examples:
      deals log openai --since 2025-09-01
      deals log --deal openai-round-2025 -f json
      deals log --recorded-since @300 --backdated 30d
      deals log openai --record --since 2026-01-01
    """
    if follow and query.footing:
        raise click.UsageError("--follow shows what is recorded: leave out --verified and --assume")
    with query.view() as view:
        from dealledger.projections.answers.log import EventsWanted, answer
        from dealledger.projections.parties import find_party

        wanted = EventsWanted(**options)
        report = answer(
            view, wanted, party, limit=limit, with_record=with_record, everything=everything,
            opened=query.opened,
        )  # fmt: skip
        query.answer(report, view)
        tests = wanted.tests(find_party(view, party) if party else None)
    if follow:
        _follow(view.known_at, tests)


def _follow(position: int, tests: list[Test]) -> None:
    """Print one line for each new record, until interrupted."""
    from dealledger.events.text import visible
    from dealledger.projections.answers.wording import sentence

    while True:
        time.sleep(FOLLOW_SECONDS)
        with open_ledger() as ledger:
            for record in ledger.read(after=position):
                position = record.position
                if all(test(record) for test in tests):
                    event = record.event
                    line = f"@{position} {event.effective_on} {record.id} {event.kind}: "
                    write(visible(line + sentence(event)), None)
                    sys.stdout.flush()
