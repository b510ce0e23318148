"""A small ledger that every test of analysis over a View starts from."""

from __future__ import annotations

from datetime import date

import pytest
from support.given import Look, party
from support.memory import Told

from dealledger.events import Event
from dealledger.ledger import View


@pytest.fixture
def look(told: Told) -> Look:
    """Give a function that records events about acme, beta, core and people, the outside world.

    It looks at the end of 2029, if nothing else is said.
    """
    told.append([party(slug) for slug in ("acme", "beta", "core")])
    told.append([party("people", roles=["group", "outside"])])

    def look_at(*events: Event, on: str = "2029-12-31") -> View:
        told.append(events)
        return told.at(date.fromisoformat(on))

    return look_at
