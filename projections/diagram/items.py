"""What a diagram says about each of its edges at a date, and how that changed since another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from dealledger.events import Money
from dealledger.events.base import Bound
from dealledger.events.bound import SIGNS, subtracted, summed
from dealledger.projections.alliances import Alliances, Edge, EdgeKey
from dealledger.projections.diagram.labels import amount_text, edge_lines
from dealledger.projections.diagram.select import Choice, key_of

State = Literal["there", "hidden", "added", "changed", "same", "removed", "marked"]


@dataclass(frozen=True, slots=True)
class Item:
    """An edge as it is drawn. laid_out: as in the horizon, which sizes it; lines: what it says.

    shared: its label has room for a share.
    """

    key: EdgeKey
    laid_out: Edge
    edge: Edge
    state: State
    lines: tuple[str, ...]
    shared: bool = False

    @property
    def is_shown(self) -> bool:
        """Tell whether the edge is visible at the date."""
        return self.state != "hidden"


def items_of(choice: Choice, now: Alliances, before: Alliances | None) -> tuple[Item, ...]:
    """Return one item per edge of *choice*, in its order."""
    present = {key_of(edge): edge for edge in now.edges}
    past = None if before is None else {key_of(edge): edge for edge in before.edges}
    items = (_item(key, edge, present.get(key), past) for key, edge in choice.edges)
    return tuple(replace(item, shared=item.key in choice.shares) for item in items)


def _item(
    key: EdgeKey, laid_out: Edge, edge: Edge | None, past: dict[EdgeKey, Edge] | None
) -> Item:
    old = None if past is None else past.get(key)
    if edge is None:
        if old is None:
            return Item(key, laid_out, laid_out, "hidden", ())
        return Item(key, laid_out, old, "removed", edge_lines(old))
    if past is None:
        return Item(key, laid_out, edge, "there", edge_lines(edge))
    if old is None:
        return Item(key, laid_out, edge, "added", edge_lines(edge))
    if edge_lines(edge) == edge_lines(old):
        return Item(key, laid_out, edge, "same", edge_lines(edge))
    return Item(key, laid_out, edge, "changed", _difference(edge, old))


def _difference(edge: Edge, old: Edge) -> tuple[str, ...]:
    """Return by how much the amounts changed, or all that is said now where none did.

    What came and what went of several promises are said apart, never netted.
    """
    changes = list(_changes(edge, old))
    lines = []
    for currency in sorted({change.currency for change in changes}):
        own = [change.minor for change in changes if change.currency == currency]
        came = sum(minor for minor in own if minor > 0)
        went = -sum(minor for minor in own if minor < 0)
        texts = [
            sign + amount_text(Money(currency, minor))
            for sign, minor in (("+", came), ("−", went))
            if minor
        ]
        bound = summed([_bound(edge, currency), subtracted(_bound(old, currency))])
        if len(texts) > 1 and bound != "exact":
            bound = "about"
        lines += [SIGNS[bound] + " ".join(texts)] if texts else []
    return tuple(lines) or edge_lines(edge)


def _bound(edge: Edge, currency: str) -> Bound:
    """Return what kind of number the amount of *edge* in a currency is."""
    return next((b for money, b in edge.bounded() if money.currency == currency), "exact")


def _changes(edge: Edge, old: Edge) -> Iterator[Money]:
    """Yield by how much each promise changed, or, of what is not made of promises, each sum."""
    now, before = (_parts(each) for each in (edge, old))
    for name in dict.fromkeys((*now, *before)):
        currency = name[1]
        yield Money(currency, now.get(name, 0) - before.get(name, 0))


def _parts(edge: Edge) -> dict[tuple[str, str], int]:
    """Return amounts by (id of a promise, currency); without promises by currency."""
    if edge.parts:
        return {(name, money.currency): money.minor for name, money in edge.parts}
    return {("", amount.currency): amount.minor for amount in edge.amounts}
