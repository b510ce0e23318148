"""A View is the ledger that one would have had: nothing but the events visible at its point.

At random points of both times on a random ledger, with late records, corrections and retractions,
every projection is that of a fresh ledger which holds only the events that are visible there.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.everything import NOT_COMPARED, basics, everything, functions_of_a_view
from support.grown import FIRST, grown, some_pair

from dealledger.events import Commitment, Event, Funding, Payment, Termination
from dealledger.ledger import Ledger, View

POINTS = 120 if os.environ.get("CI") else 6


@pytest.fixture(scope="module", params=range(4))
def random_ledger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    """Give a random ledger."""
    with grown(tmp_path_factory.mktemp("grown") / "deals.db", request.param) as ledger:
        yield ledger


def _visible(view: View) -> list[Event]:
    """Return the events of a View in the order of the record, referring to what is visible only.

    Commitments come first: what replaced one may stand behind those that refer to it.
    """
    records = sorted(view.events(), key=lambda record: record.position)
    known = {record.id for record in records}
    events = [_referring(record.event, view, known) for record in records]
    kept = [event for event in events if getattr(event, "ends", True)]
    return sorted(kept, key=lambda event: (
        event.kind not in ("party", "commitment"),
        isinstance(event, Commitment) and event.backs is not None,
    ))  # fmt: skip


def _referring(event: Event, view: View, known: set[str]) -> Event:
    """Return *event* with its references as they resolve; those to nothing visible are left out."""

    def seen(name: str | None) -> str | None:
        found = view.resolve(name) if name else None
        return found if found in known else None

    if isinstance(event, (Payment, Funding)):
        return event.model_copy(update={"commitment": seen(event.commitment)})
    if isinstance(event, Commitment):
        return event.model_copy(update={"backs": seen(event.backs)})
    if isinstance(event, Termination):
        return event.model_copy(update={"ends": tuple(filter(None, map(seen, event.ends)))})
    return event


@pytest.mark.slow
def test_a_view_is_a_fresh_ledger_of_what_is_visible(random_ledger: Ledger, tmp_path: Path) -> None:
    """Four random ledgers; 1,000 points in CI, at an eighth of which all projections are asked."""
    choice = random.Random(random_ledger.head().size)
    for number in range(POINTS):
        as_of = FIRST + timedelta(days=choice.randrange(400))
        view = random_ledger.at(as_of, choice.randrange(random_ledger.head().size + 1))
        with Ledger.create(tmp_path / f"{number}.db", origin="example.org/fresh") as fresh:
            fresh.append(_visible(view))
            pair = some_pair(choice)
            wanted, found = (
                basics(each) if number % 8 else everything(each, pair)
                for each in (fresh.at(as_of), view)
            )

            assert wanted.keys() == found.keys()
            for name, answer in wanted.items():
                assert answer == found[name], name
        (tmp_path / f"{number}.db").unlink()


def test_every_projection_is_compared(random_ledger: Ledger) -> None:
    """A new function of a View is compared too, or it is said why not."""
    compared = everything(random_ledger.at(FIRST + timedelta(days=400)), ("acme", "lab")).keys()
    missing = functions_of_a_view() - compared - NOT_COMPARED.keys()

    assert not missing, (
        f"add {missing} to an `_of_...` of tests/support/everything.py, or to NOT_COMPARED with why"
    )
