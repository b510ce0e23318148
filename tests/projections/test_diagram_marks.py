"""What a diagram points out: E1 as it is drawn, and that nothing moves for it."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.webs import e1

from dealledger.events import Money
from dealledger.projections.alliances import Alliances, Edge, Node
from dealledger.projections.analysis.circles.circulation import bff
from dealledger.projections.analysis.market.rivals import RivalPartners
from dealledger.projections.analysis.risk.extraction import Extraction, extracted
from dealledger.projections.analysis.web import Web
from dealledger.projections.diagram.marks import (
    STEPS,
    Marks,
    circular_marks,
    exposure_marks,
    rival_marks,
)
from dealledger.projections.diagram.plan import Options, describe, dot_text
from dealledger.projections.diagram.select import choose
from dealledger.projections.rivalries import Rivals

GOLDEN = Path(__file__).parents[1] / "golden"
ROLES = {"n": "chipmaker", "m": "cloud", "l": "lab", "r": "cloud", "x": "outside"}
NAMES = {slug: slug.upper() for slug in ROLES}


def small_web() -> Alliances:
    """E1 as a picture has it: one edge per pair and kind, and its two rivalries."""
    sums: dict[tuple[str, str, bool], int] = {}
    for leg in e1().legs:
        key = (leg.source, leg.target, leg.capital)
        sums[key] = sums.get(key, 0) + leg.minor
    edges = [
        Edge("funding" if capital else "payment", source, target, capital, (Money("USD", minor * 10**11),))
        for (source, target, capital), minor in sorted(sums.items())
    ]  # fmt: skip
    edges += [Edge("rivalry", "m", "r"), Edge("rivalry", "l", "m")]
    nodes = tuple(Node(slug, slug.upper(), (role,)) for slug, role in sorted(ROLES.items()))
    legs = e1().legs
    return Alliances(legs[-1].day, 15, None, "f00dfeed" * 8, nodes, tuple(edges))


def billions() -> Web:
    """E1 as legs, in billions of dollars."""
    found = e1()
    return replace(found, legs=tuple(replace(leg, minor=leg.minor * 10**11) for leg in found.legs))


E1 = small_web()
WEB = billions()
PARTNERS = (RivalPartners(Rivals("l", "m", ("models",), ("rival-ml",)), ()),)
OPTIONS = {
    "circular": Options(circular=True),
    "rivals": Options(rivals=True),
    "exposure": Options(reach="l"),
}
MADE: dict[str, Marks] = {
    "circular": circular_marks(e1(), bff(e1()), E1.edges),
    "rivals": rival_marks(PARTNERS, E1.edges),
    "exposure": exposure_marks("l", extracted(WEB, "l"), WEB, E1.edges, NAMES),
}


@pytest.mark.parametrize("name", MADE)
def test_golden(name: str) -> None:
    """E1 draws as it did; look at the picture before you update this."""
    text = dot_text(E1, E1, OPTIONS[name], marks=MADE[name])
    path = GOLDEN / f"diagram-e1-{name}.dot"
    if os.environ.get("GOLDEN_UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def places(dot: str) -> list[tuple[str, ...]]:
    """Return the places of parties and the ways of edges."""
    return [
        (match[1], *re.findall(r'(?:pos="[^"]*"|width=\S+|height=\S+)', line)[:1])
        for line in dot.splitlines()
        if (match := re.match(r"\t+(n\d+) (?!->)\[?", line))
    ]


@pytest.mark.parametrize("name", MADE)
def test_marks_move_nothing(name: str) -> None:
    """Every party stands where it stands without them, and so at all dates."""
    plain, marked = (dot_text(E1, E1, OPTIONS[name], marks=marks) for marks in (None, MADE[name]))

    assert places(plain) == places(marked)


def crowded() -> Alliances:
    """A web with more large amounts than a picture has room for, beside a small circle."""
    labs = [f"lab{number:02}" for number in range(50)]
    edges = [Edge("funding", "fund", lab, True, (Money("USD", 10**14),)) for lab in labs]
    edges += [
        Edge("funding", "a", "b", True, (Money("USD", 10**10),)),
        Edge("payment", "b", "c", False, (Money("USD", 10**10),)),
        Edge("payment", "c", "a", False, (Money("USD", 10**10),)),
        Edge("payment", "x", "a", False, (Money("USD", 10**10),)),
        Edge("payment", "a", "x", False, (Money("USD", 10**10),)),
    ]
    names = {party for edge in edges for party in (edge.source, edge.target)}
    nodes = [Node(name, name, ("outside",) if name == "x" else ()) for name in sorted(names)]
    return Alliances(E1.as_of, 15, None, E1.root, tuple(nodes), tuple(edges))


def drawn(options: Options) -> set[tuple[str, str]]:
    """Return the pairs of the crowded web that are drawn beside the fund's."""
    chosen = choose([crowded()], options).edges
    return {(edge.source, edge.target) for _, edge in chosen if edge.source != "fund"}


def test_what_goes_round_is_drawn_before_larger_amounts() -> None:
    """A whole circle, however small; what runs over the outside world is on none."""
    assert set() == drawn(Options())
    assert {("a", "b"), ("b", "c"), ("c", "a")} == drawn(OPTIONS["circular"])


def test_a_hit_is_drawn_with_the_payments_that_carry_it() -> None:
    """From b over c and a to the outside world, which does not pass it on: not from x."""
    assert {("b", "c"), ("c", "a"), ("a", "x")} <= drawn(Options(reach="b", edges=3))
    assert ("x", "a") not in drawn(Options(reach="b", edges=3))


def test_what_goes_round_is_said_in_percent() -> None:
    """On the label, in the tooltip, in the caption and to those who cannot see it."""
    text = dot_text(E1, E1, OPTIONS["circular"], marks=MADE["circular"])
    said = describe(E1, E1, marks=MADE["circular"])

    for label in ("10.0B · 100 %", "6.00B · 63 %", "4.00B · 70 %", "5.00B · 84 %", "9.00B · 33 %"):
        assert label in text
    assert "56 % of the money goes round, in proportion (BFF); layer: paid" in text
    assert "M paid capital to L: 6.00B, 63 % of what they pay goes round: " in said
    assert "Alliances as of 2025-10-01: what goes round" in said


def test_what_does_not_go_round_is_pale() -> None:
    """Only the edges of the outside world, and the rivalries, are pale in E1."""
    text = dot_text(E1, E1, marks=MADE["circular"])

    assert 5 == len(re.findall(r'class="[a-z ]*same"', text))
    assert 8 == len(re.findall(r'class="[a-z ]*marked"', text))


def test_only_what_was_asked_for_is_counted() -> None:
    """A promise does not go round in the paid layer; in the committed layer it is marked."""
    promise = Edge("commitment", "l", "m", False, (Money("USD", 10**12),))
    shares = {("l", "m"): Fraction(1), ("m", "l"): Fraction(1)}
    paid = circular_marks(e1(), shares, [promise])
    both = circular_marks(Web("USD", e1().legs, ("paid", "committed")), shares, [promise])

    assert (0, 1) == (len(paid.edges), len(both.edges))


def test_rivals_that_are_partners() -> None:
    """All edges between L and M, in both directions, and no other; the market is told."""
    found = {key[1:3] for key in MADE["rivals"].edges}

    assert {("l", "m"), ("m", "l")} == found
    assert "between rivals in models" in describe(E1, E1, marks=MADE["rivals"])
    assert "1 pairs" not in MADE["rivals"].caption


def test_a_picture_of_rivals_shows_only_rivals_with_a_deal() -> None:
    """M and R compete and have nothing between them: R is not drawn."""
    text = dot_text(E1, E1, Options(rivals=True), marks=MADE["rivals"])

    assert ["L", "M"] == sorted(set(re.findall(r"label=([LMNRX])\b", text)))
    assert "only between rivals" in text


def test_shades_of_those_who_are_hit() -> None:
    """In five steps, with the number; the party that stops is dashed, and not shaded."""
    nodes = MADE["exposure"].nodes
    text = dot_text(E1, E1, marks=MADE["exposure"])

    assert {
        "n": (4, "−77 % of 18.0B"),
        "m": (3, "−53 % of 15.0B"),
        "r": (5, "−100 % of 6.00B"),
        "l": (0, "stops"),
    } == {party: (mark.step, mark.text) for party, mark in nodes.items()}
    assert 'class="party hit5"' in text
    assert "L stops spending" in describe(E1, E1, marks=MADE["exposure"])


def test_a_hit_is_of_recorded_revenue() -> None:
    """The title, the caption, the key and the tooltip say so, with how much is recorded."""
    text = dot_text(E1, E1, marks=MADE["exposure"])

    assert "recorded revenue (paid) that goes if L stops spending" in text
    assert "of the 39.0B that this ledger records, and not of all revenue" in text
    assert "what goes of so much recorded revenue" in text
    assert "loses 100 % of its recorded revenue of 6000000000 USD" in text


def test_a_hit_fits_its_box_in_any_currency() -> None:
    """With its currency, which takes the place of a word."""
    euros = replace(WEB, currency="EUR")
    nodes = exposure_marks("l", extracted(euros, "l"), euros, E1.edges, NAMES).nodes

    assert {"−77 % of EUR 18.0B", "−53 % of EUR 15.0B", "−100 %, EUR 6.00B", "stops"} == {
        mark.text for mark in nodes.values()
    }


def test_how_much_is_recorded_keeps_its_bound() -> None:
    """One payment "about" makes all that was received about so much."""
    edges = [
        replace(edge, bounds=("about",)) if (edge.source, edge.target) == ("l", "r") else edge
        for edge in E1.edges
    ]
    nodes = exposure_marks("l", extracted(WEB, "l"), WEB, edges, NAMES).nodes

    assert "−100 % of ~ 6.00B" == nodes["r"].text
    assert "−53 % of 15.0B" == nodes["m"].text


def test_a_hit_of_what_is_promised() -> None:
    """In the committed layer promises to buy are marked, and payments are not."""
    legs = tuple(replace(leg, layer="committed") for leg in WEB.legs)
    promised = Web("USD", legs, ("committed",))
    order = Edge("commitment", "l", "m", False, (Money("USD", 10**12),))
    paid = Edge("payment", "l", "m", False, (Money("USD", 10**12),))
    marks = exposure_marks("l", extracted(promised, "l"), promised, [order, paid], NAMES)

    assert [order.key] == [*marks.edges]
    assert "promised by L" == marks.legend[0]
    assert "(committed)" in marks.title


@given(st.fractions(0, 1))
def test_every_hit_has_a_shade(hit: Fraction) -> None:
    """From the first to the last step; nothing is no hit."""
    found = Extraction("l", {"m": hit}, Money("USD", 100), None, Fraction())
    marks = exposure_marks("l", found, WEB, E1.edges, NAMES)

    assert ("m" in marks.nodes) == (hit > 0)
    if hit:
        assert 1 <= marks.nodes["m"].step <= STEPS
        assert not marks.nodes["m"].text.startswith("−0 %")
