"""What the readers of other formats share: whom names mean, ids, drafts, and what has no place."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from dealledger.events import BadInput, Problem, Refused, encode, parse_event
from dealledger.events.dates import last_day
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.event_files import bad
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.named_parties import Parties

LARGEST_BYTES: Final = 200_000_000
"""The most bytes of one document that is read as a whole."""
_NO_ID: Final = re.compile("[^A-Za-z0-9._:-]+")
_LONGEST_ID: Final = 64
_COUNTRY: Final = re.compile("[A-Za-z]{2}")


class Taking:
    """Makes drafts of what a reader found in one file."""

    def __init__(self, name: str, parties: Parties, account: ImportSummary) -> None:
        """name: of the file. account: takes in what has no place."""
        self.name = name
        self.parties = parties
        self.account = account

    def no_place(self, what: str) -> None:
        """Count something that no event can say yet."""
        self.account.homeless[what] += 1

    def event(self, place: object, said: Mapping[str, Any]) -> Iterator[Draft]:
        """Yield the draft of an event, behind those of its new parties. place: in the file."""
        where = f"{self.name}:{place}"
        try:
            made = parse_event({name: value for name, value in said.items() if value is not None})
            yield from self.registered(where)
            yield Draft(encode(made), where)
        except BadInput as error:
            yield bad(where, Problem(error.message, error.hint))
        except Refused as error:
            yield bad(where, *error.problems)

    def slug(self, place: object, name: str, day: date) -> str:
        """Return whom a name means. Raises: Refused, with the place."""
        try:
            return self.parties.slug(name, day)
        except BadInput as error:
            where = f"{self.name}:{place}"
            raise Refused([Problem(error.message, error.hint, where)]) from None

    def registered(self, where: str) -> Iterator[Draft]:
        """Yield the drafts of parties that were made known."""
        for party in self.parties.registrations():
            yield Draft(encode(party), where)


def id_of(*parts: str) -> str:
    """Return an id of an event from parts of other ids; a long one is shortened by its hash."""
    text = _NO_ID.sub("-", "-".join(parts)).strip("-")
    if len(text) <= _LONGEST_ID:
        return text
    return f"{text[:47]}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def day_of(*texts: object) -> date | None:
    """Return the first of some texts that is a date, a month or a year: its last day."""
    for text in texts:
        try:
            day = last_day(text[:10]) if isinstance(text, str) else None
        except BadInput:
            continue
        if day is not None:
            return day
    return None


def country_of(value: object) -> str | None:
    """Return a country code of two letters, in capitals, or None."""
    return value.upper() if isinstance(value, str) and _COUNTRY.fullmatch(value) else None


def document(data: bytes, name: str) -> Any:
    """Return what a JSON document says; numbers with a fraction stay exact. Raises: BadInput."""
    from decimal import Decimal

    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise BadInput(f"{name}: this is not UTF-8: byte {error.start + 1} is wrong") from None
    except json.JSONDecodeError as error:
        raise BadInput(f"{name}:{error.lineno}: this is not JSON: {error.msg}") from None
    except RecursionError:
        raise BadInput(f"{name}: this JSON is nested too deeply") from None


Read = Callable[[str, Parties, ImportSummary, Callable[[int], None]], Iterator[Draft]]
"""A reader of a format: of the file of a name, told the bytes read."""
