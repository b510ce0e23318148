"""What a diagram says about each of its edges at a date, and how that changed since another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from dealledger.events import Money
from dealledger.projections.alliances import Alliances, Edge
from dealledger.projections.diagram_labels import amount_text, edge_lines
from dealledger.projections.diagram_select import Choice, Key, key_of

State = Literal["there", "hidden", "added", "changed", "same", "removed", "marked"]


@dataclass(frozen=True, slots=True)
class Item:
    """An edge as it is drawn. laid_out: as in the horizon, which sizes it; lines: what it says.

    shared: its label has room for a share.
    """

    key: Key
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


def _item(key: Key, laid_out: Edge, edge: Edge | None, past: dict[Key, Edge] | None) -> Item:
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
    """Return by how much the amounts changed, or all that is said now where none did."""
    minor = {amount.currency: amount.minor for amount in edge.amounts}
    for amount in old.amounts:
        minor[amount.currency] = minor.get(amount.currency, 0) - amount.minor
    lines = [
        ("+" if change > 0 else "−") + amount_text(Money(currency, abs(change)))
        for currency, change in minor.items()
        if change
    ]
    return tuple(lines) or edge_lines(edge)
