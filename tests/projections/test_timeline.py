"""A history says at every day what the web of that day says, through each of its lenses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.ledgers import days, ledgers
from oracle.product import filled
from oracle.reading import Json
from oracle.test_answers import SLOW
from support.everything import everything

from dealledger.ledger import Ledger, Memory, MemoryView
from dealledger.projections.alliances import alliances
from dealledger.projections.diagram.draw import layout_of
from dealledger.projections.diagram.film import film
from dealledger.projections.diagram.pieces import Pieces, taken_apart
from dealledger.projections.diagram.plan import dot_text
from dealledger.projections.diagram.render import raw
from dealledger.projections.diagram.select import Options, choose
from dealledger.projections.horizon import horizon
from dealledger.projections.timeline import Lens, at, days_of, edges_over_time

several = settings(max_examples=15, suppress_health_check=SLOW, derandomize=True, deadline=None)
ALL = Options(show_all=True)


@contextmanager
def remembered(batches: list[list[Json]]) -> Iterator[tuple[Ledger, MemoryView]]:
    """Give a ledger, and all of it in memory."""
    with filled(batches) as (ledger, _, _):
        yield ledger, MemoryView.of(ledger.at(date.max), Memory.of(ledger.read()))


def lenses(whole: MemoryView, day: date, back: int) -> tuple[Lens, ...]:
    """Return one lens of each kind."""
    last = whole.known_at
    return (
        Lens(last),
        Lens(last, as_it_came=True),
        Lens(last, day),
        Lens(max(last - back, 0)),
    )


@pytest.mark.slow
@several
@given(ledgers(), days, days, st.integers(0, 12))
def test_a_ledger_in_memory_answers_as_the_database(
    batches: list[list[Json]], day: date, announced: date, back: int
) -> None:
    """Every projection, the root, and where events stand, at random points of both times."""
    with remembered(batches) as (ledger, whole):
        for lens in lenses(whole, announced, back):
            by = day if lens.as_it_came else lens.announced_by
            stored, kept = ledger.at(day, lens.known_at, by), lens.at(whole, day)
            ids = [each.id for each in whole.events()]

            assert everything(stored, ("aa", "bb")) == everything(kept, ("aa", "bb"))
            assert stored.root == kept.root
            assert stored.positions(ids) == kept.positions(ids)
            assert stored.events(retracted=True) == kept.events(retracted=True)


@several
@given(ledgers(), days, st.integers(0, 12), st.lists(days, min_size=3, max_size=8))
def test_edges_over_time_are_those_of_each_date(
    batches: list[list[Json]], announced: date, back: int, asked: list[date]
) -> None:
    """On days on which something changes, and on others."""
    with remembered(batches) as (_, whole):
        seen = lenses(whole, announced, back)
        found = edges_over_time(whole, seen)
        own = sorted({day for each in whole.memory.kept for day in days_of(each.record.event)})
        for number, lens in enumerate(seen):
            for day in [*asked, *own[:: max(1, len(own) // 8)]]:
                said = {
                    key: edge
                    for key, histories in found.items()
                    if (edge := at(histories[number], day)) is not None
                }

                assert {edge.key: edge for edge in alliances(lens.at(whole, day)).edges} == said


@pytest.mark.slow
@several
@given(ledgers(), days, st.integers(0, 12))
def test_whatever_is_known_has_its_place(
    batches: list[list[Json]], announced: date, back: int
) -> None:
    """The horizon is the same for every View of a record, and has every edge that any of them has."""
    with remembered(batches) as (ledger, whole):
        seen = lenses(whole, announced, back)
        ever = {edge.key for edge in horizon(whole).edges}

        assert {*edges_over_time(whole, seen)} <= ever
        for view in (ledger.at(announced, seen[3].known_at), ledger.at(date.max, None, announced)):
            assert horizon(whole).edges == horizon(view).edges
            assert horizon(whole).sizes == horizon(view).sizes


def looks(dot: str) -> Pieces:
    return taken_apart(raw(dot))


@settings(several, max_examples=4)
@given(ledgers(), days, st.integers(0, 12), st.lists(days, min_size=3, max_size=3))
def test_a_film_shows_what_the_picture_of_the_date_shows(
    batches: list[list[Json]], announced: date, back: int, asked: list[date]
) -> None:
    """Each slot has the very shapes and words of the picture, and nothing where that has nothing."""
    with remembered(batches) as (_, whole):
        seen = lenses(whole, announced, back)
        edges = edges_over_time(whole, seen)
        if not edges:
            return
        found = film(whole, seen, edges, ALL)
        drawn = looks(found.dot).by_id
        for number, lens in enumerate(seen):
            for day in asked:
                shown: dict[str, Any] = {
                    slot.name: drawn[found.identifiers[look]]
                    for slot in found.slots
                    if (look := at(slot.looks[number], day)) is not None
                }
                view = lens.at(whole, day)
                picture = looks(dot_text(alliances(view), horizon(view), ALL)).by_id

                assert {
                    name: piece
                    for name, piece in picture.items()
                    if name[0] in "ne" and "hidden" not in str(piece[1])
                } == shown


def test_every_party_of_the_demo_keeps_its_place_on_both_axes(demo: Ledger) -> None:
    """Whatever the date, whatever is known, and whatever was announced."""
    points = [
        demo.at(date(2026, 6, 30)),
        demo.at(date(2026, 6, 30), 250),
        demo.at(date(2026, 6, 30), None, date(2025, 10, 28)),
        demo.at(date(2024, 12, 31), 300, date(2024, 12, 31)),
    ]
    placed = []
    for view in points:
        choice = choose((horizon(view), alliances(view)), Options())
        boxes = layout_of(choice).boxes
        placed.append({node.party: box for node, box in zip(choice.nodes, boxes, strict=True)})

    assert len(placed[0]) >= 20
    assert [placed[0]] * len(points) == placed
