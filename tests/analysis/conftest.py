"""A small ledger that every test of analysis over a View starts from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.given import Look, party

from dealledger.events import Event
from dealledger.ledger import Ledger, View


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Give a function that records events about acme, beta, core and people, the outside world.

    It looks at the end of 2029, if nothing else is said.
    """
    ledger = Ledger.create(tmp_path / "deals.db", origin="example.org/x")
    ledger.append([party(slug) for slug in ("acme", "beta", "core")])
    ledger.append([party("people", roles=["group", "outside"])])

    def look_at(*events: Event, on: str = "2029-12-31") -> View:
        ledger.append(events)
        return ledger.at(date.fromisoformat(on))

    return look_at
