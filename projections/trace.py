"""Why a number is what it is: the events behind it in order, each with its effect.

The number is evaluated again after each event, by the same rules that give the number itself; so
the effects add up to it exactly, and there is no second definition to drift. What it was before the
first event is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dealledger.events import BadInput, Commitment, Money, Moving, Termination, moving_kinds
from dealledger.events.base import Bound
from dealledger.events.bound import subtracted, summed
from dealledger.events.category import is_cash
from dealledger.events.dates import is_over
from dealledger.events.text import shown
from dealledger.ledger import Record, View
from dealledger.projections.ownership.rounds import Rates
from dealledger.projections.ownership.stakes import STAKE_KINDS, issuer_of, stake_steps
from dealledger.projections.promises.account import account, committed_minor
from dealledger.projections.promises.commitments import draws_of
from dealledger.projections.rates import Converter, To, converter


@dataclass(frozen=True, slots=True)
class Step:
    """One event and the number before and after it.

    amount: in minor units of `currency`, or a share of the whole if that is None. day: when it took
    effect. what: how, if not by the event itself. retracted: shown, without effect.
    """

    record: Record
    day: date
    before: Fraction
    after: Fraction
    currency: str | None
    what: str = ""
    retracted: bool = False

    def value(self, number: Fraction) -> Money | Fraction:
        """Return a number of this step in its unit."""
        return number if self.currency is None else Money(self.currency, int(number))

    @property
    def effect(self) -> Fraction:
        """Return by how much the event changed the number."""
        return self.after - self.before


def trace_stake(view: View, issuer: str, holder: str) -> tuple[Step, ...]:
    """Return the events behind what *holder* has of *issuer*, as a share of the whole."""
    records = _of_issuer(view, issuer)
    by_id = {record.id: record for record in records}
    ends = _ends(view, by_id)
    ended = {holding: record.effective_on for holding, record in ends.items()}
    steps = []
    for each in stake_steps(records, ended, holder, Rates(view)):
        record = ends[each.event] if each.ends else by_id[each.event]
        if each.after != each.before or (each.counts and holder in record.event.parties()):
            steps.append(Step(record, each.day, each.before, each.after, None))
    return tuple(steps)


def trace_net(view: View, a: str, b: str, currency: To = None) -> tuple[Step, ...]:
    """Return the cash between two parties, as the net from *a* to *b*, per currency.

    currency: convert each amount to it, at its own date. Raises: MissingRate.
    """
    convert = converter(view, currency)
    return _cash(view.events(*moving_kinds(), party=a), a, b, convert)


def trace_balance(view: View, party: str, currency: To = None) -> tuple[Step, ...]:
    """Return the cash of a party, as what it received less what it paid, per currency.

    currency: convert each amount to it, at its own date. Raises: MissingRate.
    """
    convert = converter(view, currency)
    return _cash(view.events(*moving_kinds(), party=party), None, party, convert)


def trace_commitment(view: View, commitment_id: str) -> tuple[Step, ...]:
    """Return what made, drew on, cut and ended a commitment, as what is open of it.

    Raises: BadInput, if there is no such commitment, or its amount is not disclosed.
    """
    commitment_id = view.resolve(commitment_id)
    own = [record for record in view.events("commitment") if record.id == commitment_id]
    if not own:
        raise BadInput(f"there is no commitment {shown(commitment_id)} at this point in time")
    event = own[0].event
    assert isinstance(event, Commitment)
    if event.currency is None or committed_minor(event) is None:
        raise BadInput(f"the amount of {commitment_id} is not disclosed")
    records = sorted(
        [*own, *draws_of(view, commitment_id), *_cuts(view, commitment_id)],
        key=lambda record: (record.effective_on, record.position),
    )
    return _commitment_steps(view, event, records)


def retracted_steps(view: View, steps: Iterable[Step], *parties: str) -> tuple[Step, ...]:
    """Return what was retracted of the kinds and parties of *steps*, as steps without effect."""
    steps = tuple(steps)
    kinds = {step.record.event.kind for step in steps} or {*moving_kinds(), "holding"}
    currency = steps[0].currency if steps else None
    found = [
        record
        for record in view.events(*kinds, retracted=True)
        if set(parties) <= record.event.parties()
    ]
    zero = Fraction()
    return tuple(
        Step(record, record.effective_on, zero, zero, currency, "retracted", retracted=True)
        for record in found
    )


def bounds_along(steps: Iterable[Step]) -> tuple[Bound, ...]:
    """Return what kind of number stands after each step: of one sum of amounts with bounds.

    Of a commitment, what a termination leaves, and nothing, are exact; a draw of unknown amount
    leaves at most so much.
    """
    steps = tuple(steps)
    is_promise = bool(steps) and steps[0].record.event.kind == "commitment"
    found: list[Bound] = []
    for step in steps:
        before = found[-1] if found else "exact"
        is_settled = is_promise and (step.record.event.kind == "termination" or not step.after)
        found.append("exact" if is_settled else summed([before, _bound_of(step)]))
    return tuple(found)


def _bound_of(step: Step) -> Bound:
    bound: Bound = getattr(step.record.event, "bound", "exact")
    if not step.effect:
        return "exact" if step.what else "up-to"
    return bound if step.effect > 0 else subtracted(bound)


def _of_issuer(view: View, issuer: str) -> list[Record]:
    """Return what can change an issuer's table, by date and position."""
    return [
        record
        for record in view.events(*STAKE_KINDS, party=issuer)
        if not record.event.memo and issuer_of(record.event) == issuer
    ]


def _ends(view: View, records: Mapping[str, Record]) -> dict[str, Record]:
    """Return, by the id of what is ended of *records*, the first termination of it."""
    found: dict[str, Record] = {}
    for record in view.events("termination"):
        event = record.event
        if isinstance(event, Termination) and not event.memo:
            for each in map(view.resolve, event.ends):
                if each in records:
                    found.setdefault(each, record)
    return found


def _cash(records: Iterable[Record], a: str | None, b: str, convert: Converter) -> tuple[Step, ...]:
    """Return running sums per currency: a to b, or, without *a*, what b received less paid."""
    sides: dict[str, list[Fraction]] = {}
    steps = []
    for record in records:
        for posting in record.event.postings():
            toward = posting.target == b and a in (None, posting.source)
            back = posting.source == b and a in (None, posting.target)
            if not is_cash(posting.category) or not (toward or back) or posting.currency is None:
                continue
            code = convert.code(posting.currency)
            sums = sides.setdefault(code, [Fraction(), Fraction()])
            before = _net(sums)
            if posting.minor:
                money = Money(posting.currency, posting.minor)
                sums[back] += convert.exact(money, record.effective_on)
            what = "undisclosed" if posting.minor is None else ""
            steps.append(Step(record, record.effective_on, before, _net(sums), code, what))
    return tuple(steps)


def _net(sides: list[Fraction]) -> Fraction:
    """Return the net of what ran each way, each rounded as the tables of flows round it."""
    there, back = sides
    return Fraction(round(there) - round(back))


def _cuts(view: View, commitment_id: str) -> list[Record]:
    return [
        record
        for record in view.events("termination")
        if isinstance(record.event, Termination)
        and not record.event.memo
        and commitment_id in {view.resolve(each) for each in record.event.ends}
    ]


def _commitment_steps(view: View, event: Commitment, records: list[Record]) -> tuple[Step, ...]:
    steps: list[Step] = []
    before = Fraction()
    for index, record in enumerate(records, start=1):
        after = Fraction(_open(event, records[:index], record.effective_on))
        steps.append(Step(record, record.effective_on, before, after, event.currency))
        before = after
    last = Fraction(_open(event, records, view.as_of))
    if last != before and event.end is not None and is_over(event.end, view.as_of):
        own = next(record for record in records if record.event == event)
        steps.append(Step(own, event.end, before, last, event.currency, "its term is over"))
    return tuple(steps)


def _open(event: Commitment, records: list[Record], as_of: date) -> int:
    events = [record.event for record in records]
    draws = [each for each in events if isinstance(each, Moving)]
    cuts = [each for each in events if isinstance(each, Termination)]
    return account(event, draws, cuts, as_of).remaining or 0
