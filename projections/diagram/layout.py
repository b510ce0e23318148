"""Where everything in a diagram stands: boxes in columns, and lines from slot to slot.

Each end of a line has a slot of its own on the side of its box, as high as its label; so labels
never collide, and boxes are as tall as their parties are busy. A line leaves its left end straight,
with the label on it, then bends to its other end. All numbers are whole points, y runs downwards,
and nothing depends on fonts or on the version of Graphviz: the same web has the same layout
everywhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from dealledger.projections.diagram.order import Grid, Vertex

Place: TypeAlias = tuple[int, int]

BOX_WIDTH: Final = 112
BOX_HEIGHT: Final = 40
BOX_GAP: Final = 16
LANE_GAP: Final = 12
SLOT_GAP: Final = 6
HEAD_GAP: Final = 3
"""Between arrowheads, and between lines without them."""
MARGIN: Final = 6
ARROW: Final = 28
"""How far before a box a line is straight again: its arrowhead's length, and a little."""
LEAST_REACH: Final = 12
MOST_REACH: Final = 72
"""How far an arc between two boxes of one column bends out."""

ROUNDS: Final = 40


@dataclass(frozen=True, slots=True)
class Wire:
    """A line to place, in points. above, below: room that its label takes at its left end.

    indent: how far from the box the label begins, so that it stands clear of an arrowhead. head:
    half the height of the arrowhead at its target; 0 for none.
    """

    source: int
    target: int
    thick: int
    above: int = 0
    below: int = 0
    label_width: int = 0
    indent: int = 0
    head: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A party's box: its centre and its size."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Route:
    """A line as cubic Béziers from its source to its target, and the middle of its label.

    points: 3n + 1; the last is the tip of the arrow.
    """

    points: tuple[Place, ...]
    label: Place


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by party and routes by wire, both in the order given; lefts: where columns begin."""

    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    lefts: tuple[int, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Slots:
    """How far each end of a line is below the middle of its item, and how tall items are."""

    left: dict[tuple[Vertex, int], int]
    right: dict[tuple[Vertex, int], int]
    heights: dict[Vertex, int]


def laid_out(grid: Grid, parties: int, wires: Sequence[Wire]) -> Layout:
    """Return the layout of *grid*, whose first *parties* items are boxes."""
    slots = _slots(grid, parties, wires)
    middles = _closed_up(_middles(grid, parties, slots), slots)
    lefts, lead = _lefts(grid, wires)
    column_of = {item: number for number, column in enumerate(grid.columns) for item in column}
    boxes = tuple(
        Box(lefts[column_of[item]] + BOX_WIDTH // 2, middles[item], BOX_WIDTH, slots.heights[item])
        for item in range(parties)
    )
    routes = _Router(grid, wires, slots, middles, lefts, lead, column_of)
    height = max((middles[item] + slots.heights[item] // 2 for item in middles), default=0)
    arcs_right = any(column_of[arc.source] == len(lefts) - 1 for arc in grid.arcs)
    width = lefts[-1] + BOX_WIDTH + (lead[-1] + MOST_REACH * 3 // 4 if arcs_right else 0)
    return Layout(
        boxes, tuple(routes.route(wire) for wire in range(len(wires))), lefts, width, height
    )


def _slots(grid: Grid, parties: int, wires: Sequence[Wire]) -> _Slots:
    """Give each end of a line a slot, ordered as the other ends are, so that few cross at once."""
    place = {item: number for column in grid.columns for number, item in enumerate(column)}
    left: dict[Vertex, list[tuple[tuple[int, int, int], int]]] = {}
    right: dict[Vertex, list[tuple[tuple[int, int, int], int]]] = {}
    for hops in grid.hops:
        for hop in hops:
            right.setdefault(hop.left, []).append(((0, place[hop.right], hop.wire), hop.wire))
            left.setdefault(hop.right, []).append(((0, place[hop.left], hop.wire), hop.wire))
    for arc in grid.arcs:
        for here, there in ((arc.source, arc.target), (arc.target, arc.source)):
            up = place[there] < place[here]
            away = abs(place[there] - place[here])
            # Nested like brackets: the nearest party has the outermost slot.
            key = (-1, away, arc.wire) if up else (1, -away, -arc.wire)
            right.setdefault(here, []).append((key, arc.wire))
    plain = {arc.wire: arc.target for arc in grid.arcs}
    heights = {item: LANE_GAP for column in grid.columns for item in column}
    offsets: list[dict[tuple[Vertex, int], int]] = [{}, {}]
    for side, found in ((left, offsets[0]), (right, offsets[1])):
        for item, ends in side.items():
            ordered = [wire for _, wire in sorted(ends)]
            labelled = [side is right and plain.get(wire) != item for wire in ordered]
            if item < parties:
                total = _stack(found, item, ordered, labelled, wires)
                heights[item] = max(heights[item], BOX_HEIGHT, total + 2 * MARGIN)
            else:
                found[item, ordered[0]] = 0
    for item in range(parties):
        heights[item] = max(heights[item], BOX_HEIGHT)
    return _Slots(offsets[0], offsets[1], heights)


def _stack(
    offsets: dict[tuple[Vertex, int], int],
    item: Vertex,
    ordered: Sequence[int],
    labelled: Sequence[bool],
    wires: Sequence[Wire],
) -> int:
    """Set the slots of one side of a box around its middle, top down; return their height."""
    lines, y, gap = [], 0, 0
    for wire, is_labelled in zip(ordered, labelled, strict=True):
        line = wires[wire]
        # What a line has on either side of its thickness: its label, its arrowhead, or both.
        head = max(line.head - line.thick // 2, 0) if line.target == item else 0
        above, below = (line.above, line.below) if is_labelled else (4, 4)
        gap = SLOT_GAP if is_labelled else HEAD_GAP
        lines.append(y + max(above, head) + line.thick // 2)
        y += max(above, head) + line.thick + max(below, head) + gap
    y -= gap
    # A label is taken for part of its line only where several share a side; one line is central.
    middle = lines[0] if len(lines) == 1 else y // 2
    for wire, place in zip(ordered, lines, strict=True):
        offsets[item, wire] = place - middle
    return y


def _middles(grid: Grid, parties: int, slots: _Slots) -> dict[Vertex, int]:
    """Return the height of every item: near its neighbours, in order, with room between."""
    middles: dict[Vertex, int] = {}
    for column in grid.columns:
        targets = [0 for _ in column]
        middles.update(
            zip(column, _spread(column, targets, [1] * len(column), parties, slots), strict=True)
        )
    for turn in range(ROUNDS):
        order = range(len(grid.columns)) if turn % 2 else range(len(grid.columns) - 1, -1, -1)
        for number in order:
            column = grid.columns[number]
            targets, weights = _targets(grid, number, middles, slots, parties)
            middles.update(
                zip(column, _spread(column, targets, weights, parties, slots), strict=True)
            )
    return middles


def _closed_up(middles: Mapping[Vertex, int], slots: _Slots) -> dict[Vertex, int]:
    """Return places from 0 down, without bands in which nothing stands."""
    closed: dict[Vertex, int] = {}
    bottom, shift = 0, 0
    for item in sorted(middles, key=lambda item: (middles[item] - slots.heights[item] // 2, item)):
        top = middles[item] - slots.heights[item] // 2
        if not closed:
            shift = top
        elif top - shift > bottom + BOX_GAP:
            shift = top - bottom - BOX_GAP
        closed[item] = middles[item] - shift
        bottom = max(bottom, top - shift + slots.heights[item])
    return closed


def _targets(
    grid: Grid, number: int, middles: Mapping[Vertex, int], slots: _Slots, parties: int
) -> tuple[list[int], list[int]]:
    """Return where each item of a column would be if its lines were straight, and their number."""
    wanted: dict[Vertex, list[int]] = {}
    if number:
        for hop in grid.hops[number - 1]:
            y = middles[hop.left] + slots.right[hop.left, hop.wire]
            wanted.setdefault(hop.right, []).append(y - slots.left[hop.right, hop.wire])
    for hop in grid.hops[number]:
        y = middles[hop.right] + slots.left[hop.right, hop.wire]
        wanted.setdefault(hop.left, []).append(y - slots.right[hop.left, hop.wire])
    column = grid.columns[number]
    targets = [
        sum(wanted[item]) // len(wanted[item]) if item in wanted else middles[item]
        for item in column
    ]
    # A lane pulls harder than a box: a bend in the middle of a line is worse than one at its end.
    weights = [len(wanted.get(item, ())) * (1 if item < parties else 2) or 1 for item in column]
    return targets, weights


def _spread(
    column: Sequence[Vertex],
    targets: Sequence[int],
    weights: Sequence[int],
    parties: int,
    slots: _Slots,
) -> list[int]:
    """Return places nearest to *targets* by least squares that keep the order and the gaps.

    Isotonic regression (pool adjacent violators) of the targets less the room taken above.
    """
    room = [0]
    for above, below in itertools.pairwise(column):
        gap = BOX_GAP if above < parties and below < parties else LANE_GAP
        room.append(room[-1] + (slots.heights[above] + slots.heights[below]) // 2 + gap)
    blocks: list[tuple[int, int, int]] = []  # (sum of weighted targets, weight, items)
    for target, weight, taken in zip(targets, weights, room, strict=True):
        block = ((target - taken) * weight, weight, 1)
        while blocks and blocks[-1][0] * block[1] > block[0] * blocks[-1][1]:
            last = blocks.pop()
            block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
        blocks.append(block)
    flat = [total // weight for total, weight, items in blocks for _ in range(items)]
    return [place + taken for place, taken in zip(flat, room, strict=True)]


def _lefts(grid: Grid, wires: Sequence[Wire]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where each column begins, and how long lines run straight to its right."""
    lefts, lead = [0], []
    first_gap: dict[int, int] = {}
    for gap, hops in enumerate(grid.hops):
        for hop in hops:
            first_gap.setdefault(hop.wire, gap)
    column_of = {item: number for number, column in enumerate(grid.columns) for item in column}
    for arc in grid.arcs:
        first_gap[arc.wire] = column_of[arc.source]
    for number in range(len(grid.columns)):
        widths = [
            wires[wire].indent + wires[wire].label_width
            for wire, gap in first_gap.items()
            if gap == number
        ]
        lead.append(max([ARROW, *(width + 6 for width in widths)]))
        bend = 70 + 2 * len(grid.hops[number])
        lefts.append(lefts[-1] + BOX_WIDTH + lead[-1] + min(bend, 150) + ARROW)
    return tuple(lefts[:-1]), tuple(lead)


@dataclass(frozen=True, slots=True)
class _Router:
    grid: Grid
    wires: Sequence[Wire]
    slots: _Slots
    middles: Mapping[Vertex, int]
    lefts: Sequence[int]
    lead: Sequence[int]
    column_of: Mapping[Vertex, int]

    def route(self, wire: int) -> Route:
        """Return the way of a line; it is found from left to right and turned where needed."""
        for arc in self.grid.arcs:
            if arc.wire == wire:
                return self._arc(arc.source, arc.target, wire)
        hops = [hop for gap in self.grid.hops for hop in gap if hop.wire == wire]
        points: list[Place] = []
        for hop in hops:
            column = self.column_of[hop.left]
            y1 = self.middles[hop.left] + self.slots.right[hop.left, wire]
            y2 = self.middles[hop.right] + self.slots.left[hop.right, wire]
            x1, x2 = self.lefts[column] + BOX_WIDTH, self.lefts[column + 1]
            start, end = (x1 + self.lead[column], y1), (x2 - ARROW, y2)
            points = points or [(x1, y1)]
            points += _straight(points[-1], start) + _bent(start, end) + _straight(end, (x2, y2))
        column = self.column_of[hops[0].left]
        label = self._label(points[0], wire)
        if self.wires[wire].source != hops[0].left:
            points.reverse()
        return Route(tuple(points), label)

    def _arc(self, source: Vertex, target: Vertex, wire: int) -> Route:
        column = self.column_of[source]
        x = self.lefts[column] + BOX_WIDTH
        y1 = self.middles[source] + self.slots.right[source, wire]
        y2 = self.middles[target] + self.slots.right[target, wire]
        out = x + self.lead[column]
        reach = out + self._reach(source, target, wire)
        points = [(x, y1), *_straight((x, y1), (out, y1))]
        points += [(reach, y1), (reach, y2), (out, y2)]
        points += _straight((out, y2), (x, y2))
        return Route(tuple(points), self._label((x, y1), wire))

    def _reach(self, source: Vertex, target: Vertex, wire: int) -> int:
        """Return how far an arc bends out: the longer, the further, so that no two lie together."""
        column = self.column_of[source]
        spans = sorted(
            (abs(self.middles[arc.source] - self.middles[arc.target]), arc.wire)
            for arc in self.grid.arcs
            if self.column_of[arc.source] == column
        )
        place = spans.index((abs(self.middles[source] - self.middles[target]), wire))
        return LEAST_REACH + (MOST_REACH - LEAST_REACH) * (place + 1) // len(spans)

    def _label(self, start: Place, wire: int) -> Place:
        line = self.wires[wire]
        return (start[0] + line.indent + line.label_width // 2, start[1])


def _straight(start: Place, end: Place) -> list[Place]:
    (x1, y1), (x2, y2) = start, end
    return [((2 * x1 + x2) // 3, (2 * y1 + y2) // 3), ((x1 + 2 * x2) // 3, (y1 + 2 * y2) // 3), end]


def _bent(start: Place, end: Place) -> list[Place]:
    middle = (start[0] + end[0]) // 2
    return [(middle, start[1]), (middle, end[1]), end]
