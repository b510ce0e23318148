"""One event as a list of facts: what `show` and `verify-proof` answer, and how an id is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dealledger.cli.report import Column, Report
from dealledger.events import BadInput, Json
from dealledger.events.errors import closest
from dealledger.ledger import Ledger, Record

COLUMNS: Final = (Column("name", "Field"), Column("value", "Value"))


@dataclass(frozen=True, slots=True)
class Fact:
    """A field and its value, as people read it."""

    name: str
    value: str


def facts_report(
    title: str, said: Mapping[str, Json | None], extra: dict[str, Any], notes: list[str]
) -> Report:
    """Return the report of everything in *said* that is not empty."""
    facts = [Fact(name, _text(value)) for name, value in said.items() if value]
    return Report(title, COLUMNS, facts, extra=extra, notes=notes)


def find_record(ledger: Ledger, event_id: str) -> Record:
    """Return the record of an event.

    Raises: BadInput, with the closest ids, if there is none.
    """
    record = ledger.find(event_id)
    if record is None:
        known = (each.id for each in ledger.read())
        hint = closest(event_id, known, fold=str) or "see: deals log"
        raise BadInput(f"unknown event '{event_id}'", hint)
    return record


def _text(value: Json | None) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return " ".join(_text(part) for part in value.values())
    return str(value)
