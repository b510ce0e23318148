"""Rules that say which money a payment carries: pro rata, FIFO, LIFO, lowest intermediate balance.

Cash is fungible, so a rule is a convention of tracing, no fact. Each follows the tagged money of
one party: tagged when it funds somebody, carried on by whoever holds it, and home when it returns.

Sources: quantities, Q2; FIFO is Clayton's case (1816); the lowest intermediate balance spends what
is not tagged first.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Protocol

from dealledger.projections.analysis.tracing.precision import Exact, Scale, scale_of
from dealledger.projections.analysis.tracing.running_balances import BalanceStep, steps
from dealledger.projections.analysis.web import Web


class Purse(Protocol):
    """What one party holds, tagged or not."""

    def put(self, amount: int, tagged: Parcels) -> None:
        """Take in an amount and the tagged parcels in it."""

    def take(self, step: BalanceStep) -> Parcels:
        """Pay, and return what the payment carries."""


Parcels = list[tuple[Exact, bool]]
"""Amounts in the order in which they are paid, each tagged or not."""


@dataclass(slots=True)
class ProRata:
    """A payment carries the same share of tagged money as the balance it is paid from."""

    scale: Scale
    tagged: Exact = 0

    def put(self, amount: int, tagged: Parcels) -> None:
        """Mix the amount into the balance."""
        self.tagged += sum(part for part, is_tagged in tagged if is_tagged)

    def take(self, step: BalanceStep) -> Parcels:
        """Return the tagged share of what is in the balance."""
        if not step.had:
            return []
        part = self.scale.part(self.tagged, step.recorded, step.had)
        self.tagged -= part
        return [(part, True)]


@dataclass(slots=True)
class Queue:
    """Money leaves in the order in which it came, or, with *last*, the latest first."""

    scale: Scale
    last: bool = False
    parcels: deque[tuple[Exact, bool]] = field(default_factory=deque)

    def put(self, amount: int, tagged: Parcels) -> None:
        """Add the parcels; what they do not cover is untagged."""
        rest = self.scale.held(amount) - sum(part for part, _ in tagged)
        self.parcels.extend(tagged)
        if rest:
            self.parcels.append((rest, False))

    def take(self, step: BalanceStep) -> Parcels:
        """Return the first, or the last, parcels that make up the amount."""
        wanted, taken = self.scale.held(step.recorded), []
        pop = self.parcels.pop if self.last else self.parcels.popleft
        push = self.parcels.append if self.last else self.parcels.appendleft
        while wanted:
            part, is_tagged = pop()
            used = min(part, wanted)
            taken.append((used, is_tagged))
            wanted -= used
            if part > used:
                push((part - used, is_tagged))
        return taken


@dataclass(slots=True)
class UntaggedFirst:
    """Tagged money is spent only when nothing else is left in the balance."""

    scale: Scale
    tagged: Exact = 0

    def put(self, amount: int, tagged: Parcels) -> None:
        """Add to the tagged part of the balance."""
        self.tagged += sum(part for part, is_tagged in tagged if is_tagged)

    def take(self, step: BalanceStep) -> Parcels:
        """Return what of the tagged money has to go."""
        part = max(self.tagged - self.scale.held(step.left), 0)
        self.tagged -= part
        return [(part, True)]


RULES: Final[dict[str, Callable[[Scale], Purse]]] = {
    "pro_rata": ProRata,
    "fifo": Queue,
    "lifo": lambda scale: Queue(scale, last=True),
    "libr": UntaggedFirst,
}
"""How to make an empty purse, by the name of its rule."""


def followed(web: Web, party: str, rule: str) -> Fraction:
    """Return what of the revenue of *party* is, by *rule*, money that it had paid in as funding.

    In minor units; of the window of the web, with the balances of all its legs.
    """
    scale = scale_of(web)
    purses: dict[str, Purse] = defaultdict(lambda: RULES[rule](scale))
    home: Exact = 0
    for step in steps(web):
        leg = step.leg
        carried: Parcels = []
        if leg.source == party:
            is_tagged = leg.capital and web.counts(leg)
            carried = [(scale.held(leg.minor), is_tagged)]
        elif leg.source not in web.outside:
            carried = purses[leg.source].take(step)
        if leg.target == party:
            if web.counts(leg) and not leg.capital:
                home += sum(part for part, is_tagged in carried if is_tagged)
        elif leg.target not in web.outside:
            purses[leg.target].put(leg.minor, carried)
    return scale.minor(home)
