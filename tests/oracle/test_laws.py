"""What holds of the answers about any ledger, whatever the numbers are."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.ledgers import ledgers
from oracle.product import Api, Cli, filled
from oracle.reading import Json, Point
from oracle.test_answers import CASES, many, points

from dealledger.projections import flows
from dealledger.projections.changes import FACTS, changes

RATES: Final = {"EUR": "2", "JPY": "0.5", "BHD": "10", "USD": "1"}
"""Rates at which every amount of these ledgers is a whole number of cents."""
few = settings(many, max_examples=max(5, CASES // 10))


@few
@given(ledgers(), points)
def test_explain_and_history_end_at_the_number(batches: list[list[Json]], where: Any) -> None:
    """The effects of explain add up to the stake and to the net; history's last value is it."""
    with filled(batches) as (_, events, file):
        answers = Cli(file, where.of(events))
        for row in [row for row in answers.stakes() if row["stake"] and row["counted"]][:3]:
            pair = (row["issuer"], row["holder"])
            effects = answers.rows("explain", "stake", *pair)
            assert row["stake"] == sum(Fraction(each["effect"]) for each in effects)
            assert row["stake"] == answers.rows("history", "stake", *pair)[-1]["value"]
        for row in answers.flows("pair")[:3]:
            effects = answers.rows("explain", "net", row["a"], row["b"])
            own = [each for each in effects if each["currency"] == row["currency"]]
            assert row["net"] == sum(Fraction(each["effect"]) for each in own)


@pytest.mark.slow
@many
@given(ledgers(), points)
def test_parts_add_up_to_the_whole(batches: list[list[Json]], where: Any) -> None:
    """A commitment is its parts, also converted; what is open is what is owed, by year and bearer."""
    with filled(batches) as (ledger, events, _):
        answers = Api(ledger, where.of(events))
        for row in answers.commitments():
            if row["committed"] is not None:
                parts = ("drawn", "remaining", "cancelled", "lapsed")
                assert row["committed"] == sum(row[part] for part in parts) - row["overdrawn"]
        gross = {(row["layer"], row["currency"]): row["gross"] for row in answers.totals()}
        for by in ("year", "bearer"):
            found: dict[tuple[str, str], Fraction] = {}
            for row in answers.shares(by):
                key = (row["layer"], row["currency"])
                found[key] = found.get(key, Fraction()) + row["amount"]
            assert {key: whole for key, whole in gross.items() if whole} == found


@few
@given(ledgers(), st.integers(0, 1500))
def test_accrual_never_falls(batches: list[list[Json]], start: int) -> None:
    """What was paid by a day is no less on any later one."""
    with filled(batches) as (ledger, events, _):
        before: dict[tuple[str, ...], Fraction] = {}
        for step in range(6):
            day = date(2024, 1, 1) + timedelta(days=start + 61 * step)
            rows = Api(ledger, Point(day, len(events))).flows("pair", accrue=True)
            now: dict[tuple[str, ...], Fraction] = {
                (row["a"], row["b"], row["currency"], way): row[way]
                for row in rows
                for way in ("a_to_b", "b_to_a")
            }
            assert all(now.get(key, 0) >= amount for key, amount in before.items())
            before = now


def in_dollars(event: Json) -> Json:
    """Return an event with all its amounts in dollars, at the fixed rates."""
    rate = Fraction(RATES[event.get("currency", "USD")])
    names = ("amount", "pre_money", "post_money", "value")
    changed = {name: text(Fraction(event[name]) * rate) for name in names if name in event}
    return {**event, **changed, **({"currency": "USD"} if "currency" in event else {})}


def text(amount: Fraction) -> str:
    cents = int(amount * 100)
    return f"{cents // 100}.{cents % 100:02}"


@few
@given(ledgers(), points)
def test_converted_is_as_converted_beforehand(batches: list[list[Json]], where: Any) -> None:
    """Flows in dollars are those of a ledger whose amounts were dollars from the start."""
    kinds = ("party", "payment", "funding", "retraction")
    plain = [
        [e for e in batch if e["kind"] in kinds and "commitment" not in e] for batch in batches
    ]
    rates = [
        {"kind": "rate", "id": f"y-{base}", "base": base, "quote": "USD", "rate": rate}
        | {"effective_on": "2019-01-01"}
        for base, rate in RATES.items()
        if base != "USD"
    ]
    told = [rates, *filter(None, plain)]
    with filled(told) as (ledger, events, _):
        taken = {event["id"] for event in events}
        kept = [[each for each in batch if each["id"] in taken] for batch in told]
        with filled([[in_dollars(each) for each in batch] for batch in kept if batch]) as same:
            assert len(events) == len(same[1])
            point = where.of(events)
            for by in ("party", "pair", "kind", "year"):
                asked = Api(ledger, point).flows(by, "USD")
                assert asked == Api(same[0], point).flows(by)


@pytest.mark.slow
@many
@given(ledgers(), points)
def test_a_difference_leads_from_one_answer_to_the_other(
    batches: list[list[Json]], where: Any
) -> None:
    """What diff says was before and is after are the nets and stakes of the two points."""
    with filled(batches) as (ledger, events, _):
        point = where.of(events)
        views = [
            ledger.at(day, point.known_at, point.announced_by)
            for day in (date(2024, 1, 1), point.as_of)
        ]
        found = {(each.what, each.name): each for each in changes(*views)}
        for what, facts in FACTS[:2]:  # stakes, nets
            one, other = (dict(facts(view)) for view in views)
            for name in one.keys() | other.keys():
                old, new = one.get(name), other.get(name)
                before, after = old and old.value, new and new.value
                change = found.get((what, name))
                assert (before, after) == (
                    (change.before, change.after) if change else (after,) * 2
                )
        nets = [
            (f"{row.a} to {row.b} {row.currency}", row.net) for row in flows(views[1]).by_pair()
        ]
        assert dict(nets) == {
            name: fact.value for name, fact in dict(FACTS[1][1](views[1])).items()
        }
