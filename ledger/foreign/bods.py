"""Statements of the Beneficial Ownership Data Standard, version 0.4: entities, persons, interests.

A direct shareholding of an exact share is a holding; it ends with a termination. Bands, indirect
interests (which look-through works out), other interests and closed records have no place yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dealledger.events import BadInput
from dealledger.events.decimals import EXACT, decimal_text
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.event_files import opened
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.foreign.taking import (
    LARGEST_BYTES,
    Taking,
    country_of,
    day_of,
    document,
    id_of,
)

_DESCRIBING: Final = ("entity", "person")


def read_bods(
    name: str, parties: Parties, account: ImportSummary, advance: Callable[[int], None]
) -> Iterator[Draft]:
    """Yield the drafts of a JSON document of statements. Raises: BadInput, Refused."""
    with opened(name) as stream:
        data = stream.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise BadInput(f"{name} is longer than {LARGEST_BYTES:,} bytes", "import it in parts")
    advance(len(data))
    found = document(data, name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadInput(f"{name} is not a list of statements", "BODS 0.4 is a JSON array")
    yield from _Reading(Taking(name, parties, account)).drafts(found)


class _Reading:
    """The reading of one document. names: of entities and persons, by record and by statement."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._names: dict[str, str] = {}

    def drafts(self, statements: list[dict[str, Any]]) -> Iterator[Draft]:
        for number, each in enumerate(statements, start=1):
            if each.get("recordType") in _DESCRIBING:
                yield from self._party(number, each)
        for number, each in enumerate(statements, start=1):
            kind = each.get("recordType")
            if kind == "relationship":
                yield from self._relationship(number, each)
            elif kind not in _DESCRIBING:
                older = each.get("statementType")
                self._taking.no_place(f"{older} before version 0.4" if older else "statement")

    def _party(self, number: int, each: Mapping[str, Any]) -> Iterator[Draft]:
        details = _object(each.get("recordDetails"))
        names = [
            details.get("name"),
            *(part.get("fullName") for part in _objects(details, "names")),
        ]
        known = [name.strip() for name in names if isinstance(name, str) and name.strip()]
        day = day_of(details.get("foundingDate"), each.get("statementDate"))
        what = str(each.get("recordType"))
        if not known or day is None:
            self._taking.no_place(f"{what} without a {'date' if known else 'name'}")
            return
        place = f"{number}"
        slug = self._taking.slug(place, known[0], day)
        for key in ("recordId", "statementId"):
            self._names.setdefault(str(each.get(key)), known[0])
        country = country_of(_object(details.get("jurisdiction")).get("code"))
        new = [*self._taking.parties.registrations()]
        if not new:
            return
        aliases = [name for name in dict.fromkeys(known) if name != known[0]]
        said = {"kind": "party", "id": new[0].id, "party": slug, "name": new[0].name,
                "effective_on": day.isoformat(), "country": country,
                "aliases": aliases or None}  # fmt: skip
        yield from self._taking.event(place, said)

    def _relationship(self, number: int, each: Mapping[str, Any]) -> Iterator[Draft]:
        details = _object(each.get("recordDetails"))
        issuer, holder = (self._names.get(str(details.get(side)))
                          for side in ("subject", "interestedParty"))  # fmt: skip
        interests = _objects(details, "interests")
        if each.get("recordStatus") == "closed":
            self._taking.no_place("closed relationship")
        elif issuer is None or holder is None:
            self._taking.no_place("relationship with somebody who is not in the file")
        elif issuer == holder:
            self._taking.no_place("relationship of somebody with itself")
        elif not interests:
            self._taking.no_place("relationship without interests")
        else:
            for place, interest in enumerate(interests, start=1):
                end = f"-{place}" if len(interests) > 1 else ""
                event_id = id_of("bods", str(each.get("statementId")),
                                 str(each.get("recordId")) + end)  # fmt: skip
                yield from self._interest(number, each, (holder, issuer), interest, event_id)

    def _interest(
        self,
        number: int,
        each: Mapping[str, Any],
        sides: tuple[str, str],
        interest: Mapping[str, Any],
        event_id: str,
    ) -> Iterator[Draft]:
        what = str(interest.get("type") or "interest of unknown type")
        exact = _object(interest.get("share")).get("exact")
        day = day_of(interest.get("startDate"), each.get("statementDate"))
        if what != "shareholding":
            self._taking.no_place(what)
        elif interest.get("directOrIndirect") == "indirect":
            self._taking.no_place("indirect shareholding")
        elif not isinstance(exact, int | Decimal) or isinstance(exact, bool):
            banded = bool(interest.get("share"))
            self._taking.no_place("shareholding in a band" if banded else "shareholding of nothing")
        elif day is None:
            self._taking.no_place("shareholding without a date")
        else:
            holder, issuer = (self._taking.slug(number, side, day) for side in sides)
            source = _object(each.get("source")).get("url")
            stake = decimal_text(EXACT.multiply(Decimal(exact), Decimal("0.01")))
            yield from self._taking.event(number, {
                "kind": "holding", "id": event_id, "holder": holder, "issuer": issuer,
                "stake": stake, "effective_on": day.isoformat(), "announced_on": _later(each, day),
                "source_url": source if isinstance(source, str) else None,
            })  # fmt: skip
            last = day_of(interest.get("endDate"))
            if last is not None:
                yield from self._taking.event(number, {
                    "kind": "termination", "id": f"{event_id[:60]}-end", "ends": [event_id],
                    "effective_on": last.isoformat(),
                })  # fmt: skip


def _later(each: Mapping[str, Any], day: date) -> str:
    """Return when a statement was published, if that was after the day that it speaks of."""
    published = day_of(_object(each.get("publicationDetails")).get("publicationDate"))
    return max(published or day, day).isoformat()


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = value.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
