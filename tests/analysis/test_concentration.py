"""Q8: the books of E1, the least that H can be, and what holds for every web."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.given import Look, event, pays
from support.webs import e1, renamed, shifted, split, web_of, webs

from dealledger.events.decimals import rounded
from dealledger.ledger import View
from dealledger.projections.analysis.market.concentration import (
    DIRECTIONS,
    Concentration,
    Direction,
    booked,
    concentration,
    concentrations,
    least_hhi,
    resale,
)
from dealledger.projections.analysis.web import Leg, Web, web

amounts = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1)
names = st.sets(st.sampled_from("abcdefgh"))


def grants(name: str, grantor: str, grantee: str = "core", **fields: Any) -> Any:
    return event("right", name, grantor=grantor, grantee=grantee, right="distribution", **fields)


@pytest.mark.parametrize(
    ("party", "direction", "weights", "printed", "effective", "normalised"),
    [
        ("l", "suppliers", (8, 6, 4), 3580, "2.79", Fraction(1, 27)),
        ("n", "customers", (9, 5, 4), 3765, "2.66", Fraction(7, 108)),
        ("l", "funders", (10, 6, 4), 3800, "2.63", Fraction(7, 100)),
    ],
)
def test_books_of_e1(
    party: str,
    direction: Direction,
    weights: tuple[int, ...],
    printed: int,
    effective: str,
    normalised: Fraction,
) -> None:
    """8/4/6 is 3580, 2.79 and .037; 9/4/5 is 3765; 10/6/4 is 3800."""
    found = concentration(e1(), party, direction)

    assert weights == tuple(part.amount.minor for part in found.parts if part.amount)
    assert found.hhi is not None
    assert found.effective is not None
    assert printed == round(found.hhi * 10_000)
    assert effective == rounded(found.effective, 2)
    assert normalised == found.normalised
    assert 1 == sum(part.share for part in found.parts)


def test_the_outside_world_is_many_parties_in_one_row() -> None:
    """10/6 and 4 from outside: 3800 as one funder, and 3400 at least; 20 % is unattributed."""
    found = concentration(replace(e1(), many=frozenset("x")), "l", "funders")

    assert (Fraction("0.38"), Fraction("0.34")) == (found.hhi, found.least)
    assert (Fraction(1, 5), Fraction(50, 17)) == (found.unattributed, found.most_effective)


def test_a_party_with_one_other_is_not_spread_at_all() -> None:
    """H is 1, and there is nothing to normalise by."""
    found = concentration(e1(), "r", "suppliers")

    assert (Fraction(1), Fraction(1), None) == (found.hhi, found.effective, found.normalised)


@pytest.mark.parametrize(
    ("weights", "many", "unknown", "least"),
    [
        ({"a": 1, "b": 1}, "", "", Fraction(1, 2)),
        ({"a": 1, "b": 1}, "", "cd", Fraction(1, 4)),
        ({"a": 9, "b": 1}, "", "b", Fraction(1, 2)),
        ({"a": 9, "b": 1}, "", "a", Fraction(82, 100)),
        ({"a": 3, "b": 1}, "", "bc", Fraction(1, 3)),
        ({"a": 1, "x": 1}, "x", "", Fraction(1, 4)),
        ({"a": 1, "x": 1}, "x", "b", Fraction(1, 5)),
        ({"a": 1, "x": 1}, "x", "x", Fraction()),
        ({"x": 1}, "x", "", Fraction()),
        ({"x": 1}, "x", "a", Fraction()),
    ],
)
def test_the_least_concentration(
    weights: dict[str, int], many: str, unknown: str, least: Fraction
) -> None:
    """Many parties are split endlessly; undisclosed amounts rise to where H is least."""
    assert least == least_hhi(weights, many, unknown)


@given(amounts, names, st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60)))
def test_nothing_undisclosed_makes_it_less(
    weights: dict[str, int], many: set[str], more: dict[str, int]
) -> None:
    """Whatever the undisclosed amounts turn out to be, H is not below the least."""
    told = {name: weights.get(name, 0) + more.get(name, 0) for name in weights | more}
    singles = sum(minor**2 for name, minor in told.items() if name not in many)

    assert least_hhi(weights, many, more) <= Fraction(singles, sum(told.values()) ** 2)


def numbers(web: Web, *parties: str) -> list[tuple[object, ...]]:
    """Return what is no name and no date in all books of some parties."""
    found = [concentration(web, party, direction) for party in parties for direction in DIRECTIONS]
    return [
        (each.total, each.hhi, each.least, each.effective, each.normalised, each.unattributed)
        for each in found
    ]


@given(webs())
def test_names_days_and_parts_do_not_matter(web: Web) -> None:
    """Other names, other days, or one amount in two parts: the same concentration."""
    known = numbers(web, *"abcdex")

    assert known == numbers(renamed(web, dict(zip("abcdex", "edcbax", strict=True))), *"edcbax")
    assert known == numbers(shifted(web, 400), *"abcdex")
    assert not web.legs or known == numbers(split(web, 0), *"abcdex")


@given(webs(), st.booleans())
def test_the_bounds_of_every_book(web: Web, outside_is_many: bool) -> None:
    """1/n <= H <= 1; the least is not above H; normalised is 0 to 1; each leg stands in a book."""
    web = replace(web, many=web.outside if outside_is_many else frozenset())
    books = concentrations(web)
    for book in books:
        assert book.hhi is not None
        assert book.least is not None
        assert Fraction(1, len(book.parts)) <= book.hhi <= 1
        assert book.least <= book.hhi
        assert book.normalised is None or 0 <= book.normalised <= 1
    paid = sum(leg.minor for leg in web.legs if not leg.capital and leg.source not in web.many)

    assert paid == sum(b.total.minor for b in books if b.total and b.direction == "suppliers")


def test_who_stands_for_many(look: Look) -> None:
    """A group, and the outside world itself; not a party outside that has a name."""
    view = look(
        event("party", party="fund", name="Fund", roles=["outside", "investor"]),
        event("party", party="world", name="World", roles=["outside"]),
        pays("a", None, payer="people", payee="acme"),
    )
    found = web(view)

    assert {"people", "world"} == found.many
    assert {"people", "world", "fund"} == found.outside
    assert ["a"] == [leg.event for leg in found.unknown]
    assert 0 == found.around("beta").undisclosed


def test_undisclosed_amounts_stand_in_the_book_of_whose_they_are(look: Look) -> None:
    """One known customer and one of undisclosed amount: H is 1 as recorded, and 1/2 at least."""
    view = look(pays("known", "3"), pays("unknown", None, payer="core"))
    found = concentration(web(view), "beta", "customers")

    assert (Fraction(1), Fraction(1, 2), 1) == (found.hhi, found.least, found.undisclosed)


def test_only_undisclosed_amounts(look: Look) -> None:
    """There is a book without a number in it."""
    [_, found] = concentrations(web(look(pays("unknown", None))))

    assert ("customers", None, None, 1) == (
        found.direction, found.total, found.hhi, found.undisclosed,
    )  # fmt: skip


def labs(view: View) -> list[Concentration]:
    return [*resale(view, web(view))]


def test_labs_count_as_one_each(look: Look) -> None:
    """Two rights of one lab are one lab; talks and what has ended are no resale."""
    found = look(
        grants("g1", "acme"),
        grants("g2", "acme"),
        grants("g3", "beta"),
        grants("talks", "beta", "acme", firmness="talks"),
        grants("over", "core", "acme", until="2025"),
        pays("p", "5", payer="core", payee="acme"),
    )
    [core] = labs(found)

    assert ("core", 2, Fraction(1, 2), None) == (
        core.party, len(core.parts), core.hhi, core.total,
    )  # fmt: skip


def test_labs_are_weighed_if_each_is_paid(look: Look) -> None:
    """3 and 1 paid to two labs: 5/8."""
    [core] = labs(
        look(
            grants("g1", "acme"),
            grants("g3", "beta"),
            pays("p", "3", payer="core", payee="acme"),
            pays("q", "1", payer="core", payee="beta"),
        )
    )

    assert Fraction(5, 8) == core.hhi


def test_a_resale_ends_with_its_right(look: Look) -> None:
    """A right that is terminated is no resale any more."""
    assert [] == labs(look(grants("g", "acme"), event("termination", ends=["g"])))


def test_promises_have_books_of_their_own(look: Look) -> None:
    """What is open counts in its layer only."""
    view = look(pays("p", "3"), event("commitment", "c", obligor="acme", beneficiary="core",
                                      amount="5", currency="USD"))  # fmt: skip

    assert [("beta", 300)] == whom(web(view), "acme")
    assert [("core", 500)] == whom(web(view, ("committed",)), "acme")
    assert [("core", 500), ("beta", 300)] == whom(web(view, ("paid", "committed")), "acme")


def whom(found: Web, party: str) -> list[tuple[str, int]]:
    parts = concentration(found, party, "suppliers").parts
    return [(part.party, part.amount.minor) for part in parts if part.amount]


def test_a_window_counts_from_its_first_day() -> None:
    """Of what was paid before, nothing is in the book."""
    paid = web_of("2025-01-01 a b 3\n2025-02-01 a c 1")
    found = concentration(replace(paid, since=paid.legs[1].day), "a", "suppliers")

    assert ["c"] == [part.party for part in found.parts]


def test_a_web_around_a_party_has_its_legs_only() -> None:
    """What others pay each other is left out."""
    legs: tuple[Leg, ...] = e1().around("r").legs

    assert ["r5", "r6"] == [leg.event for leg in legs]


def test_what_a_party_funds_is_in_none_of_its_books() -> None:
    """Of m: what it pays and is paid as revenue, not its funding of l."""
    assert ["r2", "r3", "r7", "r8"] == [leg.event for leg in booked(e1(), "m").legs]
    assert ["f1", "f2", "f3"] == [leg.event for leg in booked(e1(), "l").legs if leg.capital]
