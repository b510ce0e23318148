"""Flows: the cash that moved, gross per pair, net per pair, balance per party.

Cash is funding, unless in credits, and revenue payments. Each amount counts in full at its
effective_on; the nets of all parties sum to zero per currency. An amount that is known only for a
period which the as-of date falls into may have moved in any part: the bounds net_min and net_max
say how far that can reach, and `accrue` counts it straight-line by days instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dealledger.events import Money
from dealledger.ledger import PeriodLine, View
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.rates import Converter

Key = tuple[str, str, str, int | None, str]
"""Category, source, target, year and currency."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Cash of one category from one party to another. year: None, if years are not kept apart."""

    category: str
    source: str
    target: str
    year: int | None
    money: Money


@dataclass(frozen=True, slots=True)
class PartyFlow:
    """What one party received and paid in one currency."""

    party: str
    currency: str
    inflow: Money
    outflow: Money
    net: Money


@dataclass(frozen=True, slots=True)
class PairFlow:
    """What moved between two parties, a < b, in one currency; net = a_to_b - b_to_a."""

    a: str
    b: str
    currency: str
    a_to_b: Money
    b_to_a: Money
    net: Money
    net_min: Money
    net_max: Money
    a_to_b_funding: Money
    a_to_b_payment: Money
    b_to_a_funding: Money
    b_to_a_payment: Money


@dataclass(frozen=True, slots=True)
class KindFlow:
    """What moved as funding, or as payments, in one currency."""

    kind: str
    currency: str
    amount: Money


@dataclass(frozen=True, slots=True)
class YearFlow:
    """What moved in one calendar year in one currency."""

    year: int
    currency: str
    funding: Money
    payment: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class Flows:
    """All cash of a View, and how many amounts it leaves out because they are not disclosed.

    maybe: amounts whose period straddles the as-of date, with the part that `moved` counts.
    confidence: how sure the amounts are that counted in full.
    """

    moved: tuple[Moved, ...]
    maybe: tuple[tuple[PeriodLine, Money, Money], ...]
    undisclosed: int
    party: str | None = None
    confidence: tuple[Confidence, ...] = ()

    def by_party(self) -> tuple[PartyFlow, ...]:
        """Return one row per party and currency, sorted by them; with a party, only its own."""
        inflow: dict[tuple[str, str], int] = defaultdict(int)
        outflow: dict[tuple[str, str], int] = defaultdict(int)
        for each in self.moved:
            inflow[each.target, each.money.currency] += each.money.minor
            outflow[each.source, each.money.currency] += each.money.minor
        return tuple(
            PartyFlow(party, currency, Money(currency, got), Money(currency, paid),
                      Money(currency, got - paid))
            for party, currency in sorted(inflow.keys() | outflow.keys())
            if self.party in (None, party)
            for got, paid in [(inflow[party, currency], outflow[party, currency])]
        )  # fmt: skip

    def by_pair(self) -> tuple[PairFlow, ...]:
        """Return one row per pair and currency, sorted by them."""
        parts: dict[tuple[str, str, str], dict[tuple[bool, str], int]] = {}
        for each in self.moved:
            pair = _pair(each.source, each.target, each.money.currency)
            part = (each.source == pair[0], each.category)
            amounts = parts.setdefault(pair, defaultdict(int))
            amounts[part] += each.money.minor
        bounds: dict[tuple[str, str, str], tuple[int, int]] = {}
        for line, whole, counted in self.maybe:
            pair = _pair(line.source, line.target, whole.currency)
            parts.setdefault(pair, defaultdict(int))
            low, high = bounds.get(pair, (0, 0))
            sign = 1 if line.source == pair[0] else -1
            # What is counted may not have moved yet; what is not counted may have moved already.
            ends = sorted((-sign * counted.minor, sign * (whole.minor - counted.minor)))
            bounds[pair] = (low + ends[0], high + ends[1])
        return tuple(
            _pair_flow(pair, parts[pair], bounds.get(pair, (0, 0))) for pair in sorted(parts)
        )

    def by_kind(self) -> tuple[KindFlow, ...]:
        """Return one row per category and currency."""
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for each in self.moved:
            sums[each.category, each.money.currency] += each.money.minor
        return tuple(
            KindFlow(kind, currency, Money(currency, sums[kind, currency]))
            for kind, currency in sorted(sums)
        )

    def by_year(self) -> tuple[YearFlow, ...]:
        """Return one row per calendar year of effective_on and currency; `years` was asked for."""
        sums: dict[tuple[int, str], dict[str, int]] = {}
        for each in self.moved:
            assert each.year is not None
            year = sums.setdefault((each.year, each.money.currency), defaultdict(int))
            year[each.category] += each.money.minor
        return tuple(
            YearFlow(year, currency, Money(currency, parts["funding"]),
                     Money(currency, parts["payment"]), Money(currency, sum(parts.values())))
            for (year, currency), parts in sorted(sums.items())
        )  # fmt: skip


def flows(
    view: View,
    party: str | None = None,
    *,
    currency: str | None = None,
    accrue: bool = False,
    years: bool = False,
) -> Flows:
    """Return the cash that moved, of everybody or of one party.

    currency: convert everything to it. accrue: count amounts with a period straight-line by days.
    years: keep calendar years apart, for `by_year`.
    Raises: MissingRate, if a rate to *currency* is not recorded.
    """
    convert = Converter(view, currency)
    maybe = tuple(_maybe(view, party, convert, accrue=accrue))
    moved: dict[Key, int] = defaultdict(int)
    undisclosed = 0
    # Only a rate needs the day; a large ledger has far more days than years.
    for each in view.sums(party=party, by_year=years, by_day=currency is not None):
        undisclosed += each.undisclosed
        if each.money is not None:
            money = each.money if each.day is None else convert(each.money, each.day)
            moved[each.category, each.source, each.target, each.year, money.currency] += money.minor
    if accrue:
        _accrue(view, maybe, moved, years=years)
    rows = (Moved(*key[:4], Money(key[4], moved[key])) for key in sorted(moved, key=_order))
    return Flows(
        tuple(row for row in rows if row.money.minor),
        maybe,
        undisclosed,
        party,
        confidence_of(_sureness(view, party, convert)),
    )


def _order(key: Key) -> tuple[str, str, str, int, str]:
    return (*key[:3], key[3] or 0, key[4])


def _sureness(
    view: View, party: str | None, convert: Converter
) -> Iterator[tuple[Money, str | None]]:
    for each in view.sureness(party=party, by_day=convert.currency is not None):
        money = Money(each.currency, each.minor)
        yield money if each.day is None else convert(money, each.day), each.confidence


def _maybe(
    view: View, party: str | None, convert: Converter, *, accrue: bool
) -> Iterator[tuple[PeriodLine, Money, Money]]:
    """Yield (line, its whole amount, what of it is counted)."""
    for line in view.straddling(party):
        whole = convert(Money(line.currency, line.minor), line.effective_on)
        counted = whole.minor if line.effective_on <= view.as_of else 0
        if accrue:
            counted = accrued(whole.minor, line.period_start, line.period_end, view.as_of)
        yield line, whole, Money(whole.currency, counted)


def accrued(minor: int, start: date, end: date, as_of: date) -> int:
    """Return the part of an amount that falls on the days of its period up to *as_of*, inclusive.

    Straight-line by days, rounded half to even.

    >>> accrued(1000, date(2025, 1, 1), date(2025, 1, 10), date(2025, 1, 3))
    300
    """
    days = (end - start).days + 1
    gone = min(max((as_of - start).days + 1, 0), days)
    whole, rest = divmod(minor * gone, days)
    return whole + (2 * rest > days or (2 * rest == days and whole % 2 == 1))


def _accrue(
    view: View,
    maybe: tuple[tuple[PeriodLine, Money, Money], ...],
    moved: dict[Key, int],
    *,
    years: bool,
) -> None:
    """Replace what the sums count in full by the accrued part."""
    for line, whole, counted in maybe:
        key = (line.category, line.source, line.target)
        if line.effective_on <= view.as_of:
            moved[*key, line.effective_on.year if years else None, whole.currency] -= whole.minor
        moved[*key, view.as_of.year if years else None, whole.currency] += counted.minor


def _pair(source: str, target: str, currency: str) -> tuple[str, str, str]:
    return (source, target, currency) if source < target else (target, source, currency)


def _pair_flow(
    pair: tuple[str, str, str], parts: dict[tuple[bool, str], int], bounds: tuple[int, int]
) -> PairFlow:
    a, b, currency = pair
    there = [parts[True, "funding"], parts[True, "payment"]]
    back = [parts[False, "funding"], parts[False, "payment"]]
    net = sum(there) - sum(back)
    amounts = (sum(there), sum(back), net, net + bounds[0], net + bounds[1], *there, *back)
    return PairFlow(a, b, currency, *(Money(currency, minor) for minor in amounts))
