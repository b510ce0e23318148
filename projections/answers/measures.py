"""Which quantities of the web have a history, and how each is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.projections.answers.report import Column, index, plain
from dealledger.projections.answers.series import Measured

if TYPE_CHECKING:
    from fractions import Fraction

    from dealledger.projections.analysis.circles.circulation import Turnover
    from dealledger.projections.analysis.market.concentration import Concentration, Direction
    from dealledger.projections.analysis.tracing.organic import Organic
    from dealledger.projections.analysis.tracing.roundtrip import RoundTrip

CIRCULARITY = (
    Column(
        "total",
        "In all",
        kind="amount",
        about="all that is paid; null: on a day with price moves only, here and below",
    ),
    Column(
        "bff",
        "Goes round (BFF)",
        kind="amount",
        about="what goes round by balanced flow forwarding; null: see total",
    ),
    Column(
        "bff_share",
        "BFF share",
        lambda found: found.share(found.bff),
        kind="share",
        about="of it all; null: see total",
    ),
    Column(
        "ceiling",
        "At most (C*)",
        rank=3,
        kind="amount",
        about="C*, what goes round at most; null: see total",
    ),
    Column(
        "index",
        "C* share",
        lambda found: found.share(found.ceiling),
        rank=4,
        kind="share",
        about="of it all; null: see total",
    ),
    Column(
        "multiple",
        "Revenue multiple",
        lambda found: plain(found.multiple),
        rank=2,
        kind="number",
        about="insiders' revenue for each unit that outsiders pay; null: none recorded",
    ),
)
ROUND_TRIP = (
    Column(
        "revenue",
        "Revenue",
        lambda found: found[0].revenue,
        kind="amount",
        about="of the party; null: on a day with price moves only, here and below",
    ),
    Column(
        "least",
        "Come back, at least",
        lambda found: found[0].share(found[0].least),
        kind="share",
        about="its own funding come back, at least; null: no revenue",
    ),
    Column(
        "pro_rata",
        "Pro rata",
        lambda found: _pro_rata(found[0]),
        kind="share",
        about="the same, pro rata; null: no revenue",
    ),
    Column(
        "most",
        "At most",
        lambda found: found[0].share(found[0].most),
        kind="share",
        about="at most; null: no revenue",
    ),
    Column(
        "organic",
        "Organic",
        lambda found: found[1].share(found[1].organic),
        kind="share",
        about="of customers outside; null: no revenue",
    ),
    Column(
        "outside_capital",
        "Outside capital",
        lambda found: found[1].share(found[1].outside_capital),
        rank=2,
        kind="share",
        about="of outside investors' capital; null: no revenue",
    ),
    Column(
        "others_circular",
        "Others' capital",
        lambda found: found[1].share(found[1].others_circular),
        rank=3,
        kind="share",
        about="of other insiders' capital; null: no revenue",
    ),
)
CONCENTRATION = (
    Column("total", "Total"),
    Column(
        "parties",
        "Others",
        lambda found: len(found.parts),
        rank=3,
        kind="count",
        about="how many others there are; null: on a day with price moves only",
    ),
    Column("hhi", "HHI", lambda found: index(found.hhi)),
    Column("hhi_least", "At least", lambda found: index(found.least), rank=2),
    Column("effective", "Effective number", lambda found: plain(found.effective)),
)

_ROUND_TRIP_SAID: Final = (
    "shares of all recorded revenue so far; the line is pro rata, between the bounds",
    "at least, at most: of the recorded cash; a receipt that is not recorded lowers the least",
)


def circularity_measure() -> Measured:
    """Return how circular the web is: Q5 and Q6 of the quantities."""
    from dealledger.projections.analysis.circles.circulation import turnover

    def line(found: Turnover) -> Fraction | None:
        return found.share(found.bff)

    return Measured(
        "How much of the money goes round, over time",
        turnover,
        CIRCULARITY,
        line,
        ("BFF: in proportion; C*: at most; the line is the share that goes round by BFF",),
    )


def round_trip_measure(party: str, name: str) -> Measured:
    """Return what of the revenue of *party* is its own funding come back: Q2 and Q3."""
    from dealledger.projections.analysis.tracing.organic import organic
    from dealledger.projections.analysis.tracing.roundtrip import round_trip

    def line(found: tuple[RoundTrip, Organic]) -> Fraction | None:
        return _pro_rata(found[0])

    return Measured(
        f"How much of {name}'s revenue is its own funding come back, over time",
        lambda web: (round_trip(web, party), organic(web, party)),
        ROUND_TRIP,
        line,
        _ROUND_TRIP_SAID,
        whose=party,
    )


def _pro_rata(found: RoundTrip) -> Fraction | None:
    return found.share(dict(found.rules)["pro_rata"])


def concentration_measure(party: str, name: str, direction: Direction) -> Measured:
    """Return how concentrated one book of *party* is: Q8 of the quantities."""
    from dealledger.projections.analysis.market.concentration import concentration

    def line(found: Concentration) -> Fraction | None:
        return found.hhi

    return Measured(
        f"Concentration of {name}'s {direction}, over time",
        lambda web: concentration(web, party, direction),
        CONCENTRATION,
        line,
        ("HHI: the sum of squared shares, 10,000 if one has all",),
        whose=party,
        is_index=True,
    )
