"""JSON in and out: strict reading, canonical bytes, and what JSON of old versions becomes.

Reading refuses what Python's `json` lets through: duplicate keys, floats, NaN, numbers and nesting
without end. Canonical bytes are those of RFC 8785; the ledger hashes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

import orjson
import rfc8785
from pydantic import ValidationError

from dealledger.events.base import Event, Json
from dealledger.events.decimals import EXACT, decimal_text, parse_decimal
from dealledger.events.errors import BadInput, Problem, Refused, closest
from dealledger.events.kinds import KINDS
from dealledger.events.text import shown


def canonical_bytes(value: dict[str, Json]) -> bytes:
    """Return the RFC 8785 bytes of a JSON object that holds no floats.

    Raises: BadInput, for integers beyond 2**53 - 1 and lone surrogates.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise BadInput(f"this cannot be written as canonical JSON: {error}") from None


def read_object(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object that *text* holds.

    Raises: BadInput, also for duplicate keys, floats, NaN, huge integers and deep nesting.
    """
    plain = _plain_object(text)
    if plain is not None:
        return plain
    try:
        value = json.loads(
            text if isinstance(text, str) else text.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_small_int,
        )
    except json.JSONDecodeError as error:
        raise BadInput(
            f"this is not JSON: {error.msg.removesuffix(' at')} at column {error.colno}"
        ) from None
    except UnicodeDecodeError as error:
        raise BadInput(f"this is not UTF-8: byte {error.start + 1} is wrong") from None
    except RecursionError:
        raise BadInput("this JSON is nested too deeply") from None
    if not isinstance(value, dict):
        raise BadInput("this is not a JSON object", 'such as {"kind": "party", ...}')
    return value


def _plain_object(text: str | bytes) -> dict[str, Any] | None:
    """Return an object of texts and flags that is written in a usual way; None for all others.

    Written again it has the same bytes, so no key stands twice. That is sooner seen than read.
    """
    try:
        value = orjson.loads(text)
        again = orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    if not isinstance(value, dict) or {type(each) for each in value.values()} - {str, bool}:
        return None
    data = (text.encode() if isinstance(text, str) else text).strip()
    if again == data or again == data.replace(b'": ', b'":').replace(b', "', b',"'):
        return value
    return None


def parse_event(data: dict[str, Any]) -> Event:
    """Return the event that flat JSON says, of the current or of an older schema version.

    An older version is said by the key `v`. Raises: Refused, with every problem of the fields.
    """
    data, kind = dict(data), data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        hint = closest(kind, KINDS) if isinstance(kind, str) else ""
        said = f"unknown kind {shown(kind)}" if "kind" in data else "missing field 'kind'"
        raise Refused([Problem(said, hint or "one of " + ", ".join(KINDS))])
    model = KINDS[kind]
    version = data.pop("v", model.version)
    try:
        if version != model.version or version is True:
            data = _upcast(kind, version, model.version, data)
        return model.model_validate(data)
    except ValidationError as error:
        raise Refused(_problems(error, model, data)) from None
    except BadInput as error:
        raise Refused([Problem(error.message, error.hint)]) from None


def _upcast(kind: str, version: object, current: int, data: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= current:
        raise BadInput(
            f"{kind} has no schema version {shown(version)}", "a newer Deal Ledger may read it"
        )
    for step in range(version, current):
        data = UPCASTERS[kind, step](data)
    return data


def _reaction_1(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 said the move in percent, `move_pct`; since version 2 it is a fraction."""
    data = dict(data)
    move = parse_decimal(data.pop("move_pct", None))
    return {**data, "move": decimal_text(Decimal(move).scaleb(-2, EXACT))}


UPCASTERS: Final[dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {
    ("reaction", 1): _reaction_1,
}
"""(kind, version) to the function that turns its JSON into that of the next version."""


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    pairs = list(pairs)
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadInput(f"the key {shown(twice)} stands twice in one object")
    return data


def _no_float(text: str) -> Any:
    raise BadInput(
        f"{text[:40]} is a number with a fraction", f'write it as a string: "{text[:40]}"'
    )


def _small_int(text: str) -> int:
    if len(text) > 17:
        raise BadInput(f"the number {text[:20]}… is too large", "write amounts as strings")
    return int(text)


def _problems(error: ValidationError, model: type[Event], data: dict[str, Any]) -> list[Problem]:
    """Return what is wrong, without what only follows: announced_on comes from effective_on."""
    details = error.errors(include_url=False)
    own = [each for each in details if each["loc"] != ("announced_on",) or "announced_on" in data]
    return [_problem(detail, model) for detail in own]


def _problem(detail: Any, model: type[Event]) -> Problem:
    """Say in our words what pydantic found."""
    field = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "missing":
            return Problem(
                f"missing field '{field}'", f"a {model.model_fields['kind'].default} needs it"
            )
        case "extra_forbidden":
            own = [name for name in model.model_fields if name not in ("kind", "id")]
            return Problem(f"unknown field {shown(field)}", closest(field, own))
        case "literal_error":
            return Problem(
                f"{field}: {shown(detail['input'])} is none of {detail['ctx']['expected']}"
            )
        case "value_error" if isinstance(detail["ctx"]["error"], BadInput):
            cause = detail["ctx"]["error"]
            return Problem(f"{field}: {cause.message}" if field else cause.message, cause.hint)
        case _:
            return Problem(f"{field}: {detail['msg']}, not {shown(detail['input'])}")
