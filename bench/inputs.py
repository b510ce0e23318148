"""What is measured on: made-up payments and fundings, as events and as other ledgers' transactions.

200 parties deal in 2,000 pairs from 2019 to June 2026. One event in twenty is recorded up to two
years late, half of them belong to a deal. The same seed gives the same bytes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

PARTIES: Final = 200
PAIRS: Final = 2_000
FIRST: Final = date(2019, 1, 1)
DAYS: Final = 2_737
LAST: Final = FIRST + timedelta(days=DAYS)


def slug(number: int) -> str:
    """Return the name of a party."""
    return f"party-{number:03}"


def parties() -> Iterator[dict[str, Any]]:
    """Yield the registrations of all parties."""
    for number in range(PARTIES):
        party = {"party": slug(number), "name": f"Party {number}"}
        yield {"id": f"p{number}", "kind": "party", "effective_on": FIRST.isoformat(), **party}


def deals(count: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Yield so many payments and fundings, in the order in which they become known."""
    chance = random.Random(seed)  # noqa: S311  reproducible on purpose
    pairs = [chance.sample(range(PARTIES), 2) for _ in range(PAIRS)]
    for number in range(1, count + 1):
        day = FIRST + timedelta(days=number * DAYS // count)
        if chance.random() < 0.05:
            day = max(FIRST, day - timedelta(days=chance.randrange(1, 700)))
        giver, taker = map(slug, chance.choice(pairs))
        funds = chance.random() < 0.15
        event = {
            "id": f"E{number:08}",
            "kind": "funding" if funds else "payment",
            "effective_on": day.isoformat(),
            "investor" if funds else "payer": giver,
            "investee" if funds else "payee": taker,
            "amount": f"{chance.randrange(1, 5_000_000)}.{chance.randrange(1, 100):02}",
            "currency": "USD",
            "source_url": f"https://example.org/filings/{number}",
            "confidence": chance.choice(("confirmed", "reported", "estimated")),
        }
        if chance.random() < 0.5:
            event["deal"] = f"deal-{chance.randrange(max(1, count // 50)):06}"
        yield event


def write_events(count: int, file: Path) -> Path:
    """Write all parties and so many deals as JSONL, unless *file* is there already."""
    if not file.exists():
        with file.open("w") as stream:
            for each in parties():
                stream.write(json.dumps(each, separators=(",", ":")) + "\n")
            for each in deals(count):
                stream.write(json.dumps(each, separators=(",", ":")) + "\n")
    return file


def write_journal(count: int, file: Path) -> Path:
    """Write the same deals as transactions that hledger and ledger-cli read."""
    if not file.exists():
        with file.open("w") as stream:
            for each in deals(count):
                giver, taker = (each.get(a) or each[b] for a, b in _SIDES)
                amount = each["amount"]
                stream.write(
                    f"{each['effective_on']} {each['id']}\n"
                    f"    {taker}  USD {amount}\n    {giver}  USD -{amount}\n\n"
                )
    return file


_SIDES: Final = (("payer", "investor"), ("payee", "investee"))
