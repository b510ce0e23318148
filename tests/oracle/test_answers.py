"""A second opinion: every answer is that of a small model, written from the contract alone.

The model (reading, cash, ownership, promises, entitlements) imports none of the projections. Random
ledgers are put to it and to the product, at random points of both times. A few hundred in CI;
ORACLE_CASES=20000 runs as many.
"""

from __future__ import annotations

import os
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.comparing import differences
from oracle.ledgers import days, ledgers
from oracle.product import Api, Cli, Processes, filled
from oracle.reading import Json, Point

ASKED = os.environ.get("ORACLE_CASES")
CASES = int(ASKED or ("200" if os.environ.get("CI") else "40"))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
many = settings(max_examples=CASES, suppress_health_check=SLOW, derandomize=not ASKED)
"""The same ledgers at each run; as many others as are asked for."""
some = settings(many, max_examples=max(5, CASES // 12))


class Where(NamedTuple):
    """A point of a ledger whose length is not known yet: that many events back from its end."""

    as_of: date
    back: int
    announced_by: date | None

    def of(self, ledger: list[Json]) -> Point:
        return Point(self.as_of, max(0, len(ledger) - self.back), self.announced_by)


points = st.builds(
    Where,
    days | st.just(date(2028, 12, 31)),
    st.sampled_from((0, 0, 0)) | st.integers(0, 20),
    st.none() | st.none() | days,
)


@pytest.mark.slow
@many
@given(ledgers(), points)
def test_the_api_answers_as_the_model(batches: list[list[Json]], where: Where) -> None:
    """Stakes, flows, commitments, burdens, rights: row by row, number by number."""
    with filled(batches) as (ledger, events, _):
        point = where.of(events)

        assert [] == list(differences(events, point, Api(ledger, point)))


@pytest.mark.slow
@some
@given(ledgers(), points)
def test_the_command_line_answers_as_the_model(batches: list[list[Json]], where: Where) -> None:
    """The same of what `deals` prints as JSON."""
    with filled(batches) as (_, events, file):
        point = where.of(events)

        assert [] == list(differences(events, point, Cli(file, point)))


@pytest.mark.slow
@settings(many, max_examples=2)
@given(ledgers(), points)
def test_processes_answer_as_the_model(batches: list[list[Json]], where: Where) -> None:
    """The command as it is installed, each question in a process of its own."""
    with filled(batches) as (_, events, file):
        point = where.of(events)
        answers = Processes(file, point)

        assert [] == list(differences(events, point, answers, ("stakes", "rights")))
