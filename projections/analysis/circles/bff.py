"""Balanced flow forwarding (BFF): the part of each amount that goes round, by one fair rule.

Per block of parties in which each reaches each: the stationary flow of the walk that leaves every
party in proportion to what it pays, scaled until the first party has nothing left, is taken off;
then the same with what is left. It needs no solver, prefers no loop to another, and depends on
nothing but the amounts (Homs-Dones, MacKay, Sansom and Zhou, arXiv 2506.12546).

Since a party's payments all shrink by one factor, the state is one number per party: what is left
of it. In small webs these are fractions and the answer is exact. Fractions grow without end in
large ones: there the answer is in whole minor units, which balance exactly at every party and never
exceed the amounts. In blocks of up to `stationary.FEW` parties only the last digits of binary
numbers are lost, which is a few minor units. In larger ones what each is off is not proved, but
measured: also in webs of parts that hardly touch and of walks that hardly settle it is less than a
millionth of all that is paid. `Peeled.exact` says which answer it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.projections.analysis.circles.balancing import balanced
from dealledger.projections.analysis.circles.stationary import Nearly, Number, eliminated
from dealledger.projections.analysis.web import Pair

EXACT_PARTIES: Final = 12
"""In a block of more parties the walk is solved in floats."""

LONGEST_BITS: Final = 256
"""A share with a longer denominator than this, 77 digits, is of no use to anybody."""

SPENT: Final = 1e-12
"""Of floats, what counts as nothing left of a whole."""


@dataclass(frozen=True, slots=True)
class Peeled:
    """What goes round of each pair, in minor units, above 0; or whole minor units if not exact."""

    shares: dict[Pair, Fraction]
    exact: bool


def peeled(amounts: Mapping[Pair, int]) -> Peeled:
    """Return the BFF share of every pair on a circle, sorted. amounts: minor units, above 0."""
    peeling = _Peeling(amounts)
    shares = peeling.shares()
    exact = peeling.exact and all(
        share.denominator.bit_length() <= LONGEST_BITS for share in shares.values()
    )
    if not exact:
        shares = {pair: Fraction(minor) for pair, minor in balanced(shares, amounts).items()}
    return Peeled({pair: share for pair, share in sorted(shares.items()) if share}, exact)


class _Peeling:
    """What is left of each party's payments while circles are taken off, block by block."""

    def __init__(self, amounts: Mapping[Pair, int]) -> None:
        balance: dict[str, int] = {}
        for (source, target), minor in amounts.items():
            balance[source] = balance.get(source, 0) + minor
            balance[target] = balance.get(target, 0) - minor
        # Who pays most beyond what it is paid comes first: the walk settles sooner, and
        # the order does not hang on names.
        self._names = sorted(balance, key=lambda name: (-balance[name], name))
        number = {name: place for place, name in enumerate(self._names)}
        self._out: dict[int, dict[int, int]] = {place: {} for place in number.values()}
        self._into: dict[int, dict[int, int]] = {place: {} for place in number.values()}
        for (source, target), minor in amounts.items():
            self._out[number[source]][number[target]] = minor
            self._into[number[target]][number[source]] = minor
        self._blocks = [block for block in self._parts(set(self._out)) if len(block) > 1]
        self.exact = all(len(block) <= EXACT_PARTIES for block in self._blocks)
        one: Number = Fraction(1) if self.exact else 1.0
        self._left: dict[int, Number] = dict.fromkeys(self._out, one)
        self._near = None if self.exact else Nearly(len(self._out), self._out, self._into)
        self._shares: dict[Pair, Number] = {}

    def shares(self) -> dict[Pair, Number]:
        """Return what goes round of every pair within a block."""
        self._cut(set(self._out), self._blocks)
        while self._blocks:
            block = self._blocks.pop()
            spent = self._take(block)
            parts = self._parts(block - spent)
            self._cut(block, parts)
            self._blocks += [part for part in parts if len(part) > 1]
        return self._shares

    def _take(self, block: set[int]) -> set[int]:
        """Take off what goes round in *block* until somebody has nothing left; return who."""
        left = self._left
        rates = self._near(block) if self._near else eliminated(block, self._out, Fraction(1))
        scale = min(left[party] / rate for party, rate in rates.items() if rate)
        for party, rate in rates.items():
            left[party] -= scale * rate
        spent = {party for party in block if left[party] <= (0 if self.exact else SPENT)}
        for party in spent:
            left[party] *= 0
        return spent

    def _cut(self, block: set[int], parts: list[set[int]]) -> None:
        """Cut the ties of *block* that are not within one of *parts*, and keep their shares."""
        home = {party: place for place, part in enumerate(parts) for party in part}
        lost = block - home.keys()
        ties = self._ties(lost) if len(parts) == 1 else self._ties(block)
        for source, target in [*ties]:
            if source in lost or home.get(source) != home.get(target):
                self._drop(source, target)

    def _ties(self, block: set[int]) -> Iterator[tuple[int, int]]:
        """Yield the ties that begin or end in *block*, each once."""
        for party in sorted(block):
            yield from ((party, other) for other in self._out[party])
            yield from ((other, party) for other in self._into[party] if other not in block)

    def _drop(self, source: int, target: int) -> None:
        minor = self._out[source].pop(target)
        del self._into[target][source]
        if self._left[source] != 1:
            pair = (self._names[source], self._names[target])
            self._shares[pair] = minor * (1 - self._left[source])
        if self._near:
            self._near.changed(source, target)

    def _parts(self, block: set[int]) -> list[set[int]]:
        """Return the sets of *block* in which each reaches each."""
        start = min(block, default=None)
        if start is None:
            return []
        if all(len(_reached(start, ties, block)) == len(block) for ties in (self._out, self._into)):
            return [block]
        # Imported here: loading it takes a while.
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(sorted(block))
        graph.add_edges_from(
            (party, other)
            for party in sorted(block)
            for other in self._out[party]
            if other in block
        )
        return [*nx.strongly_connected_components(graph)]


def _reached(start: int, ties: Mapping[int, Mapping[int, int]], block: set[int]) -> set[int]:
    seen, front = {start}, {start}
    while front:
        front = (set().union(*(ties[party].keys() for party in front)) & block) - seen
        seen |= front
    return seen
