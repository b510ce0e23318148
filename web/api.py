"""Every question as JSON: parameters in a URL become the words of a question, as at a terminal.

The answer has exactly the keys that the command prints with `-f json`; so has its `query`, by which
it can be asked again there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from dealledger.events import BadInput
from dealledger.ledger import Ledger
from dealledger.projections.answers.asking import Parameter, Place, ask, parameters
from dealledger.projections.answers.point import Point, at_point
from dealledger.projections.answers.questions import QUESTIONS, SPELLED
from dealledger.projections.answers.values import answer_json

POINT: Final = ("as_of", "known_at", "announced_by")
"""The parameters that every question takes: where in time."""
_SPOKEN: Final = frozenset(
    {"party", "issuers", "issuer", "holder", "a", "b", "commitment_id", "event_id"}
)
"""What the command line takes by its place, without the name of an option."""

Words = Mapping[str, Sequence[str]]


def api_answer(ledger: Ledger, question: str, words: Words, today: date) -> dict[str, Any]:
    """Return the answer to a question in words, as its command prints it in JSON.

    Raises: BadInput, and as the answer does.
    """
    point = Point(today, **{name: _one(name, words[name]) for name in POINT if name in words})
    rest = {name: said for name, said in words.items() if name not in POINT}

    @contextmanager
    def opened() -> Iterator[Ledger]:
        yield ledger

    view = point.view(ledger)
    place = Place(view, opened, lambda typed: point.moved(typed).view(ledger))
    report = ask(place, question, rest)
    return answer_json(at_point(report, view, _typed(question, rest, words)))


def path_of(question: str) -> str:
    """Return the path of a question.

    >>> path_of("history stake")
    '/api/history/stake'
    """
    return f"/api/{question.replace(' ', '/')}"


def description(version: str) -> dict[str, Any]:
    """Return what can be asked, as OpenAPI 3.1. version: of this program."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Deal Ledger", "version": version},
        "paths": {path_of(name): {"get": _operation(name)} for name in QUESTIONS},
    }


def _operation(question: str) -> dict[str, Any]:
    answer = QUESTIONS[question].answer()
    said = (answer.__doc__ or "").strip().splitlines()[0]
    return {
        "operationId": question.replace(" ", "_").replace("-", "_"),
        "summary": said,
        "description": f"As `deals {question} -f json`.",
        "parameters": [
            *(_described(Parameter(name, name, str)) for name in POINT),
            *(_described(each) for each in parameters(question)),
        ],
        "responses": {
            "200": _content("The answer: where in time it stands, and its rows."),
            "304": {"description": "The record has not grown since the ETag that was sent."},
            "400": _content("What is wrong with the question, as the command says it."),
        },
    }


def _content(said: str) -> dict[str, Any]:
    return {
        "description": said,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }


def _described(parameter: Parameter) -> dict[str, Any]:
    kinds = {bool: "boolean", int: "integer"}
    schema: dict[str, Any] = {"type": kinds.get(parameter.kind, "string")}
    if parameter.kind is date:
        schema["format"] = "date"
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.default is not None:
        schema["default"] = parameter.default
    if parameter.many:
        schema = {"type": "array", "items": {k: v for k, v in schema.items() if k != "default"}}
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "schema": schema,
        **({"style": "form", "explode": True} if parameter.many else {}),
    }


def _one(name: str, said: Sequence[str]) -> str:
    if len(said) != 1:
        raise BadInput(f"{name} is said {len(said)} times", "say it once")
    return said[0]


def _typed(question: str, rest: Words, words: Words) -> list[str]:
    """Return the question as it is typed at a terminal."""
    typed = question.split()
    options: list[str] = []
    for each in parameters(question):
        for said in rest.get(each.name, ()):
            if each.field in _SPOKEN:
                typed += said.split(",") if each.many else [said]
            elif each.kind is not bool:
                options += [_option(each.name), said]
            elif said in ("true", "1", ""):
                options.append(_option(each.name))
    for name in POINT:
        options += [part for said in words.get(name, ()) for part in (_option(name), said)]
    return [*typed, *options]


def _option(name: str) -> str:
    return f"--{SPELLED.get(name, name).replace('_', '-')}"
