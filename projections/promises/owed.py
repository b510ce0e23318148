"""Who owes what of a commitment, who bears it, and what a promise adds that serves another one.

A line is what a source says that one party bears, in the unit of the amount: per year, if that is.
What a bearer draws comes off its own line. What no line names is unassigned: nobody is said to bear
it, and the obligor owes it. So a party owes its line, and the obligor what is left. A promise that
backs another one adds nothing to a sum that has the other already. Source: quantities, Q11.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from dealledger.events import Commitment, Moving
from dealledger.events.money import minor_units
from dealledger.projections.promises.account import committed_minor

if TYPE_CHECKING:
    from dealledger.projections.promises.commitments import CommitmentRow

Lines = list[tuple[str | None, Fraction]]
"""(party, or None for what is unassigned; exact minor units), without parts of zero."""


def lines(event: Commitment) -> Lines:
    """Return who bears how much of the whole commitment, in its own currency; none without bearers.

    The parts add up to what is committed, or to the yearly amount if the term has no end.
    """
    if not event.bearers or event.currency is None or event.amount is None:
        return []
    amount = minor_units(event.amount, event.currency)
    named = {each.party: minor_units(each.amount, event.currency) for each in event.bearers}
    committed = committed_minor(event)
    whole = Fraction(amount if committed is None else committed, amount)
    found: Lines = [(party, minor * whole) for party, minor in named.items()]
    unassigned = amount - sum(named.values())
    return [*found, *([(None, unassigned * whole)] if unassigned else [])]


def borne(row: CommitmentRow) -> Lines:
    """Return who bears what is still open, in minor units of the row; it adds up to that.

    Without named bearers the obligor bears all. What was cut or lapsed comes off all lines alike.
    """
    if row.still_open is None:
        return []
    whole = lines(row.event)
    if not whole:
        return [(row.obligor, row.still_open)]
    drawn = _drawn(row.draws, dict(whole))
    left = [(party, max(minor - drawn[party], Fraction())) for party, minor in whole]
    total = sum((minor for _, minor in left), Fraction())
    if not total:
        return [(None, row.still_open)]
    return [(party, row.still_open * minor / total) for party, minor in left if minor]


def owing(row: CommitmentRow) -> list[tuple[str, Fraction]]:
    """Return who owes what is still open: bearers their lines, the obligor what is left."""
    parts: dict[str, Fraction] = defaultdict(Fraction)
    for party, minor in borne(row):
        parts[party or row.obligor] += minor
    return list(parts.items())


def promised(row: CommitmentRow) -> list[tuple[str, Fraction]]:
    """Return who owed how much of the whole commitment, as `owing` does of what is open of it.

    In minor units of the row; nobody ever owes more than here. Nothing, if the whole is not known.
    """
    if row.committed is None:
        return []
    parts: dict[str, Fraction] = defaultdict(Fraction)
    for party, minor in lines(row.event):
        parts[party or row.obligor] += minor * row.rate
    return list(parts.items()) or [(row.obligor, Fraction(row.committed.minor))]


def open_part(row: CommitmentRow, payer: str | None = None) -> Fraction | None:
    """Return what is still open, or what one party owes of it; None, if that is not known."""
    if row.still_open is None or payer is None:
        return row.still_open
    return dict(owing(row)).get(payer, Fraction())


def payers(event: Commitment) -> tuple[str, ...]:
    """Return who may pay on a commitment: the obligor and the bearers."""
    return tuple(dict.fromkeys((event.obligor, *(bearer.party for bearer in event.bearers))))


def once(
    rows: Iterable[CommitmentRow], same_sum: Callable[[CommitmentRow], Hashable]
) -> tuple[CommitmentRow, ...]:
    """Leave out what backs a promise that stands in the same sum, of which it is a part.

    rows: all that is summed. same_sum: which of the sums a row goes into.
    """
    rows = tuple(rows)
    sums = {row.id: same_sum(row) for row in rows}
    return tuple(row for row in rows if row.backs not in sums or sums[row.backs] != same_sum(row))


def _drawn(draws: Iterable[Moving], whole: dict[str | None, Fraction]) -> dict[str | None, int]:
    """Return what was drawn off each line; what no line names comes off the unassigned."""
    drawn: dict[str | None, int] = defaultdict(int)
    for draw in draws:
        drawn[draw.giver if draw.giver in whole else None] += draw.minor() or 0
    return drawn
