"""The web of money between parties, amount by amount: what every analysis starts from.

Three layers, which never add up unless somebody asks for it by name: what was paid, what is still
open of commitments (definitive and reported), and of those announced. Who has the role `outside`
stands for the outside world: a boundary, whose payments are external and never part of a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from dealledger.events import BadInput, Money
from dealledger.ledger import View
from dealledger.projections.alliances import CAPITAL_PURPOSES
from dealledger.projections.commitments import CommitmentRow, commitments
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.parties import parties
from dealledger.projections.rates import Converter

Layer = Literal["paid", "committed", "announced"]
LAYERS: Final[tuple[Layer, ...]] = ("paid", "committed", "announced")
OUTSIDE: Final = "outside"
GROUP: Final = "group"

Pair = tuple[str, str]
"""(source, target): money runs from the first to the second."""


def layers_said(layers: Sequence[Layer]) -> str:
    """Return layers in words.

    >>> layers_said(("paid", "committed", "announced"))
    'paid, committed and announced'
    """
    *first, last = layers
    return f"{', '.join(first)} and {last}" if first else last


@dataclass(frozen=True, slots=True)
class Leg:
    """One amount, in minor units (above 0), that runs from source to target.

    capital: funding, or a promise of it; otherwise it is revenue of the target.
    """

    event: str
    position: int
    day: date
    source: str
    target: str
    capital: bool
    minor: int
    layer: Layer = "paid"
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Web:
    """The money of a View in one currency: legs in the order of their days, then of the record.

    since: sums count what ran on that day or later. outside: who stands for the outside world.
    many: who stands for many parties in one: groups, and the outside world as a whole.
    undisclosed: how many amounts are left out because nobody says them; unknown: those, as legs of
    0, in the order of the record.
    """

    currency: str
    legs: tuple[Leg, ...]
    layers: tuple[Layer, ...] = ("paid",)
    outside: frozenset[str] = frozenset()
    undisclosed: int = 0
    since: date | None = None
    many: frozenset[str] = frozenset()
    unknown: tuple[Leg, ...] = ()

    def around(self, party: str) -> Web:
        """Return only what one party pays or is paid."""
        unknown = tuple(leg for leg in self.unknown if party in (leg.source, leg.target))
        return replace(
            self,
            legs=tuple(leg for leg in self.legs if party in (leg.source, leg.target)),
            undisclosed=len(unknown),
            unknown=unknown,
        )

    def counted(self) -> tuple[Leg, ...]:
        """Return the legs that sums count: those not before `since`."""
        return tuple(leg for leg in self.legs if self.counts(leg))

    def counts(self, leg: Leg) -> bool:
        """Tell whether a leg is in the window."""
        return self.is_in_window(leg.day)

    def is_in_window(self, day: date) -> bool:
        """Tell whether sums count what ran on a day."""
        return self.since is None or day >= self.since

    def amounts(self, *, capital: bool | None = None) -> dict[Pair, int]:
        """Return what ran from whom to whom, sorted, in minor units; only capital or revenue."""
        sums: dict[Pair, int] = defaultdict(int)
        for leg in self.counted():
            if capital in (None, leg.capital):
                sums[leg.source, leg.target] += leg.minor
        return dict(sorted(sums.items()))

    def inside(self) -> dict[Pair, int]:
        """Return the amounts between insiders: where money can run in a circle."""
        return {pair: minor for pair, minor in self.amounts().items() if not self.outside & {*pair}}

    def parties(self) -> tuple[str, ...]:
        """Return whoever pays or is paid, sorted."""
        return tuple(sorted({party for pair in self.amounts() for party in pair}))

    def money(self, minor: int) -> Money:
        """Return an amount in the currency of the web."""
        return Money(self.currency, minor)


def web(
    view: View,
    layers: Iterable[Layer] = ("paid",),
    *,
    currency: str | None = None,
    since: date | None = None,
    between: frozenset[str] | None = None,
) -> Web:
    """Return the web of a View; currency: convert to it, each amount at its own date.

    between: only what runs between these parties.
    Raises: MissingRate; BadInput, if there are several currencies and none is asked for.
    """
    asked = tuple(layer for layer in LAYERS if layer in set(layers))
    amounts = [
        (leg, money)
        for leg, money in (*(_paid(view) if "paid" in asked else ()), *_promised(view, asked))
        if between is None or {leg.source, leg.target} <= between
    ]
    convert = Converter(view, currency)
    known = [(leg, convert(money, leg.day)) for leg, money in amounts if money is not None]
    legs = [replace(leg, minor=money.minor) for leg, money in known if money.minor]
    unknown = tuple(
        leg for leg, money in amounts if money is None and (since is None or leg.day >= since)
    )
    # Descriptions of all dates count: a party may pay before it entered the map.
    rows = parties(view.at(date.max))
    return Web(
        currency or one_currency({money.currency for _, money in known}),
        tuple(sorted(legs, key=lambda leg: (leg.day, leg.position))),
        asked,
        frozenset(row.party for row in rows if OUTSIDE in row.roles),
        len(unknown),
        since,
        frozenset(row.party for row in rows if GROUP in row.roles or row.roles == (OUTSIDE,)),
        unknown,
    )


def sureness(web: Web) -> tuple[Confidence, ...]:
    """Return how sure the amounts are that a web counts."""
    return confidence_of((web.money(leg.minor), leg.confidence) for leg in web.counted())


def one_currency(currencies: set[str]) -> str:
    """Return the currency of a web: USD, if there are no amounts. Raises: BadInput, for several."""
    if len(currencies) > 1:
        raise BadInput(
            f"the web holds amounts in {', '.join(sorted(currencies))}, which do not add up",
            "convert them at the recorded rates: --in USD",
        )
    return next(iter(currencies), "USD")


Amount = tuple[Leg, Money | None]
"""A leg whose amount is still to be converted, with that amount, or None if undisclosed."""


def _paid(view: View) -> Iterator[Amount]:
    for line in view.lines():
        known = line.currency is not None and line.minor is not None
        yield (
            Leg(
                line.event,
                line.position,
                line.day,
                line.source,
                line.target,
                line.category == "funding",
                0,
                confidence=line.confidence,
            ),
            Money(line.currency or "", line.minor or 0) if known else None,
        )


def _promised(view: View, layers: tuple[Layer, ...]) -> Iterator[Amount]:
    """Yield what is open of live commitments, each once: without what backs another."""
    if layers == ("paid",):
        return
    rows = [row for row in commitments(view) if row.status == "open" and row.layer in layers]
    sides = {row.id: (row.obligor, row.beneficiary) for row in rows}
    for row in rows:
        # What serves a promise between the same two is a part of that one.
        if sides.get(row.backs or "") != (row.obligor, row.beneficiary):
            yield _promise(row), row.remaining


def _promise(row: CommitmentRow) -> Leg:
    return Leg(
        row.id,
        row.position,
        row.event.effective_on,
        row.obligor,
        row.beneficiary,
        row.purpose in CAPITAL_PURPOSES,
        0,
        row.layer,
        row.event.confidence,
    )
