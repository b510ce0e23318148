"""deals log: the events, filtered."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.appending import counted
from dealledger.cli.params import DAY, PARTY, Query, open_ledger, query_options
from dealledger.cli.terminal.output import write
from dealledger.projections.answers.report import Column, Report

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import Record, View

FOLLOW_SECONDS: Final = 1
RECORD: Final = (
    Column("recorded", "Recorded", lambda r: _second(r), narrow=True),
    Column("late", "Days late", lambda r: _late(r), narrow=True, right=True, rank=4),
    Column("actor_said", "By", lambda r: r.event.actor or "", narrow=True, rank=2),
)


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
    from dealledger.projections.answers.filters import chosen, chosen_by_record
    from dealledger.projections.parties import find_party

    of_record = {name: options.pop(name) for name in ("recorded", "lag", "actor")}
    _check_kinds(options["kinds"])
    with query.view() as view:
        slug = find_party(view, party) if party else None
        tests = [*chosen(party=slug, **options), *chosen_by_record(**of_record)]
        found = _all(view) if everything else view.events(*options["kinds"], party=slug)
        records = [record for record in found if all(test(record) for test in tests)]
        asked = (with_record, everything, *of_record.values())
        shown = records[-limit:] if limit else records
        query.answer(report(shown, with_record=any(asked)), view)
    if follow:
        _follow(view.known_at, tests)


def _all(view: View) -> list[Record]:
    with open_ledger() as ledger:
        return [r for r in ledger.read(limit=view.known_at) if r.effective_on <= view.as_of]


def _follow(position: int, tests: list[Callable[[Record], bool]]) -> None:
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


def report(records: list[Record], *, with_record: bool = False) -> Report:
    """Return the answer: in JSON and CSV each event with all its own fields.

    with_record: also in tables when and by whom it was recorded.
    """
    from dealledger.events.dates import instant_text
    from dealledger.projections.answers.wording import sentence

    columns = [
        Column("position", "@", lambda r: r.position),
        Column("id", "Id", lambda r: r.id, rank=3),
        Column("kind", "Kind", lambda r: r.event.kind, rank=5),
        Column("deal", "Deal", lambda r: r.event.deal, wide=True),
        Column("effective_on", "Effective", lambda r: r.event.effective_on),
        Column("recorded_at", "Recorded", lambda r: instant_text(r.recorded_at), wide=True),
        *(RECORD if with_record else ()),
        Column("what", "What", lambda r: sentence(r.event), narrow=True),
        Column("confidence", "Confidence", lambda r: r.event.confidence, rank=6),
    ]
    return Report(
        "Events", columns, records, notes=[counted(len(records), "event")], own_fields=_own_fields
    )


def _second(record: Record) -> str:
    """Return the second of recording; JSON and CSV have the microsecond."""
    from dealledger.events.dates import instant_text

    return f"{instant_text(record.recorded_at)[:19]}Z"


def _late(record: Record) -> int:
    """Return how many days after it took effect it was recorded; below 0: before."""
    from dealledger.projections.answers.filters import recorded_on

    return (recorded_on(record) - record.effective_on).days


def _own_fields(record: Record) -> dict[str, Json | None]:
    from dealledger.events import to_json

    return dict(to_json(record.event))


def _check_kinds(kinds: tuple[str, ...]) -> None:
    from dealledger.events import KINDS, BadInput
    from dealledger.events.errors import closest

    for kind in kinds:
        if kind not in KINDS:
            raise BadInput(f"unknown kind '{kind}'", closest(kind, KINDS) or ", ".join(KINDS))
