"""What is open of commitments by when it falls due and by who bears it; who bears a headline.

A headline H with lines b for its bearers: the obligor's own ratio is its line / H, its own burden
per year that ratio x H / term, and the effective number of bearers 1 / sum (b / H)^2. What no
line names is unassigned; it counts as one more bearer, so that the effective number is a least.
Source: quantities, Q11.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from dealledger.events import Funding, Money, PartMoney
from dealledger.events.money import minor_units
from dealledger.projections.commitments import CommitmentRow
from dealledger.projections.schedule import (
    due_between,
    remaining_by_year,
    remaining_due,
    spread,
    years_of,
)

BANDS: Final = ("overdue", "year 1", "year 2", "year 3", "year 4", "year 5", "later")
"""When what is open falls due, in years from the as-of date; no band where no day is known."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of what is open: of a year, band or bearer; None where nothing says which.

    share: of all that is open in its layer and currency.
    """

    key: int | str | None
    currency: str
    layer: str
    amount: Money
    share: Fraction


def by_year(rows: tuple[CommitmentRow, ...], as_of: date) -> tuple[Share, ...]:
    """Return what is open by the calendar year in which it falls due; the parts add up to it."""
    parts: dict[tuple[str, str, int | str | None], int] = defaultdict(int)
    for row in rows:
        if row.live and row.remaining and row.currency:
            for year, minor in remaining_by_year(row.event, row.remaining.minor, as_of):
                parts[row.layer, row.currency, year] += minor
    return _shares(parts)


def by_band(rows: tuple[CommitmentRow, ...], as_of: date) -> tuple[Share, ...]:
    """Return what is open by when it falls due from the date: in one of BANDS; they add up to it.

    Of the obligor these are the five years and later of ASC 440, of the beneficiary the time bands
    of its remaining performance obligations. Source: quantities, Q11.
    """
    cuts = [as_of + timedelta(days=1), *(_years_later(as_of, years) for years in range(1, 6))]
    parts: dict[tuple[str, str, int | str | None], int] = defaultdict(int)
    for row in rows:
        if not (row.live and row.remaining and row.currency):
            continue
        for due in remaining_due(row.event, row.remaining.minor, as_of):
            if due.start is None:
                parts[row.layer, row.currency, None] += due.minor
                continue
            for band, minor in zip(BANDS, due_between(due, cuts), strict=True):
                parts[row.layer, row.currency, band] += minor
    return _shares(parts, BANDS.index)


def _years_later(day: date, years: int) -> date:
    """Return the first day behind so many years that begin after *day*."""
    month, last = day.month, monthrange(day.year + years, day.month)[1]
    return date(day.year + years, month, min(day.day, last)) + timedelta(days=1)


def by_bearer(rows: tuple[CommitmentRow, ...]) -> tuple[Share, ...]:
    """Return what is open by who bears it; None is the part that nobody is named for.

    Without named bearers the obligor bears all. A bearer's own draws reduce its part.
    Source: quantities, Q11.
    """
    parts: dict[tuple[str, str, int | str | None], int] = defaultdict(int)
    for row in rows:
        if row.live and row.remaining and row.currency:
            for bearer, minor in _borne(row, row.remaining.minor):
                parts[row.layer, row.currency, bearer] += minor
    return _shares(parts)


def _borne(row: CommitmentRow, remaining: int) -> list[tuple[str | None, int]]:
    event = row.event
    if not event.bearers or event.currency is None or event.amount is None:
        return [(row.obligor, remaining)]
    paid: dict[str, int] = defaultdict(int)
    for draw in row.draws:
        money = draw.money()
        payer = draw.investor if isinstance(draw, Funding) else draw.payer
        paid[payer] += money.minor if money else 0
    lines = {each.party: minor_units(each.amount, event.currency) for each in event.bearers}
    unassigned = minor_units(event.amount, event.currency) - sum(lines.values())
    unassigned -= sum(minor for payer, minor in paid.items() if payer not in lines)
    names: list[str | None] = [*lines, None]
    open_parts = [max(minor - paid[name], 0) for name, minor in lines.items()]
    weights = [Fraction(part) for part in (*open_parts, max(unassigned, 0))]
    if not any(weights):
        return [(None, remaining)]
    return list(zip(names, spread(remaining, weights), strict=True))


def _shares(
    parts: dict[tuple[str, str, int | str | None], int], rank: Callable[[str], object] = str
) -> tuple[Share, ...]:
    """Return the parts above zero by currency, layer and rank of the key, with None last."""

    def order(item: tuple[str, str, int | str | None]) -> tuple[str, str, bool, object]:
        layer, currency, key = item
        return currency, layer, key is None, "" if key is None else rank(str(key))

    wholes: dict[tuple[str, str], int] = defaultdict(int)
    for (layer, currency, _), minor in parts.items():
        wholes[layer, currency] += minor
    return tuple(
        Share(
            key, currency, layer, Money(currency, minor), Fraction(minor, wholes[layer, currency])
        )
        for layer, currency, key in sorted(parts, key=order)
        if (minor := parts[layer, currency, key])
    )


@dataclass(frozen=True, slots=True)
class Burden:
    """Who bears one headline commitment. years, per_year: None without a term.

    bearers: (party, or None for what is unassigned; amount), the obligor's own line among them.
    """

    id: str
    obligor: str
    beneficiary: str
    layer: str
    headline: Money
    years: Fraction | None
    per_year: PartMoney | None
    own_ratio: Fraction
    own_per_year: PartMoney | None
    effective_bearers: Fraction
    unassigned: Money
    bearers: tuple[tuple[str | None, Money], ...]


def burdens(rows: tuple[CommitmentRow, ...]) -> tuple[Burden, ...]:
    """Return who bears each live commitment of which a source names bearers."""
    return tuple(_burden(row) for row in rows if row.live and row.committed and row.event.bearers)


def effective_number(amounts: list[int]) -> Fraction:
    """Return 1 / sum of the squared shares: so many equal parts are as concentrated.

    >>> effective_number([5, 2, 2, 1])
    Fraction(50, 17)
    """
    return Fraction(sum(amounts) ** 2, sum(amount**2 for amount in amounts))


def _burden(row: CommitmentRow) -> Burden:
    headline = row.committed
    assert headline is not None
    lines = {each.party: minor_units(each.amount, headline.currency) for each in row.event.bearers}
    unassigned = headline.minor - sum(lines.values())
    named: list[tuple[str | None, int]] = [*lines.items()]
    bearers = [*named, *([(None, unassigned)] if unassigned else [])]
    own = Fraction(lines.get(row.obligor, 0), headline.minor)
    years = years_of(row.start or row.event.effective_on, row.end) if row.end else None
    per_year = headline.minor / years if years else None
    return Burden(
        row.id,
        row.obligor,
        row.beneficiary,
        row.layer,
        headline,
        years,
        None if per_year is None else PartMoney(headline.currency, per_year),
        own,
        None if per_year is None else PartMoney(headline.currency, own * per_year),
        effective_number([minor for _, minor in bearers]),
        Money(headline.currency, unassigned),
        tuple((party, Money(headline.currency, minor)) for party, minor in bearers),
    )
