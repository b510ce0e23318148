"""Does the order matter? The same payments in random orders, as a measure of what order explains.

Parties and amounts stay, days are dealt out anew. If a party's round trip is larger than in most
shuffled webs, its funding tends to come before the spending that returns to it.

Source: quantities, Q14; randomised reference models: Gauvin et al., SIAM Review 64 (2022).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Final

from dealledger.projections.analysis.tracing.tracing_rules import followed
from dealledger.projections.analysis.web import Web

DRAWS: Final = 200


@dataclass(frozen=True, slots=True)
class Shuffled:
    """The pro rata round trip of a party, against the same in shuffled webs.

    below: the share of draws with less; equal: with just as much. median: of the draws, in minor
    units.
    """

    seed: int
    draws: int
    below: Fraction
    equal: Fraction
    median: Fraction


def shuffled(web: Web, party: str, seed: int, draws: int = DRAWS) -> Shuffled:
    """Return how the real order compares with *draws* random ones; the same for the same seed."""
    random = Random(seed)  # noqa: S311  a reference model, no secret
    real = followed(web, party, "pro_rata")
    found = sorted(followed(_dealt(web, random), party, "pro_rata") for _ in range(draws))
    return Shuffled(
        seed,
        draws,
        Fraction(sum(each < real for each in found), draws),
        Fraction(sum(each == real for each in found), draws),
        found[draws // 2],
    )


def _dealt(web: Web, random: Random) -> Web:
    """Return the web with its legs in another order, and its days dealt out anew."""
    order = list(web.legs)
    random.shuffle(order)
    if web.since is not None:
        # Only a window reads days; otherwise the order is all.
        days = (slot.day for slot in web.legs)
        order = [replace(leg, day=day) for leg, day in zip(order, days, strict=True)]
    return replace(web, legs=tuple(order))
