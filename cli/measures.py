"""Which quantities of the web have a history, and how each is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealledger.cli.report import Column, Number
from dealledger.cli.series import Measured

if TYPE_CHECKING:
    from fractions import Fraction

    from dealledger.projections.analysis.circulation import Circularity
    from dealledger.projections.analysis.concentration import Concentration, Direction

CIRCULARITY = (
    Column("total", "In all"),
    Column("bff", "Goes round (BFF)"),
    Column("bff_share", "Share", lambda found: found.share(found.bff)),
    Column("ceiling", "At most (C*)"),
    Column("index", "Share", lambda found: found.share(found.ceiling)),
    Column("multiple", "Revenue multiple", lambda found: _number(found.multiple)),
)
CONCENTRATION = (
    Column("total", "Total"),
    Column("parties", "Others", lambda found: len(found.parts)),
    Column("hhi", "HHI", lambda found: _index(found.hhi)),
    Column("hhi_least", "At least", lambda found: _index(found.least)),
    Column("effective", "Effective number", lambda found: _number(found.effective)),
)


def circularity_measure() -> Measured:
    """Return how circular the web is: Q5 and Q6 of the quantities."""
    from dealledger.projections.analysis.circulation import circularity

    def line(found: Circularity) -> Fraction | None:
        return found.share(found.bff)

    return Measured(
        "How much of the money goes round, over time",
        circularity,
        CIRCULARITY,
        line,
        ("BFF: in proportion; C*: at most; the line is the share that goes round by BFF",),
    )


def concentration_measure(party: str, direction: Direction) -> Measured:
    """Return how concentrated one book of *party* is: Q8 of the quantities."""
    from dealledger.projections.analysis.concentration import concentration

    def line(found: Concentration) -> Fraction | None:
        return found.hhi

    return Measured(
        f"Concentration of {party}'s {direction}, over time",
        lambda web: concentration(web, party, direction),
        CONCENTRATION,
        line,
        ("HHI: the sum of squared shares, 10,000 if one has all",),
        whose=party,
    )


def _number(value: Fraction | None) -> Number | None:
    return None if value is None else Number(value)


def _index(value: Fraction | None) -> Number | None:
    return None if value is None else Number(10_000 * value, 0)
