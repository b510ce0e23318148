"""What a diagram can point out: makers ask the analysis for its numbers and mark the edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dealledger.ledger import View
    from dealledger.projections.alliances import Edge
    from dealledger.projections.analysis.web import Layer
    from dealledger.projections.diagram.marks import Marks

Marker: TypeAlias = "Callable[[Iterable[Edge]], Marks]"
"""Makes the marks of a picture from its edges."""


def circular_marker(
    view: View, layers: tuple[Layer, ...], currency: str | None, edges: Iterable[Edge]
) -> Marks:
    """Point out what goes round of the money in *layers*."""
    from dealledger.projections.analysis.circles.circulation import bff
    from dealledger.projections.analysis.web import web
    from dealledger.projections.diagram.marks import circular_marks

    found = web(view, layers, currency=currency)
    return circular_marks(found, bff(found), edges)


def rival_marker(view: View, edges: Iterable[Edge]) -> Marks:
    """Point out what runs between rivals that are partners at the date."""
    from dealledger.projections.analysis.market.rivals import rival_partners
    from dealledger.projections.diagram.marks import rival_marks
    from dealledger.projections.rivalries import rivalries

    return rival_marks(rival_partners(view, rivalries(view)), edges)


def exposure_marker(
    view: View, party: str, layers: tuple[Layer, ...], currency: str | None, edges: Iterable[Edge]
) -> Marks:
    """Point out who loses revenue, of what is recorded in *layers*, if *party* stops spending."""
    from dealledger.projections.analysis.risk.extraction import extracted
    from dealledger.projections.analysis.web import web
    from dealledger.projections.diagram.marks import exposure_marks
    from dealledger.projections.parties import names_at

    found = web(view, layers, currency=currency)
    names = names_at(view)
    return exposure_marks(party, extracted(found, party), found, edges, names)
