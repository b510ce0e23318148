"""Which party stands in which column of a diagram, and in which order, so that few lines cross.

Columns come from roles; a party whose role says nothing is placed by revenue, which runs left to
right: after those who pay it, before those whom it pays. An edge over several columns gets a lane
of its own in each column between its ends, so that no line runs behind a party. The order within
columns is found as by Sugiyama: sort each column by the mean place of its neighbours, forth and
back, then move single items while that helps. No chance is involved, so the same web always has the
same order.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

MOST_COLUMNS: Final = 8
SWEEPS: Final = 12
MOST_WORK: Final = 600_000
"""Single moves are tried if they would look at fewer lines than that; else sorting must do."""

Vertex: TypeAlias = int
"""A party (0, 1, 2 ... as in the list of parties) or, with higher numbers, a lane of an edge."""


@dataclass(frozen=True, slots=True)
class RouteHop:
    """A line from an item to one in the next column on its right. wire: the edge, by number."""

    left: Vertex
    right: Vertex
    wire: int


@dataclass(frozen=True, slots=True)
class Arc:
    """A line between two parties of one column."""

    source: Vertex
    target: Vertex
    wire: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Items by column, top down; hops by the gap they cross, the first between columns 0 and 1."""

    columns: tuple[tuple[Vertex, ...], ...]
    hops: tuple[tuple[RouteHop, ...], ...]
    arcs: tuple[Arc, ...]


def ranks(
    given: Sequence[int | None],
    revenue: Sequence[tuple[int, int]],
    capital: Sequence[tuple[int, int]],
) -> list[int]:
    """Return the column of every party: as given, else by who pays it. Columns have no gaps.

    revenue, capital: (source, target) pairs of parties by number.
    """
    rank = {party: column for party, column in enumerate(given) if column is not None}
    for _ in range(MOST_COLUMNS):
        changed = False
        for party, column in enumerate(given):
            if column is None:
                new = _free_rank(party, rank, revenue, capital)
                changed |= rank.get(party) != new
                rank[party] = new
        if not changed:
            break
    used = sorted(set(rank.values()))
    return [used.index(rank[party]) for party in range(len(given))]


def _free_rank(
    party: int,
    rank: Mapping[int, int],
    revenue: Sequence[tuple[int, int]],
    capital: Sequence[tuple[int, int]],
) -> int:
    """Return the column after those who pay *party*, or before those whom it pays or funds.

    A party that only receives capital stands beside who gives it.
    """
    payers = [rank.get(source, 0) for source, target in revenue if target == party]
    if payers:
        return min(max(payers) + 1, MOST_COLUMNS - 1)
    paid = [rank[target] for source, target in revenue if source == party and target in rank]
    funded = [rank[target] for source, target in capital if source == party and target in rank]
    if paid or funded:
        return max(min(paid or funded) - 1, 0)
    funders = [rank[source] for source, target in capital if target == party and source in rank]
    if not funders:
        return 0
    return min(funders) - 1 if min(funders) > 1 else min(funders) + 1


def arranged(rank: Sequence[int], wires: Sequence[tuple[int, int]]) -> Grid:
    """Return the grid of parties with these columns, joined by *wires*, with few crossings."""
    columns: list[list[Vertex]] = [[] for _ in range(max(rank, default=0) + 1)]
    for party, column in enumerate(rank):
        columns[column].append(party)
    hops: list[list[RouteHop]] = [[] for _ in columns]
    arcs: list[Arc] = []
    free = len(rank)
    for wire, (source, target) in enumerate(wires):
        if rank[source] == rank[target]:
            arcs.append(Arc(source, target, wire))
            continue
        left, right = sorted((source, target), key=lambda party: rank[party])
        here = left
        for column in range(rank[left], rank[right]):
            there = right if column + 1 == rank[right] else free
            if there == free:
                columns[column + 1].append(free)
                free += 1
            hops[column].append(RouteHop(here, there, wire))
            here = there
    grid = Grid(tuple(map(tuple, columns)), tuple(map(tuple, hops)), tuple(arcs))
    return _moved(_swept(grid))


def _cost(columns: Sequence[Sequence[Vertex]], grid: Grid) -> tuple[int, int]:
    """Return (how many pairs of lines cross, how long the lines are up and down)."""
    place = {item: number for column in columns for number, item in enumerate(column)}
    crossings = length = 0
    for gap, hops in enumerate(grid.hops):
        ends = sorted((place[hop.left], place[hop.right]) for hop in hops)
        seen: list[int] = []
        for _, right in ends:
            crossings += len(seen) - bisect_right(seen, right)
            insort(seen, right)
        for left, right in ends:
            length += abs(left * 100 // len(columns[gap]) - right * 100 // len(columns[gap + 1]))
    leaving: dict[Vertex, int] = {}
    for hops in grid.hops:
        for hop in hops:
            leaving[hop.left] = leaving.get(hop.left, 0) + 1
    column_of = {item: column for column in columns for item in column} if grid.arcs else {}
    for arc in grid.arcs:
        low, high = sorted((place[arc.source], place[arc.target]))
        between = column_of[arc.source][low + 1 : high]
        crossings += sum(leaving.get(item, 0) for item in between)
        length += 10 * (high - low)
    return crossings, length


def _swept(grid: Grid) -> Grid:
    """Sort each column by the mean place of its neighbours, forth and back; keep the best."""
    columns = [list(column) for column in grid.columns]
    best, least = [list(column) for column in columns], _cost(columns, grid)
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        order = range(1, len(columns)) if forth else range(len(columns) - 2, -1, -1)
        for column in order:
            _sort_by_neighbours(columns, column, grid, forth=forth)
        cost = _cost(columns, grid)
        if cost < least:
            best, least = [list(column) for column in columns], cost
    return Grid(tuple(map(tuple, best)), grid.hops, grid.arcs)


def _sort_by_neighbours(
    columns: list[list[Vertex]], column: int, grid: Grid, *, forth: bool
) -> None:
    near = columns[column - 1 if forth else column + 1]
    place = {item: 1000 * number // len(near) for number, item in enumerate(near)}
    means: dict[Vertex, list[int]] = {}
    for hop in grid.hops[column - 1 if forth else column]:
        here, there = (hop.right, hop.left) if forth else (hop.left, hop.right)
        means.setdefault(here, []).append(place[there])
    own = {
        item: 1000 * number // len(columns[column]) for number, item in enumerate(columns[column])
    }
    columns[column].sort(
        key=lambda item: sum(means[item]) // len(means[item]) if item in means else own[item]
    )


def _moved(grid: Grid) -> Grid:
    """Move single items within their columns as long as that lowers the cost."""
    columns = [list(column) for column in grid.columns]
    lines = sum(map(len, grid.hops)) + len(grid.arcs)
    if sum(len(column) ** 2 for column in columns) * lines > MOST_WORK:
        return grid
    least, improved = _cost(columns, grid), True
    while improved:
        improved = False
        for column in columns:
            for item in sorted(column):
                kept, best = list(column), None
                for place in range(len(kept)):
                    column.remove(item)
                    column.insert(place, item)
                    cost = _cost(columns, grid)
                    if cost < least:
                        least, best = cost, list(column)
                column[:] = best or kept
                improved |= best is not None
    return Grid(tuple(map(tuple, columns)), grid.hops, grid.arcs)
