"""Entities of FollowTheMoney, a JSON object a line: who owns, pays and lends.

An ownership with a percentage is a holding, a payment a payment, a debt a funding. Who is named in
none of these, or has no date, and all other things have no place. Lines of one id are one entity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dealledger.events import Problem
from dealledger.events.decimals import EXACT, decimal_text
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.event_files import bad, opened
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.lines import byte_lines
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.foreign.taking import Taking, day_of, document, id_of

_NAMED: Final = frozenset(
    {"Company", "Organization", "LegalEntity", "Person", "PublicBody", "Asset", "Vessel"}
)
_EDGES: Final = {
    "Ownership": ("owner", "asset"), "Payment": ("payer", "beneficiary"),
    "Debt": ("creditor", "debtor"),
}  # fmt: skip
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) ?%?")
_AMOUNT: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(slots=True)
class _Entity:
    """One entity. line: where it stands first. properties: lists of texts."""

    line: int
    schema: str
    properties: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """Return the first text of the first property that has one."""
        return next((texts[0] for name in names if (texts := self.properties.get(name))), None)


def read_ftm(
    name: str, parties: Parties, account: ImportSummary, advance: Callable[[int], None]
) -> Iterator[Draft]:
    """Yield the drafts of a file of entities. Raises: BadInput, Refused."""
    entities: dict[str, _Entity] = {}
    with opened(name, advance) as stream:
        for number, line in byte_lines(stream, name, advance):
            if line.strip():
                problem = _take(entities, number, document(line, f"{name}:{number}"))
                if problem:
                    yield bad(f"{name}:{number}", Problem(problem, "such as "
                              '{"id": "x", "schema": "Company", "properties": {}}'))  # fmt: skip
    yield from _Reading(Taking(name, parties, account), entities).drafts()


def _take(entities: dict[str, _Entity], number: int, said: Any) -> str:
    """Take in one line; return what is wrong with it."""
    if not isinstance(said, dict) or not isinstance(said.get("id"), str):
        return "this is not an entity: it has no id"
    schema, found = said.get("schema"), said.get("properties")
    if not isinstance(schema, str) or not isinstance(found, dict):
        return "this is not an entity: it has no schema or properties"
    entity = entities.setdefault(said["id"], _Entity(number, schema))
    for name, values in found.items():
        texts = (
            [each for each in values if isinstance(each, str)] if isinstance(values, list) else []
        )
        known = entity.properties.setdefault(name, [])
        known += [text for text in texts if text not in known]
    return ""


class _Reading:
    """The reading of one file. used: ids of who is named by an event."""

    def __init__(self, taking: Taking, entities: dict[str, _Entity]) -> None:
        self._taking = taking
        self._entities = entities
        self._used: set[str] = set()

    def drafts(self) -> Iterator[Draft]:
        for event_id, entity in self._entities.items():
            if entity.schema in _EDGES:
                yield from self._edge(event_id, entity)
        for event_id, entity in self._entities.items():
            if entity.schema in _NAMED and event_id not in self._used:
                self._taking.no_place(f"{entity.schema} that no event names")
            elif entity.schema not in _NAMED and entity.schema not in _EDGES:
                self._taking.no_place(entity.schema)

    def _edge(self, event_id: str, entity: _Entity) -> Iterator[Draft]:
        what = entity.schema
        giver, taker = _EDGES[what]
        ids = [entity.properties.get(side, []) for side in (giver, taker)]
        day = day_of(entity.first("date", "startDate", "recordDate"))
        names = [self._name(each[0]) if len(each) == 1 else None for each in ids]
        if day is None:
            self._taking.no_place(f"{what} without a date")
        elif any(len(each) > 1 for each in ids):
            self._taking.no_place(f"{what} of several")
        elif names[0] is None or names[1] is None:
            self._taking.no_place(f"{what} of somebody who is not in the file")
        else:
            said = self._said(entity, day)
            if said is None:
                return
            slugs = [self._taking.slug(entity.line, name, day) for name in names if name]
            if slugs[0] == slugs[1]:
                self._taking.no_place(f"{what} of somebody with itself")
                return
            self._used.update(each[0] for each in ids)
            sides = dict(zip(said.pop("sides"), slugs, strict=True))
            rest = {"id": id_of("ftm", event_id), "effective_on": day.isoformat(),
                    "source_url": entity.first("sourceUrl", "publisherUrl")}  # fmt: skip
            yield from self._taking.event(entity.line, {**said, **sides, **rest})
            yield from self._end(entity, rest["id"] or "", said["kind"])

    def _said(self, entity: _Entity, day: date) -> dict[str, Any] | None:
        """Return what an edge says, but for its parties; None, if that has no place."""
        if entity.schema == "Ownership":
            match = _PERCENT.fullmatch((entity.first("percentage") or "").strip())
            if match is None or Decimal(match[1]) > 100:
                self._taking.no_place("Ownership without a percentage")
                return None
            stake = decimal_text(EXACT.multiply(Decimal(match[1]), Decimal("0.01")))
            return {"kind": "holding", "sides": ("holder", "issuer"), "stake": stake}
        amount, currency = _money(entity)
        about = {"amount": amount, "currency": currency}
        if entity.schema == "Debt":
            return {
                "kind": "funding",
                "sides": ("investor", "investee"),
                "instrument": "debt",
                **about,
            }
        purpose = (entity.first("purpose") or "")[:200].strip() or None
        return {"kind": "payment", "sides": ("payer", "payee"), "purpose": purpose, **about}

    def _end(self, entity: _Entity, event_id: str, kind: str) -> Iterator[Draft]:
        last = day_of(entity.first("endDate"))
        if last is not None and kind == "holding":
            yield from self._taking.event(entity.line, {
                "kind": "termination", "id": f"{event_id[:60]}-end", "ends": [event_id],
                "effective_on": last.isoformat(),
            })  # fmt: skip

    def _name(self, key: str) -> str | None:
        entity = self._entities.get(key)
        return None if entity is None or entity.schema in _EDGES else entity.first("name")


def _money(entity: _Entity) -> tuple[str | None, str | None]:
    """Return the amount and its currency; nothing, if it is not given in a way that is clear."""
    for name, currency in (("amount", entity.first("currency")), ("amountEur", "EUR"),
                           ("amountUsd", "USD")):  # fmt: skip
        text = (entity.first(name) or "").replace(",", "")
        if currency and _AMOUNT.fullmatch(text) and Decimal(text) > 0:
            return decimal_text(Decimal(text)), currency.upper()
    return None, None
