"""Parties as people type them: by slug, else by a name, an alias or a ticker of that date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from dealledger.events import KINDS, BadInput, Bearer, Party
from dealledger.events.base import PARTY
from dealledger.events.dates import parse_day
from dealledger.events.errors import closest
from dealledger.events.names import Names
from dealledger.events.text import SLUG, shown, slug_of
from dealledger.events.typed import anatomies


def party_words(said: Mapping[str, Any]) -> set[str]:
    """Return the words for parties in the JSON of an event that somebody typed."""
    words: list[str] = []

    def note(_name: str, word: str) -> str:
        words.append(word)
        return word

    each_party(said, note)
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

    return each_party(said, slug)


def each_party(said: Mapping[str, Any], change: Callable[[str, str], str]) -> dict[str, Any]:
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
    slug = slug_of(typed)
    raise BadInput(
        f"unknown party {shown(typed)}",
        hint or f"a new one needs a slug{f', such as {slug}' if slug else ''}, and --register",
    )


def _day(said: Mapping[str, Any]) -> date:
    """Return the date of an event; a wrong one is said when the event is read."""
    try:
        return parse_day(said.get("effective_on"))
    except BadInput:
        return date.max
