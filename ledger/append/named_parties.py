"""Whom names in files mean: parties that are known, or new ones that are made known by the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from dealledger.events import BadInput, Party, parse_event
from dealledger.events.errors import closest
from dealledger.events.names import Names
from dealledger.events.text import LONGEST_NAME, SLUG, lookup_key, shown, slug_of
from dealledger.ledger.append.import_summary import ImportSummary

_MOST_COMPARED: Final = 50
"""So many unknown names are compared with all known ones, for a hint."""


class Parties:
    """Finds the slug of a name; with register, makes one for who is not known."""

    def __init__(
        self,
        names: Names,
        account: ImportSummary,
        *,
        register: bool = False,
        given: Mapping[str, str] | None = None,
    ) -> None:
        """names: of the ledger; it learns new ones. given: slugs that a map says, by name.

        account: takes in the names that are no party.
        """
        self._names = names
        self._account = account
        self._register = register
        self._given = {lookup_key(name): slug for name, slug in (given or {}).items()}
        self._always: dict[str, str] = {}
        self._new: list[Party] = []
        self._hints: dict[str, str] = {}

    def slug(self, word: str, day: date) -> str:
        """Return the slug of whom *word* means on a day.

        Raises: BadInput, if that may be several parties, or is none and none is made.
        """
        known = self._always.get(word)
        return known if known is not None else self._found(word, day)

    def registrations(self) -> Iterator[Party]:
        """Return the parties that were made since this was asked last."""
        new, self._new = self._new, []
        return iter(new)

    def learn(self, party: Party) -> None:
        """Take in a description that a file brings."""
        self._names.add(party)
        self._always.clear()

    def _found(self, word: str, day: date) -> str:
        given = self._given.get(lookup_key(word))
        typed = word if given is None else given
        meant = self._names.meant(typed, day)
        if len(meant) > 1:
            raise BadInput(
                f"{shown(word)} may mean {' or '.join(meant)}", "say which one in [names] of a map"
            )
        slug = meant[0] if meant else self._made(word, typed, day)
        if len(self._names.called.get(lookup_key(typed), ())) <= 1:
            self._always[word] = slug  # whatever the day
        return slug

    def _made(self, word: str, typed: str, day: date) -> str:
        slug = typed if SLUG.fullmatch(typed) else slug_of(typed)
        if not slug:
            slug = f"party-{hashlib.sha256(typed.encode()).hexdigest()[:8]}"
        if slug in self._names.described:
            return slug
        if not self._register:
            self._account.unmatched.setdefault(word, slug)
            raise BadInput(f"unknown party {shown(word)}", self._hint(word, slug))
        name = slug.replace("-", " ").title() if typed == slug == word else word
        party = parse_event(
            {"kind": "party", "id": f"party-{slug}"[:64], "effective_on": day, "party": slug,
             "name": name[:LONGEST_NAME]}
        )  # fmt: skip
        assert isinstance(party, Party)
        self._names.add(party)
        self._new.append(party)
        return slug

    def _hint(self, word: str, slug: str) -> str:
        if word not in self._hints and len(self._hints) < _MOST_COMPARED:
            self._hints[word] = closest(word, self._names.called)
        return self._hints.get(word) or f"--register makes it known as {slug}"
