"""Webs for the tests of analysis: E1 as legs, webs from short words, and random ones."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from dealledger.projections.analysis.web import Leg, Pair, Web

CASES: Final = Path(__file__).parents[1] / "cases"
BILLION: Final = 100_000_000_000
"""A billion dollars in cents."""

START: Final = date(2025, 1, 1)


def web_of(text: str, *outside: str) -> Web:
    """Return a web of lines such as `2025-01-10 n l 10 capital f1`; the last two may be missing.

    The amount is in minor units; ids are counted, e1, e2 ..., where none is given.
    """
    legs = []
    lines = [line for line in text.strip().splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        day, source, target, minor, *rest = line.split()
        name = rest[1] if len(rest) > 1 else f"e{number}"
        capital = rest[:1] == ["capital"]
        legs.append(Leg(name, number, date.fromisoformat(day), source, target, capital, int(minor)))
    return Web(
        "USD",
        tuple(sorted(legs, key=lambda leg: (leg.day, leg.position))),
        outside=frozenset(outside),
    )


def e1() -> Web:
    """Return the worked ledger E1, in billions; x is the outside world."""
    lines = (CASES / "e1.jsonl").read_text().splitlines()
    legs = []
    for position, event in enumerate(map(json.loads, lines), 1):
        if event["kind"] in ("funding", "payment"):
            capital = event["kind"] == "funding"
            sides = ("investor", "investee") if capital else ("payer", "payee")
            day = date.fromisoformat(event["effective_on"])
            minor = int(event["amount"]) // 1_000_000_000
            source, target = (event[side] for side in sides)
            legs.append(Leg(event["id"], position, day, source, target, capital, minor))
    legs.sort(key=lambda leg: (leg.day, leg.position))
    return Web("USD", tuple(legs), outside=frozenset({"x"}))


@st.composite
def webs(
    draw: Any, parties: str = "abcde", most: int = 12, outside: str = "x", top: int = 20
) -> Web:
    """Return a random web of at most *most* legs, some on the same day; x is the outside world."""
    names = list(parties) + list(outside)
    legs: list[Leg] = []
    day = START
    for number in range(1, draw(st.integers(0, most)) + 1):
        source = draw(st.sampled_from(names))
        target = draw(st.sampled_from([name for name in names if name != source]))
        day += timedelta(days=draw(st.integers(0, 40)))
        minor = draw(st.integers(1, top))
        legs.append(Leg(f"e{number}", number, day, source, target, draw(st.booleans()), minor))
    return Web("USD", tuple(legs), outside=frozenset(outside))


def renamed(web: Web, names: dict[str, str]) -> Web:
    """Return the same web with other names for its parties."""
    legs = tuple(
        replace(leg, source=names[leg.source], target=names[leg.target]) for leg in web.legs
    )
    outside = frozenset(names[party] for party in web.outside)
    return replace(web, legs=legs, outside=outside)


def shifted(web: Web, days: int) -> Web:
    """Return the same web, so many days later."""
    legs = tuple(replace(leg, day=leg.day + timedelta(days=days)) for leg in web.legs)
    return replace(web, legs=legs)


def split(web: Web, index: int) -> Web:
    """Return the same web with one amount paid in two parts on the same day, if it can be."""
    leg = web.legs[index]
    if leg.minor < 2:
        return web
    first = replace(leg, minor=leg.minor // 2)
    rest = replace(leg, minor=leg.minor - leg.minor // 2, event=f"{leg.event}-rest")
    return replace(web, legs=(*web.legs[:index], first, rest, *web.legs[index + 1 :]))


def random_amounts(seed: int, parties: int, pairs: int, top: int = 10**14) -> dict[Pair, int]:
    """Return random amounts between so many parties."""
    dice = random.Random(seed)
    names = [f"p{number:03}" for number in range(parties)]
    found: dict[Pair, int] = {}
    while len(found) < pairs:
        source, target = dice.sample(names, 2)
        found[source, target] = dice.randint(1, top)
    return found
