"""What only a whole batch can say of events that refer to others, in whichever order they stand.

Commitments do not back each other in a circle, also not through a correction. Draws on a commitment
that names no currency agree with each other. Both are asked of the database when the batch is
written, before it is committed, and only of what the batch touches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dealledger.events import Commitment, Event, Moving, Problem, Retraction
from dealledger.ledger.append.facts import Facts
from dealledger.ledger.append.gathering import gather_known
from dealledger.ledger.storage.engine import Connection
from dealledger.ledger.storage.lookups import drawn_currencies
from dealledger.ledger.storage.sql_log import names_of


@dataclass(slots=True)
class Links:
    """The commitments of a batch to look at again: by id, where the last event stands that says so.

    backing: those that back another one, or replace one. drawn: those without a currency.
    """

    backing: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)

    def note(self, where: str, event: Event, facts: Facts) -> None:
        """Note what a new event of the batch links."""
        if isinstance(event, Commitment) and event.backs and event.id:
            self.backing[event.id] = where
        elif isinstance(event, Retraction) and event.replaced_by:
            self._note_replacement(where, event, facts)
        elif isinstance(event, Moving) and event.commitment:
            self._note_draw(where, event.commitment, facts)

    def _note_replacement(self, where: str, event: Retraction, facts: Facts) -> None:
        target = facts.known.get(event.retracts)
        if target is None or event.replaced_by is None:
            return
        if isinstance(target.event, Commitment):
            self.backing[event.replaced_by] = self.drawn[event.replaced_by] = where
        elif isinstance(target.event, Moving) and target.event.commitment:
            self._note_draw(where, target.event.commitment, facts)

    def _note_draw(self, where: str, commitment_id: str, facts: Facts) -> None:
        found = facts.resolve(commitment_id)
        if found is None or getattr(found.event, "currency", None) is None:
            self.drawn[commitment_id] = where

    def problems(self, connection: Connection, facts: Facts) -> Iterator[Problem]:
        """Yield what is wrong, asked of what is written: each circle and commitment once."""
        seen: set[str] = set()
        for commitment_id, where in reversed(self.backing.items()):
            circle = _circle(connection, facts, commitment_id)
            if circle and not seen & {*circle}:
                seen |= {*circle}
                yield _circle_problem(circle, where)
        drawn = {
            found.id: (found.id, where)
            for commitment_id, where in self.drawn.items()
            if (found := _commitment(connection, facts, commitment_id))
            and found.id is not None
            and found.currency is None
        }
        for commitment_id, where in drawn.values():
            first = drawn_currencies(connection, names_of(connection, commitment_id))
            if len(first) > 1:
                yield _currency_problem(commitment_id, first, where)


def _commitment(connection: Connection, facts: Facts, event_id: str) -> Commitment | None:
    """Return the commitment that an id means, or None."""
    gather_known(connection, facts, {event_id})
    found = facts.resolve(event_id)
    return found.event if found and isinstance(found.event, Commitment) else None


def _circle(connection: Connection, facts: Facts, commitment_id: str) -> list[str]:
    """Return the circle of what backs what that a commitment stands in, from itself on."""
    chain: list[str] = []
    found = _commitment(connection, facts, commitment_id)
    while found is not None and found.id is not None and found.id not in chain:
        chain.append(found.id)
        found = _commitment(connection, facts, found.backs) if found.backs else None
    return chain if found is not None and found.id == chain[0] else []


def _circle_problem(circle: list[str], where: str) -> Problem:
    return Problem(
        f"{' backs '.join((*circle, circle[0]))}: commitments back each other in a circle",
        "leave out one backs",
        where,
        rule="backs",
    )


def _currency_problem(commitment_id: str, first: dict[str, str], where: str) -> Problem:
    said = ", ".join(f"{event_id} in {currency}" for currency, event_id in first.items())
    return Problem(
        f"draws on {commitment_id}, which names no currency, do not agree: {said}",
        "a commitment is drawn on in one currency",
        where,
        rule="draw",
    )
