"""How people type the fields of events: one table for `append`, `correct` and CSV import.

Every kind's fields become options by themselves: what a field takes is read from its annotation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from dealledger.events import KINDS, BadInput, Bearer, Event, Instalment
from dealledger.events.base import MONEY, PARTY, REF
from dealledger.events.dates import parse_day
from dealledger.events.errors import closest
from dealledger.events.fraction import (
    parse_given_stake,
    parse_move,
    parse_stake,
    parse_typed_fraction,
)
from dealledger.events.money import parse_not_negative, parse_positive, parse_typed
from dealledger.events.text import shown

FRACTIONS = (parse_stake, parse_given_stake, parse_move)
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0", "")


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What a field's annotation says: its parser, marks, choices, and whether it is a list."""

    parser: Callable[[object], object] | None
    marks: frozenset[str]
    choices: tuple[str, ...]
    base: type | None
    many: bool


def anatomy(field: FieldInfo) -> Anatomy:
    """Return what the annotation of *field* says."""
    parsers: list[Any] = []
    marks: set[str] = set()
    choices: tuple[str, ...] = ()
    bases: list[type] = []
    many = False

    def look(annotation: Any, metadata: tuple[Any, ...]) -> None:
        nonlocal choices, many
        parsers.extend(each.func for each in metadata if hasattr(each, "func"))
        marks.update(each for each in metadata if isinstance(each, str))
        if get_origin(annotation) is Literal:
            choices = get_args(annotation)
        elif get_origin(annotation) is tuple:
            many = True
            look(get_args(annotation)[0], ())
        elif hasattr(annotation, "__metadata__"):
            look(annotation.__origin__, annotation.__metadata__)
        elif get_args(annotation):
            for part in get_args(annotation):
                look(part, ())
        elif isinstance(annotation, type) and annotation is not type(None):
            bases.append(annotation)

    look(field.annotation, tuple(field.metadata))
    parser = parsers[0] if parsers else None
    return Anatomy(parser, frozenset(marks), choices, bases[0] if bases else None, many)


def field_of(kind: str, name: str) -> FieldInfo:
    """Return a field of a kind of event.

    Raises: BadInput, with the closest field.
    """
    fields = KINDS[kind].model_fields
    if name not in fields:
        raise BadInput(f"a {kind} has no field {shown(name)}", closest(name, fields))
    return fields[name]


def typed_fields(kind: str, typed: dict[str, str]) -> dict[str, Any]:
    """Return the JSON fields of what somebody typed; amounts may bring their currency along.

    Raises: BadInput, naming the field.
    """
    said: dict[str, Any] = {}
    brought: dict[str, str] = {}
    for name, text in typed.items():
        try:
            value, currency = _typed(anatomy(field_of(kind, name)), text)
        except BadInput as error:
            raise BadInput(f"{name}: {error.message}", error.hint) from None
        said[name] = value
        if currency:
            brought[name] = currency
    if brought:
        currencies = {*brought.values(), *([said["currency"]] if said.get("currency") else [])}
        if len(currencies) > 1:
            raise BadInput(f"two currencies in one event: {' and '.join(sorted(currencies))}")
        said["currency"] = currencies.pop()
    return said


def _typed(field: Anatomy, text: str) -> tuple[Any, str | None]:
    if field.base in (Bearer, Instalment):
        return _parts(text, "party" if field.base is Bearer else "year")
    if field.many:
        return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()], None
    if MONEY in field.marks:
        return parse_typed(text)
    if field.parser in FRACTIONS:
        return parse_typed_fraction(text), None
    if field.base is bool:
        return _flag(text), None
    if field.base is int:
        return _whole(text), None
    if field.parser in (parse_positive, parse_not_negative):
        return parse_typed(text)[0], None
    return text, None


def _parts(text: str, key: str) -> tuple[list[dict[str, Any]], str | None]:
    """Return the parts of `softbank=30B,mgx=10B` or `2027=60B,2028=60B`."""
    parts, currencies = [], set()
    for part in text.replace(";", ",").split(","):
        name, found, amount = part.strip().partition("=")
        if not found:
            raise BadInput(f"{shown(part)} is no {key}=amount", f"such as {_EXAMPLES[key]}")
        value, currency = parse_typed(amount)
        currencies |= {currency} if currency else set()
        parts.append({key: _whole(name) if key == "year" else name, "amount": value})
    return parts, currencies.pop() if currencies else None


_EXAMPLES = {"party": "softbank=30B,mgx=10B", "year": "2027=60B,2028=60B"}


def _whole(text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 17:
        raise BadInput(f"{shown(text)} is no whole number")
    return int(digits)


def _flag(text: str) -> bool:
    if text.lower() not in TRUE + FALSE:
        raise BadInput(f"{shown(text)} is neither true nor false")
    return text.lower() in TRUE


def placeholder(field: Anatomy) -> str:
    """Return what `--help` shows a field to take."""
    if field.base is Bearer:
        return "PARTY=AMOUNT,..."
    if field.base is Instalment:
        return "YEAR=AMOUNT,..."
    word = "TEXT"
    if MONEY in field.marks:
        word = "AMOUNT"
    elif PARTY in field.marks:
        word = "PARTY"
    elif REF in field.marks:
        word = "ID"
    elif field.parser is parse_day:
        word = "DATE"
    elif field.parser in FRACTIONS:
        word = "SHARE"
    elif field.base is int:
        word = "NUMBER"
    return f"{word},..." if field.many else word


def own_fields(model: type[Event]) -> list[str]:
    """Return the names of the fields that a kind has of its own, and currency."""
    return [name for name in model.model_fields if name not in Event.model_fields]
