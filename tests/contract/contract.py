"""The contract of every store: one base class, inherited once for each kind of database.

A subclass says only where a ledger can be made, by overriding the fixture `url`. Its module says by a
fixture `shared_url` where one can be made that the tests share which change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contract.appending import Appending, Clocks, ExpectedVersions, Idempotency
from contract.corrections import Corrections
from contract.making import Making
from contract.reading import Reading
from contract.rollups import Rollups
from contract.rules import Rules
from contract.times import Times
from contract.verifying import Verifying
from contract.viewing import Viewing
from support.given import ORIGIN, SetClock, party

from dealledger.ledger import Ledger


class Contract(
    Making,
    Appending,
    Idempotency,
    ExpectedVersions,
    Clocks,
    Rules,
    Corrections,
    Times,
    Viewing,
    Reading,
    Rollups,
    Verifying,
):
    """All that a store promises."""

    @pytest.fixture
    def url(self) -> str:
        """Return where a ledger can be made."""
        raise NotImplementedError

    @pytest.fixture
    def empty(self, url: str, clock: SetClock) -> Iterator[Ledger]:
        """Make a ledger that holds nothing."""
        with Ledger.create(url, origin=ORIGIN, clock=clock) as ledger:
            yield ledger

    @pytest.fixture
    def ledger(self, empty: Ledger, clock: SetClock) -> Ledger:
        """Make a ledger that knows acme, beta and core, at @1 to @3, recorded long ago."""
        clock.set("2020-01-01")
        empty.append([party("acme"), party("beta"), party("core")])
        clock.moment = None
        return empty

    @pytest.fixture
    def told(self, ledger: Ledger) -> Ledger:
        """Give what Views are asked of."""
        return ledger
