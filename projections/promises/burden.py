"""What is open of commitments by when it falls due and by who bears it; who bears a headline.

A headline H with lines b for its bearers: the obligor's own ratio is its line / H, its own burden
per year that ratio x H / term, and the effective number of bearers 1 / sum (b / H)^2. What no
line names is unassigned; it counts as one more bearer, so that the effective number is a least.
Source: quantities, Q11.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from dealledger.events import Money, PartMoney
from dealledger.events.apportion import apportion
from dealledger.events.dates import next_years, years_of
from dealledger.projections.promises.commitments import CommitmentRow
from dealledger.projections.promises.owed import borne, lines, open_part
from dealledger.projections.promises.schedule import Due, due_between, due_by_year, remaining_due

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


_Key = tuple[str, str, int | str | None]


def by_year(
    rows: Iterable[CommitmentRow], as_of: date, payer: str | None = None
) -> tuple[Share, ...]:
    """Return what is open, or what one party owes of it, by the calendar year it falls due in.

    The shares add up to it.
    """
    sums: dict[_Key, Fraction] = defaultdict(Fraction)
    for row, due in _all_due(rows, as_of, payer):
        for year, minor in due_by_year(due):
            sums[row.layer, row.currency or "", year] += minor
    return _shares(sums)


def by_band(
    rows: Iterable[CommitmentRow], as_of: date, payer: str | None = None
) -> tuple[Share, ...]:
    """Return the same by when it falls due from the date: in one of BANDS; they add up to it.

    Of the obligor these are the five years and later of ASC 440, of the beneficiary the time bands
    of its remaining performance obligations. Source: quantities, Q11.
    """
    sums: dict[_Key, Fraction] = defaultdict(Fraction)
    for row, due in _all_due(rows, as_of, payer):
        for band, minor in due_by_band(due, as_of):
            sums[row.layer, row.currency or "", band] += minor
    return _shares(sums, BANDS.index)


def due_by_band(due: Due, as_of: date) -> list[tuple[str | None, Fraction]]:
    """Divide a part by the bands in which it falls due; None: nobody knows when."""
    if due.start is None:
        return [(None, due.minor)]
    return list(zip(BANDS, due_between(due, [as_of, *next_years(as_of, 5)]), strict=True))


def part_due(row: CommitmentRow, part: Fraction, as_of: date) -> list[Due]:
    """Return when a part of what is open of a commitment falls due; see `remaining_due`.

    part: in minor units of the row's currency.
    """
    if not row.still_open:
        return []
    # When it falls due is said in the commitment's own currency, by its own schedule.
    own = remaining_due(row.event, row.still_open / row.rate, as_of)
    scale = row.rate * part / row.still_open
    return [Due(due.minor * scale, due.start, due.end) for due in own]


def by_bearer(rows: Iterable[CommitmentRow]) -> tuple[Share, ...]:
    """Return what is open by who bears it; None is the part that nobody is named for.

    Source: quantities, Q11.
    """
    sums: dict[_Key, Fraction] = defaultdict(Fraction)
    for row in rows:
        if row.live and row.currency:
            for bearer, minor in borne(row):
                sums[row.layer, row.currency, bearer] += minor
    return _shares(sums)


def _all_due(
    rows: Iterable[CommitmentRow], as_of: date, payer: str | None
) -> Iterator[tuple[CommitmentRow, Due]]:
    for row in rows:
        part = open_part(row, payer)
        if row.live and part:
            yield from ((row, due) for due in part_due(row, part, as_of))


def _shares(sums: dict[_Key, Fraction], rank: Callable[[str], object] = str) -> tuple[Share, ...]:
    """Return the parts above zero by currency, layer and rank of the key, with None last.

    Those of a layer and currency are in whole minor units that add up to their rounded sum.
    """
    wholes: dict[tuple[str, str], list[_Key]] = defaultdict(list)
    for layer, currency, key in sorted(
        sums, key=lambda each: (each[1], each[0], each[2] is None, _ranked(each[2], rank))
    ):
        if sums[layer, currency, key]:
            wholes[layer, currency].append((layer, currency, key))
    found = []
    for (layer, currency), keys in wholes.items():
        total = sum((sums[each] for each in keys), Fraction())
        minors = apportion(round(total), [sums[each] for each in keys])
        found += [
            Share(each[2], currency, layer, Money(currency, minor), sums[each] / total)
            for each, minor in zip(keys, minors, strict=True)
        ]
    return tuple(found)


def _ranked(key: int | str | None, rank: Callable[[str], object]) -> object:
    return "" if key is None else rank(str(key))


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


def effective_number(amounts: Sequence[int | Fraction]) -> Fraction:
    """Return 1 / sum of the squared shares: so many equal parts are as concentrated.

    >>> effective_number([5, 2, 2, 1])
    Fraction(50, 17)
    """
    return Fraction(sum(amounts)) ** 2 / sum(amount**2 for amount in amounts)


def _burden(row: CommitmentRow) -> Burden:
    headline = row.committed
    assert headline is not None
    parts = lines(row.event)
    total = sum((minor for _, minor in parts), Fraction())
    shown = apportion(headline.minor, [minor for _, minor in parts])
    own = dict(parts).get(row.obligor, Fraction()) / total
    years = years_of(row.start or row.event.effective_on, row.end) if row.end else None
    per_year = headline.minor / years if years else None
    bearers = tuple(
        (party, Money(headline.currency, minor))
        for (party, _), minor in zip(parts, shown, strict=True)
    )
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
        effective_number([minor for _, minor in parts]),
        dict(bearers).get(None, Money(headline.currency, 0)),
        bearers,
    )
