"""Flows: the cash that moved, gross per pair, net per pair, balance per party.

Cash is funding, unless in credits, and revenue payments. Each amount counts in full at its
effective_on; the nets of all parties sum to zero per currency. An amount that is known only for a
period which the as-of date falls into may have moved in any part: the bounds net_min and net_max
say how far that can reach. `accrue` reads an amount with a period by its period alone: nothing
before it, straight-line by days in it, in full after it, wherever its effective_on lies.

Sums are exact, also of converted and accrued amounts, and rounded once, in the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dealledger.events import Money
from dealledger.events.apportion import apportion
from dealledger.events.category import is_capital
from dealledger.ledger import PeriodLine, View
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.rates import Converter, To, UsedRate, converter

Exact = int | Fraction
"""Minor units, not rounded."""

FlowKey = tuple[str, str, str, int | None, str]
"""Category, source, target, year and currency."""


@dataclass(frozen=True, slots=True)
class PairSum:
    """Cash of one category from one party to another. year: None, if years are not kept apart."""

    category: str
    source: str
    target: str
    year: int | None
    currency: str
    minor: Exact


@dataclass(frozen=True, slots=True)
class Straddling:
    """An amount whose period the as-of date falls into, and the part of it that is counted."""

    source: str
    target: str
    currency: str
    whole: Exact
    counted: Exact


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
    """What moved between two parties, a < b, in one currency; net = a_to_b - b_to_a.

    Of each direction, `funding` is what is capital paid in, and `payment` what is revenue.
    """

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
    """What moved in one category (funding, payment, ...), in one currency."""

    kind: str
    currency: str
    amount: Money


@dataclass(frozen=True, slots=True)
class YearFlow:
    """What moved in one calendar year in one currency: as capital, and as revenue."""

    year: int
    currency: str
    funding: Money
    payment: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class Flows:
    """All cash of a View, and how many amounts it leaves out because they are not disclosed.

    maybe: amounts whose period straddles the as-of date. confidence: how sure the amounts are that
    counted in full. rates: by which amounts were converted.
    """

    moved: tuple[PairSum, ...]
    maybe: tuple[Straddling, ...]
    undisclosed: int
    party: str | None = None
    confidence: tuple[Confidence, ...] = ()
    rates: tuple[UsedRate, ...] = ()

    def by_party(self) -> tuple[PartyFlow, ...]:
        """Return one row per party and currency, sorted by them; with a party, only its own."""
        inflow: dict[tuple[str, str], Exact] = defaultdict(int)
        outflow: dict[tuple[str, str], Exact] = defaultdict(int)
        for each in self.moved:
            inflow[each.target, each.currency] += each.minor
            outflow[each.source, each.currency] += each.minor
        return tuple(
            PartyFlow(party, currency, Money(currency, got), Money(currency, paid),
                      Money(currency, got - paid))
            for party, currency in sorted(inflow.keys() | outflow.keys())
            if self.party in (None, party)
            for got, paid in [(round(inflow[party, currency]), round(outflow[party, currency]))]
        )  # fmt: skip

    def by_pair(self) -> tuple[PairFlow, ...]:
        """Return one row per pair and currency, sorted by them."""
        parts: dict[tuple[str, str, str], dict[tuple[bool, bool], Exact]] = {}
        for each in self.moved:
            pair = _pair(each.source, each.target, each.currency)
            part = (each.source == pair[0], is_capital(each.category))
            amounts = parts.setdefault(pair, defaultdict(int))
            amounts[part] += each.minor
        bounds: dict[tuple[str, str, str], tuple[Exact, Exact]] = {}
        for maybe in self.maybe:
            pair = _pair(maybe.source, maybe.target, maybe.currency)
            parts.setdefault(pair, defaultdict(int))
            low, high = bounds.get(pair, (0, 0))
            sign = 1 if maybe.source == pair[0] else -1
            # What is counted may not have moved yet; what is not counted may have moved already.
            ends = sorted((-sign * maybe.counted, sign * (maybe.whole - maybe.counted)))
            bounds[pair] = (low + ends[0], high + ends[1])
        return tuple(
            _pair_flow(pair, parts[pair], bounds.get(pair, (0, 0))) for pair in sorted(parts)
        )

    def by_kind(self) -> tuple[KindFlow, ...]:
        """Return one row per category and currency."""
        sums: dict[tuple[str, str], Exact] = defaultdict(int)
        for each in self.moved:
            sums[each.category, each.currency] += each.minor
        return tuple(
            KindFlow(kind, currency, Money(currency, round(sums[kind, currency])))
            for kind, currency in sorted(sums)
        )

    def by_year(self) -> tuple[YearFlow, ...]:
        """Return one row per calendar year and currency; `years` was asked for.

        The year is that of effective_on; accrued, those of the days of the period.
        """
        sums: dict[tuple[int, str], dict[bool, Exact]] = {}
        for each in self.moved:
            assert each.year is not None
            year = sums.setdefault((each.year, each.currency), defaultdict(int))
            year[is_capital(each.category)] += each.minor
        return tuple(
            YearFlow(year, currency, *(Money(currency, minor) for minor in _whole(parts)))
            for (year, currency), parts in sorted(sums.items())
        )


def flows(
    view: View,
    party: str | None = None,
    *,
    currency: To = None,
    accrue: bool = False,
    years: bool = False,
) -> Flows:
    """Return the cash that moved, of everybody or of one party.

    currency: convert everything to it. accrue: count amounts with a period straight-line by days.
    years: keep calendar years apart, for `by_year`.
    Raises: MissingRate, if a rate to *currency* is not recorded.
    """
    convert = converter(view, currency)
    moved: dict[FlowKey, Exact] = defaultdict(int)
    # Amounts at one rate are added up first: a sum of few fractions is soon made.
    at_rate: dict[tuple[FlowKey, Fraction], int] = defaultdict(int)
    undisclosed = 0
    # Only a rate needs the day; a large ledger has far more days than years.
    for each in view.sums(party=party, by_year=years, by_day=convert.currency is not None):
        undisclosed += each.undisclosed
        if each.currency is None or not each.minor:
            continue  # What is not disclosed needs no rate.
        year = each.day.year if years and each.day else each.year
        key = (each.category, each.source, each.target, year, convert.code(each.currency))
        if each.day is None:
            moved[key] += each.minor
        else:
            at_rate[key, convert.rate(each.currency, each.day)] += each.minor
    for (key, rate), minor in at_rate.items():
        moved[key] += rate * minor
    lines = view.period_lines(party, settled=accrue and years)
    if accrue:
        undisclosed += sum(_accrued(view.as_of, lines, convert, moved, years=years))
    rows = (PairSum(*key, moved[key]) for key in sorted(moved, key=_order) if moved[key])
    return Flows(
        tuple(rows),
        tuple(_straddling(view.as_of, lines, convert, accrue=accrue)),
        undisclosed,
        party,
        confidence_of(_sureness(view, party, convert)),
        convert.used(),
    )


def _order(key: FlowKey) -> tuple[str, str, str, int, str]:
    return (*key[:3], key[3] or 0, key[4])


def _sureness(
    view: View, party: str | None, convert: Converter
) -> Iterator[tuple[Money, str | None]]:
    for each in view.sureness(party=party, by_day=convert.currency is not None):
        money = Money(each.currency, each.minor)
        yield money if each.day is None else convert(money, each.day), each.confidence


def _straddling(
    as_of: date, lines: Iterable[PeriodLine], convert: Converter, *, accrue: bool
) -> Iterator[Straddling]:
    for line in lines:
        if line.currency is None or not line.minor or not line.straddles(as_of):
            continue
        whole = convert.exact(Money(line.currency, line.minor), line.effective_on)
        counted: Exact = whole if line.effective_on <= as_of else 0
        if accrue:
            counted = whole * accrued_part(line.period_start, line.period_end, as_of)
        yield Straddling(line.source, line.target, convert.code(line.currency), whole, counted)


def accrued_part(start: date, end: date, as_of: date) -> Fraction:
    """Return the part of a period's days that lies before the end of *as_of*: straight-line.

    >>> accrued_part(date(2025, 1, 1), date(2025, 1, 10), date(2025, 1, 3))
    Fraction(3, 10)
    """
    days = (end - start).days + 1
    gone = min(max((as_of - start).days + 1, 0), days)
    return Fraction(gone, days)


def accrued_years(start: date, end: date, as_of: date) -> Iterator[tuple[int, Fraction]]:
    """Yield the calendar years of a period up to *as_of*, each with its part of all the days."""
    before = Fraction()
    for year in range(start.year, min(end, as_of).year + 1):
        part = accrued_part(start, end, min(as_of, date(year, 12, 31)))
        yield year, part - before
        before = part


def _accrued(
    as_of: date,
    lines: Iterable[PeriodLine],
    convert: Converter,
    moved: dict[FlowKey, Exact],
    *,
    years: bool,
) -> Iterator[int]:
    """Replace what the sums count in full by the accrued part.

    Yields by how many the undisclosed amounts are more, or less.
    """
    for line in lines:
        is_counted, has_begun = line.effective_on <= as_of, line.period_start <= as_of
        yield line.undisclosed * (has_begun - is_counted)
        if line.currency is None or not line.minor:
            continue
        ends = (line.category, line.source, line.target)
        currency = convert.code(line.currency)
        whole = convert.exact(Money(line.currency, line.minor), line.effective_on)
        if is_counted:
            moved[*ends, line.effective_on.year if years else None, currency] -= whole
        period = (line.period_start, line.period_end, as_of)
        if years:
            for year, part in accrued_years(*period):
                moved[*ends, year, currency] += whole * part
        elif has_begun:
            moved[*ends, None, currency] += whole * accrued_part(*period)


def _pair(source: str, target: str, currency: str) -> tuple[str, str, str]:
    return (source, target, currency) if source < target else (target, source, currency)


def _whole(parts: dict[bool, Exact]) -> tuple[int, int, int]:
    """Return what is capital, what is revenue, and their sum, in minor units that add up."""
    exact = [parts[True], parts[False]]
    together = round(sum(exact))
    capital, revenue = apportion(together, exact)
    return capital, revenue, together


def _pair_flow(
    pair: tuple[str, str, str],
    parts: dict[tuple[bool, bool], Exact],
    bounds: tuple[Exact, Exact],
) -> PairFlow:
    a, b, currency = pair
    *there, to_b = _whole({capital: parts[True, capital] for capital in (True, False)})
    *back, to_a = _whole({capital: parts[False, capital] for capital in (True, False)})
    exact = sum(parts[True, part] - parts[False, part] for part in (True, False))
    # Rounded once, like the net, which lies between them.
    low = min(round(exact + bounds[0]), to_b - to_a) if bounds[0] else to_b - to_a
    high = max(round(exact + bounds[1]), to_b - to_a) if bounds[1] else to_b - to_a
    amounts = (to_b, to_a, to_b - to_a, low, high, *there, *back)
    return PairFlow(a, b, currency, *(Money(currency, minor) for minor in amounts))
