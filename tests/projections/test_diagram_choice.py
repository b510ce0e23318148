"""Which parties and edges a diagram draws, and what it says that it left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.alliances import E1, E1_EDGES, PURPOSE, big_web, usd, web

from dealledger.events import BadInput, Money
from dealledger.projections.alliances import Edge, EdgeLayer, Size
from dealledger.projections.diagram.plan import Options, coverage, dot_text
from dealledger.projections.diagram.select import choose, key_of


class TestChoice:
    def test_focus_shows_the_edges_that_touch_it(self) -> None:
        """One hop is a star: what two neighbours have to do with each other stays out."""
        keys = [key for key, _ in choose([E1], Options(focus="r")).edges]

        assert keys == [
            ("payment", "l", "r", False, "plain"),
            ("payment", "r", "n", False, "plain"),
            ("rivalry", "m", "r", False, "plain"),
        ]

    def test_two_hops_reach_further(self) -> None:
        """Two hops add the edges that touch a neighbour."""
        assert len(choose([E1], Options(focus="r", hops=2)).edges) == len(E1.edges)

    def test_a_focus_without_deals_is_refused(self) -> None:
        """A focus that is not in the web is refused, with the nearest party."""
        near = web(Edge("payment", "microsoft", "openai"))
        with pytest.raises(
            BadInput, match=r"of the party 'microsfot' is recorded .did you mean microsoft"
        ):
            choose([near], Options(focus="microsfot"))

    def test_only_keeps_kinds(self) -> None:
        """Only the kinds that were asked for are drawn."""
        keys = choose([E1], Options(only=frozenset({"rivalry"}))).edges

        assert [key[0] for key, _ in keys] == ["rivalry", "rivalry"]

    def test_a_minimum_leaves_small_and_undisclosed_money_out(self) -> None:
        """Money below the minimum goes, also if undisclosed; a right, having no amount, stays."""
        edges = (
            Edge("payment", "a", "b", False, usd(2)),
            Edge("payment", "b", "c", False, usd(9)),
            Edge("payment", "c", "d", False, (), undisclosed=1),
            Edge("right", "a", "c", rights=("warrant",)),
        )
        chosen = choose([web(*edges)], Options(minimum=usd(5)[0])).edges

        assert [key[0:3] for key, _ in chosen] == [("payment", "b", "c"), ("right", "a", "c")]

    def test_the_budget_keeps_the_largest(self) -> None:
        """Of a web that is too dense the largest amounts are kept; rights go first."""
        large = big_web(60, 200)
        chosen = choose([large], Options()).edges
        least = min(edge.amounts[0].minor for _, edge in chosen)
        ends = {party for _, edge in chosen for party in (edge.source, edge.target)}

        assert len(chosen) == 36 or len(ends) == 24
        assert least > 10**12
        assert {edge.kind for _, edge in chosen} <= {"funding", "payment", "commitment"}

    def test_all_lifts_the_budget(self) -> None:
        """With all, everything is chosen, rights too."""
        assert len(choose([big_web(60, 200)], Options(show_all=True)).edges) == 200

    def test_the_choice_is_made_over_the_horizon(self) -> None:
        """What is small at the date is drawn, if it is large in the end."""
        small = web(Edge("payment", "p000", "p001", False, (Money("USD", 1),)))
        horizon = web(*big_web(60, 200).edges, Edge("payment", "p000", "p001", False, usd(900)))

        assert coverage(small, horizon, Options()).edges == 1

    def test_what_the_horizon_does_not_know_is_drawn_too(self) -> None:
        """An edge of the date that the horizon lacks is laid out with the rest."""
        assert key_of(PURPOSE) in dict(choose([E1, web(PURPOSE)], Options()).edges)

    def test_only_some_parties(self) -> None:
        """Among a few parties everything between them is drawn, and nothing else."""
        found = {key[:3] for key, _ in choose([E1], Options(among=("l", "n", "r"))).edges}

        assert found == {
            ("funding", "n", "l"), ("payment", "l", "n"), ("payment", "l", "r"),
            ("payment", "r", "n"),
        }  # fmt: skip

    def test_a_party_without_a_deal_among_them_is_drawn(self) -> None:
        """Who was asked for stands in the picture, though nothing runs to it."""
        choice = choose([E1], Options(among=("l", "n", "x", "r"), only=frozenset({"funding"})))

        assert ["l", "n", "r", "x"] == [node.party for node in choice.nodes]

    def test_layers_are_apart(self) -> None:
        """Each layer alone, and without what is no money."""
        loose = Edge("commitment", "n", "l", True, usd(100), form="apart")
        maybe = Edge("commitment", "l", "m", False, usd(20), form="announced")
        all_of_it = web(*E1_EDGES, PURPOSE, loose, maybe)

        def drawn(*layers: EdgeLayer) -> set[tuple[str, str]]:
            return {key[::4] for key, _ in choose([all_of_it], Options(layers=layers)).edges}

        assert {("commitment", "plain")} == drawn("committed")
        assert {("commitment", "announced")} == drawn("announced")
        assert {("commitment", "apart")} == drawn("apart")
        assert {("funding", "plain"), ("payment", "plain")} == drawn("paid")

    def test_the_largest_of_the_date_are_drawn_beyond_the_budget(self) -> None:
        """What is large on its day stays, though larger amounts came to fill the budget."""
        late = [Edge("payment", f"a{n:02}", f"b{n:02}", False, usd(500 + n)) for n in range(40)]
        early = [Edge("payment", "old", f"c{n:02}", False, usd(1 + n)) for n in range(12)]
        then = web(*early, as_of=date(2020, 1, 1))
        found = {key[2] for key, _ in choose([web(*early, *late), then], Options()).edges}

        assert {f"c{n:02}" for n in range(2, 12)} <= found
        assert not {"c00", "c01"} & found

    def test_the_largest_of_every_date_are_drawn_at_all_dates(self) -> None:
        """So the pictures of two dates hold the same: what a horizon knows of sizes decides."""
        late = [Edge("payment", f"a{n:02}", f"b{n:02}", False, usd(500 + n)) for n in range(40)]
        early = [Edge("payment", "old", f"c{n:02}", False, usd(1 + n)) for n in range(12)]
        whole = web(*early, *late)
        sizes = [Size(date(2020, 1, 1), edge.key, edge.amounts[0].minor) for edge in early]
        sizes += [Size(date(2025, 1, 1), edge.key, edge.amounts[0].minor) for edge in late]
        known = replace(whole, sizes=tuple(sizes))
        then = web(*early, as_of=date(2020, 1, 1))

        assert choose([known, then], Options()) == choose([known, whole], Options())

    def test_too_much_is_refused(self) -> None:
        """A picture that nobody could read is refused with what to do instead."""
        with pytest.raises(BadInput, match=r"401 parties.*--focus"):
            dot_text(
                star := web(*(Edge("payment", "hub", f"p{n}") for n in range(400))),
                star,
                Options(show_all=True),
            )


class TestCoverage:
    def test_counts_what_is_shown_at_the_date(self) -> None:
        """The caption says how much of the web at that date is drawn."""
        shown = coverage(E1, E1, Options(only=frozenset({"funding"})))

        assert str(shown) == "4 of 5 parties and 3 of 13 edges (only funding)"

    def test_names_every_filter(self) -> None:
        """All filters stand in the caption."""
        options = Options(focus="r", hops=2, only=frozenset({"payment"}), minimum=usd(6)[0])

        assert str(coverage(E1, E1, options)).endswith(
            "(within 2 hops of R, only payment, from 6.00B USD)"
        )

    def test_points_to_all(self) -> None:
        """Where the budget left something out, the caption says how to see it."""
        large = big_web(60, 200)

        assert "(--all shows the rest)" in dot_text(large, large)

    def test_is_silent_when_nothing_is_left_out(self) -> None:
        """A complete picture says nothing about what it shows."""
        assert str(coverage(E1, E1, Options())) == ""
