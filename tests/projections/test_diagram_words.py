"""What a diagram says: labels, names, captions, and itself in one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from support.alliances import BILLION, E1, E1_EARLY, E1_EDGES, PURPOSE, usd, web

from dealledger.events import Money
from dealledger.events.base import Bound
from dealledger.projections.alliances import Alliances, Edge, Node
from dealledger.projections.diagram.drawn_text import cut, wrapped
from dealledger.projections.diagram.labels import edge_lines, fitting
from dealledger.projections.diagram.plan import Options, describe, dot_text
from dealledger.projections.diagram.style import width_for


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
