"""deals log: the events, filtered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from dealledger.cli.appending import counted
from dealledger.cli.params import DAY, PARTY, Query, open_ledger, query_options
from dealledger.cli.report import Column, Report

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import Record, View


@dataclass(frozen=True, slots=True)
class _Filter:
    party: str | None
    deal: str | None
    kinds: tuple[str, ...]
    since: date | None
    until: date | None
    text: str | None

    def takes(self, record: Record) -> bool:
        event = record.event
        return (
            (self.party is None or self.party in event.parties())
            and (self.deal is None or self.deal == event.deal)
            and (not self.kinds or event.kind in self.kinds)
            and (self.since is None or event.effective_on >= self.since)
            and (self.until is None or event.effective_on <= self.until)
            and (self.text is None or self.text.casefold() in record.body.decode().casefold())
        )


@click.command("log")
@click.argument("party", required=False, type=PARTY)
@click.option("--deal", metavar="SLUG", help="Only events of this deal.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind; repeatable.")
@click.option("--since", type=DAY, metavar="DATE", help="In effect on this day or later.")
@click.option("--until", type=DAY, metavar="DATE", help="In effect on this day or before.")
@click.option("--grep", "text", metavar="TEXT", help="Only events that hold this text.")
@click.option("--limit", "-n", type=click.IntRange(min=1), metavar="N", help="Only the last N.")
@click.option("--all", "everything", is_flag=True,
              help="In the order of the record, retractions and all.")  # fmt: skip
@query_options
def command(
    query: Query, party: str | None, deal: str | None, kinds: tuple[str, ...], since: date | None,
    until: date | None, text: str | None, limit: int | None, everything: bool,
) -> None:  # fmt: skip
    """List events by their dates, of everybody or of one party.

    \b
    Examples:
      deals log openai --since 2025-09-01
      deals log --deal openai-round-2025 -f json
      deals log --kind payment --known-at @120
    """
    from dealledger.projections.parties import find_party

    _check_kinds(kinds)
    with query.view() as view:
        chosen = _Filter(
            find_party(view, party) if party else None, deal, kinds, since, until, text
        )
        records = [
            record for record in (_all(view) if everything else _standing(view, chosen))
            if chosen.takes(record)
        ]  # fmt: skip
        if limit is not None:
            records = records[-limit:]
        query.answer(report(records), view)


def _standing(view: View, chosen: _Filter) -> tuple[Record, ...]:
    return view.events(*chosen.kinds, party=chosen.party, deal=chosen.deal)


def _all(view: View) -> list[Record]:
    with open_ledger() as ledger:
        return [r for r in ledger.read(limit=view.known_at) if r.effective_on <= view.as_of]


def report(records: list[Record]) -> Report:
    """Return the answer: in JSON and CSV each event with all its own fields."""
    from dealledger.cli.wording import sentence
    from dealledger.events.dates import instant_text

    columns = [
        Column("position", "@", lambda r: r.position),
        Column("id", "Id", lambda r: r.id),
        Column("kind", "Kind", lambda r: r.event.kind),
        Column("deal", "Deal", lambda r: r.event.deal, wide=True),
        Column("effective_on", "Effective", lambda r: r.event.effective_on),
        Column("recorded_at", "Recorded", lambda r: instant_text(r.recorded_at), wide=True),
        Column("what", "What", lambda r: sentence(r.event), narrow=True),
        Column("confidence", "Confidence", lambda r: r.event.confidence),
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
