"""A ledger that the tests of one module share, since none of them changes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contract.rule_cases import GIVEN
from support.given import ORIGIN, party

from dealledger.ledger import Ledger


@pytest.fixture(scope="module")
def unchanging(shared_url: str) -> Iterator[Ledger]:
    """Make a ledger of what the rules are tested with; refusals leave it as it is."""
    with Ledger.create(shared_url, origin=ORIGIN) as ledger:
        ledger.append([party("acme"), party("beta"), party("core"), *GIVEN])
        yield ledger
