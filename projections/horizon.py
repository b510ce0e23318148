"""The horizon: everything that ever stood in the web of alliances, at any date and moment.

Pictures are laid out by it, so that parties keep their places whatever is asked for.
"""

from __future__ import annotations

from dataclasses import replace

from dealledger.events import LIVE_FIRMNESS, Holding, Issuance, Transfer, moving_kinds
from dealledger.ledger import Memory, MemoryView, View
from dealledger.projections.alliances import (
    Alliances,
    Edge,
    EdgeKey,
    granted_edges,
    joined,
    paid_edges,
    promised_edges,
    rivalry_edges,
    with_stakes,
)
from dealledger.projections.diagram.edge_sizes import Series, open_over_time, sizes_over_time
from dealledger.projections.promises.commitments import CommitmentRow, commitments
from dealledger.projections.rates import Converter
from dealledger.projections.rights import rights


def horizon(view: View, currency: str | None = None) -> Alliances:
    """Return everything that ever stood in the web, at any date and moment of the record.

    It is the same for every View of one record, whatever it knows, so that parties keep their
    places on both axes; what was retracted has its edges too. Cash only grows, so its last sum is
    its largest; a commitment counts with all that was promised. So no amount of any date is larger
    than here, as now known; how large it was when stands in `sizes`.
    """
    last = view.whole()
    convert = Converter(last, currency)
    edges, rows, series = _ever(last, convert)
    gone = MemoryView.of(last, Memory.of(last.events(retracted=True)))
    edges = {**_ever(gone, convert)[0], **edges}
    sizes = sizes_over_time(last.events(*moving_kinds()), rows, series, convert)
    return replace(joined(last, edges.values(), convert), sizes=sizes)


def _ever(
    last: View, convert: Converter
) -> tuple[dict[EdgeKey, Edge], tuple[CommitmentRow, ...], dict[str, Series]]:
    """Return the edges that events of any date have; all commitments, and what was open of them."""
    moved = last.events(*moving_kinds())
    edges = with_stakes(last, paid_edges(moved, convert))
    for record in last.events("holding", "transfer", "issuance"):
        event = record.event
        assert isinstance(event, Holding | Transfer | Issuance)
        holder = event.buyer if isinstance(event, Transfer) else event.holder
        blank = Edge("funding", holder, event.issuer, True, events=(record.id,))
        if not event.memo:
            edges.setdefault(blank.key, blank)
    given = [row for row in rights(last) if row.firmness in LIVE_FIRMNESS]
    rows = commitments(last, currency=convert)
    series = open_over_time(last, rows)
    others = (
        *promised_edges([row for row in rows if row.id in series], whole=True),
        *granted_edges(given),
        *rivalry_edges(last, ended=True),
    )
    return edges | {edge.key: edge for edge in others}, rows, series
