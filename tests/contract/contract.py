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
from support.given import ORIGIN, party

from dealledger.ledger import Ledger
from dealledger.ledger import ledger as store


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
    def empty(self, url: str) -> Iterator[Ledger]:
        """Make a ledger that holds nothing."""
        with Ledger.create(url, origin=ORIGIN) as ledger:
            yield ledger

    @pytest.fixture
    def ledger(self, empty: Ledger) -> Ledger:
        """Make a ledger that knows acme, beta and core, at @1 to @3, recorded long ago."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "_now", lambda: 1_577_836_800_000_000)
            empty.append([party("acme"), party("beta"), party("core")])
        return empty

    @pytest.fixture
    def told(self, ledger: Ledger) -> Ledger:
        """Give what Views are asked of."""
        return ledger
