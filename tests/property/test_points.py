"""A View is the ledger that one would have had: nothing but the events visible at its point.

At random points of both times on a random ledger, with late records, corrections and retractions,
every projection is that of a fresh ledger which holds only the events that are visible there.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.everything import NOT_COMPARED, basics, everything, functions_of_a_view

from dealledger.events import Commitment, Event, Funding, Payment, Refused, Termination, parse_event
from dealledger.ledger import Ledger, View

PARTIES = ("acme", "lab", "cloud", "fund", "chips")
FIRST = date(2024, 1, 1)
POINTS = 120 if os.environ.get("CI") else 6
Json = dict[str, Any]


def _pair(choice: random.Random) -> tuple[str, str]:
    one, other = choice.sample(PARTIES, 2)
    return one, other


def _money(choice: random.Random) -> Json:
    """Return an amount; now and then one that nobody says."""
    if choice.random() < 0.1:
        return {}
    return {"amount": str(choice.randrange(1, 10_000)), "currency": choice.choice(("USD", "EUR"))}


def _funding(choice: random.Random, one: str, other: str) -> Json:
    said = {"investor": one, "investee": other, "deal": choice.choice(("round", "other"))}
    money = _money(choice)
    terms: tuple[Json, ...] = ({}, {"stake": "0.1"}, {"tied": "full"}, {"instrument": "credits"})
    if money:
        terms += ({"pre_money": "50000"}, {"tied": "partial", "tied_amount": "1"})
    return {**said, **money, **choice.choice(terms)}


def _commitment(choice: random.Random, one: str, other: str) -> Json:
    ends = choice.choice(({}, {"start": "2024-02-01", "end": "2024-09-30"}))
    says: Json = choice.choice(({}, {"firmness": "talks"}, {"firmness": "announced"}))
    money = _money(choice) or {"purpose": "compute"}
    return {"obligor": one, "beneficiary": other, **money, **ends, **says}


def _transfer(choice: random.Random, one: str, other: str) -> Json:
    third = choice.choice([each for each in PARTIES if each not in (one, other)])
    return {"seller": one, "buyer": other, "issuer": third, "stake": "0.05"}


def _right(choice: random.Random, one: str, other: str) -> Json:
    until = choice.choice(({}, {"until": "2024-08"}))
    return {"grantor": one, "grantee": other, "right": "warrant", "exclusive": True, **until}


KINDS: dict[str, Callable[[random.Random, str, str], Json]] = {
    "funding": _funding,
    # Without periods: the bounds of a net read what lies ahead of the date.
    "payment": lambda choice, one, other: {"payer": one, "payee": other, **_money(choice)},
    "commitment": _commitment,
    "transfer": _transfer,
    "right": _right,
    "holding": lambda choice, one, other: {"holder": one, "issuer": other, "stake": "0.2"},
    "valuation": lambda choice, one, other: {
        "issuer": one, "amount": "70000", "currency": "USD",
    },
    "rivalry": lambda choice, one, other: {"a": one, "b": other, "market": "models"},
    "reaction": lambda choice, one, other: {"party": one, "move": "0.07"},
    "rate": lambda choice, one, other: {"base": "EUR", "quote": "USD", "rate": "1.2"},
}  # fmt: skip


def _some_event(choice: random.Random, standing: list[Event]) -> Json:
    """Return a random event; standing: what it may draw on, back or end."""
    one, other = _pair(choice)
    promises = [each for each in standing if isinstance(each, Commitment) and each.currency]
    if promises and choice.random() < 0.2:
        promise = choice.choice(promises)
        return {"kind": "payment", "payer": promise.obligor, "payee": promise.beneficiary,
                "amount": "7", "currency": promise.currency, "commitment": promise.id}  # fmt: skip
    if standing and choice.random() < 0.1:
        return {"kind": "termination", "ends": [choice.choice(standing).id]}
    kind = choice.choice(list(KINDS))
    said = {"kind": kind, **KINDS[kind](choice, one, other)}
    if kind == "commitment" and choice.random() < 0.2:
        served = [each for each in promises if each.backs is None]
        if served:
            backed = choice.choice(served)
            # Its row names what it backs, so that must be visible where it is.
            said |= {"backs": backed.id, "effective_on": backed.effective_on.isoformat()}
    return {**said, **choice.choice(({}, {"confidence": "confirmed"}, {"confidence": "reported"}))}


def _grow(ledger: Ledger, choice: random.Random, batches: int) -> None:
    """Append random events with random dates, and now and then take one back or correct it."""
    standing: list[Event] = []
    for number in range(batches):
        day = (FIRST + timedelta(days=choice.randrange(365))).isoformat()
        said = {"effective_on": day, **_some_event(choice, standing), "id": f"e{number}"}
        if said["kind"] != "payment":
            said["source_url"] = "https://example.org/x"
        batch = [parse_event(said)]
        if number and choice.random() < 0.2:
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
        ends = ("commitment", "holding", "right", "rivalry")
        standing += [event for event in batch if event.kind in ends]


@pytest.fixture(scope="module", params=range(4))
def grown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    """Give a random ledger."""
    file = tmp_path_factory.mktemp("grown") / "deals.db"
    with Ledger.create(file, origin="example.org/grown") as ledger:
        day = FIRST.isoformat()
        names = [{"kind": "party", "party": each, "name": each} for each in PARTIES]
        names[-1]["roles"] = ["outside"]  # type: ignore[assignment]
        rate = {"kind": "rate", "base": "EUR", "quote": "USD", "rate": "1.1"}
        ledger.append(parse_event({**each, "effective_on": day}) for each in (*names, rate))
        _grow(ledger, random.Random(request.param), 100)
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


def test_a_view_is_a_fresh_ledger_of_what_is_visible(grown: Ledger, tmp_path: Path) -> None:
    """Four random ledgers; 1,000 points in CI, at an eighth of which all projections are asked."""
    choice = random.Random(grown.head().size)
    for number in range(POINTS):
        as_of = FIRST + timedelta(days=choice.randrange(400))
        view = grown.at(as_of, choice.randrange(grown.head().size + 1))
        with Ledger.create(tmp_path / f"{number}.db", origin="example.org/fresh") as fresh:
            fresh.append(_visible(view))
            pair = _pair(choice)
            wanted, found = (
                basics(each) if number % 8 else everything(each, pair)
                for each in (fresh.at(as_of), view)
            )

            assert wanted.keys() == found.keys()
            for name, answer in wanted.items():
                assert answer == found[name], name
        (tmp_path / f"{number}.db").unlink()


def test_every_projection_is_compared(grown: Ledger) -> None:
    """A new function of a View is compared too, or it is said why not."""
    compared = everything(grown.at(FIRST + timedelta(days=400)), ("acme", "lab")).keys()

    assert set() == functions_of_a_view() - compared - NOT_COMPARED.keys()
