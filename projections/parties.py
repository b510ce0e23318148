"""Who stands in the ledger: the latest description of each party, and how a name finds its slug."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from dealledger.events import Party
from dealledger.events.names import Names
from dealledger.ledger import View

OUTSIDE: Final = "outside"
"""The role of who stands for the outside world."""

GROUP: Final = "group"
"""The role of who stands for many parties in one."""


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party as described at the as-of date. since: when it entered the map."""

    party: str
    name: str
    roles: tuple[str, ...]
    ticker: str | None
    country: str | None
    aliases: tuple[str, ...]
    since: date
    events: tuple[str, ...]


def parties(view: View) -> tuple[PartyRow, ...]:
    """Return every party of the map, sorted by slug; a later description replaces an earlier."""
    found: dict[str, PartyRow] = {}
    for record in view.events("party"):
        event = record.event
        assert isinstance(event, Party)
        before = found.get(event.party)
        found[event.party] = PartyRow(
            event.party,
            event.name,
            event.roles,
            event.ticker,
            event.country,
            event.aliases,
            before.since if before else event.effective_on,
            (*(before.events if before else ()), record.id),
        )
    return tuple(found[slug] for slug in sorted(found))


def find_party(view: View, typed: str) -> str:
    """Return the slug that somebody means by a slug, a name, a ticker or an alias.

    Names count as they are at the as-of date, whenever they were announced, and as recorded up to
    known-at: so the same words mean the same later. Raises: BadInput, naming the candidates if
    there are several, the closest ones if there is none.
    """
    return names_of(view.with_unannounced()).find(typed, view.as_of)


def names_of(view: View) -> Names:
    """Return how parties are called, at all dates: one may be asked for before it is on the map."""
    records = view.at(date.max).events("party")
    return Names.of(record.event for record in records if isinstance(record.event, Party))


def names_at(view: View) -> dict[str, str]:
    """Return the name of each party at the as-of date, or its last one, if it came later."""
    moments = (view.at(date.max), view)
    return {row.party: row.name for moment in moments for row in parties(moment)}


def name_of(view: View, party: str) -> str:
    """Return the name of a party at the as-of date, or its slug, if it has none."""
    return names_at(view).get(party, party)
