"""The alliance diagram as DOT text: what is chosen, what is said, and where it stands."""

from __future__ import annotations

import os
import random
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from dealledger.events import BadInput, Money
from dealledger.events.base import Bound
from dealledger.projections.alliances import Alliances, Edge, EdgeKind, EdgeLayer, Node, Size
from dealledger.projections.diagram.drawn_text import cut, wrapped
from dealledger.projections.diagram.labels import edge_lines, fitting
from dealledger.projections.diagram.layout import BOX_WIDTH, MOST_REACH, Box, Wire, laid_out
from dealledger.projections.diagram.order import arranged, ranks
from dealledger.projections.diagram.plan import Options, coverage, describe, dot_text
from dealledger.projections.diagram.select import choose, key_of
from dealledger.projections.diagram.style import width_for

GOLDEN = Path(__file__).parents[1] / "golden"
BILLION = 100_000_000_000


def usd(billions: int) -> tuple[Money, ...]:
    return (Money("USD", billions * BILLION),)


def web(
    *edges: Edge, as_of: date = date(2025, 12, 31), roles: dict[str, str] | None = None
) -> Alliances:
    """A web of these edges, of parties that are called by their slugs in capitals."""
    roles = roles or {}
    parties = sorted({party for edge in edges for party in (edge.source, edge.target)})
    nodes = tuple(
        Node(party, party.upper(), (roles[party],) if party in roles else ()) for party in parties
    )
    return Alliances(as_of, 15, None, "f00dfeed" * 8, nodes, edges)


E1_ROLES = {"n": "chipmaker", "m": "cloud", "l": "lab", "r": "cloud", "x": "outside"}
E1_EDGES = (
    Edge("funding", "n", "l", True, usd(10), stake=Fraction(1, 10), events=("f1",)),
    Edge("funding", "m", "l", True, usd(6), events=("f2",)),
    Edge("funding", "x", "l", True, usd(4), events=("f3",)),
    Edge("payment", "x", "l", False, usd(5), events=("r1",)),
    Edge("payment", "l", "m", False, usd(8), events=("r2",)),
    Edge("payment", "m", "n", False, usd(9), events=("r3",)),
    Edge("payment", "l", "n", False, usd(4), events=("r4",)),
    Edge("payment", "l", "r", False, usd(6), events=("r5",)),
    Edge("payment", "r", "n", False, usd(5), events=("r6",)),
    Edge("payment", "m", "l", False, usd(2), events=("r7",)),
    Edge("payment", "x", "m", False, usd(7), events=("r8",)),
    Edge("rivalry", "m", "r", events=("rival-mr",)),
    Edge("rivalry", "l", "m", events=("rival-ml",)),
)
E1 = web(*E1_EDGES, roles=E1_ROLES)
E1_EARLY = web(
    Edge("funding", "n", "l", True, usd(3), events=("f1",)),
    *E1_EDGES[3:6],
    as_of=date(2025, 5, 1),
    roles=E1_ROLES,
)
PURPOSE = Edge("commitment", "l", "m", False, usd(30), undisclosed=2, events=("c1",))


def golden(name: str, text: str) -> None:
    """Compare with a file of tests/golden, or write it if GOLDEN_UPDATE is set."""
    path = GOLDEN / f"diagram-{name}.dot"
    if os.environ.get("GOLDEN_UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def places(dot: str) -> dict[str, str]:
    """Return the position and size of every node in DOT text, by its identifier."""
    found = {}
    for line in dot.splitlines():
        if match := re.match(r"\t+(n\d+) \[", line):
            found[match[1]] = " ".join(re.findall(r"(?:pos|width|height)=\S+", line))
    return found


def big_web(parties: int, edges: int, seed: int = 7) -> Alliances:
    """A web of any size that is the same each time."""
    chance = random.Random(seed)
    roles = ("investor", "lab", "cloud", "neocloud", "chipmaker", "unheard-of")
    names = [f"p{number:03}" for number in range(parties)]
    kinds: tuple[EdgeKind, ...] = ("funding", "payment", "commitment", "right")
    found: dict[tuple[str, str, str], Edge] = {}
    while len(found) < edges:
        (source, target), kind = chance.sample(names, 2), chance.choice(kinds)
        amounts = () if kind == "right" else (Money("USD", chance.randrange(1, 10**13)),)
        rights = ("ip-licence", "first-refusal", "board-seat") if kind == "right" else ()
        found[kind, source, target] = Edge(
            kind, source, target, kind == "funding", amounts, rights=rights
        )
    return web(*found.values(), roles={name: chance.choice(roles) for name in names})


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


class TestWords:
    @pytest.mark.parametrize(
        ("edge", "lines"),
        [
            (Edge("funding", "a", "b", True, usd(13), stake=Fraction(27, 100)), ("13.0B · 27 %",)),
            (Edge("funding", "a", "b", True, stake=Fraction(1, 3)), ("33.3 %",)),
            (PURPOSE, ("30.0B", "+ 2 undisclosed")),
            (Edge("payment", "a", "b", undisclosed=1), ("undisclosed",)),
            (
                Edge("payment", "a", "b", amounts=(Money("EUR", BILLION), *usd(1))),
                ("EUR 1.00B", "1.00B"),
            ),
            (Edge("right", "a", "b", rights=("ip-licence", "warrant")), ("ip-licence", "warrant")),
            (Edge("payment", "a", "b", amounts=usd(5), bounds=("up-to",)), ("≤ 5.00B",)),
            (Edge("funding", "a", "b", True, usd(2), form="credits"), ("2.00B", "in credits")),
            (
                Edge("commitment", "a", "b", True, usd(2), 1, form="announced"),
                ("2.00B", "announced + undisclosed"),
            ),
            (
                Edge(
                    "commitment",
                    "a",
                    "b",
                    True,
                    usd(100),
                    form="apart",
                    bounds=("up-to",),
                    firmness=("letter-of-intent",),
                ),
                ("≤ 100.0B", "letter of intent"),
            ),
            (Edge("rivalry", "a", "b"), ()),
        ],
    )
    def test_of_labels(self, edge: Edge, lines: tuple[str, ...]) -> None:
        """A label says the amount, the stake, what is undisclosed, or the rights."""
        assert edge_lines(edge) == lines

    def test_a_label_drops_the_stake_before_it_cuts_the_amount(self) -> None:
        """Half a stake would be read as a wrong one."""
        assert fitting(["800.0M · 10.5 %"], 8, 1) == ("800.0M",)

    def test_a_label_says_how_many_lines_it_lacks(self) -> None:
        """Rights that do not fit are counted."""
        assert fitting(["a", "b", "c"], 8, 2) == ("a", "+ 2 more")

    @pytest.mark.parametrize(
        ("name", "lines"),
        [
            ("OpenAI", ("OpenAI",)),
            ("Alphabet / Google Cloud", ("Alphabet /", "Google Cloud")),
            ("Donaudampfschifffahrtsgesellschaft AG", ("Donaudampfschif", "ffahrtsgesells…")),
            ("one two three four five six seven", ("one two three", "four five six…")),
            ("株式会社ソフトバンクグループ", ("株式会社ソフト", "バンクグループ")),
            (" ", ()),
        ],
    )
    def test_names_wrap(self, name: str, lines: tuple[str, ...]) -> None:
        """Names break between words and, where they must, within them; wide letters count twice."""
        assert wrapped(name, 15, 2) == lines

    def test_a_cut_name_ends_in_an_ellipsis(self) -> None:
        """What is cut says so."""
        assert cut("Lightspeed", 6) == "Light…"

    def test_what_is_not_there_is_not_told(self) -> None:
        """A picture of an early date says nothing about what came later."""
        dot = dot_text(E1_EARLY, E1)

        assert "f1" in dot
        assert "r8" not in dot
        assert "label=R" not in dot

    def test_names_are_those_of_the_date(self) -> None:
        """A party that was renamed later has its old name in an old picture."""
        renamed = Alliances(
            E1.as_of,
            15,
            None,
            E1.root,
            tuple(Node(n.party, "Renamed", n.roles) for n in E1.nodes),
            E1.edges,
        )

        assert "Renamed" not in dot_text(E1, renamed)

    def test_the_caption_names_the_point(self) -> None:
        """The caption says what was known, and announced, when."""
        told = Alliances(date(2025, 1, 2), 93, date(2025, 1, 1), "5dc9da79aa", E1.nodes, E1.edges)

        assert "known at @93 · announced by 2025-01-01 · root 5dc9da79<" in dot_text(told, told)

    def test_a_description_is_one_sentence(self) -> None:
        """Those who cannot see the picture are told what it shows."""
        said = describe(E1, E1, Options(focus="r"))

        assert said == (
            "Alliances as of 2025-12-31: L paid R: 6.00B; R paid N: 5.00B; M is a rival of R."
        )

    def test_what_came_and_what_went_of_promises_are_apart(self) -> None:
        """A promise that was drawn and a new one of the same size are no small change."""
        before, after = Money("USD", 325 * BILLION // 10), usd(30)[0]
        gone = Edge("commitment", "a", "b", True, (before,), parts=(("c1", before),))
        come = Edge("commitment", "a", "b", True, (after,), parts=(("c2", after),))
        old, new = web(gone, as_of=date(2025, 1, 1)), web(come)
        said = describe(new, new, before=old)

        assert "changed: A promised capital to B: +30.0B −32.5B." in said

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            ("exact", "up-to", "≤ +2.00B"),
            ("up-to", "exact", "≥ +2.00B"),
            ("up-to", "up-to", "~ +2.00B"),
        ],
    )
    def test_changes_keep_their_bounds(self, before: Bound, after: Bound, said: str) -> None:
        """What grew from at most 5 to 7 grew by at least 2."""
        old, new = (
            web(Edge("payment", "a", "b", False, usd(amount), bounds=(bound,)))
            for amount, bound in ((5, before), (7, after))
        )

        assert f"changed: A paid B: {said}." in describe(new, new, before=old)

    def test_what_came_and_went_is_about_if_either_is_not_exact(self) -> None:
        """One sign for both, before them."""
        gone = Edge("commitment", "a", "b", False, usd(5), bounds=("up-to",),
                    parts=(("c1", usd(5)[0]),))  # fmt: skip
        new, old = web(replace(gone, bounds=(), parts=(("c2", usd(5)[0]),))), web(gone)

        assert ": ~ +5.00B −5.00B." in describe(new, new, before=old)

    def test_a_title_of_ones_own(self) -> None:
        """It stands literally, and the caption says the date then."""
        dot = dot_text(E1, E1, Options(title="Who pays <whom>?"))

        assert "Who pays &lt;whom&gt;?" in dot
        assert "as of 2025-12-31 · known at @15" in dot
        assert "Alliances as of" not in dot
        assert describe(E1, E1, Options(title="Who pays?", focus="r")).startswith(
            "Who pays?, as of 2025-12-31: L paid R"
        )

    def test_the_key_explains_what_is_on_labels(self) -> None:
        """Stakes, bounds and what is not binding; only what the web has at any date."""
        loose = Edge("commitment", "n", "l", True, usd(100), form="apart", bounds=("up-to",))
        plain, rich = dot_text(E1_EARLY, E1), dot_text(E1, web(*E1_EDGES, loose))

        assert "%: stake held" in plain
        assert "at most" not in plain
        assert "≤ at most, ≥ at least, ~ about" in rich
        assert "not binding: talks, term sheets, letters of intent" in rich

    def test_what_does_not_bind_is_thin_however_large(self) -> None:
        """Its amount stands on it, and does not make it thick."""
        loose = Edge("commitment", "n", "l", True, usd(900), form="apart")

        assert "1.5" == width_for(loose)
        assert float(width_for(replace(loose, form="plain"))) > 6

    def test_a_description_of_changes(self) -> None:
        """A comparison is described by what changed."""
        said = describe(E1, E1, Options(only=frozenset({"funding"})), before=E1_EARLY)

        assert said == (
            "Alliances: from 2025-05-01 to 2025-12-31: added: M paid capital to L: 6.00B; "
            "changed: N paid capital to L: +7.00B; added: X paid capital to L: 4.00B."
        )

    def test_what_was_removed_is_described(self) -> None:
        """What ended since is still drawn in a comparison, as removed."""
        said = describe(E1_EARLY, E1, Options(only=frozenset({"rivalry"})), before=E1)

        assert said.count("removed: ") == 2
