"""deals log: the events, filtered."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.appending import counted
from dealledger.cli.output import write
from dealledger.cli.params import DAY, PARTY, Query, open_ledger, query_options
from dealledger.cli.report import Column, Report

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import Record, View

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
@click.option(
    "--all", "everything", is_flag=True, help="In the order of the record, retractions and all."
)
@click.option("--follow", is_flag=True, help="Go on with what is recorded from now on.")
@query_options
def command(
    query: Query, party: str | None, limit: int | None, everything: bool, follow: bool,
    **options: Any,
) -> None:  # fmt: skip
    """List events by their dates, of everybody or of one party.

    \b
    Examples:
      deals log openai --since 2025-09-01
      deals log --deal openai-round-2025 -f json
      deals log --recorded-since @300 --backdated 30d
    """
    from dealledger.cli.filters import chosen
    from dealledger.projections.parties import find_party

    _check_kinds(options["kinds"])
    with query.view() as view:
        slug = find_party(view, party) if party else None
        tests = chosen(party=slug, **options)
        found = _all(view) if everything else view.events(*options["kinds"], party=slug)
        records = [record for record in found if all(test(record) for test in tests)]
        query.answer(report(records[-limit:] if limit else records), view)
    if follow:
        _follow(view.known_at, tests)


def _all(view: View) -> list[Record]:
    with open_ledger() as ledger:
        return [r for r in ledger.read(limit=view.known_at) if r.effective_on <= view.as_of]


def _follow(position: int, tests: list[Callable[[Record], bool]]) -> None:
    """Print one line for each new record, until interrupted."""
    from dealledger.cli.wording import sentence
    from dealledger.events.text import visible

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


def report(records: list[Record]) -> Report:
    """Return the answer: in JSON and CSV each event with all its own fields."""
    from dealledger.cli.wording import sentence
    from dealledger.events.dates import instant_text

    columns = [
        Column("position", "@", lambda r: r.position),
        Column("id", "Id", lambda r: r.id),
        Column("kind", "Kind", lambda r: r.event.kind, rank=2),
        Column("deal", "Deal", lambda r: r.event.deal, wide=True),
        Column("effective_on", "Effective", lambda r: r.event.effective_on),
        Column("recorded_at", "Recorded", lambda r: instant_text(r.recorded_at), wide=True),
        Column("what", "What", lambda r: sentence(r.event), narrow=True),
        Column("confidence", "Confidence", lambda r: r.event.confidence, rank=3),
    ]
    return Report(
        "Events", columns, records, notes=[counted(len(records), "event")], own_fields=_own_fields
    )


def _own_fields(record: Record) -> dict[str, Json | None]:
    from dealledger.events import to_json

    return dict(to_json(record.event))


def _check_kinds(kinds: tuple[str, ...]) -> None:
    from dealledger.events import KINDS, BadInput
    from dealledger.events.errors import closest

    for kind in kinds:
        if kind not in KINDS:
            raise BadInput(f"unknown kind '{kind}'", closest(kind, KINDS) or ", ".join(KINDS))
