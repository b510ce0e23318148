"""How people type the fields of events: one table for `append`, `correct` and CSV import.

Every kind's fields become options by themselves: what a field takes is read from its annotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from dealledger.events import KINDS, BadInput, Bearer, Event, Instalment
from dealledger.events.base import MONEY, OTHERS_MONEY, PARTY, REF
from dealledger.events.currency import MINOR_DIGITS
from dealledger.events.dates import parse_day
from dealledger.events.decimals import parse_typed_number, parse_typed_whole
from dealledger.events.errors import closest
from dealledger.events.fields import LINE
from dealledger.events.fraction import (
    parse_given_stake,
    parse_move,
    parse_stake,
    parse_typed_fraction,
)
from dealledger.events.money import parse_positive, parse_typed
from dealledger.events.text import shown

FRACTIONS = (parse_stake, parse_given_stake, parse_move)
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0", "")
_ONE_POINT: Final = re.compile(
    r"(?P<before>[A-Z]{3} ?|[$€£] ?)?(?P<number>[1-9][0-9]{0,2}\.[0-9]{3})(?P<after> ?[A-Z]{3})?"
)
_THREE: Final = 3
_ONE_COMMA: Final = re.compile(r"(?<![0-9,_.])[0-9]{1,3},[0-9]{3}(?![0-9,_.])")


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What a field's annotation says: its parser, marks, choices, and whether it is a list."""

    parser: Callable[[object], object] | None
    marks: frozenset[str]
    choices: tuple[str, ...]
    base: type | None
    many: bool

    @property
    def is_number(self) -> bool:
        """Tell whether it takes a number, or numbers beside names."""
        return (
            bool(self.marks & {MONEY, OTHERS_MONEY})
            or self.parser in (*FRACTIONS, parse_positive)
            or self.base in (int, Bearer, Instalment)
        )


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


@cache
def anatomies(kind: str) -> dict[str, Anatomy]:
    """Return what the annotations of a kind of event say, by field; worked out once."""
    return {name: anatomy(field) for name, field in KINDS[kind].model_fields.items()}


def anatomy_of(kind: str, name: str) -> Anatomy:
    """Return what the annotation of one field says. Raises: BadInput, with the closest field."""
    field_of(kind, name)
    return anatomies(kind)[name]


def typed_fields(kind: str, typed: dict[str, str]) -> dict[str, Any]:
    """Return the JSON fields of what somebody typed; amounts may bring their currency along.

    Raises: BadInput, naming the field.
    """
    said: dict[str, Any] = {}
    brought: dict[str, str] = {}
    for name, text in typed.items():
        try:
            value, currency = _typed(anatomy_of(kind, name), text)
        except BadInput as error:
            raise BadInput(f"{name}: {error.message}", error.hint) from None
        said[name] = value
        if currency:
            brought[name] = currency
    if brought:
        named = [said["currency"]] if said.get("currency") else []
        said["currency"] = _one_currency({*brought.values(), *named})
    return said


def typed_unit(kind: str, typed: Mapping[str, str]) -> str | None:
    """Return the currency that somebody typed beside what remains of another event's amount."""
    for name, text in typed.items():
        if OTHERS_MONEY in anatomy_of(kind, name).marks:
            return parse_typed(text)[1]
    return None


def check_separators(kind: str, typed: Mapping[str, str]) -> None:
    """Refuse, in any field of a number, what may have a comma or a point for the other.

    That is: 1,250; and as an amount 1.250 in a currency that has not three decimals.
    """
    for name, text in typed.items():
        field = anatomy_of(kind, name)
        if field.is_number:
            is_money = MONEY in field.marks
            with _named(name):
                check_number(text, typed.get("currency", "") if is_money else None)


def check_comma(name: str, text: str) -> None:
    """Refuse a number such as 1,250 from where people may write a comma for a decimal point.

    Raises: BadInput, naming the field.
    """
    with _named(name):
        check_number(text)


def check_number(text: str, currency: str | None = None) -> None:
    """Refuse 1,250, and as an amount 1.250 in a currency that has not three decimals.

    currency: of an amount that names none itself; None, if it is not an amount. Raises: BadInput.
    """
    if found := _ONE_COMMA.search(text):
        raise _doubtful(found[0], ",")
    if currency is not None and (found := _ONE_POINT.fullmatch(text)):
        code = found["before"] or found["after"] or currency
        if MINOR_DIGITS.get(code.strip(), 2) < _THREE:
            raise _doubtful(found["number"], ".")


@contextmanager
def _named(name: str) -> Iterator[None]:
    try:
        yield
    except BadInput as error:
        raise BadInput(f"{name}: {error.message}", error.hint) from None


def _doubtful(number: str, sign: str) -> BadInput:
    plain, point = number.replace(sign, ""), number.replace(sign, ".").rstrip("0").rstrip(".")
    return BadInput(f"{shown(number)} may be {plain} or {point}", "write that")


def _one_currency(found: set[str]) -> str:
    if len(found) > 1:
        raise BadInput(f"two currencies in one event: {' and '.join(sorted(found))}")
    return found.pop()


def _typed(field: Anatomy, text: str) -> tuple[Any, str | None]:
    if text.casefold() in field.choices:
        return text.casefold(), None
    if field.base in (Bearer, Instalment):
        return _parts(text, "party" if field.base is Bearer else "year")
    if field.many:
        separator = ";" if ";" in text or LINE in field.marks else ","
        return [part.strip() for part in text.split(separator) if part.strip()], None
    if MONEY in field.marks:
        return parse_typed(text)
    if field.parser in FRACTIONS:
        return parse_typed_fraction(text), None
    if field.base is bool:
        return _flag(text), None
    if field.base is int:
        return parse_typed_whole(text), None
    if OTHERS_MONEY in field.marks:
        return parse_typed(text)[0], None
    if field.parser is parse_positive:
        return parse_typed_number(text), None
    return text, None


def _parts(text: str, key: str) -> tuple[list[dict[str, Any]], str | None]:
    """Return the parts of `softbank=30B,mgx=10B` or `2027=60B,2028=60B`."""
    parts, currencies = [], set()
    # A comma between two parts, not within an amount: a name and = follow it.
    found_parts = re.split(";" if ";" in text else ",(?=[^,=]*=)", text)
    for part in (each for each in found_parts if each.strip()):
        name, found, amount = (each.strip() for each in part.partition("="))
        if not found:
            raise BadInput(f"{shown(part)} is not {key}=amount", f"such as {_EXAMPLES[key]}")
        value, currency = parse_typed(amount)
        currencies |= {currency} if currency else set()
        parts.append({key: _year(name) if key == "year" else name, "amount": value})
    return parts, _one_currency(currencies) if currencies else None


_EXAMPLES = {"party": "softbank=30B,mgx=10B", "year": "2027=60B,2028=60B"}


def _year(text: str) -> int:
    if not re.fullmatch("[0-9]{4}", text):
        raise BadInput(f"{shown(text)} is not a year", f"such as {_EXAMPLES['year']}")
    return int(text)


def _flag(text: str) -> bool:
    if text.lower() not in TRUE + FALSE:
        raise BadInput(f"{shown(text)} is neither true nor false")
    return text.lower() in TRUE


def priced_fields(kind: str) -> frozenset[str]:
    """Return the fields of a kind that hold amounts in its own currency."""
    return frozenset(
        name
        for name, field in anatomies(kind).items()
        if MONEY in field.marks or field.base in (Bearer, Instalment)
    )


def placeholder(field: Anatomy) -> str:
    """Return what `--help` shows a field to take."""
    if field.base is Bearer:
        return "PARTY=AMOUNT,..."
    if field.base is Instalment:
        return "YEAR=AMOUNT,..."
    word = "TEXT"
    if field.marks & {MONEY, OTHERS_MONEY}:
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
    return f"{word}{';' if LINE in field.marks else ','}..." if field.many else word


def own_fields(model: type[Event]) -> list[str]:
    """Return the names of the fields that a kind has of its own, and currency."""
    return [name for name in model.model_fields if name not in Event.model_fields]
