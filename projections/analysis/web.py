"""The web of money between parties, amount by amount: what every analysis starts from.

Three layers, which never add up unless somebody asks for it by name: what was paid, what is still
open of commitments (definitive and reported), and of those announced. Who has the role `outside`
stands for the outside world: a boundary, whose payments are external and never part of a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import Final, Literal

from dealledger.events import BadInput, Money, PartMoney
from dealledger.events.base import Bound
from dealledger.events.category import is_capital, is_promised_capital
from dealledger.ledger import JournalLine, View
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.flows import accrued_part
from dealledger.projections.parties import GROUP, OUTSIDE, parties
from dealledger.projections.promises.commitments import CommitmentRow, commitments
from dealledger.projections.promises.owed import once, owing
from dealledger.projections.rates import Converter, To, UsedRate, converter

Layer = Literal["paid", "committed", "announced"]
LAYERS: Final[tuple[Layer, ...]] = ("paid", "committed", "announced")

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
    """One amount, above 0, that runs from source to target; in the unit of its web.

    capital: funding, or a promise of it; otherwise it is revenue of the target. period: the days
    over which it ran, if not on one day. bound: what kind of number a promise is.
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
    period: tuple[date, date] | None = None
    bound: Bound = "exact"


@dataclass(frozen=True, slots=True)
class Web:
    """The money of a View in one currency: legs in the order of their days, then of the record.

    since: sums count what ran on that day or later. outside: who stands for the outside world.
    many: who stands for many parties in one: groups, and the outside world as a whole.
    undisclosed: how many amounts are left out because nobody says them; unknown: those, as legs of
    0, in the order of the record. unit: amounts are whole numbers of 1/unit of a minor unit, so
    that converted and accrued ones are exact; see `money`. accrued: amounts with a period are read
    by it. rates: by which amounts were converted.
    """

    currency: str
    legs: tuple[Leg, ...]
    layers: tuple[Layer, ...] = ("paid",)
    outside: frozenset[str] = frozenset()
    undisclosed: int = 0
    since: date | None = None
    many: frozenset[str] = frozenset()
    unknown: tuple[Leg, ...] = ()
    unit: int = 1
    accrued: bool = False
    rates: tuple[UsedRate, ...] = ()

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
        """Return what ran from whom to whom, sorted, in its unit; only capital or revenue."""
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

    def money(self, amount: int | Fraction) -> Money:
        """Return an amount in the unit of the web as money, rounded to the minor unit."""
        return Money(self.currency, round(Fraction(amount, self.unit)))

    def part(self, amount: int | Fraction) -> PartMoney:
        """Return an amount in the unit of the web as money, exact."""
        return PartMoney(self.currency, Fraction(amount, self.unit))


def web(
    view: View,
    layers: Iterable[Layer] = ("paid",),
    *,
    currency: To = None,
    since: date | None = None,
    between: frozenset[str] | None = None,
    accrue: bool = False,
) -> Web:
    """Return the web of a View; currency: convert to it, each amount at its own date.

    between: only what runs between these parties. accrue: read amounts with a period by that alone,
    straight-line by days; one that began before *since* is two legs, before it and from it on.
    Raises: MissingRate; BadInput, if there are several currencies and none is asked for.
    """
    asked = tuple(layer for layer in LAYERS if layer in set(layers))
    convert = converter(view, currency)
    lines = view.lines(by_period=accrue) if "paid" in asked else ()
    amounts = [
        (leg, amount)
        for leg, amount in (
            *_paid(lines, view.as_of, since, convert, accrue=accrue),
            *_promised(view, asked, convert),
        )
        if between is None or {leg.source, leg.target} <= between
    ]
    known = {amount.currency for _, amount in amounts if amount is not None}
    # Descriptions of all dates count: a party may pay before it entered the map.
    rows = parties(view.at(date.max))
    empty = Web(
        convert.currency or one_currency(known),
        (),
        asked,
        outside=frozenset(row.party for row in rows if OUTSIDE in row.roles),
        since=since,
        many=frozenset(row.party for row in rows if GROUP in row.roles or row.roles == (OUTSIDE,)),
        accrued=accrue,
    )
    return replace(_filled(empty, amounts), rates=convert.used())


def accrued_at(whole: Web, lines: Iterable[JournalLine], convert: Converter, day: date) -> Web:
    """Return what was paid up to the end of a day, each amount with a period by its days.

    whole: the web of a later day. lines: the cash of that day, by period.
    """
    return _filled(whole, list(_paid(lines, day, whole.since, convert, accrue=True)))


def _filled(empty: Web, amounts: Sequence[LegAmount]) -> Web:
    """Return a web with legs of these amounts, in its common unit."""
    known = [(leg, amount.minor) for leg, amount in amounts if amount is not None]
    unit = common_unit(minor for _, minor in known)
    legs = [replace(leg, minor=int(minor * unit)) for leg, minor in known]
    unknown = tuple(leg for leg, amount in amounts if amount is None and empty.counts(leg))
    return replace(
        empty,
        legs=tuple(
            sorted((leg for leg in legs if leg.minor), key=lambda leg: (leg.day, leg.position))
        ),
        undisclosed=len(unknown),
        unknown=unknown,
        unit=unit,
    )


FINEST: Final = 10**48
"""The finest unit of a web. If rates have a larger common denominator, as many inverse ones have,
what is finer is cut, which no sum of a record can show."""


def common_unit(amounts: Iterable[Fraction]) -> int:
    """Return into how many parts a minor unit is divided so that all amounts are whole numbers."""
    unit = 1
    for denominator in {amount.denominator for amount in amounts}:
        unit = lcm(unit, denominator)
        if unit > FINEST:
            return FINEST
    return unit


def vague_promises(web: Web) -> tuple[tuple[Bound, Money], ...]:
    """Return how much of the promises in a web is up to, at least or about so much."""
    sums: dict[Bound, int] = {}
    for leg in web.counted():
        if leg.bound != "exact":
            sums[leg.bound] = sums.get(leg.bound, 0) + leg.minor
    return tuple((bound, web.money(minor)) for bound, minor in sorted(sums.items(), reverse=True))


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


LegAmount = tuple[Leg, PartMoney | None]
"""A leg without its amount, with that amount, or None if undisclosed."""


def _paid(
    lines: Iterable[JournalLine],
    as_of: date,
    since: date | None,
    convert: Converter,
    *,
    accrue: bool,
) -> Iterator[LegAmount]:
    for line in lines:
        begins = line.period[0] if accrue and line.period else line.day
        if begins > as_of:
            continue
        leg = Leg(
            line.event,
            line.position,
            line.day,
            line.source,
            line.target,
            is_capital(line.category),
            0,
            confidence=line.confidence,
            period=line.period,
        )
        if line.currency is None or line.minor is None:
            yield leg, None
            continue
        exact = convert.exact(Money(line.currency, line.minor), line.day)
        code = convert.code(line.currency)
        parts = _accrued(leg, as_of, since) if accrue else ((leg, Fraction(1)),)
        yield from ((each, PartMoney(code, exact * part)) for each, part in parts)


def _accrued(leg: Leg, as_of: date, since: date | None) -> Iterator[tuple[Leg, Fraction]]:
    """Yield what of a leg ran before the window, and what in it, each on the last of its days."""
    if leg.period is None:
        yield leg, Fraction(1)
        return
    start, end = leg.period
    last = min(end, as_of)
    whole, before = accrued_part(start, end, as_of), Fraction()
    if since is not None and start < since <= last:
        eve = since - timedelta(days=1)
        before = accrued_part(start, end, eve)
        yield replace(leg, day=eve), before
    yield replace(leg, day=last), whole - before


def _promised(view: View, layers: tuple[Layer, ...], convert: Converter) -> Iterator[LegAmount]:
    """Yield what is open of live commitments by who owes it, each once: see `owed.once`."""
    if layers == ("paid",):
        return
    rows = [
        row
        for row in commitments(view, currency=convert)
        if row.status == "open" and row.layer in layers
    ]
    # What serves a promise between the same two is a part of that one.
    for row in once(rows, lambda row: (row.obligor, row.beneficiary)):
        if row.still_open is None or row.currency is None:
            yield _promise(row, row.obligor), None
            continue
        for party, minor in owing(row):
            yield _promise(row, party), PartMoney(row.currency, minor)


def _promise(row: CommitmentRow, party: str) -> Leg:
    return Leg(
        row.id,
        row.position,
        row.event.effective_on,
        party,
        row.beneficiary,
        is_promised_capital(row.purpose),
        0,
        row.layer,
        row.event.confidence,
        bound=row.open_bound,
    )
