"""One event as a list of facts: what `show` and `verify-proof` answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dealledger.projections.answers.report import Column, Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dealledger.events import Json

COLUMNS: Final = (Column("name", "Field"), Column("value", "Value"))


@dataclass(frozen=True, slots=True)
class Fact:
    """A field and its value, as people read it."""

    name: str
    value: str


def facts_report(
    title: str, said: Mapping[str, Json | None], extra: dict[str, Any], notes: Sequence[str]
) -> Report:
    """Return the report of everything in *said* that is not empty."""
    facts = [Fact(name, _text(value)) for name, value in said.items() if value]
    return Report(title, COLUMNS, facts, extra=extra, notes=notes)


def _text(value: Json | None) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return " ".join(_text(part) for part in value.values())
    return str(value)
