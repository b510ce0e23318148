"""Whom a word means: a slug its own party, a name whoever has it at the date, or nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.events import BadInput, Party
from dealledger.events.names import Names
from dealledger.events.text import lookup_key


def party(slug: str, name: str, year: int = 2020, **more: Any) -> Party:
    day = date(year, 1, 1)
    return Party(
        id=f"{slug}-{year}", party=slug, name=name, effective_on=day, announced_on=day, **more
    )


ALL = Names.of(
    [
        party("oak", "Oak Bank", ticker="OAK"),
        party("zeta", "Zeta", aliases=("oak", "Oak, Ltd.")),
        party("meta", "Facebook", 2010, ticker="FB", aliases=("The Facebook",)),
        party("meta", "Meta Platforms", 2021, ticker="META"),
        party("fb-fund", "FB Fund", 2023, ticker="FB"),
        party("nordic-a", "Nordic", 2015),
        party("nordic-b", "Nordic", 2015),
        party("cafe", "Café"),
        party("late", "Late", 2024, aliases=("Zeta",)),
    ]
)


@pytest.mark.parametrize(
    ("typed", "year", "meant"),
    [
        ("oak", 2024, ["oak"]),
        ("zeta", 2024, ["zeta"]),
        ("OAK", 2024, ["oak", "zeta"]),
        ("Oak", 2024, ["oak", "zeta"]),
        ("Oak Bank", 2024, ["oak"]),
        ("Oak, Ltd.", 2024, ["zeta"]),
        ("Facebook", 2015, ["meta"]),
        ("Facebook", 2024, ["meta"]),
        ("Facebook", 2005, ["meta"]),
        ("FB", 2015, ["meta"]),
        ("fb", 2024, ["fb-fund"]),
        ("FB", 2022, ["fb-fund", "meta"]),
        ("Meta Platforms", 2015, ["meta"]),
        ("META", 2024, ["meta"]),
        ("Meta", 2015, ["meta"]),
        ("nordic", 2024, ["nordic-a", "nordic-b"]),
        ("nordic-a", 2024, ["nordic-a"]),
        (" cafe\u0301 ", 2024, ["cafe"]),
        ("Zeta", 2023, ["zeta"]),
        ("Zeta", 2024, ["late", "zeta"]),
        ("Birch", 2024, []),
        ("", 2024, []),
    ],
)
def test_whom_a_word_means(typed: str, year: int, meant: list[str]) -> None:
    """A slug first, whatever others are called; then who has the name then; then who ever had."""
    assert meant == [*ALL.meant(typed, date(year, 6, 1))]


def test_a_word_of_several_is_refused() -> None:
    """With the candidates; one of nobody with the closest."""
    with pytest.raises(BadInput) as caught:
        ALL.find("Nordic", date(2024, 1, 1))
    assert "'Nordic' may mean nordic-a or nordic-b (say which one by its slug)" == str(caught.value)
    with pytest.raises(BadInput, match=r"^unknown party 'nordik' \(did you mean nordic"):
        ALL.find("nordik", date(2024, 1, 1))


def test_what_calls_two_parties_at_once() -> None:
    """A name beside another's slug, or its name on the same day; not one that was given up."""
    assert [
        "'oak' is a name of zeta, and means oak, whose slug it is",
        "'Zeta' is a name of late, and means zeta, whose slug it is",
        "'Nordic' is a name of nordic-a and nordic-b, and means none of them: say the slug",
    ] == list(map(str, ALL.clashes()))
    assert ["late-2024"] == [clash.event for clash in ALL.clashes(["late"])]
    assert [] == list(ALL.clashes(["meta", "fb-fund"]))
    many = Names.of(party(f"x{number}", "X") for number in range(9))
    said = "'X' is a name of x0, x1, x2 and 6 more, and means none of them: say the slug"
    assert [said] == list(map(str, many.clashes()))


@pytest.mark.parametrize(
    ("slug", "other", "close"),
    [
        ("nvdia", "nvidia", True),
        ("nivdia", "nvidia", True),
        ("nvidiaa", "nvidia", True),
        ("nvibia", "nvidia", True),
        ("open-ai", "openai", True),
        ("openai-inc", "openai", True),
        ("openai", "openai-group", True),
        ("openai-llc", "openai-inc", False),
        ("beta", "zeta", False),
        ("meta", "mate", False),
        ("abc", "abcd", False),
        ("fund-1", "fund-2", False),
        ("fund-1", "fund-11", False),
        ("anthropic", "nvidia", False),
        ("nvidia", "nvidia", False),
    ],
)
def test_slugs_that_could_be_a_slip(slug: str, other: str, close: bool) -> None:
    """One letter too many, too few, another or swapped; hyphens; a company's form."""
    names = Names.of([party(slug, "A"), party(other, "B"), party("elsewhere", "C")])

    assert ([(slug, [other])] if close else []) == list(names.close([slug]))


words = st.sampled_from(["oak", "Oak", "elm", "Elm Ltd", "ash"])
descriptions = st.lists(
    st.tuples(st.sampled_from(["oak", "elm", "ash"]), words, st.integers(2000, 2009),
              st.lists(words, max_size=2)),
    max_size=8,
)  # fmt: skip


@given(descriptions, words, st.integers(1999, 2010))
def test_names_by_a_plain_definition(
    said: list[tuple[str, str, int, list[str]]], typed: str, year: int
) -> None:
    """The same as looking at every description in turn."""
    said.sort(key=lambda each: each[2])
    found = Names.of(party(slug, name, at, aliases=tuple(more)) for slug, name, at, more in said)
    slugs = {slug for slug, *_ in said}
    now: dict[str, set[str]] = {}
    ever: dict[str, set[str]] = {slug: {slug} for slug in slugs}
    for slug, name, at, more in said:
        called = {lookup_key(each) for each in (name, *more)}
        ever[slug] |= called
        if at <= year:
            now[slug] = called
    key = lookup_key(typed)
    having = {slug for slug in slugs if key in now.get(slug, set()) | {slug}}
    had = {slug for slug in slugs if key in ever[slug]}

    expected = {typed} if typed in slugs else having or had
    assert sorted(expected) == [*found.meant(typed, date(year, 6, 1))]
