"""How far later money without terms can have diluted what a stake table shows.

Such fundings fold nobody, so a stake that was computed or stated before them is a stake at most.
How much they took at most can be said where their amounts are known and the value is known at which
each came: that of the round, or of a post-money valuation of its deal and date; else the latest
value before it, to which the money is added. This takes no round to be below the value before it.
Loans take nothing. Every funding is then folded once more, at that value.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from dealledger.events import Funding, Holding, Money, Transfer, Valuation
from dealledger.events.base import Bound
from dealledger.ledger import Record
from dealledger.projections.ownership.issuer_values import place
from dealledger.projections.ownership.rounds import IssuerValue, Rates, Round, Taken
from dealledger.projections.ownership.sequence import Book, FoldStep
from dealledger.projections.rates import MissingRate

_NOBODY: Final = ""
"""Who takes what later money takes: no slug, so no holder that is shown."""


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Later money without terms: the ids of its fundings, and what they do to the stakes shown.

    amounts: what is disclosed of it, by currency. vague: how many say no amount, or only a least.
    most: by how much they dilute a stake shown at most; None, if that cannot be said. least: what
    is left of the stakes that are diluted, by holder; empty, if that cannot be said. bounds: what
    kind of number a stake shown is: up-to, or about for who paid such money itself.
    """

    fundings: tuple[str, ...]
    amounts: tuple[Money, ...]
    vague: int
    most: Fraction | None
    least: Mapping[str, Fraction]
    bounds: Mapping[str, Bound]


def unpriced(
    steps: Sequence[FoldStep], records: Iterable[Record], found: Sequence[IssuerValue], rates: Rates
) -> Unpriced | None:
    """Return what later money without terms can have diluted, or None if there is none.

    steps: of the fold of one issuer. found: its values, the latest last.
    """
    if not any(part.is_open for each in steps for part in _parts(each)):
        return None
    plain = Book()
    first = _first_shown(steps, plain)
    priced = _Priced(list(records), found, rates)
    book = Book()
    late: list[Taken] = []
    paid: set[str] = set()
    known = True
    for index, step in enumerate(steps):
        what = step.what
        parts = [part for part in _parts(step) if part.is_open] if index > first else []
        if isinstance(what, Round) and parts:
            shares = priced.shares(what, parts)
            known = known and shares is not None
            late += parts
            paid |= {part.event.investor for part in parts}
            book.take(replace(step, what=_with(what, parts, shares)))
            continue
        if isinstance(what, Record) and isinstance(what.event, Holding):
            paid.discard(what.event.holder)
        book.take(step)
    return _summed(late, paid, plain, book, known=known) if late else None


def _parts(step: FoldStep) -> tuple[Taken, ...]:
    return step.what.parts if isinstance(step.what, Round) else ()


def _first_shown(steps: Sequence[FoldStep], book: Book) -> int:
    """Fold the steps; return from which on they bear on a stake that is shown at the end.

    What a holder has goes back to its last statement, or to its first part since it had nothing.
    """
    started: dict[str, int] = {}
    for index, step in enumerate(steps):
        what = step.what
        reached: list[str] = []
        if isinstance(what, Round):
            reached = [part.event.investor for part in what.parts if part.share]
        elif isinstance(what, Record) and isinstance(what.event, Transfer):
            reached = [what.event.buyer]
        started |= {party: index for party in reached if not book.table.held(party)}
        if isinstance(what, Record) and isinstance(what.event, Holding):
            started[what.event.holder] = index
        book.take(step)
    shown = [party for party, holder in book.table.settled().items() if holder.held]
    return min((started[party] for party in shown), default=len(steps))


def _summed(late: list[Taken], paid: set[str], plain: Book, book: Book, *, known: bool) -> Unpriced:
    now, left = plain.table.settled(), book.table.settled()
    # Who bought of what nobody was known to hold may have nothing of it, with the money folded too.
    kept = {party: left[party].held if party in left else Fraction() for party in now}
    least = {party: part for party, part in kept.items() if part < now[party].held}
    most = max((1 - part / now[party].held for party, part in least.items()), default=Fraction())
    bounds: dict[str, Bound] = dict.fromkeys(least, "up-to")
    bounds |= dict.fromkeys((party for party in paid if plain.held(party)), "about")
    sums: dict[str, int] = {}
    for part in late:
        money = part.event.money()
        if money:
            sums[money.currency] = sums.get(money.currency, 0) + money.minor
    return Unpriced(
        tuple(part.record.id for part in late),
        tuple(Money(code, sums[code]) for code in sorted(sums)),
        sum(_is_vague(part.event) for part in late),
        most if known else None,
        least if known else {},
        bounds,
    )


def _with(round_: Round, parts: list[Taken], shares: Mapping[str, Fraction] | None) -> Round:
    """Return a round in which *parts* take their shares, for nobody that is shown.

    shares: by the ids of the fundings; None, if they are not known: some, to see whom they dilute.
    """
    if shares is None:
        some = (1 - round_.taken) / (len(parts) + 1)
        shares = {part.record.id: some for part in parts}
    known = [part for part in round_.parts if part.share]
    new = [
        replace(part, event=part.event.model_copy(update={"investor": _NOBODY}), share=share)
        for part in parts
        if (share := shares.get(part.record.id))
    ]
    return replace(round_, parts=(*known, *new), flaws=(), unread=False)


class _Priced:
    """At which value later money came."""

    def __init__(self, records: list[Record], found: Sequence[IssuerValue], rates: Rates) -> None:
        self._found, self._rates = found, rates
        self._stated: dict[tuple[str | None, date], IssuerValue] = {
            (record.event.deal, record.effective_on): value
            for value in found
            for record in records
            if record.id == value.event
            and isinstance(record.event, Valuation)
            and record.event.basis == "post-money"
            and record.event.deal
        }

    def shares(self, round_: Round, parts: list[Taken]) -> dict[str, Fraction] | None:
        """Return what each part takes at most, or None if that cannot be said."""
        if round_.unread or any(_is_vague(part.event) for part in parts):
            return None
        event = parts[0].event
        value = round_.value or self._stated.get((event.deal, event.effective_on))
        before = bisect_left(self._found, (round_.day, round_.position), key=place)
        base = value or (self._found[before - 1] if before else None)
        if base is None:
            return None
        try:
            paid = {
                part.record.id: self._rates.exact(money, base.currency, round_.day)
                for part in parts
                if (money := part.event.money())
            }
        except MissingRate:
            return None
        whole = base.minor + (0 if value else sum(paid.values()))
        shares = {event_id: minor / whole for event_id, minor in paid.items()}
        return shares if sum(shares.values()) + round_.taken < 1 else None


def _is_vague(event: Funding) -> bool:
    """Tell whether a funding may be larger than it says."""
    return event.amount is None or event.bound == "at-least"
