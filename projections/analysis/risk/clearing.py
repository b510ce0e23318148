"""Clearing: what everybody can pay if all that is due at one date has to be paid from cash.

p = min(due, cash + what is paid to me): the greatest solution, in which who cannot pay in full pays
all it has, in proportion to what it owes. Found exactly: assume that all pay, and let default who
cannot, until nobody more does (fictitious defaults), at most one round for each party.

Sources: quantities, Q7 (d); Eisenberg and Noe, Management Science 47(2) (2001).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dealledger.projections.analysis.risk.linear import solved
from dealledger.projections.analysis.web import Pair


@dataclass(frozen=True, slots=True)
class Cleared:
    """One party when everything is cleared, in minor units.

    due: what it owes; pays, gets: what it pays of that, and is paid; owed: what is owed to it.
    """

    party: str
    cash: int
    due: int
    pays: Fraction
    owed: int
    gets: Fraction

    @property
    def defaults(self) -> bool:
        """Tell whether it cannot pay in full."""
        return self.pays < self.due


def cleared(due: Mapping[Pair, int], cash: Mapping[str, int]) -> tuple[Cleared, ...]:
    """Return what everybody pays. due: by (who owes, to whom); cash: none, if not given.

    Order: by party.
    """
    owes: dict[str, int] = defaultdict(int)
    owed: dict[str, int] = defaultdict(int)
    for (obligor, creditor), minor in due.items():
        owes[obligor] += minor
        owed[creditor] += minor
    names = sorted(owes.keys() | owed.keys())
    pays = {name: Fraction(owes[name]) for name in names}
    failed: set[str] = set()
    while new := {
        name for name in names if cash.get(name, 0) + _gets(due, owes, pays, name) < pays[name]
    }:
        failed |= new
        pays |= _of_the_failed(due, owes, cash, pays, failed)
    return tuple(
        Cleared(
            name, cash.get(name, 0), owes[name], pays[name], owed[name],
            _gets(due, owes, pays, name),
        )
        for name in names
    )  # fmt: skip


def _gets(
    due: Mapping[Pair, int], owes: Mapping[str, int], pays: Mapping[str, Fraction], party: str
) -> Fraction:
    parts = (
        pays[obligor] * minor / owes[obligor]
        for (obligor, creditor), minor in due.items()
        if creditor == party
    )
    return sum(parts, Fraction())


def _of_the_failed(
    due: Mapping[Pair, int],
    owes: Mapping[str, int],
    cash: Mapping[str, int],
    pays: Mapping[str, Fraction],
    failed: set[str],
) -> dict[str, Fraction]:
    """Return what those who fail pay: all they have and get, the others paying in full."""
    rows = {name: {name: Fraction(1)} for name in sorted(failed)}
    sides = {name: Fraction(cash.get(name, 0)) for name in rows}
    for (obligor, creditor), minor in due.items():
        if creditor not in failed:
            continue
        part = Fraction(minor, owes[obligor])
        if obligor in failed:
            rows[creditor][obligor] = rows[creditor].get(obligor, Fraction()) - part
        else:
            sides[creditor] += part * pays[obligor]
    found = solved(rows, {name: {"": side} for name, side in sides.items() if side})
    # They cannot owe to each other alone: then what they get would be enough for one of them.
    assert found is not None
    return {name: found[name].get("", Fraction()) for name in rows}
