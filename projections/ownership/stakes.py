"""Stakes: who holds how much of an issuer, how that is known, what was invested, what it is worth.

The table holds what sources state and what the terms of rounds compute, never more than is known:
the rest to 100 % is undisclosed, and more than 100 % is flagged, not hidden. An investor whose
stake nobody states is listed with what it invested. How holdings fold: see `captable.py`; in which
order: `timeline.py`. An issuer that is counted in shares: see `shares.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Final

from dealledger.events import Event, Funding, Holding, Issuance, Money, Transfer, Valuation
from dealledger.events.base import Bound
from dealledger.ledger import Record, View
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.ownership.captable import CapTable, How
from dealledger.projections.ownership.issuer_values import values
from dealledger.projections.ownership.rounds import Flaw, IssuerValue, Rates, Round
from dealledger.projections.ownership.sequence import Book, after_each, timeline
from dealledger.projections.ownership.shares import ShareCount, stated_beside
from dealledger.projections.ownership.unpriced import Unpriced, unpriced
from dealledger.projections.promises.endings import endings
from dealledger.projections.rates import Converter, To, UsedRate, converter


@dataclass(frozen=True, slots=True)
class StakeRow:
    """One holder of one issuer.

    stake: None if it invested and its stake is not known. gross: of a group line, with what its
    members hold themselves. counted: False for what is not part of the whole: a profit interest, or
    a holding that is stated of who has no shares. value: the stake at the latest value, rounded to
    minor units. bound: what kind of number stake and value are; later money without terms makes
    them the most that it can be, as do shares that are issued and not disclosed. events: what the
    row rests on. undisclosed_amounts: investments that `invested` leaves out. classes: of its
    shares, by name, None for those without.
    """

    issuer: str
    holder: str
    stake: Fraction | None
    how: How | None
    basis: str | None
    since: date
    shares: Fraction | None
    invested: tuple[Money, ...]
    value: Money | None
    events: tuple[str, ...]
    gross: Fraction | None = None
    counted: bool = True
    undisclosed_amounts: int = 0
    bound: Bound = "exact"
    classes: tuple[tuple[str | None, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class StakeTable:
    """The holders of one issuer, the largest first.

    undisclosed: 1 - the stakes, not below 0. over: by how much the stakes exceed 100 %. termless:
    fundings without terms that came after the first known stake and dilute nobody here; unpriced:
    what they can have diluted. flaws: what cannot all be true. valuation: what values rest on:
    (amount, date, event id). confidence: of what was invested. rates: by which rounds in several
    currencies were read. unnumbered: issuances of an issuer in shares that do not say how many.
    """

    issuer: str
    rows: tuple[StakeRow, ...]
    undisclosed: Fraction
    over: Fraction
    termless: tuple[str, ...]
    undisclosed_amounts: int
    flaws: tuple[Flaw, ...]
    valuation: tuple[Money, date, str] | None
    confidence: tuple[Confidence, ...]
    unpriced: Unpriced | None = None
    rates: tuple[UsedRate, ...] = ()
    unnumbered: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what cannot all be true, in words."""
        return tuple(flaw.message for flaw in self.flaws)


STAKE_KINDS: Final = ("funding", "issuance", "transfer", "holding")
"""The kinds of events that can change who holds how much."""


def stakes(view: View, issuer: str | None = None, *, currency: To = None) -> tuple[StakeTable, ...]:
    """Return the stake tables of all issuers, or of one, sorted by issuer.

    currency: convert what was invested (at its date) and values (at the valuation's) to it.
    Raises: MissingRate.
    """
    ended = {each: found[0].effective_on for each, found in endings(view).items()}
    convert = converter(view, currency)
    tables = (
        _table(of, records, ended, convert, Rates(view)) for of, records in _by_issuer(view, issuer)
    )
    return tuple(table for table in tables if table.rows)


def _by_issuer(view: View, issuer: str | None) -> list[tuple[str, list[Record]]]:
    """Return what is about stakes, by issuer, each by date and position."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in view.events(*STAKE_KINDS, "valuation", party=issuer):
        of = issuer_of(record.event)
        if not record.event.memo and issuer in (None, of):
            found[of].append(record)
    return sorted(found.items())


def issuer_of(event: Event) -> str:
    """Return the issuer that an event of `STAKE_KINDS`, or a valuation, is about."""
    if isinstance(event, Funding):
        return event.investee
    assert isinstance(event, Issuance | Transfer | Holding | Valuation)
    return event.issuer


@dataclass(frozen=True, slots=True)
class StakeStep:
    """One event and what a holder has before and after it. day: when it took effect.

    event: its id; of the end of a holding, the id of that holding, and `ends` is True. counts:
    False for what cannot change who holds how much, as in an issuer that is counted in shares.
    """

    event: str
    day: date
    before: Fraction
    after: Fraction
    counts: bool
    ends: bool = False


def stake_steps(
    records: list[Record], ended: Mapping[str, date], holder: str, rates: Rates
) -> Iterator[StakeStep]:
    """Yield what a holder has of one issuer before and after each event, in the order of the fold.

    A round is folded as a whole: of its effect each funding has the part of what it takes.
    records: of the issuer, by date and position. ended: holdings that were ended, and when.
    """
    book = Book()
    before = Fraction()
    for step in after_each(timeline(records, ended, rates), book):
        what, after = step.what, book.held(holder)
        if isinstance(what, Round):
            old, taken, own = before, Fraction(), Fraction()
            for part in what.parts:
                if part.share and not book.in_shares:
                    taken += part.share
                    own += part.share * (part.event.investor == holder)
                now = old * (1 - taken) + own
                yield StakeStep(part.record.id, step.day, before, now, not book.in_shares)
                before = now
        elif isinstance(what, Record):
            counts = not (book.in_shares and isinstance(what.event, Holding))
            yield StakeStep(what.id, step.day, before, after, counts)
        else:
            yield StakeStep(what.holding, step.day, before, after, counts=False, ends=True)
        before = after


@dataclass(frozen=True, slots=True)
class Statement:
    """A stated holding, and what was computed of the holder before it; of a group, of all of it."""

    record: Record
    stated: Fraction
    computed: Fraction


def statements(view: View) -> Iterator[Statement]:
    """Yield every holding that is stated of somebody of whom something was known before."""
    ended = {each: found[0].effective_on for each, found in endings(view).items()}
    rates = Rates(view)
    for _, records in _by_issuer(view, None):
        book = Book()
        for step in timeline(records, ended, rates):
            what = step.what
            if isinstance(what, Record) and isinstance(what.event, Holding):
                holder = what.event.holder
                known = book.held(holder)
                if known and not book.in_shares:
                    known = book.table.together(holder)
                if known and what.event.basis != "profit-interest":
                    yield Statement(what, Fraction(what.event.stake), known)
            book.take(step)


def _table(
    issuer: str,
    records: list[Record],
    ended: Mapping[str, date],
    convert: Converter,
    rates: Rates,
) -> StakeTable:
    steps = timeline(records, ended, rates)
    found = values(records, (step.what for step in steps if isinstance(step.what, Round)))
    book = Book()
    for _ in after_each(steps, book):
        pass
    table, count = book.table, book.count
    late = None if book.in_shares else unpriced(steps, records, found, rates)
    worth = _Worth(found[-1], convert) if found else None
    invested = _invested(records, convert)
    paid = list(invested.values())
    known = _by_shares(issuer, count) if book.in_shares else _by_fold(issuer, table, late)
    beside = stated_beside(records, ended, count) if book.in_shares else []
    known += [_aside(issuer, *each) for each in beside]
    rows = [_with_money(row, invested.pop(row.holder, None), worth) for row in known]
    rows += [_aside(issuer, *interest) for interest in table.interests.values()]
    unknown = [each for each in sorted(invested.items()) if _is_unknown(book, *each)]
    rows += [_unknown(issuer, *each) for each in unknown]
    rows.sort(key=_order)
    total = Fraction(1) if book.in_shares else table.total
    return StakeTable(
        issuer,
        tuple(rows),
        max(1 - total, Fraction()),
        max(total - 1, Fraction()),
        () if book.in_shares else tuple(table.termless),
        sum(each.undisclosed for each in paid),
        tuple(count.flaws if book.in_shares else table.flaws),
        worth.said() if worth else None,
        confidence_of(each for line in paid for each in line.parts),
        late,
        rates.used(),
        tuple(count.undisclosed) if book.in_shares else (),
    )


def _order(row: StakeRow) -> tuple[bool, bool, int, Fraction, str]:
    """Order by size; by whole numbers where these differ, since exact stakes can be very long."""
    stake = row.stake or Fraction()
    return not row.counted, row.stake is None, -int(stake * 10**30), -stake, row.holder


def _is_unknown(book: Book, party: str, invested: _Invested) -> bool:
    """Tell whether an investor without a stake may have one: it did not sell all of it since."""
    if not book.in_shares:
        return party in book.table.unknown
    holder = book.count.holders.get(party)
    return holder is None or holder.gone is None or invested.last > holder.gone


def _by_fold(issuer: str, table: CapTable, late: Unpriced | None) -> list[StakeRow]:
    bounds = late.bounds if late else {}
    return [
        StakeRow(
            issuer, party, holder.held, holder.how, holder.basis, holder.since, None, (), None,
            tuple(holder.events), table.together(party) if party in table.lines else None,
            bound=bounds.get(party, "exact"),
        )
        for party, holder in table.settled().items()
        if holder.held and holder.since
    ]  # fmt: skip


def _by_shares(issuer: str, count: ShareCount) -> list[StakeRow]:
    return [
        StakeRow(issuer, party, holder.shares / count.total, "shares", "issued", holder.since,
                 holder.shares, (), None, tuple(holder.events), bound=count.bound(party),
                 classes=holder.named())
        for party, holder in count.holders.items()
        if holder.shares
    ]  # fmt: skip


def _aside(issuer: str, event: Holding, event_id: str) -> StakeRow:
    """Return what is stated and no part of the whole."""
    return StakeRow(issuer, event.holder, Fraction(event.stake), "stated", event.basis,
                    event.effective_on, None, (), None, (event_id,), counted=False)  # fmt: skip


def _unknown(issuer: str, party: str, invested: _Invested) -> StakeRow:
    """Return who invested and whose stake is not known."""
    return StakeRow(issuer, party, None, None, None, invested.since, None, invested.money(), None,
                    tuple(invested.events), undisclosed_amounts=invested.undisclosed)  # fmt: skip


@dataclass(slots=True)
class _Invested:
    since: date
    last: date
    sums: dict[str, Fraction]
    events: list[str]
    undisclosed: int = 0
    parts: list[tuple[Money, str | None]] = field(default_factory=list)

    def money(self) -> tuple[Money, ...]:
        return tuple(Money(code, round(self.sums[code])) for code in sorted(self.sums))


def _invested(records: list[Record], convert: Converter) -> dict[str, _Invested]:
    """Return what each investor paid in, apart from debt."""
    found: dict[str, _Invested] = {}
    for record in records:
        event = record.event
        if not isinstance(event, Funding) or event.instrument == "debt":
            continue
        each = found.setdefault(
            event.investor, _Invested(event.effective_on, event.effective_on, {}, [])
        )
        each.events.append(record.id)
        each.last = event.effective_on
        money = event.money()
        if money is None:
            each.undisclosed += 1
        else:
            each.parts.append((convert(money, event.effective_on), event.confidence))
            code, exact = convert.code(money.currency), convert.exact(money, event.effective_on)
            each.sums[code] = each.sums.get(code, Fraction()) + exact
    return found


class _Worth:
    """The latest value of an issuer, in the currency that is asked for."""

    def __init__(self, value: IssuerValue, convert: Converter) -> None:
        """Convert at the date of the value. Raises: MissingRate."""
        self._value = value
        rate = convert.exact(Money(value.currency, 1), value.day)
        self.currency = convert.code(value.currency)
        self.minor = value.minor * rate

    def said(self) -> tuple[Money, date, str]:
        """Return the value, its date and the event that says it."""
        return Money(self.currency, round(self.minor)), self._value.day, self._value.event

    def of(self, stake: Fraction) -> Money:
        """Return what a stake is worth."""
        return Money(self.currency, round(stake * self.minor))


def _with_money(row: StakeRow, invested: _Invested | None, worth: _Worth | None) -> StakeRow:
    value = worth.of(row.stake) if worth and row.stake is not None and row.counted else None
    if invested is None:
        return replace(row, value=value)
    more = tuple(each for each in invested.events if each not in row.events)
    return replace(
        row,
        since=min(row.since, invested.since),
        invested=invested.money(),
        value=value,
        events=row.events + more,
        undisclosed_amounts=invested.undisclosed,
    )
