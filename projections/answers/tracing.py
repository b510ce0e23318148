"""What `explain` and `history` share: which number somebody means, and its steps as a report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from dealledger.events import Money
from dealledger.events.bound import SIGNS
from dealledger.events.dates import instant_text
from dealledger.projections.answers.report import Column, Value
from dealledger.projections.answers.values import cell
from dealledger.projections.answers.whereabouts import Opened, visible_commitment
from dealledger.projections.answers.wording import sentence
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.parties import find_party, name_of
from dealledger.projections.trace import (
    Step,
    bounds_along,
    retracted_steps,
    trace_balance,
    trace_commitment,
    trace_net,
    trace_stake,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealledger.events.base import Bound
    from dealledger.ledger import View
    from dealledger.projections.rates import To


What: TypeAlias = Literal["stake", "net", "balance", "commitment"]


@dataclass(frozen=True, slots=True)
class Traced:
    """A number: what it is called, and the steps that lead to it, in the order of their dates.

    named: the title with the names of the parties, for pictures.
    """

    title: str
    steps: tuple[Step, ...]
    named: str

    def value(self) -> tuple[Value, ...]:
        """Return the number itself: the last value, one per currency."""
        last = {step.currency: step.value(step.after) for step in self.steps if not step.retracted}
        return tuple(last[key] for key in sorted(last, key=str))

    def bounds(self) -> dict[Step, Bound]:
        """Return what kind of number stands after each step; stakes are shares, and exact."""
        cash = tuple(step for step in self.steps if step.currency is not None)
        return dict(zip(cash, bounds_along(cash), strict=True))

    def said(self) -> str:
        """Return the number itself in words, one per currency."""
        bounds, last = self.bounds(), {}
        for step in self.steps:
            if not step.retracted:
                sign = SIGNS[bounds.get(step, "exact")]
                last[step.currency] = sign + cell(step.value(step.after), full=True)
        return ", ".join(last[key] for key in sorted(last, key=str)) or "nothing"

    def confidence(self) -> tuple[Confidence, ...]:
        """Return how sure the amounts are that changed the number, each of them once."""
        return confidence_of(
            (Money(step.currency, abs(int(step.effect))), step.record.event.confidence)
            for step in self.steps
            if step.currency is not None
        )


def traced(
    view: View,
    what: What,
    names: Sequence[str],
    opened: Opened | None = None,
    *,
    everything: bool = False,
    currency: To = None,
) -> Traced:
    """Return the steps of a stake, net, balance or commitment.

    names: issuer and holder; two parties; a party; a commitment's id. opened: opens the ledger, to
    say where a commitment is that is not visible. everything: with what was retracted. currency:
    what to convert cash to.
    Raises: BadInput, for an unknown party or commitment; MissingRate.
    """
    if what == "commitment":
        event_id = visible_commitment(view, names[0], opened)
        steps = trace_commitment(view, event_id)
        title = f"What is open of {event_id}"
        return Traced(title, steps, f"{title}: {_who_promises(view, steps)}")
    parties = [find_party(view, name) for name in names]
    if what == "stake":
        steps = trace_stake(view, *parties)
    elif what == "net":
        steps = trace_net(view, parties[0], parties[1], currency)
    else:
        steps = trace_balance(view, parties[0], currency)
    if everything:
        gone = retracted_steps(view, steps, *parties)
        steps = tuple(sorted((*steps, *gone), key=lambda step: (step.day, step.record.position)))
    return Traced(_title(what, parties), steps, _title(what, [name_of(view, p) for p in parties]))


def _title(what: What, parties: Sequence[str]) -> str:
    if what == "stake":
        return f"The stake of {parties[1]} in {parties[0]}"
    if what == "net":
        return f"Net cash from {parties[0]} to {parties[1]}"
    return f"The cash of {parties[0]}: received less paid"


def _who_promises(view: View, steps: Sequence[Step]) -> str:
    event = steps[0].record.event
    assert event.sides is not None
    obligor, beneficiary = (name_of(view, getattr(event, side)) for side in event.sides)
    return f"{obligor} to {beneficiary}"


def _source(step: Step) -> str:
    event = step.record.event
    return event.source_title or event.source_url or ""


WHAT: Final = Column(
    "what",
    "What",
    lambda step: f"{sentence(step.record.event)}{step.what and f' ({step.what})'}",
    kind="text",
    about="what the event says",
)
_HISTORY: Final = (
    Column("on", "On", lambda step: step.day),
    Column("event", "Event", lambda step: step.record.id),
    WHAT,
    Column("currency"),
    Column(
        "value",
        "Value",
        lambda step: step.value(step.after),
        right=True,
        kind="amount or share",
        about="the number after the event",
    ),
    Column("confidence", "Confidence", lambda step: step.record.event.confidence, rank=2),
    Column(
        "source_title",
        "Source",
        lambda step: step.record.event.source_title,
        shown=_source,
        rank=1,
    ),
    Column("source_url", exact=lambda step: step.record.event.source_url),
)
_EXPLANATION: Final = (
    Column("on", "On", lambda step: step.day),
    Column("event", "Event", lambda step: step.record.id),
    WHAT,
    Column("currency"),
    Column(
        "before",
        "Before",
        lambda step: step.value(step.before),
        right=True,
        rank=2,
        kind="amount or share",
        about="the number before the event",
    ),
    Column(
        "effect",
        "Effect",
        lambda step: step.value(step.effect),
        right=True,
        kind="amount or share",
        about="by how much the event changes it",
    ),
    Column(
        "after",
        "After",
        lambda step: step.value(step.after),
        right=True,
        kind="amount or share",
        about="the number after it",
    ),
    Column(
        "position",
        "@",
        lambda step: step.record.position,
        rank=5,
        kind="count",
        about="of the event in the record",
    ),
    Column(
        "recorded_at",
        exact=lambda step: instant_text(step.record.recorded_at),
        kind="time",
        about="when it was recorded",
    ),
    Column(
        "actor",
        exact=lambda step: step.record.actor,
        kind="text",
        about="who recorded it; null: not said",
    ),
    Column("retracted", kind="yes/no", about="it has no effect, for it was retracted"),
    Column("confidence", "Confidence", lambda step: step.record.event.confidence, rank=4),
    Column(
        "source_title",
        "Source",
        lambda step: step.record.event.source_title,
        shown=_source,
        rank=1,
    ),
    Column("source_url", exact=lambda step: step.record.event.source_url),
)


def history_columns(found: Traced) -> list[Column]:
    """Return the columns of a number after each step."""
    return _bounded(_HISTORY, "value", found)


def explanation_columns(found: Traced) -> list[Column]:
    """Return the columns of a number before and after each step."""
    return _bounded(_EXPLANATION, "after", found)


def _bounded(columns: Sequence[Column], key: str, found: Traced) -> list[Column]:
    """Return *columns* with what kind of number stands in one of them."""
    bounds = found.bounds()

    def bound(step: Step) -> Bound:
        return bounds.get(step, "exact")

    def signed(step: Step) -> str:
        return SIGNS[bound(step)] + cell(step.value(step.after))

    shown: list[Column] = []
    for column in columns:
        if column.key == key:
            shown += [
                replace(column, shown=signed),
                Column("bound", exact=bound),
            ]
        else:
            shown.append(column)
    return shown
