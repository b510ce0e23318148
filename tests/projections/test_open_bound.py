"""What kind of number the open part of a commitment, and a sum of such parts, is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from support.given import party, pays, promises
from support.memory import Told

from dealledger.events import Event
from dealledger.events.base import Bound
from dealledger.ledger import View
from dealledger.projections import commitments
from dealledger.projections.promises.commitments import totals

Look = Callable[..., View]


@pytest.fixture
def look(told: Told) -> Look:
    """Give a function that records events and looks at the middle of 2026."""
    told.append([party(slug) for slug in ("acme", "beta", "core", "dome", "echo")])

    def look_at(*events: Event) -> View:
        told.append(events)
        return told.at(date(2026, 6, 30))

    return look_at


@pytest.mark.parametrize(
    ("bound", "draw", "found"),
    [
        ("exact", {}, "exact"),
        ("up-to", {}, "up-to"),
        ("exact", {"amount": "3", "bound": "up-to"}, "at-least"),
        ("up-to", {"amount": "3", "bound": "up-to"}, "about"),
        ("exact", {"amount": None, "currency": None}, "up-to"),
        ("at-least", {"amount": None, "currency": None}, "about"),
        ("up-to", {"amount": "10"}, "exact"),
    ],
)
def test_what_is_open_hangs_on_draws_too(
    look: Look, bound: Bound, draw: dict[str, Any], found: Bound
) -> None:
    """A draw of up to 3 leaves at least 7 of 10; an undisclosed one leaves at most 10."""
    drawn = [pays("p", **{"amount": "0", "commitment": "c", **draw})] if draw else []
    [row] = commitments(look(promises("c", "10", bound=bound), *drawn))

    assert found == row.open_bound


def test_a_total_of_amounts_up_to_is_up_to(look: Look) -> None:
    """One part "up to" is enough; what is not open has no say."""
    view = look(promises("c", "10"), promises("d", "5", bound="up-to"))
    done = look(promises("e", "2", bound="at-least"), pays("p", amount="2", commitment="e"))

    assert ["up-to"] == [total.bound for total in totals(commitments(view))]
    assert ["up-to"] == [total.bound for total in totals(commitments(done))]
