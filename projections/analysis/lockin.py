"""Lock-in: how long rights last, and how much is promised to whom for how long.

Of what is open of commitments to buy, amounts a whose terms end on t_a, at the date t:
WAL = sum a (t_a - t) / sum a, the weighted average life, over what has an end; years locked = open
/ paid to the same supplier in the last twelve months; the share of the largest; and H, the sum of
squared shares of the single commitments. A year is a calendar year: whole years to the
same day, and the rest as a part of the year in which it falls.

A right that lasts until 2032 is read as until the last day of it, and one that lasts until
something happens has no day. Source: quantities, Q12.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from dealledger.events import Money, PartMoney
from dealledger.events.dates import last_day, precision, trailing_year, years_left
from dealledger.ledger import View
from dealledger.projections.analysis.web import LAYERS, Layer, Leg, Web, web
from dealledger.projections.promises.burden import effective_number
from dealledger.projections.promises.commitments import commitments
from dealledger.projections.rights import RightRow, rights


@dataclass(frozen=True, slots=True)
class Clock:
    """A right in force and what is left of it. precision: of `until`; None for words, or nothing.

    until: the last day that its end can be. condition: what ends it, or ends it earlier, in words.
    """

    right: RightRow
    until: date | None
    precision: str | None
    condition: str | None
    days: int | None
    years: Fraction | None


@dataclass(frozen=True, slots=True)
class Locked:
    """What a buyer still has to buy: from one supplier, or, with supplier None, from all.

    open: undrawn. dated: what of it has an end; wal: its average life in years. last_end: of all
    that have one. paid: to the same in the last twelve months. years_locked: open / paid; None if
    nothing was, and of all together, as not all that they were paid may be known. largest: the id
    of the largest commitment; share: its part of what is open; hhi: of the commitments, 0 to 1.
    undisclosed: how many of them are not in the sums. Without a known amount numbers are None.
    """

    buyer: str
    supplier: str | None
    layer: Layer
    open: Money | None
    dated: Money | None
    wal: Fraction | None
    last_end: date | None
    paid: Money
    years_locked: Fraction | None
    largest: str | None
    share: Fraction | None
    hhi: Fraction | None
    commitments: tuple[str, ...]
    undisclosed: int


def clocks(view: View, party: str | None = None) -> tuple[Clock, ...]:
    """Return the rights in force, of everybody or of one party: those that end soonest first.

    What has no day stands behind what has one.
    """
    found = [_clock(row, view.as_of) for row in rights(view, party) if row.status == "in force"]
    return tuple(sorted(found, key=lambda clock: clock.until or date.max))


def _clock(row: RightRow, as_of: date) -> Clock:
    until = last_day(row.until) if row.until else None
    return Clock(
        row,
        until,
        precision(row.until) if row.until else None,
        None if until else row.until,
        row.days_left,
        years_left(as_of, until) if until else None,
    )


def purchases(promised: Web, party: str | None = None) -> Web:
    """Return what is promised to suppliers, by everybody or by one party."""

    def bought(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
        return tuple(leg for leg in legs if not leg.capital and party in (None, leg.source))

    unknown = bought(promised.unknown)
    legs = bought(promised.legs)
    return replace(promised, legs=legs, unknown=unknown, undisclosed=len(unknown))


def lockin(view: View, bought: Web) -> tuple[Locked, ...]:
    """Return what each buyer has promised to each supplier, the largest first; see `purchases`.

    The sum of a buyer stands before its suppliers, if there are several; layers never add up.
    Raises: MissingRate.
    """
    ends = {row.id: row.end for row in commitments(view)}
    since = trailing_year(view.as_of)
    spent_web = web(view, currency=bought.currency, since=since)
    paid = spent_web.amounts(capital=False)
    books: dict[tuple[str, Layer], list[Leg]] = defaultdict(list)
    for leg in (*bought.legs, *bought.unknown):
        books[leg.source, leg.layer].append(leg)
    found: list[Locked] = []
    for buyer, layer in sorted(books, key=lambda book: (book[0], LAYERS.index(book[1]))):
        legs = books[buyer, layer]
        suppliers = sorted({leg.target for leg in legs})
        spent = {name: paid.get((buyer, name), 0) for name in suppliers}
        rows = [
            locked(bought, [leg for leg in legs if leg.target == name], ends, view.as_of,
                   spent_web.part(spent[name]), name)
            for name in suppliers
        ]  # fmt: skip
        if len(rows) > 1:
            whole = spent_web.part(sum(spent.values()))
            found.append(locked(bought, legs, ends, view.as_of, whole))
        found += sorted(rows, key=lambda row: -(row.open.minor if row.open else 0))
    return tuple(found)


def locked(
    bought: Web,
    legs: Sequence[Leg],
    ends: Mapping[str, date | None],
    as_of: date,
    paid: PartMoney,
    supplier: str | None = None,
) -> Locked:
    """Return what some commitments of one buyer and layer lock in. ends: of their terms, by id.

    bought: the web of the legs. paid: in the last twelve months.
    """
    known = [leg for leg in legs if leg.minor]
    total = sum(leg.minor for leg in known)
    dated = [(leg.minor, end) for leg in known if (end := ends[leg.event]) is not None]
    weight = sum(minor for minor, _ in dated)
    life = sum((minor * years_left(as_of, end) for minor, end in dated), Fraction())
    largest = max(known, key=lambda leg: leg.minor, default=None)
    return Locked(
        legs[0].source,
        supplier,
        legs[0].layer,
        bought.money(total) if known else None,
        bought.money(weight) if known else None,
        life / weight if weight else None,
        max((end for leg in legs if (end := ends[leg.event])), default=None),
        Money(paid.currency, round(paid.minor)),
        bought.part(total).minor / paid.minor if supplier and total and paid.minor else None,
        largest.event if largest else None,
        Fraction(largest.minor, total) if largest else None,
        1 / effective_number([leg.minor for leg in known]) if known else None,
        tuple(leg.event for leg in legs),
        len(legs) - len(known),
    )
