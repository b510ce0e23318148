"""Stakes: who holds how much of an issuer, how that is known, what was invested, what it is worth.

The table holds what sources state and what the terms of rounds compute, never more than is known:
the rest to 100 % is undisclosed, and more than 100 % is flagged, not hidden. An investor whose
stake nobody states is listed with what it invested. How holdings fold: see `captable.py`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Final

from dealledger.events import Event, Funding, Holding, Issuance, Money, Transfer, Valuation
from dealledger.ledger import Record, View
from dealledger.projections.captable import CapTable, How, ShareCount, count_shares, fold
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.endings import endings
from dealledger.projections.rates import Converter


@dataclass(frozen=True, slots=True)
class StakeRow:
    """One holder of one issuer.

    stake: None if it invested and its stake is not known. gross: of a group line, with the holdings
    of its listed members. counted: False for a profit interest, which is no part of the whole.
    value: the stake at the latest valuation, rounded to minor units. events: what the row rests on.
    undisclosed_amounts: investments that `invested` leaves out.
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


@dataclass(frozen=True, slots=True)
class StakeTable:
    """The holders of one issuer, the largest first.

    undisclosed: 1 - the stakes, not below 0. over: by how much the stakes exceed 100 %. termless:
    fundings without terms that came after the first known stake and dilute nobody here.
    valuation: what values rest on: (amount, date, event id). confidence: of what was invested.
    """

    issuer: str
    rows: tuple[StakeRow, ...]
    undisclosed: Fraction
    over: Fraction
    termless: tuple[str, ...]
    undisclosed_amounts: int
    warnings: tuple[str, ...]
    valuation: tuple[Money, date, str] | None
    confidence: tuple[Confidence, ...]


def stakes(
    view: View, issuer: str | None = None, *, currency: str | None = None
) -> tuple[StakeTable, ...]:
    """Return the stake tables of all issuers, or of one, sorted by issuer.

    currency: convert what was invested (at its date) and values (at the valuation's) to it.
    Raises: MissingRate.
    """
    kinds = (*STAKE_KINDS, "valuation")
    by_issuer: dict[str, list[Record]] = defaultdict(list)
    for record in view.events(*kinds, party=issuer):
        of = issuer_of(record.event)
        if not record.event.memo and issuer in (None, of):
            by_issuer[of].append(record)
    ended = {each: found[0].effective_on for each, found in endings(view).items()}
    convert = Converter(view, currency)
    tables = (_table(of, by_issuer[of], ended, convert) for of in sorted(by_issuer))
    return tuple(table for table in tables if table.rows)


STAKE_KINDS: Final = ("funding", "issuance", "transfer", "holding")
"""The kinds of events that can change who holds how much."""


def stake_of(records: list[Record], ended: dict[str, date], holder: str) -> Fraction:
    """Return what a holder has of an issuer after some of the issuer's events.

    records: ordered by date and position. ended: holdings that were ended, and when.
    """
    count = count_shares(records)
    if count is not None and holder in count.shares:
        total = sum(count.shares.values(), Fraction())
        return count.shares[holder] / total
    table = fold(records, ended)
    return table.net(holder) if holder in table.holders else Fraction()


def issuer_of(event: Event) -> str:
    """Return the issuer that an event of `STAKE_KINDS`, or a valuation, is about."""
    if isinstance(event, Funding):
        return event.investee
    assert isinstance(event, Issuance | Transfer | Holding | Valuation)
    return event.issuer


def _table(
    issuer: str, records: list[Record], ended: dict[str, date], convert: Converter
) -> StakeTable:
    value = _valuation(records, convert)
    invested = _invested(records, convert)
    paid = list(invested.values())
    undisclosed = sum(each.undisclosed for each in paid)
    holdings = {r.id: ended[r.id] for r in records if r.id in ended}
    table = fold(records, holdings)
    shares = count_shares(records)
    known = _by_shares(issuer, shares, table) if shares else _by_fold(issuer, table)
    rows = [_with_money(row, invested.pop(row.holder, None), value) for row in known]
    rows += [_interest(issuer, *interest) for interest in table.interests.values()]
    rows += [
        StakeRow(issuer, party, None, None, None, each.since, None, each.money(), None,
                 tuple(each.events), undisclosed_amounts=each.undisclosed)
        for party, each in sorted(invested.items())
        if party not in _gone(records, table)
    ]  # fmt: skip
    total = sum((row.stake for row in rows if row.stake and row.counted), Fraction())
    rows.sort(key=lambda row: (not row.counted, row.stake is None, -(row.stake or 0), row.holder))
    return StakeTable(
        issuer,
        tuple(rows),
        max(1 - total, Fraction()),
        max(total - 1, Fraction()),
        () if shares else tuple(table.termless),
        undisclosed,
        tuple(shares.warnings if shares else table.warnings),
        value,
        confidence_of(each for line in paid for each in line.parts),
    )


def _gone(records: list[Record], table: CapTable) -> set[str]:
    """Return who is known to hold nothing any more: it sold, or a source says so."""
    sold = {r.event.seller for r in records if isinstance(r.event, Transfer) and r.event.stake}
    stated = {party for party, holder in table.holders.items() if holder.stated_by}
    return {party for party in sold | stated if not table.holder(party).held}


def _by_fold(issuer: str, table: CapTable) -> list[StakeRow]:
    rows = []
    for party, holder in table.holders.items():
        net = table.net(party)
        if net and holder.since:
            gross = holder.held if holder.includes else None
            rows.append(
                StakeRow(issuer, party, net, holder.how, holder.basis, holder.since, None, (), None,
                         tuple(holder.events), gross)
            )  # fmt: skip
    return rows


def _by_shares(issuer: str, count: ShareCount, table: CapTable) -> list[StakeRow]:
    """Return the counted shares, and holdings that sources state of parties without any."""
    total = sum(count.shares.values(), Fraction())
    rows = [
        StakeRow(issuer, party, shares / total, "shares", "issued", count.since[party], shares, (),
                 None, tuple(count.events[party]))
        for party, shares in count.shares.items()
        if shares
    ]  # fmt: skip
    stated = [row for row in _by_fold(issuer, table) if row.how == "stated"]
    return rows + [row for row in stated if not count.shares.get(row.holder)]


@dataclass(slots=True)
class _Invested:
    since: date
    sums: dict[str, int]
    events: list[str]
    undisclosed: int = 0
    parts: list[tuple[Money, str | None]] = field(default_factory=list)

    def money(self) -> tuple[Money, ...]:
        return tuple(Money(code, self.sums[code]) for code in sorted(self.sums))


def _invested(records: list[Record], convert: Converter) -> dict[str, _Invested]:
    """Return what each investor paid in, apart from debt."""
    found: dict[str, _Invested] = {}
    for record in records:
        event = record.event
        if not isinstance(event, Funding) or event.instrument == "debt":
            continue
        each = found.setdefault(event.investor, _Invested(event.effective_on, {}, []))
        each.events.append(record.id)
        money = event.money()
        if money is None:
            each.undisclosed += 1
        else:
            money = convert(money, event.effective_on)
            each.parts.append((money, event.confidence))
            each.sums[money.currency] = each.sums.get(money.currency, 0) + money.minor
    return found


def _with_money(
    row: StakeRow, invested: _Invested | None, value: tuple[Money, date, str] | None
) -> StakeRow:
    worth = None
    if value and row.stake is not None:
        worth = Money(value[0].currency, round(row.stake * value[0].minor))
    if invested is None:
        return replace(row, value=worth)
    more = tuple(each for each in invested.events if each not in row.events)
    return replace(
        row,
        since=min(row.since, invested.since),
        invested=invested.money(),
        value=worth,
        events=row.events + more,
        undisclosed_amounts=invested.undisclosed,
    )


def _interest(issuer: str, event: Holding, event_id: str) -> StakeRow:
    return StakeRow(issuer, event.holder, Fraction(event.stake), "stated", event.basis,
                    event.effective_on, None, (), None, (event_id,), counted=False)  # fmt: skip


def _valuation(records: list[Record], convert: Converter) -> tuple[Money, date, str] | None:
    """Return the latest stated value: a valuation, or the post-money of a funding."""
    found = None
    for record in records:
        event = record.event
        if isinstance(event, Valuation | Funding):
            money = event.money() if isinstance(event, Valuation) else event.money("post_money")
            if money:
                found = (convert(money, event.effective_on), event.effective_on, record.id)
    return found
