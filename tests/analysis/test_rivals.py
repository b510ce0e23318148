"""Q9: rivals that deal with each other, and rivals with the same owners."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.given import Look, event, funds, pays, promises
from support.webs import e1, renamed, shifted, split, web_of, webs

from dealledger.events import Event
from dealledger.ledger import View
from dealledger.projections.analysis.market.owners import common_ownership, known_stakes, mhhi
from dealledger.projections.analysis.market.rivals import (
    markets_of,
    rival_book,
    rival_partners,
)
from dealledger.projections.analysis.web import Leg, Web
from dealledger.projections.rivalries import Rivals, rivalries

HALF = Fraction(1, 2)


def rivals_of(*pairs: str, market: str = "models") -> dict[tuple[str, str], Rivals]:
    """Return rivals of pairs such as `lm`."""
    return {(pair[0], pair[1]): Rivals(pair[0], pair[1], (market,), (pair,)) for pair in pairs}


def competes(name: str, a: str, b: str, **fields: Any) -> Event:
    return event("rivalry", name, a=a, b=b, **fields)


E1 = rivals_of("lm", "mr")


def test_what_comes_from_rivals_in_e1() -> None:
    """6 of 20 is 30 %, of m; two of its three suppliers, m and r, are rivals."""
    found = rival_book(e1(), "l", E1)

    assert (Fraction(3, 10), ("m",)) == (found.share, found.funders)
    assert (20, 6) == (found.funding.minor, found.from_rivals.minor)
    assert (3, ("m", "r")) == (found.suppliers, found.bridged)


def test_without_funding_there_is_no_share() -> None:
    """n is funded by nobody, and what it buys it buys from nobody."""
    found = rival_book(e1(), "n", E1)

    assert (None, 0, ()) == (found.share, found.suppliers, found.bridged)


def test_an_undisclosed_amount_is_in_no_share() -> None:
    """It is counted beside it, and who pays or is paid it is a funder or a supplier."""
    day = date(2025, 1, 1)
    unknown = (
        Leg("u", 98, day, "m", "l", capital=True, minor=0),
        Leg("v", 99, day, "m", "r", capital=False, minor=0),
        Leg("w", 99, day, "m", "l", capital=False, minor=0),
    )
    found = rival_book(replace(e1(), unknown=unknown), "l", E1)
    cloud = rival_book(replace(e1(), unknown=unknown), "m", rivals_of("lm", "lr"))

    assert (Fraction(3, 10), 1) == (found.share, found.undisclosed)
    assert (3, ("l", "r")) == (cloud.suppliers, cloud.bridged)


PAIRS = st.sets(st.sampled_from(["ab", "ac", "bc", "cd", "de", "ax"]))


@given(webs(), PAIRS)
def test_names_days_and_parts_do_not_matter(web: Web, pairs: set[str]) -> None:
    """The share is 0 to 1; other names, other days, or one amount in two parts: the same."""
    others = dict(zip("abcdex", "edcbax", strict=True))
    turned = ["".join(sorted(others[name] for name in pair)) for pair in pairs]
    for party in "abcde":
        found = rival_book(web, party, rivals_of(*pairs))
        variants = [
            rival_book(renamed(web, others), others[party], rivals_of(*turned)),
            rival_book(shifted(web, 400), party, rivals_of(*pairs)),
            rival_book(split(web, 0), party, rivals_of(*pairs)) if web.legs else found,
        ]

        assert found.share is None or 0 <= found.share <= 1
        assert len(found.bridged) != 1
        for other in variants:
            assert (found.share, found.suppliers, len(found.bridged)) == (
                other.share, other.suppliers, len(other.bridged),
            )  # fmt: skip


def test_rivals_in_force(look: Look) -> None:
    """Several markets of two parties are one row; what ended or is a memo does not count."""
    found = rivalries(
        look(
            competes("r1", "beta", "acme", market="cloud"),
            competes("r2", "acme", "beta", market="models"),
            competes("r3", "acme", "core", market="chips"),
            event("termination", ends=["r3"]),
            competes("r4", "beta", "core", memo=True),
            competes("r5", "core", "people"),
        )
    )

    assert [("acme", "beta", ("cloud", "models")), ("core", "people", ())] == [
        (each.a, each.b, each.markets) for each in found.values()
    ]
    assert {"cloud": {"acme", "beta"}, "models": {"acme", "beta"}} == markets_of(found)


def linked(view: View) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        (link.kind, link.source, link.target, link.events)
        for row in rival_partners(view, rivalries(view))
        for link in row.links
    ]


@pytest.mark.parametrize(
    ("events", "links"),
    [
        ([funds("f", investor="acme", investee="beta", on="2020-01-01")], ["stake acme beta f"]),
        ([promises("c"), pays("d", on="2024-01-01", commitment="c", amount="60")],
         ["commitment acme beta c"]),
        ([promises("c", firmness="letter-of-intent")], []),
        ([promises("c"), pays("all", commitment="c")], []),
        ([pays("p", on="2028-12-31")], []),
        ([pays("p", on="2029-01-01"), pays("q", None, on="2029-12-31")], ["paid acme beta p q"]),
        ([event("right", "g", grantor="beta", grantee="acme", right="x")], ["right beta acme g"]),
        ([event("right", "g", grantor="beta", grantee="acme", right="x", until="2029")], []),
        ([promises("c", obligor="core"), funds("debt", instrument="debt")], []),
    ],
)  # fmt: skip
def test_what_makes_rivals_partners(look: Look, events: list[Event], links: list[str]) -> None:
    """A stake, what is open, a right in force, or cash of the twelve months up to 2029-12-31."""
    found = linked(look(competes("r", "acme", "beta"), *events))

    assert links == [" ".join((kind, a, b, *ids)) for kind, a, b, ids in found]


def test_mhhi_of_the_worked_example() -> None:
    """Shares .6 and .4, a owns half of both, b and c the other halves: .76, where HHI is .52."""
    held = {("a", "k"): HALF, ("a", "j"): HALF, ("b", "k"): HALF, ("c", "j"): HALF}
    found = common_ownership(web_of("2025-01-01 z k 6\n2025-01-01 z j 4"), "m", "jk", held)

    assert (Fraction("0.52"), Fraction("0.76"), Fraction("0.24")) == (
        found.hhi, found.mhhi, found.delta,
    )  # fmt: skip
    assert (("a",), 0) == (found.common, found.undisclosed)


@pytest.mark.parametrize(
    ("held", "delta"),
    [
        ({}, Fraction()),
        # b and c are not known any more: one holder each, of nothing else, as they were.
        ({"ak": "1/2", "aj": "1/2"}, Fraction("0.24")),
        # k holds a fifth of j: to k it is worth 1/5; in j it has 1/5 of 1/25 + 16/25.
        ({"kj": "1/5"}, Fraction(6, 25) * (Fraction(1, 5) + Fraction(1, 5) / Fraction(17, 25))),
        # The same for the owner of k, through k.
        ({"ok": "1", "kj": "1/5"}, Fraction(6, 25) * (Fraction(1, 5) + Fraction(5, 17))),
        ({"ok": "1", "oj": "1"}, Fraction(12, 25)),
    ],
)
def test_delta(held: dict[str, str], delta: Fraction) -> None:
    """What common owners add to .52 of shares .6 and .4."""
    stakes = {(pair[0], pair[1]): Fraction(part) for pair, part in held.items()}

    assert Fraction("0.52") + delta == mhhi({"k": Fraction("0.6"), "j": Fraction("0.4")}, stakes)


@given(
    st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any),
    st.dictionaries(
        st.tuples(st.sampled_from("pqk"), st.sampled_from("kjl")).filter(lambda p: p[0] != p[1]),
        st.fractions(0, Fraction(1, 3), max_denominator=12).filter(bool),
    ),
)
def test_common_owners_never_lessen_concentration(
    weights: list[int], held: dict[tuple[str, str], Fraction]
) -> None:
    """MHHI is not below HHI, and it is HHI where no holder has two rivals or is one."""
    shares = {name: Fraction(each, sum(weights)) for name, each in zip("kjl", weights, strict=True)}
    hhi = sum(share**2 for share in shares.values())
    alone = {
        (a, b): part
        for (a, b), part in held.items()
        if a != "k" and [a] == [other for other, _ in held if other == a]
    }

    assert hhi <= mhhi(shares, held)
    assert hhi == mhhi(shares, alone)


def test_own_shares_are_their_other_owners(look: Look) -> None:
    """A fifth of acme is its own, so core has half of the rest, and so it counts."""
    view = look(
        event("transfer", seller="beta", buyer="acme", issuer="acme", stake="0.2"),
        event("holding", holder="core", issuer="acme", stake="0.4"),
    )

    assert {("core", "acme"): HALF} == known_stakes(view)
    over = look(event("holding", holder="beta", issuer="acme", stake="0.6"))
    assert {("core", "acme"): Fraction(2, 5), ("beta", "acme"): Fraction(3, 5)} == known_stakes(
        over
    )


def test_stakes_of_groups_are_no_common_owners(look: Look) -> None:
    """The people who hold part of both are not the same people; a lone revenue is all of it."""
    view = look(
        *(event("holding", holder="people", issuer=each, stake="0.5") for each in ("acme", "beta")),
        event("holding", holder="core", issuer="acme", stake="0.25"),
    )
    held = known_stakes(view, ["people"])
    found = common_ownership(web_of("2025-01-01 z acme 6"), "m", ["acme", "beta"], held)

    assert {("core", "acme"): Fraction(1, 4)} == held
    assert (Fraction(1), Fraction(), (), 2) == (
        found.hhi,
        found.delta,
        found.common,
        found.undisclosed,
    )


def test_a_market_without_revenue() -> None:
    """No shares, so no numbers."""
    found = common_ownership(web_of("2025-01-01 a z 6"), "m", "ab", {})

    assert ((), None, None, None) == (found.shares, found.hhi, found.mhhi, found.delta)
