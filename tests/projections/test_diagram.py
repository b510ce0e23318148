"""The alliance diagram as DOT text: the whole of it, and where everything stands."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest
from support.alliances import E1, E1_EARLY, big_web, places

from dealledger.projections.alliances import Alliances
from dealledger.projections.diagram.layout import BOX_WIDTH, MOST_REACH, Box, Wire, laid_out
from dealledger.projections.diagram.order import arranged, ranks
from dealledger.projections.diagram.plan import Options, dot_text
from dealledger.projections.diagram.select import choose

GOLDEN = Path(__file__).parents[1] / "golden"


def golden(name: str, text: str) -> None:
    """Compare with a file of tests/golden, or write it if GOLDEN_UPDATE is set."""
    path = GOLDEN / f"diagram-{name}.dot"
    if os.environ.get("GOLDEN_UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


class TestGolden:
    def test_the_small_web(self) -> None:
        """The worked ledger E1 draws as it did; look at the picture before you update this."""
        golden("e1", dot_text(E1, E1))

    def test_the_small_web_at_an_early_date(self) -> None:
        """What is not there yet is laid out, invisible, and named nowhere."""
        golden("e1-early", dot_text(E1_EARLY, E1))

    def test_the_small_web_compared(self) -> None:
        """A comparison draws what was added, changed and removed."""
        golden("e1-diff", dot_text(E1, E1, before=E1_EARLY))


class TestPlaces:
    def test_are_the_same_at_two_dates(self) -> None:
        """Every party stands at the same place in the pictures of two dates of one ledger."""
        assert places(dot_text(E1, E1)) == places(dot_text(E1_EARLY, E1))
        assert places(dot_text(E1, E1)) == places(dot_text(E1, E1, before=E1_EARLY))

    def test_do_not_depend_on_the_order_of_the_input(self) -> None:
        """The same web in another order is the same picture."""
        turned = Alliances(E1.as_of, 15, None, E1.root, E1.nodes[::-1], E1.edges[::-1])

        assert dot_text(E1, E1) == dot_text(turned, turned)

    def test_columns_follow_roles(self) -> None:
        """Revenue runs left to right: outside, labs, clouds, chips."""
        x_of = {
            name: int(place.split('pos="')[1].split(",")[0])
            for name, place in places(dot_text(E1, E1)).items()
        }
        lab, cloud, chips, rival, outside = (x_of[f"n{number}"] for number in range(1, 6))

        assert outside < lab < cloud == rival < chips

    def test_without_roles_revenue_makes_the_columns(self) -> None:
        """A party whose role says nothing stands right of those who pay it."""
        assert ranks([None, None, None], [(2, 1), (1, 0)], []) == [2, 1, 0]

    def test_a_circle_of_revenue_is_laid_out_too(self) -> None:
        """Parties without roles that pay each other in a circle are no endless loop."""
        assert len(set(ranks([None, None], [(0, 1), (1, 0)], []))) >= 1

    @pytest.mark.parametrize("seed", range(4))
    def test_nothing_collides(self, seed: int) -> None:
        """No box covers a box and no label covers a label or a box, whatever the web."""
        choice = choose([big_web(20, 60, seed)], Options(show_all=True))
        number = {node.party: index for index, node in enumerate(choice.nodes)}
        pairs = [(number[edge.source], number[edge.target]) for _, edge in choice.edges]
        rank = [index % 4 for index in range(len(number))]
        wires = [
            Wire(*pair, thick=5, above=13, below=13, label_width=60, indent=20) for pair in pairs
        ]
        layout = laid_out(arranged(rank, pairs), len(number), wires)
        labels = [Box(*route.label, 60, 26) for route in layout.routes]

        for one, other in combinations((*layout.boxes, *labels), 2):
            apart = abs(one.x - other.x) * 2 >= one.width + other.width
            assert apart or abs(one.y - other.y) * 2 >= one.height + other.height

    def test_arrowheads_do_not_reach_into_labels(self) -> None:
        """A thick arrowhead at a labelled end pushes the next label away, above it and below it."""
        wires = [Wire(0, 1, 3, above=13), Wire(1, 0, 8, above=13, head=14), Wire(0, 1, 3, above=13)]
        layout = laid_out(arranged([0, 1], [(w.source, w.target) for w in wires]), 2, wires)
        own, *others = (layout.routes[n].points for n in (1, 0, 2))
        heads = [own[-1][1] - 14, own[-1][1] + 14]

        for points in others:
            label = (points[0][1] - 1 - 13, points[0][1] - 1)
            assert label[1] <= heads[0] or heads[1] <= label[0]

    def test_arcs_of_one_column_bend_out_each_to_its_own_place(self) -> None:
        """The longer the further, and no further than there is room."""
        wires = [Wire(0, 1, 1), Wire(1, 2, 1), Wire(0, 3, 1), Wire(2, 3, 1)]
        layout = laid_out(arranged([0] * 4, [(w.source, w.target) for w in wires]), 4, wires)
        bends = [max(x for x, _ in route.points) for route in layout.routes]
        longest = max(
            range(4),
            key=lambda n: abs(layout.routes[n].points[0][1] - layout.routes[n].points[-1][1]),
        )

        assert 4 == len(set(bends))
        assert bends[longest] == max(bends)
        assert max(bends) <= layout.width + MOST_REACH // 4

    def test_lines_end_at_their_boxes(self) -> None:
        """Every line begins and ends on the side of the box that it belongs to."""
        wires = [Wire(0, 1, 3), Wire(1, 0, 3), Wire(0, 2, 3), Wire(1, 3, 3)]
        pairs = [(wire.source, wire.target) for wire in wires]
        layout = laid_out(arranged([0, 1, 2, 1], pairs), 4, wires)

        for wire, route in zip(wires, layout.routes, strict=True):
            for party, (x, y) in ((wire.source, route.points[0]), (wire.target, route.points[-1])):
                box = layout.boxes[party]
                assert abs(x - box.x) == BOX_WIDTH // 2
                assert abs(y - box.y) < box.height // 2
