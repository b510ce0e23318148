"""Random ledgers, with late records, corrections and retractions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dealledger.events import Commitment, Event, Refused, parse_event
from dealledger.ledger import Ledger

PARTIES = ("acme", "lab", "cloud", "fund", "chips")
FIRST = date(2024, 1, 1)
Json = dict[str, Any]


def some_pair(choice: random.Random) -> tuple[str, str]:
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
    one, other = some_pair(choice)
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


def grow(ledger: Ledger, choice: random.Random, batches: int) -> None:
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


def grown(file: Path, seed: int) -> Ledger:
    """Make a random ledger of five parties and a rate, and some hundred events between them."""
    ledger = Ledger.create(file, origin="example.org/grown")
    day = FIRST.isoformat()
    names = [{"kind": "party", "party": each, "name": each} for each in PARTIES]
    names[-1]["roles"] = ["outside"]  # type: ignore[assignment]
    rate = {"kind": "rate", "base": "EUR", "quote": "USD", "rate": "1.1"}
    ledger.append(parse_event({**each, "effective_on": day}) for each in (*names, rate))
    grow(ledger, random.Random(seed), 100)
    return ledger
