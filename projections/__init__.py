"""What events add up to: pure functions of a View, one file per quantity."""

from typing import TYPE_CHECKING

from dealledger.events.lazy import offer_lazily

if TYPE_CHECKING:
    from dealledger.projections.alliances import Alliances, Edge, Node, alliances
    from dealledger.projections.flows import Flows, flows
    from dealledger.projections.horizon import horizon
    from dealledger.projections.ownership.stakes import StakeRow, StakeTable, stakes
    from dealledger.projections.parties import PartyRow, find_party, parties
    from dealledger.projections.promises.burden import burdens, by_band, by_bearer, by_year
    from dealledger.projections.promises.commitments import CommitmentRow, commitments, totals
    from dealledger.projections.rates import Converter, MissingRate
    from dealledger.projections.rights import RightRow, rights

__all__ = [
    "Alliances",
    "CommitmentRow",
    "Converter",
    "Edge",
    "Flows",
    "MissingRate",
    "Node",
    "PartyRow",
    "RightRow",
    "StakeRow",
    "StakeTable",
    "alliances",
    "burdens",
    "by_band",
    "by_bearer",
    "by_year",
    "commitments",
    "find_party",
    "flows",
    "horizon",
    "parties",
    "rights",
    "stakes",
    "totals",
]

offer_lazily(
    __name__,
    {
        "alliances": "Alliances Edge Node alliances",
        "promises.burden": "burdens by_band by_bearer by_year",
        "promises.commitments": "CommitmentRow commitments totals",
        "flows": "Flows flows",
        "horizon": "horizon",
        "parties": "PartyRow find_party parties",
        "rates": "Converter MissingRate",
        "rights": "RightRow rights",
        "ownership.stakes": "StakeRow StakeTable stakes",
    },
)
