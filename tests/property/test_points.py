"""A View is the ledger that one would have had: nothing but the events visible at its point.

At random points of both times on a random ledger, with late records, corrections and retractions,
every projection is that of a fresh ledger which holds only the events that are visible there.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dealledger.events import Commitment, Event, Payment, Refused, Termination, parse_event
from dealledger.ledger import Ledger, View
from dealledger.projections import commitments, flows, parties, rights, stakes

PARTIES = ("acme", "lab", "cloud", "fund", "chips")
FIRST = date(2024, 1, 1)
POINTS = 250 if os.environ.get("CI") else 25
Json = dict[str, Any]


def _pair(choice: random.Random) -> tuple[str, str]:
    one, other = choice.sample(PARTIES, 2)
    return one, other


def _money(choice: random.Random) -> Json:
    return {"amount": str(choice.randrange(1, 10_000)), "currency": choice.choice(("USD", "EUR"))}


def _some_event(choice: random.Random, promised: list[Event]) -> Json:
    """Return a random event; promised: commitments that it may draw on or end."""
    one, other = _pair(choice)
    kinds = ["funding", "payment", "commitment", "holding", "transfer", "right", "draw", "end"]
    kind = choice.choice(kinds if promised else kinds[:6])
    if kind == "funding":
        terms = choice.choice(({}, {"stake": "0.1"}, {"pre_money": "50000"}))
        return {"kind": kind, "investor": one, "investee": other, **_money(choice), **terms,
                "deal": choice.choice(("round", "other"))}  # fmt: skip
    if kind == "commitment":
        return {"kind": kind, "obligor": one, "beneficiary": other, **_money(choice),
                **choice.choice(({}, {"end": "2024-09-30"}, {"firmness": "talks"}))}  # fmt: skip
    if kind == "holding":
        return {"kind": kind, "holder": one, "issuer": other, "stake": "0.2"}
    if kind == "transfer":
        third = choice.choice([each for each in PARTIES if each not in (one, other)])
        return {"kind": kind, "seller": one, "buyer": other, "issuer": third, "stake": "0.05"}
    if kind == "right":
        return {"kind": kind, "grantor": one, "grantee": other, "right": "warrant",
                **choice.choice(({}, {"until": "2024-08"}))}  # fmt: skip
    if kind in ("draw", "end"):
        promise = choice.choice(promised)
        assert isinstance(promise, Commitment)
        if kind == "end":
            return {"kind": "termination", "ends": [promise.id]}
        return {"kind": "payment", "payer": promise.obligor, "payee": promise.beneficiary,
                "amount": "7", "currency": promise.currency, "commitment": promise.id}  # fmt: skip
    return {"kind": "payment", "payer": one, "payee": other, **_money(choice)}


def _grow(ledger: Ledger, choice: random.Random, batches: int) -> None:
    """Append random events with random dates, and now and then take one back or correct it."""
    promised: list[Event] = []
    for number in range(batches):
        day = (FIRST + timedelta(days=choice.randrange(365))).isoformat()
        said = {**_some_event(choice, promised), "id": f"e{number}", "effective_on": day}
        batch = [parse_event(said)]
        if number and choice.random() < 0.25:
            old = f"e{choice.randrange(number)}"
            batch = [parse_event({"kind": "retraction", "retracts": old, "reason": "wrong"})]
            record = ledger.find(old)
            if record and isinstance(record.event, Commitment):
                changed = record.event.model_copy(update={"id": f"e{number}"})
                batch = [batch[0].model_copy(update={"replaced_by": changed.id}), changed]
        try:
            ledger.append(batch)
        except Refused:
            continue  # Such as a draw on what was retracted: that is refused, and tested elsewhere.
        promised += [event for event in batch if isinstance(event, Commitment) and event.currency]


@pytest.fixture(scope="module", params=range(4))
def grown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    """Give a random ledger."""
    file = tmp_path_factory.mktemp("grown") / "deals.db"
    with Ledger.create(file, origin="example.org/grown") as ledger:
        ledger.append(
            parse_event(
                {"kind": "party", "party": each, "name": each, "effective_on": "2024-01-01"}
            )
            for each in PARTIES
        )
        _grow(ledger, random.Random(request.param), 80)
        yield ledger


def _answers(view: View) -> list[object]:
    """Return what every projection says, without positions and roots."""
    found = flows(view, years=True)
    pairs = [(p.a, p.b, p.currency, p.a_to_b, p.b_to_a) for p in found.by_pair()]
    return [
        [(row.party, row.name) for row in parties(view)],
        stakes(view),
        (pairs, found.by_party(), found.by_year(), found.by_kind(), found.undisclosed),
        [(row.id, row.remaining, row.drawn, row.status, row.ended_on) for row in commitments(view)],
        rights(view),
    ]


def _visible(view: View) -> list[Event]:
    """Return the events of a View in the order of the record, referring to what is visible only."""
    records = sorted(view.events(), key=lambda record: record.position)
    known = {record.id for record in records}
    events = [_referring(record.event, view, known) for record in records]
    kept = [event for event in events if getattr(event, "ends", True)]
    # What replaced an event may stand behind those that refer to it.
    return sorted(kept, key=lambda event: event.kind in ("payment", "termination"))


def _referring(event: Event, view: View, known: set[str]) -> Event:
    """Return *event* with its references as they resolve; those to nothing visible are left out."""
    if isinstance(event, Payment) and event.commitment:
        resolved = view.resolve(event.commitment)
        return event.model_copy(update={"commitment": resolved if resolved in known else None})
    if isinstance(event, Termination):
        ends = tuple(each for each in map(view.resolve, event.ends) if each in known)
        return event.model_copy(update={"ends": ends})
    return event


def test_a_view_is_a_fresh_ledger_of_what_is_visible(grown: Ledger, tmp_path: Path) -> None:
    """Four random ledgers; 1,000 points in CI."""
    choice = random.Random(grown.head().size)
    for number in range(POINTS):
        as_of = FIRST + timedelta(days=choice.randrange(400))
        view = grown.at(as_of, choice.randrange(grown.head().size + 1))
        with Ledger.create(tmp_path / f"{number}.db", origin="example.org/fresh") as fresh:
            fresh.append(_visible(view))

            assert _answers(fresh.at(as_of)) == _answers(view)
        (tmp_path / f"{number}.db").unlink()
