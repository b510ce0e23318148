"""A quantity over time: a point for each day on which the web changed or a price moved."""

from __future__ import annotations

from datetime import date

import pytest
from support.given import Look, event, pays, promises

from dealledger.projections.analysis.series import series
from dealledger.projections.analysis.web import Layer, Web, web


def total(found: Web) -> int:
    return sum(found.amounts().values())


def moved(id: str, on: str, party: str = "acme") -> object:  # noqa: A002
    return event("reaction", id, on=on, party=party, move="0.1")


def test_days_of_money_and_of_prices(look: Look) -> None:
    """The value is that at the end of the day; a day with prices only has none."""
    view = look(
        pays("a", "1", on="2025-01-01"),
        pays("b", "2", on="2025-01-01"),
        pays("c", "4", on="2025-01-03"),
        moved("r", "2025-01-02"),
        moved("s", "2025-01-03"),
        pays("memo", "9", on="2025-01-04", memo=True),
    )

    assert [
        (date(2025, 1, 1), ("a", "b"), 300, []),
        (date(2025, 1, 2), (), None, ["r"]),
        (date(2025, 1, 3), ("c",), 700, ["s"]),
    ] == [
        (point.day, point.events, point.value, [move.id for move in point.reactions])
        for point in series(view, total)
    ]


def test_of_one_party(look: Look) -> None:
    """Only its own events and price moves make a day; the web is the whole one."""
    view = look(
        pays("a", "1", on="2025-01-01"),
        pays("b", "2", on="2025-01-02", payer="core", payee="people"),
        pays("c", "4", on="2025-01-03", payer="core"),
        moved("r", "2025-01-04", "core"),
    )

    assert [(("a",), 100), (("c",), 700)] == [
        (point.events, point.value) for point in series(view, total, party="beta")
    ]


def test_a_window(look: Look) -> None:
    """From its first day on, with what ran since then."""
    view = look(pays("a", "1", on="2025-01-01"), pays("b", "2", on="2025-02-01"))

    assert [200] == [point.value for point in series(view, total, since=date(2025, 2, 1))]


@pytest.mark.parametrize("layers", [("paid",), ("committed",), ("paid", "committed")])
def test_each_point_is_the_web_of_its_day(look: Look, layers: tuple[Layer, ...]) -> None:
    """The same as asking as of that day: also for what was drawn or ended since."""
    view = look(
        promises("c", "10", on="2025-01-01"),
        pays("d", "3", on="2025-01-05", commitment="c"),
        pays("e", "1", on="2025-01-06"),
        event("termination", "t", on="2025-01-09", ends=["c"]),
    )
    points = series(view, total, layers=layers)

    assert len(points) == (2 if layers == ("paid",) else 4)
    for point in points:
        assert point.value == total(web(view.at(point.day), layers))
