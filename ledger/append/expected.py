"""Optimistic concurrency: what a caller expects of the deal that it appends to.

The convention is the count: a new deal is at version 0, its first event makes it 1, and the
expectation N holds when the deal has exactly N events.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from dealledger.events import Problem

if TYPE_CHECKING:
    from dealledger.ledger.append.batch import Appended


class Expected(Enum):
    """What a caller expects of a deal, apart from a version number."""

    ANY = "any"
    NO_STREAM = "no-stream"
    STREAM_EXISTS = "stream-exists"


def check_expected(expected: int | Expected, new: Sequence[Appended]) -> list[Problem]:
    """Return why the deal was not as expected before the events *new*, which were appended.

    Events that were recorded before are none of them: a retry is safe, also when the deal moved on.
    """
    if expected is Expected.ANY or not new:
        return []
    # Parties that are registered beside the events of a deal belong to no deal.
    new = [each for each in new if each.deal or each.encoded.kind != "party"] or new
    deals = {each.deal for each in new}
    if len(deals) > 1 or None in deals:
        return [Problem("an expected version needs events of one deal", "give them one deal")]
    first = new[0]
    assert first.deal is not None
    assert first.version is not None
    problem = _problem(expected, first.version - 1, first.deal)
    return [problem] if problem else []


def _problem(expected: int | Expected, actual: int, deal: str) -> Problem | None:
    if expected is Expected.NO_STREAM:
        holds, said = actual == 0, "a new deal"
    elif expected is Expected.STREAM_EXISTS:
        holds, said = actual > 0, "at least one event"
    else:
        holds, said = actual == expected, f"version {expected}"
    if holds:
        return None
    return Problem(
        f"deal {deal} is at version {actual}, expected {said}",
        f"read it again: deals log --deal {deal}",
        rule="version",
    )
