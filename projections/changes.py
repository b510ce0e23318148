"""What changed between two points of the ledger, on either axis, and the events that did it.

Two dates show what happened in the world; two moments of the record at one date show what
corrections and late records changed. A row is one number or right that appeared, changed or went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from dealledger.events import Event, Json, Money, moving_kinds, to_json
from dealledger.events.base import Priced
from dealledger.ledger import Record, View
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.flows import flows
from dealledger.projections.ownership.stakes import STAKE_KINDS, stakes
from dealledger.projections.promises.commitments import commitments
from dealledger.projections.rights import rights

Compared = Money | Fraction | str | None
What = Literal["stake", "net", "commitment", "right"]


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """One number or right at one point. parties: whom it is between; ids: the events behind it.

    one: the id of the event that is this promise or right; None, for a number of several.
    """

    value: Compared
    parties: tuple[str, ...]
    ids: frozenset[str]
    one: str | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A field that a correction set anew. before, after: money as such, all else as JSON has it."""

    field: str
    before: Money | str | None
    after: Money | str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. before, after: None where it was, or is, not there.

    events: what is known at one of the points only and has to do with it. became: the ids of an
    event and of what replaced it, if that is what changed; corrected: the fields set anew by that.
    """

    what: What
    name: str
    parties: tuple[str, ...]
    change: Literal["appeared", "changed", "went"]
    before: Compared
    after: Compared
    events: tuple[str, ...]
    became: tuple[str, str] | None = None
    corrected: tuple[Corrected, ...] = ()


def changes(first: View, second: View) -> tuple[Change, ...]:
    """Return what appeared, changed or went from the first View to the second.

    Order: stakes, nets, commitments, rights; each by name.
    """
    new = _new_events(first, second)
    latest = max(first, second, key=lambda view: view.known_at)
    found = []
    for what, facts in FACTS:
        before, after = (_by_key(facts(view), latest) for view in (first, second))
        for key in before.keys() | after.keys():
            (old_name, old), (name, now) = before.get(key, _NOT), after.get(key, _NOT)
            change = _change(what, name or old_name, old, now, new)
            if (old and old.value) != (now and now.value) or _is_reworded(change):
                found.append(change)
    order = [what for what, _ in FACTS]
    return tuple(sorted(found, key=lambda change: (order.index(change.what), change.name)))


_NOT: Final[tuple[str, ComparedValue | None]] = ("", None)


def _by_key(
    facts: Iterator[tuple[str, ComparedValue]], latest: View
) -> dict[str, tuple[str, ComparedValue]]:
    """Return names and facts so that an event and its replacement have the same key."""
    return {
        name if fact.one is None else latest.resolve(fact.one): (name, fact) for name, fact in facts
    }


def sureness(first: View, second: View) -> tuple[Confidence, ...]:
    """Return how sure the amounts are of what counts at one of the two points only."""
    events = [record.event for record in _new_events(first, second) if not record.event.memo]
    amounts = ((event.money(), event.confidence) for event in events if isinstance(event, Priced))
    return confidence_of((money, level) for money, level in amounts if money)


def _new_events(first: View, second: View) -> tuple[Record, ...]:
    """Return the events that count at one of the two points and not at the other, by position."""
    one = {record.id: record for record in first.events()}
    other = {record.id: record for record in second.events()}
    differing = [
        (one | other)[event_id] for event_id in one.keys() ^ other.keys()
    ]  # fmt: skip
    return tuple(sorted(differing, key=lambda record: record.position))


def _change(
    what: What,
    name: str,
    old: ComparedValue | None,
    now: ComparedValue | None,
    new: tuple[Record, ...],
) -> Change:
    ids = (old.ids if old else frozenset()) | (now.ids if now else frozenset())
    parties = (now or old).parties if (now or old) else ()  # type: ignore[union-attr]
    kinds = _causes(what)
    did = tuple(
        record.id
        for record in new
        if record.id in ids
        or ids & set(record.event.refs())
        or (record.event.kind in kinds and set(parties) <= record.event.parties())
    )
    change: Literal["appeared", "changed", "went"] = "changed"
    if old is None or now is None:
        change = "appeared" if old is None else "went"
    before, after = old.value if old else None, now.value if now else None
    found = Change(what, name, parties, change, before, after, did)
    one, other = old.one if old else None, now.one if now else None
    if one is None or other is None or one == other:
        return found
    events = {record.id: record.event for record in new}
    corrected = tuple(_corrected(events[one], events[other]))
    return replace(found, became=(one, other), corrected=corrected)


def _is_reworded(change: Change) -> bool:
    """Tell whether a correction says something else than before, be it not of a number."""
    return any(each.field not in _SOURCES for each in change.corrected)


def _corrected(one: Event, other: Event) -> Iterator[Corrected]:
    """Yield what differs between an event and what replaced it, in the order of its fields."""
    before, after = to_json(one), to_json(other)
    for name in {**before, **after}:
        if name not in _OWN and before.get(name) != after.get(name):
            yield Corrected(name, _field(one, name, before), _field(other, name, after))


def _field(event: Event, name: str, said: Mapping[str, Json]) -> Money | str | None:
    if name == "amount" and isinstance(event, Priced):
        return event.money()
    value = said.get(name)
    return None if value is None else str(value)


_OWN: Final = ("id", "actor")
"""Fields that every event has for itself."""
_SOURCES: Final = ("note", "source_title", "source_url", "source_published_on", "confidence")
"""Fields that say how something is known, and not what."""


def _stakes(view: View) -> Iterator[tuple[str, ComparedValue]]:
    for table in stakes(view):
        for row in table.rows:
            if row.stake is not None and row.counted:
                fact = ComparedValue(row.stake, (row.holder, row.issuer), frozenset(row.events))
                yield f"{row.holder} in {row.issuer}", fact


def _nets(view: View) -> Iterator[tuple[str, ComparedValue]]:
    for row in flows(view).by_pair():
        yield (
            f"{row.a} to {row.b} {row.currency}",
            ComparedValue(row.net, (row.a, row.b), frozenset()),
        )


def _commitments(view: View) -> Iterator[tuple[str, ComparedValue]]:
    for row in commitments(view):
        if row.live:
            value = row.remaining if row.remaining is not None else "undisclosed"
            parties = (row.obligor, row.beneficiary)
            fact = ComparedValue(value, parties, frozenset(row.events), row.id)
            yield f"{row.id}: {' to '.join(parties)}", fact


def _rights(view: View) -> Iterator[tuple[str, ComparedValue]]:
    for row in rights(view):
        if row.status == "in force":
            parties = (row.grantor, row.grantee)
            fact = ComparedValue(row.right, parties, frozenset((row.id,)), row.id)
            yield f"{row.id}: {' to '.join(parties)}", fact


FACTS: Final[tuple[tuple[What, Callable[[View], Iterator[tuple[str, ComparedValue]]]], ...]] = (
    ("stake", _stakes),
    ("net", _nets),
    ("commitment", _commitments),
    ("right", _rights),
)


def _causes(what: What) -> tuple[str, ...]:
    """Return the kinds of events that change a number of its parties by themselves."""
    causes = {"stake": STAKE_KINDS, "net": moving_kinds()}
    return causes.get(what, ())
