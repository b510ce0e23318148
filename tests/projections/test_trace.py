"""Why a number is what it is: effects add up, whatever the number and the point in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from support.memory import Memory, Told

from dealledger.events import BadInput, parse_event, read_object
from dealledger.ledger import View
from dealledger.projections import commitments, flows, stakes
from dealledger.projections.changes import changes
from dealledger.projections.reconcile import reconcile
from dealledger.projections.trace import (
    bounds_along,
    retracted_steps,
    trace_balance,
    trace_commitment,
    trace_net,
    trace_stake,
)

DATA = Path(__file__).parents[2] / "cli" / "data" / "ai-alliance.jsonl"
DATES = [date(2023, 6, 30), date(2025, 10, 28), date(2025, 12, 31), date(2026, 6, 30)]
PARTIES = ("acme", "lab", "cloud", "fund")


@pytest.fixture(scope="module")
def alliance() -> Memory:
    """Give the AI alliance in memory."""
    memory = Memory("example.org/ai")
    memory.append(parse_event(read_object(line)) for line in DATA.read_text().splitlines())
    return memory


@pytest.fixture
def small(told: Told) -> Told:
    """Give what knows four parties."""
    append(
        told,
        *({"kind": "party", "party": each, "name": each, "effective_on": "2020-01-01"}
          for each in PARTIES),
    )  # fmt: skip
    return told


def append(told: Told, *events: Mapping[str, object]) -> None:
    told.append([parse_event(dict(event)) for event in events])


def payment(event_id: str, day: str, amount: str, **more: object) -> dict[str, object]:
    return {
        "id": event_id, "kind": "payment", "effective_on": day, "payer": "lab", "payee": "cloud",
        "amount": amount, "currency": "USD", **more,
    }  # fmt: skip


@pytest.mark.parametrize("day", DATES)
def test_effects_add_up_to_every_stake(alliance: Told, day: date) -> None:
    """The steps behind a stake end at the stake that the table shows."""
    view = alliance.at(day)
    for table in stakes(view):
        for row in table.rows:
            if row.stake is not None and row.counted:
                steps = trace_stake(view, row.issuer, row.holder)

                assert row.stake == sum(step.effect for step in steps)


@pytest.mark.parametrize("day", DATES)
def test_effects_add_up_to_every_net_and_balance(alliance: Told, day: date) -> None:
    """The steps behind a net, and behind a balance, end at what flows shows."""
    view = alliance.at(day)
    found = flows(view)
    for pair in found.by_pair():
        assert pair.net.minor == sum(step.effect for step in trace_net(view, pair.a, pair.b))
    for party in found.by_party():
        assert party.net.minor == sum(step.effect for step in trace_balance(view, party.party))


@pytest.mark.parametrize("day", DATES)
def test_effects_add_up_to_every_commitment(alliance: Told, day: date) -> None:
    """The steps behind a commitment end at what is open of it."""
    view = alliance.at(day)
    for row in commitments(view):
        if row.committed is not None and row.remaining is not None:
            steps = trace_commitment(view, row.id)

            assert row.remaining.minor == sum(step.effect for step in steps)


def test_a_term_that_is_over_is_a_step_of_its_own(small: Told) -> None:
    """What lapses at the end of the term is said, on that day."""
    append(
        small,
        {"id": "C", "kind": "commitment", "effective_on": "2024-01-01", "obligor": "lab",
         "beneficiary": "cloud", "amount": "10", "currency": "USD", "end": "2024-12-31"},
        payment("p", "2024-06-01", "4", commitment="C"),
    )  # fmt: skip

    steps = trace_commitment(small.at(date(2025, 1, 1)), "C")

    assert [("C", 0, 1000), ("p", 1000, 600), ("C", 600, 0)] == [
        (step.record.id, int(step.before), int(step.after)) for step in steps
    ]
    assert (date(2024, 12, 31), "its term is over") == (steps[-1].day, steps[-1].what)


def test_a_commitment_without_amount_cannot_be_explained(small: Told) -> None:
    """There is no number, so there is nothing to add up."""
    append(small, {"id": "C", "kind": "commitment", "effective_on": "2024-01-01",
                   "obligor": "lab", "beneficiary": "cloud"})  # fmt: skip

    with pytest.raises(BadInput, match="the amount of C is not disclosed"):
        trace_commitment(small.at(date(2025, 1, 1)), "C")
    with pytest.raises(BadInput, match="there is no commitment 'D' at this point in time"):
        trace_commitment(small.at(date(2025, 1, 1)), "D")


def test_retracted_events_are_shown_without_effect(small: Told) -> None:
    """What was retracted stands apart; the effects of the rest are the number."""
    append(small, payment("p", "2024-06-01", "4"), payment("q", "2024-07-01", "5"))
    append(small, {"kind": "retraction", "retracts": "p", "reason": "booked twice"})
    view = small.at(date(2025, 1, 1))
    steps = trace_net(view, "lab", "cloud")
    gone = retracted_steps(view, steps, "lab", "cloud")

    assert ["q"] == [step.record.id for step in steps]
    assert [("p", 0, True)] == [(each.record.id, int(each.effect), each.retracted) for each in gone]


def test_a_stake_follows_rounds_and_ended_holdings(small: Told) -> None:
    """Each event's effect is what the table changes by: a round dilutes, an ended holding goes."""
    append(
        small,
        {"id": "h", "kind": "holding", "effective_on": "2024-01-01", "holder": "fund",
         "issuer": "acme", "stake": "0.5"},
        {"id": "f", "kind": "funding", "effective_on": "2024-02-01", "investor": "cloud",
         "investee": "acme", "stake": "0.2"},
        {"id": "e", "kind": "termination", "effective_on": "2024-03-01", "ends": ["h"]},
    )  # fmt: skip

    steps = trace_stake(small.at(date(2025, 1, 1)), "acme", "fund")

    assert [("h", Fraction(1, 2)), ("f", Fraction(-1, 10)), ("e", Fraction(-2, 5))] == [
        (step.record.id, step.effect) for step in steps
    ]


def changed(first: View, second: View) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.name, each.change, each.events) for each in changes(first, second)]


def test_two_dates_show_what_happened(small: Told) -> None:
    """What appeared, changed and went between two dates, with the events that did it."""
    append(
        small,
        payment("p", "2024-01-01", "4"),
        {"id": "R", "kind": "right", "effective_on": "2024-01-01", "grantor": "lab",
         "grantee": "cloud", "right": "exclusivity"},
        payment("q", "2024-06-01", "1"),
        {"id": "e", "kind": "termination", "effective_on": "2024-06-01", "ends": ["R"]},
        {"id": "h", "kind": "holding", "effective_on": "2024-06-01", "holder": "fund",
         "issuer": "acme", "stake": "0.5"},
    )  # fmt: skip
    first, second = small.at(date(2024, 5, 31)), small.at(date(2024, 6, 1))

    assert [
        ("fund in acme", "appeared", ("h",)),
        ("cloud to lab USD", "changed", ("q",)),
        ("R: lab to cloud", "went", ("e",)),
    ] == changed(first, second)
    assert [] == changed(second, second)


def test_two_moments_of_the_record_show_corrections(small: Told) -> None:
    """At one date, what differs between two positions is what was corrected."""
    append(small, payment("p", "2024-01-01", "4"))
    before = small.at(date(2025, 1, 1))
    append(
        small,
        {"id": "r", "kind": "retraction", "retracts": "p", "reason": "x", "replaced_by": "p2"},
        payment("p2", "2024-01-01", "5"),
    )

    assert [("cloud to lab USD", "changed", ("p", "p2"))] == changed(
        before, small.at(date(2025, 1, 1))
    )


def test_reconcile_finds_what_does_not_fit(small: Told) -> None:
    """One finding of each check, and none on facts that fit."""
    source = {"source_title": "a filing"}
    append(
        small,
        {"id": "h", "kind": "holding", "effective_on": "2024-01-01", "holder": "fund",
         "issuer": "acme", "stake": "0.5", **source},
        {"id": "h2", "kind": "holding", "effective_on": "2024-02-01", "holder": "fund",
         "issuer": "acme", "stake": "0.9", **source},
        {"id": "h3", "kind": "holding", "effective_on": "2024-02-01", "holder": "lab",
         "issuer": "acme", "stake": "0.2", **source},
        {"id": "C", "kind": "commitment", "effective_on": "2024-01-01", "obligor": "lab",
         "beneficiary": "cloud", "amount": "3", "currency": "USD", **source},
        payment("p", "2024-06-01", "4", commitment="C", **source),
        {"id": "R", "kind": "right", "effective_on": "2024-01-01", "grantor": "lab",
         "grantee": "cloud", "right": "exclusivity", "until": "2024-08", **source},
        {"id": "v", "kind": "valuation", "effective_on": "2024-01-01", "issuer": "acme",
         "amount": "10", "currency": "USD"},
    )  # fmt: skip

    found = [(each.check, each.subject) for each in reconcile(small.at(date(2025, 1, 1)))]

    assert [
        ("holding", "fund in acme"),
        ("overdrawn", "C"),
        ("over-allocated", "acme"),
        ("right past its end", "R"),
        ("no source", "v"),
    ] == found
    assert () == reconcile(small.at(date(2023, 1, 1)))


def test_bounds_along_a_commitment(small: Told) -> None:
    """Up to 100, less an unknown draw, and 20 or less: then a cut, and nothing, are exact."""
    paid = {"kind": "payment", "payer": "lab", "payee": "cloud", "commitment": "c"}
    usd = {"currency": "USD"}
    append(
        small,
        {"kind": "commitment", "id": "c", "obligor": "lab", "beneficiary": "cloud",
         "amount": "100", "bound": "at-least", **usd, "effective_on": "2024-01-01"},
        {**paid, "id": "p1", "amount": "20", "bound": "up-to", **usd, "effective_on": "2024-02-01"},
        {**paid, "id": "p2", "effective_on": "2024-03-01"},
        {"kind": "termination", "id": "t", "ends": ["c"], "remaining": "30",
         "effective_on": "2024-04-01"},
        {**paid, "id": "p3", "amount": "30", "bound": "about", **usd, "effective_on": "2024-05-01"},
    )  # fmt: skip
    steps = trace_commitment(small.at(date(2024, 12, 31)), "c")

    assert ("at-least", "at-least", "about", "exact", "exact") == bounds_along(steps)


def test_bounds_along_a_net(small: Told) -> None:
    """What was paid back turns the side; an amount that nobody says is in no sum."""
    paid = {"kind": "payment", "payer": "lab", "payee": "cloud", "currency": "USD"}
    append(
        small,
        {**paid, "id": "a", "amount": "5", "effective_on": "2024-01-01"},
        {**paid, "id": "b", "effective_on": "2024-02-01"},
        {**paid, "id": "c", "payer": "cloud", "payee": "lab", "amount": "5", "bound": "up-to",
         "effective_on": "2024-03-01"},
    )  # fmt: skip
    steps = trace_net(small.at(date(2024, 12, 31)), "lab", "cloud")

    assert ("exact", "exact", "at-least") == bounds_along(steps)
