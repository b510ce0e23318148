"""How a ledger calls parties, and which new names could pass for those of others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from dealledger.events import Party
from dealledger.events.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from dealledger.ledger import Appended, Ledger

_MOST_SAID: Final = 20


def recorded_names(ledger: Ledger, typed: Collection[str] | None = None) -> Names:
    """Return how parties are called by all that a ledger has recorded.

    typed: the only words that matter; if they are slugs, the names of others are not read.
    """
    from dealledger.projections.parties import names_of

    view = ledger.at(date.max)
    records = [record for word in typed or () for record in view.events("party", party=word)]
    known = Names.of(record.event for record in records if isinstance(record.event, Party))
    return names_of(view) if typed is None or set(typed) - known.described.keys() else known


def doubts(ledger: Ledger, new: Iterable[Appended], *, registered: bool) -> Iterator[str]:
    """Yield why the names of new parties could pass for others', one line each.

    registered: parties that were not known were made known, so a slug may be a slip of another.
    """
    events = [each.event for each in new]
    parties = [each for each in events if isinstance(each, Party)]
    for party in parties:
        yield from (f"{doubt} ({party.id})" for doubt in party.doubts())
    names = recorded_names(ledger)
    for party in parties:
        names.add(party)  # of a dry run; recorded again, it changes nothing
    slugs = dict.fromkeys(party.party for party in parties)
    said = [f"{clash} ({clash.event})" for clash in names.clashes(slugs)]
    said += [
        f"the new party {slug} is close to {' and '.join(others)}: is it another one?"
        for slug, others in (names.close(slugs) if registered else ())
    ]
    yield from said[:_MOST_SAID]
    if len(said) > _MOST_SAID:
        yield f"{len(said) - _MOST_SAID:,} more names are like others: deals doctor"
