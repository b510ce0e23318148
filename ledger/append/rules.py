"""The rules of an append, in the order in which they are checked. Pure.

Each rule looks at one event and the facts before it, and yields what is wrong. An event that breaks
an earlier rule is not asked the later ones, so everybody knows which problem a doubly wrong event
gets. Identity comes first: an event that is recorded already is no problem whatever else changed.
Most events refer to no other; what is asked of every event needs only what is encoded beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import date
from typing import Final

from dealledger.events import (
    BadInput,
    Commitment,
    EncodedEvent,
    Event,
    Funding,
    Payment,
    Problem,
    Retraction,
    Termination,
)
from dealledger.events.base import content
from dealledger.events.currency import check_current
from dealledger.events.errors import closest
from dealledger.events.terms import contradiction
from dealledger.events.text import one_line, shown
from dealledger.ledger.append.facts import Facts, Known
from dealledger.ledger.append.terminations import ending_problems, order_problems, unit_problems

Rule = Callable[[EncodedEvent, Facts], list[Problem]]
ReferenceRule = Callable[[Event, Facts], Iterator[Problem]]

_TERMS_HINT: Final = "post_money is pre_money + all that the round pays; leave out what is not sure"


def differing(event: Event, recorded: Event) -> list[str]:
    """Return the fields in which two events of one id differ."""
    one, two = content(event), content(recorded)
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


def check_id(event: EncodedEvent, facts: Facts) -> list[Problem]:
    """An id stands for one event: not twice in a batch, and never for other content."""
    known = facts.known.get(event.id)
    if known is None:
        return []
    if known.position > facts.start:
        return [Problem(f"the id {event.id} stands twice in this batch", rule="duplicate-id")]
    fields = ", ".join(differing(event.event, known.event))
    said = f"{event.id} is recorded at @{known.position} with another {fields}"
    hint = "" if event.kind == "retraction" else f"to change it: deals correct {event.id}"
    return [Problem(said, hint, rule="id-conflict")]


def check_lines(event: EncodedEvent, _facts: Facts) -> list[Problem]:
    """What is one line has no line break of Unicode; only new events are asked."""
    if event.said.isascii():
        return []
    return [problem for text in event.event.lines() for problem in _line_problems(text)]


def _line_problems(text: str) -> Iterator[Problem]:
    try:
        one_line(text)
    except BadInput as error:
        yield Problem(error.message, error.hint, rule="line")


def check_terms(event: EncodedEvent, _facts: Facts) -> list[Problem]:
    """The terms of a funding can all be true; only new events are asked."""
    if event.kind != "funding" or b'_money"' not in event.said:
        return []
    said = contradiction(event.event)  # type: ignore[arg-type]
    return [Problem(said, _TERMS_HINT, rule="terms")] if said else []


def check_currencies(event: EncodedEvent, _facts: Facts) -> list[Problem]:
    """A currency was one on the date of the event; only new events are asked."""
    problems = []
    for code in event.currencies:
        try:
            check_current(code, date.fromisoformat(event.effective_on))
        except BadInput as error:
            problems.append(Problem(error.message, error.hint, rule="currency"))
    return problems


def check_parties(event: EncodedEvent, facts: Facts) -> list[Problem]:
    """Every party that an event names is registered."""
    if event.kind == "party" or all(map(facts.parties.get, event.parties)):
        return []
    unknown = [s for s in event.parties if not facts.parties.get(s) and s not in facts.claimed]
    return [_unknown_party(slug, facts) for slug in unknown]


def _unknown_party(slug: str, facts: Facts) -> Problem:
    known = facts.slugs | {known for known, ids in facts.parties.items() if ids}
    hint = closest(slug, known) or "--register makes it known; or: deals append party"
    return Problem(f"unknown party {shown(slug)}", hint, rule="unknown-party")


def check_draw(event: Event, facts: Facts) -> Iterator[Problem]:
    """A payment or funding draws on a commitment of its own parties and currency."""
    if not isinstance(event, Funding | Payment) or event.commitment is None:
        return
    found = yield from _live(event.commitment, facts)
    if found is not None:
        yield from draw_problems(event, event.commitment, found.event)


def draw_problems(event: Event, commitment_id: str, commitment: Event) -> Iterator[Problem]:
    """Yield why *event* cannot draw on *commitment*."""
    rule = "draw"
    if not isinstance(commitment, Commitment):
        yield Problem(f"{commitment_id} is a {commitment.kind}, no commitment", rule=rule)
        return
    if commitment.memo:
        yield Problem(f"{commitment_id} is a memo and is never drawn on", rule=rule)
    assert isinstance(event, Funding | Payment)
    if isinstance(event, Funding):
        payer, payee = event.investor, event.investee
    else:
        payer, payee = event.payer, event.payee
    payers = (commitment.obligor, *(bearer.party for bearer in commitment.bearers))
    if payee != commitment.beneficiary:
        yield Problem(
            f"{commitment_id} is owed to {commitment.beneficiary}, not to {payee}", rule=rule
        )
    if payer not in payers:
        yield Problem(
            f"{commitment_id} is owed by {' or '.join(payers)}, not by {payer}", rule=rule
        )
    if event.currency and commitment.currency and event.currency != commitment.currency:
        yield Problem(
            f"{commitment_id} is in {commitment.currency}, not in {event.currency}", rule=rule
        )


def check_backs(event: Event, facts: Facts) -> Iterator[Problem]:
    """A commitment backs a commitment."""
    if not isinstance(event, Commitment) or event.backs is None:
        return
    found = yield from _live(event.backs, facts)
    if found is not None and not isinstance(found.event, Commitment):
        yield Problem(f"{event.backs} is a {found.event.kind}, no commitment", rule="backs")


def check_termination(event: Event, facts: Facts) -> Iterator[Problem]:
    """What is ended exists, can end, keeps less than it had, and has not ended already."""
    if not isinstance(event, Termination):
        return
    for ended in event.ends:
        found = yield from _live(ended, facts)
        if found is None:
            continue
        problems = [
            *ending_problems(event, ended, found.event),
            *unit_problems(facts.units.get(event.id or ""), ended, found.event),
        ]
        yield from problems
        for other in () if problems else sorted(facts.depending(found.event.id or "")):
            before = facts.known[other].event
            if isinstance(before, Termination):
                yield from order_problems(event, ended, before)


def check_retraction(event: Event, facts: Facts) -> Iterator[Problem]:
    """What is retracted is recorded, stands, is no retraction, and nobody depends on it."""
    if not isinstance(event, Retraction):
        return
    rule = "retraction"
    target = facts.known.get(event.retracts)
    if target is None:
        if event.retracts not in facts.claimed:
            yield _unknown(event.retracts, facts)
    elif _days(event) != _days(target.event):
        yield Problem(
            f"a retraction has the dates of what it retracts: {_days(target.event)}",
            "leave them out, and it takes these",
            rule=rule,
        )
    elif isinstance(target.event, Retraction):
        yield Problem(
            f"{event.retracts} is a retraction and cannot be retracted",
            "append the event again under a new id",
            rule=rule,
        )
    elif target.retracted_by:
        yield Problem(f"{event.retracts} is retracted already, by {target.retracted_by}", rule=rule)
    elif event.replaced_by is None:
        yield from _dependant_problems(event.retracts, target, facts)


def _days(event: Event) -> str:
    day, announced = event.effective_on, event.announced_on
    return f"{day}" + (f", announced {announced}" if announced != day else "")


def _dependant_problems(event_id: str, target: Known, facts: Facts) -> Iterator[Problem]:
    dependants = facts.depending(event_id)
    if target.event.kind == "party":
        for slug in target.event.parties():
            if facts.parties.get(slug, set()) <= {event_id}:
                dependants |= facts.naming(slug)
    if dependants:
        shown_ids = ", ".join(sorted(dependants)[:5]) + (" …" if len(dependants) > 5 else "")
        yield Problem(
            f"{event_id} is needed by {shown_ids}",
            "retract them too: --cascade; or deals correct",
            rule="dependants",
        )


def replacement_problems(event: Retraction, facts: Facts) -> Iterator[Problem]:
    """Yield why the replacement cannot stand in; checked when the whole batch is known."""
    assert event.replaced_by is not None
    old, new = facts.known.get(event.retracts), facts.known.get(event.replaced_by)
    if new is None:
        if event.replaced_by not in facts.claimed:
            yield _unknown(event.replaced_by, facts)
        return
    if old is None:
        return
    stands = facts.resolve(event.replaced_by)
    if stands is None or stands.retracted_by:
        yield Problem(f"{event.replaced_by} is retracted and replaces nothing", rule="replacement")
    if new.event.kind != old.event.kind:
        yield Problem(
            f"{event.replaced_by} is a {new.event.kind}; it cannot replace a {old.event.kind}",
            rule="replacement",
        )
        return
    for dependant in sorted(
        facts.dependants.get(event.retracts, set()) | facts.depending(event.replaced_by)
    ):
        user = facts.known[dependant].event
        if isinstance(user, Funding | Payment):
            for problem in draw_problems(user, event.replaced_by, new.event):
                yield Problem(f"{dependant} draws on it: {problem.message}", rule="replacement")
        elif isinstance(user, Termination):
            for problem in ending_problems(user, event.replaced_by, new.event):
                yield Problem(f"{dependant} cuts it: {problem.message}", rule="replacement")
    yield from _renamed_party(old, facts)


def _renamed_party(old: Known, facts: Facts) -> Iterator[Problem]:
    if old.event.kind != "party":
        return
    for slug in old.event.parties():
        users = facts.naming(slug)
        if not facts.parties.get(slug) and users:
            yield Problem(
                f"{slug} is named by {min(users)}: a slug cannot change", rule="replacement"
            )


RULES: Final[tuple[Rule, ...]] = (
    check_id,
    check_lines,
    check_terms,
    check_currencies,
    check_parties,
)
"""What is asked of every event, in the order in which it meets them."""

REFERENCE_RULES: Final[tuple[ReferenceRule, ...]] = (
    check_draw,
    check_backs,
    check_termination,
    check_retraction,
)
"""What is asked, after that, of an event that refers to others."""


def check(event: EncodedEvent, facts: Facts) -> list[Problem]:
    """Return what the first broken rule has to say about *event*, or nothing."""
    for rule in RULES:
        if problems := rule(event, facts):
            return problems
    for reference_rule in REFERENCE_RULES if event.refs else ():
        if problems := list(reference_rule(event.event, facts)):
            return problems
    return []


def _live(event_id: str, facts: Facts) -> Generator[Problem, None, Known | None]:
    """Yield what is wrong with a reference; return the event that it means, or None."""
    if event_id in facts.claimed:
        return None
    found = facts.resolve(event_id)
    if found is None:
        yield from _missing(event_id, facts)
        return None
    if found.retracted_by:
        yield Problem(f"{event_id} is retracted, by {found.retracted_by}", rule="reference")
        return None
    return found


def _missing(event_id: str, facts: Facts) -> Iterator[Problem]:
    """Yield why an event means none: it is not known, or what replaced it is not known yet."""
    event_id, known = facts.last_known(event_id)
    if known is None or known.replaced_by is None:
        yield _unknown(event_id, facts)
    elif known.replaced_by not in facts.claimed:
        yield Problem(
            f"{event_id} is retracted, by {known.retracted_by}, and its replacement "
            f"{known.replaced_by} is not recorded yet",
            f"put {known.replaced_by} before this",
            rule="reference",
        )


def _unknown(event_id: str, facts: Facts) -> Problem:
    return Problem(
        f"unknown event {shown(event_id)}",
        closest(event_id, facts.known, fold=str) or "see: deals log",
        rule="unknown-event",
    )
