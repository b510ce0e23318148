"""Questions in words: the arguments of an answer as texts, such as those of a URL or of a story.

What may be said follows from the function that answers: its arguments by the names that the command
line has for them, with the fields of `Asked` (which web) and `EventsWanted` (which events) among
them. Files are no words: what is read of one is asked at a terminal.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from dealledger.events import BadInput
from dealledger.events.dates import parse_day
from dealledger.events.decimals import parse_typed_whole
from dealledger.events.errors import closest
from dealledger.events.text import shown
from dealledger.ledger import Log, View
from dealledger.projections.analysis.market.concentration import Direction
from dealledger.projections.analysis.web import Layer
from dealledger.projections.answers.log import EventsWanted
from dealledger.projections.answers.questions import QUESTIONS, SPELLED
from dealledger.projections.answers.report import Report
from dealledger.projections.answers.webs import Asked
from dealledger.projections.answers.whereabouts import Opened

_KNOWN: Final[dict[str, Any]] = {
    "Asked": Asked, "Callable": Callable, "Direction": Direction, "Layer": Layer,
    "Log": Log, "Opened": Opened, "Path": Path, "Report": Report, "Sequence": Sequence,
    "View": View, "EventsWanted": EventsWanted, "date": date,
}  # fmt: skip
"""What annotations of answers name, also where they import it for type checkers only."""
_GROUPS: Final = (Asked, EventsWanted)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that may be said. name: as on the command line, with underscores.

    field: the argument, or the field of the value *group*. kind: bool, int, date, View (a point) or
    str. choices: the only words, if there are such. many: several may be said. default: in words,
    or None.
    """

    name: str
    field: str
    kind: type
    group: type | None = None
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asks. opened: opens the ledger; seen: the View of a point that is said.

    Both only where the question needs them: an event by its id, and a second point in time.
    """

    view: View
    opened: Opened | None = None
    seen: Callable[[str], View] | None = None


def parameters(question: str) -> tuple[Parameter, ...]:
    """Return what may be said about a question of `QUESTIONS`, in the order of its arguments."""
    return tuple(_parameters(QUESTIONS[question].answer()))


def ask(place: Place, question: str, words: Mapping[str, Sequence[str]]) -> Report:
    """Return the answer to a question that is asked in words: by the name of each, what is said.

    Raises: BadInput, naming the word that is not understood, and as the answer does.
    """
    if question not in QUESTIONS:
        raise BadInput(f"unknown question {shown(question)}", closest(question, QUESTIONS))
    function = QUESTIONS[question].answer()
    known = {each.name: each for each in _parameters(function)}
    for name in words.keys() - known.keys():
        hint = closest(name, known) or ", ".join(known) or "it takes nothing"
        raise BadInput(f"{question} knows no {shown(name)}", hint)
    groups: dict[type, dict[str, Any]] = {}
    arguments: dict[str, Any] = {}
    for name, parameter in known.items():
        if name in words:
            value = _value(parameter, words[name], place)
            target = (
                arguments if parameter.group is None else groups.setdefault(parameter.group, {})
            )
            target[parameter.field] = value
        elif parameter.required:
            raise BadInput(f"{question} needs {name}", f"such as {name}=...")
    return _answered(function, place, arguments, groups)


def _answered(
    function: Callable[..., Report],
    place: Place,
    arguments: dict[str, Any],
    groups: Mapping[type, Mapping[str, Any]],
) -> Report:
    hints = _hints(function)
    for field, hint in hints.items():
        if hint in _GROUPS:
            arguments[field] = hint(**groups.get(hint, {}))
        elif field == "opened" and place.opened is not None:
            arguments[field] = place.opened
    if next(iter(hints.values())) is Log:
        with _open(place) as ledger:
            return function(ledger, **arguments)
    return function(place.view, **arguments)


def _open(place: Place) -> AbstractContextManager[Log]:
    if place.opened is None:
        raise BadInput("this is asked of a ledger", "ask at a terminal")
    return place.opened()


def _parameters(function: Callable[..., Any]) -> Iterator[Parameter]:
    hints = _hints(function)
    for name, each in list(inspect.signature(function).parameters.items())[1:]:
        hint = hints[name]
        if hint in _GROUPS:
            inner = _hints(hint)
            yield from (
                _parameter(field.name, inner[field.name], field.default, hint)
                for field in fields(hint)
            )
        elif name not in ("opened", "words") and Path not in (hint, *get_args(hint)):
            yield _parameter(name, hint, each.default)


def _hints(of: Any) -> dict[str, Any]:
    found = get_type_hints(of, localns=_KNOWN)
    found.pop("return", None)
    return found


def _parameter(name: str, hint: Any, default: Any, group: type | None = None) -> Parameter:
    options = [each for each in get_args(hint) if each is not type(None)]
    one = options[0] if type(None) in get_args(hint) else hint
    many = get_origin(one) is tuple
    one = get_args(one)[0] if many else one
    is_required = default is inspect.Parameter.empty
    spelled = "from" if one is View else SPELLED.get(name, name).replace("-", "_")
    return Parameter(
        spelled,
        name,
        str if get_origin(one) is Literal else one,
        group,
        get_args(one) if get_origin(one) is Literal else (),
        many,
        is_required,
        None if is_required or default is None else _default(default),
    )


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _value(parameter: Parameter, words: Sequence[str], place: Place) -> Any:
    if parameter.many:
        parts = [part.strip() for word in words for part in word.split(",")]
        read = [_one(parameter, part, place) for part in parts if part]
        # Of a few choices each counts once, in their own order.
        return tuple(
            each for each in parameter.choices if each in read
        ) if parameter.choices else tuple(read)  # fmt: skip
    if len(words) != 1:
        raise BadInput(f"{parameter.name} is said {len(words)} times", "say it once")
    return _one(parameter, words[0], place)


def _one(parameter: Parameter, word: str, place: Place) -> Any:
    if parameter.choices and word not in parameter.choices:
        hint = f"one of {', '.join(parameter.choices)}"
        raise BadInput(f"{parameter.name}: {shown(word)} is not known", hint)
    try:
        return _read(parameter.kind, word, place)
    except BadInput as error:
        raise BadInput(f"{parameter.name}: {error.message}", error.hint) from None


def _read(kind: type, word: str, place: Place) -> Any:
    if kind is bool:
        if word not in ("true", "false", "1", "0", ""):
            raise BadInput(f"{shown(word)} is neither true nor false")
        return word in ("true", "1", "")
    if kind is int:
        return parse_typed_whole(word)
    if kind is date:
        return parse_day(word)
    if kind is View:
        if place.seen is None:
            raise BadInput("a second point is asked of a ledger", "ask at a terminal")
        return place.seen(word)
    return word
