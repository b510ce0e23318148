"""The diagram of the page, and the edges of the whole web: their histories, with what is behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dealledger.events.decimals import exact_text
from dealledger.projections.alliances import Edge, EdgeKey
from dealledger.projections.diagram.film import Film, film
from dealledger.projections.diagram.labels import edge_lines, stake_text
from dealledger.projections.diagram.pieces import Pieces, taken_apart
from dealledger.projections.diagram.render import raw
from dealledger.projections.diagram.select import Options
from dealledger.projections.diagram.style import LINES, line_of
from dealledger.projections.timeline import History, edges_over_time
from dealledger.web.histories import Pool, over
from dealledger.web.places import Places
from dealledger.web.scope import Scope


def picture(scope: Scope, options: Options, places: Places) -> dict[str, Any]:
    """Return the parts `diagram`, `edges`, `facts`, `verbs` and `words` of the document.

    options: what the diagram shows; with a focus, only edges that touch it are there at all.

    Raises: BadInput, if there is too much to draw.
    """
    edges = {
        key: each
        for key, each in edges_over_time(scope.view, scope.lenses, scope.stops).items()
        if options.focus is None or options.focus in key
    }
    facts: Pool[Any] = Pool()
    numbers = {key: number for number, key in enumerate(edges)}
    said = [
        _edge(key, histories, lambda each: facts.number(_fact(each, places)), scope)
        for key, histories in edges.items()
    ]
    return {
        "diagram": _diagram(scope, options, edges, numbers) if edges else None,
        "edges": said,
        "facts": facts.values,
        "verbs": {line.word: line.verb for line in LINES},
        "words": {line.word: line.text for line in LINES},
    }


def _edge(
    key: EdgeKey, histories: Sequence[History[Edge]], number: Callable[[Edge], int], scope: Scope
) -> dict[str, Any]:
    kind, source, target, capital, form = key
    return {
        "kind": kind,
        "source": source,
        "target": target,
        "capital": capital,
        "form": form,
        "word": line_of(Edge(kind, source, target, capital, form=form)).word,
        "facts": over(histories, scope.stops, number),
    }


def _fact(edge: Edge, places: Places) -> dict[str, Any]:
    """Return what an edge says at a date; what is not there is left out."""
    found = {
        "said": list(edge_lines(edge)),
        "amounts": [[money.currency, money.text(), bound] for money, bound in edge.bounded()],
        "undisclosed": edge.undisclosed,
        "stake": stake_text(edge.stake) if edge.stake else None,
        "stake_exact": exact_text(edge.stake) if edge.stake else None,
        "rights": list(edge.rights),
        "events": places(edge.events),
        "parts": [[name, money.currency, money.text()] for name, money in edge.parts],
    }
    return {name: value for name, value in found.items() if value}


def _diagram(
    scope: Scope,
    options: Options,
    edges: Mapping[EdgeKey, tuple[History[Edge], ...]],
    numbers: Mapping[EdgeKey, int],
) -> dict[str, Any]:
    found = film(scope.view, scope.lenses, edges, options)
    drawn = taken_apart(raw(found.dot))
    looks: Pool[Any] = Pool()

    def number(look: int) -> int:
        return looks.number(drawn.by_id[found.identifiers[look]])

    return {
        "size": list(drawn.view_box),
        "slots": [
            {
                "id": slot.name,
                **({"party": slot.of} if isinstance(slot.of, str) else {"edge": numbers[slot.of]}),
                "look": over(slot.looks, scope.stops, number),
            }
            for slot in found.slots
            if isinstance(slot.of, str) or slot.of in numbers
        ],
        "looks": looks.values,
        "legend": _named(drawn, "k"),
        "columns": _named(drawn, "c"),
        "shown": _shown(found, edges),
        "command": "deals diagram -o web.svg",
    }


def _named(drawn: Pieces, letter: str) -> list[Any]:
    return [piece for name, piece in drawn.by_id.items() if name.startswith(letter)]


def _shown(found: Film, edges: Mapping[EdgeKey, Any]) -> dict[str, int]:
    """Return how much of the web of all dates is drawn."""
    parties = {end for key in edges for end in key[1:3]}
    slots = [slot.of for slot in found.slots]
    return {
        "parties": sum(isinstance(of, str) for of in slots),
        "all_parties": len(parties),
        "edges": sum(of in edges for of in slots if not isinstance(of, str)),
        "all_edges": len(edges),
    }
