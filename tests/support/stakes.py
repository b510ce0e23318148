"""Stakes of one issuer, from events typed as lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from support.memory import Told

from dealledger.events import parse_event
from dealledger.ledger import View
from dealledger.projections import stakes
from dealledger.projections.ownership.stakes import StakeTable
from dealledger.projections.trace import trace_stake


def looking(told: Told) -> Look:
    """Give a function that records events, such as `2024-01-01 holding holder=a stake=0.5`."""
    told.append(
        parse_event({"kind": "party", "party": slug, "name": slug, "effective_on": "2020-01-01"})
        for slug in SLUGS
    )

    def look_at(*lines: str, on: str = "2030-01-01") -> View:
        told.append(parse_event(_event(line)) for line in lines)
        return told.at(date.fromisoformat(on))

    return look_at


Look = Callable[..., View]


SLUGS = ("acme", "alpha", "beta", "gamma", "group", "inner")


def _event(line: str) -> dict[str, object]:
    """Read one event; values in [ are JSON, all are about acme unless something else is said."""
    day, kind, *fields = line.split()
    issuer = {"rate": {}, "termination": {}, "funding": {"investee": "acme", "currency": "USD"}}
    said: dict[str, object] = {
        "kind": kind, "effective_on": day, **issuer.get(kind, {"issuer": "acme"}),
    }  # fmt: skip
    for field in fields:
        name, _, value = field.partition("=")
        plain = name == "shares" or value == "true" or value[:1] == "["
        said[name] = json.loads(value) if plain else value
    return said


def table(view: View) -> StakeTable:
    [found] = stakes(view, "acme")
    return found


def held(view: View) -> dict[str, str | None]:
    """Return the stakes as text; every one must also be what explains it adds up to."""
    found: dict[str, str | None] = {}
    for row in table(view).rows:
        steps = trace_stake(view, "acme", row.holder)
        explained = sum((step.effect for step in steps), Fraction())
        assert explained == (row.stake or 0 if row.counted else 0)
        assert steps == () or steps[-1].after == explained
        found[row.holder] = None if row.stake is None else str(row.stake * 100)
    return found
