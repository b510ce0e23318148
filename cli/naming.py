"""Parties as people type them: by slug, else by a name, an alias or a ticker of that date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from dealledger.cli.fields import anatomies
from dealledger.events import KINDS, BadInput, Bearer, Party
from dealledger.events.base import PARTY
from dealledger.events.dates import parse_day
from dealledger.events.errors import closest
from dealledger.events.names import Names
from dealledger.events.text import SLUG, shown
from dealledger.ledger import Appended, Ledger

_MOST_SAID: Final = 20
_NO_SLUG: Final = re.compile("[^a-z0-9]+")


def recorded_names(ledger: Ledger, typed: Collection[str] | None = None) -> Names:
    """Return how parties are called by all that a ledger has recorded.

    typed: the only words that matter; if they are slugs, the names of others are not read.
    """
    from dealledger.projections.parties import names_of

    view = ledger.at(date.max)
    records = [record for word in typed or () for record in view.events("party", party=word)]
    known = Names.of(record.event for record in records if isinstance(record.event, Party))
    return names_of(view) if typed is None or set(typed) - known.described.keys() else known


def party_words(said: Mapping[str, Any]) -> set[str]:
    """Return the words for parties in the JSON of an event that somebody typed."""
    words: list[str] = []

    def note(_name: str, word: str) -> str:
        words.append(word)
        return word

    _each_party(said, note)
    return set(words)


def with_slugs(said: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return the JSON of an event that somebody typed, with slugs for what parties are called.

    A slug that is not known stays, for the ledger to register or to refuse.
    Raises: BadInput, naming the field, for a word that may mean several parties, or none.
    """
    day = _day(said)

    def slug(name: str, word: str) -> str:
        try:
            return _slug(word, names, day)
        except BadInput as error:
            raise BadInput(f"{name}: {error.message}", error.hint) from None

    return _each_party(said, slug)


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


def _each_party(said: Mapping[str, Any], change: Callable[[str, str], str]) -> dict[str, Any]:
    """Return *said* with every word for a party changed; a party's own description has none."""
    found, kind = dict(said), said["kind"]
    if KINDS[kind] is Party:
        return found
    fields = anatomies(kind)
    for name, value in said.items():
        field = fields.get(name)
        if field is None:
            continue
        if field.base is Bearer:
            found[name] = [{**each, "party": change(name, each["party"])} for each in value]
        elif PARTY in field.marks and field.many:
            found[name] = [change(name, each) for each in value]
        elif PARTY in field.marks:
            found[name] = change(name, value)
    return found


def _slug(typed: str, names: Names, day: date) -> str:
    if names.meant(typed, day):
        return names.find(typed, day)
    if SLUG.fullmatch(typed):
        return typed
    hint = closest(typed, names.called)
    plain = unicodedata.normalize("NFKD", typed.casefold()).encode("ascii", "ignore").decode()
    slug = _NO_SLUG.sub("-", plain).strip("-")
    raise BadInput(
        f"unknown party {shown(typed)}",
        hint or f"a new one needs a slug{f', such as {slug[:63]}' if slug else ''}, and --register",
    )


def _day(said: Mapping[str, Any]) -> date:
    """Return the date of an event; a wrong one is said when the event is read."""
    try:
        return parse_day(said.get("effective_on"))
    except BadInput:
        return date.max
