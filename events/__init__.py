"""What can happen between companies: typed, frozen events and the exact values in them.

Pure: no input or output, no clock, and nothing of the other folders.
"""

from typing import TYPE_CHECKING

from dealledger.events.lazy import offer_lazily

if TYPE_CHECKING:
    from dealledger.events.base import Confidence, Event, Firmness, Json, Moving, Posting, to_json
    from dealledger.events.codec import canonical_bytes, parse_event, read_object
    from dealledger.events.encoded import EncodedEvent, encode
    from dealledger.events.errors import BadInput, Conflict, DealLedgerError, Problem, Refused
    from dealledger.events.kinds import (
        KINDS,
        LIVE_FIRMNESS,
        Bearer,
        Commitment,
        Funding,
        Holding,
        Instalment,
        Issuance,
        Party,
        Payment,
        Rate,
        Reaction,
        Retraction,
        Right,
        Rivalry,
        Termination,
        Transfer,
        Valuation,
        moving_kinds,
    )
    from dealledger.events.money import Money, PartMoney

__all__ = [
    "KINDS",
    "LIVE_FIRMNESS",
    "BadInput",
    "Bearer",
    "Commitment",
    "Confidence",
    "Conflict",
    "DealLedgerError",
    "EncodedEvent",
    "Event",
    "Firmness",
    "Funding",
    "Holding",
    "Instalment",
    "Issuance",
    "Json",
    "Money",
    "Moving",
    "PartMoney",
    "Party",
    "Payment",
    "Posting",
    "Problem",
    "Rate",
    "Reaction",
    "Refused",
    "Retraction",
    "Right",
    "Rivalry",
    "Termination",
    "Transfer",
    "Valuation",
    "canonical_bytes",
    "encode",
    "moving_kinds",
    "parse_event",
    "read_object",
    "to_json",
]

offer_lazily(
    __name__,
    {
        "base": "Confidence Event Firmness Json Moving Posting to_json",
        "codec": "canonical_bytes parse_event read_object",
        "encoded": "EncodedEvent encode",
        "errors": "BadInput Conflict DealLedgerError Problem Refused",
        "kinds": """
            KINDS LIVE_FIRMNESS Bearer Commitment Funding Holding Instalment
            Issuance Party Payment Rate Reaction Retraction Right Rivalry
            Termination Transfer Valuation moving_kinds
        """,
        "money": "Money PartMoney",
    },
)
