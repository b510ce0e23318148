"""Events that likely tell one fact twice, as when two people record it, or two sources report it.

Two events of one kind between the same parties are likely one, if their amounts are within 5 % of
each other (or one is not disclosed) and their dates within 45 days, and no period or deal of theirs
tells them apart. So are two that name the same source, whatever their dates. Whether they are one
is for a person to decide: a monthly fee looks the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from dealledger.events import Event
from dealledger.events.base import Priced, content
from dealledger.events.decimals import rounded

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.ledger.record import Record

DAYS: Final = 45
WITHIN: Final = Fraction(5, 100)
_KINDS: Final = (
    "funding", "payment", "transfer", "issuance", "commitment", "valuation", "holding", "right",
)  # fmt: skip
_UNTOLD: Final = frozenset(
    {"id", "actor", "note", "source_title", "source_url", "source_published_on", "confidence",
     "announced_on", "deal"}
)  # fmt: skip
"""What two tellers of one fact say differently."""


@dataclass(frozen=True, slots=True)
class Likely:
    """Two events that are likely one fact. days: between them. why: what makes it likely.

    apart: by what part of the larger one the amounts differ; None, if one is not disclosed.
    """

    kind: str
    parties: tuple[str, ...]
    first: str
    second: str
    first_on: date
    second_on: date
    days: int
    apart: Fraction | None
    why: tuple[str, ...]

    @property
    def order(self) -> tuple[bool, Fraction, int, str, str]:
        """Return what they are sorted by: the likeliest first."""
        return self.apart is None, self.apart or Fraction(), self.days, self.first, self.second


def duplicates(
    view: View, party: str | None = None, *, days: int = DAYS, within: Fraction = WITHIN
) -> tuple[Likely, ...]:
    """Return pairs of events that likely tell one fact, the likeliest first.

    party: only its events. days: how far apart at most. within: how much amounts may differ, as a
    part of the larger one.
    """
    groups: dict[tuple[object, ...], list[Record]] = {}
    for record in view.events(*_KINDS, party=party):
        if not record.event.memo:
            groups.setdefault(sides(record.event), []).append(record)
    found: list[Likely] = []
    for records in groups.values():
        records.sort(key=lambda record: (record.effective_on, record.position))
        for place, one in enumerate(records):
            for two in records[place + 1 :]:
                apart = (two.effective_on - one.effective_on).days
                if apart > days and not _same_source(one.event, two.event):
                    if one.event.source_url is None:
                        break  # nothing later is nearer, and no source is shared
                    continue
                found += likely(one.event, two.event, days=days, within=within)
    return tuple(sorted(found, key=lambda each: each.order))


def likely(
    one: Event, two: Event, *, days: int = DAYS, within: Fraction = WITHIN
) -> Iterator[Likely]:
    """Yield why two events, the earlier first, are likely one fact; nothing, if they are not."""
    if sides(one) != sides(two) or _told_apart(one, two):
        return
    between = abs((two.effective_on - one.effective_on).days)
    why = ["the same source"] if _same_source(one, two) else []
    apart, are_close = _amounts(one, two, within)
    if not are_close or (between > days and not why):
        return
    if apart is not None:
        why.append("the same amount" if not apart else f"amounts within {rounded(within * 100)} %")
    if between <= days:
        why.append("the same day" if not between else f"{between} days apart")
    yield Likely(
        one.kind, tuple(sorted(one.parties())), one.id or "", two.id or "", one.effective_on,
        two.effective_on, between, apart, tuple(why),
    )  # fmt: skip


def same_fact(event: Event) -> str:
    """Return what an event says of the world, without who says it: equal texts are one fact."""
    said = {name: value for name, value in content(event).items() if name not in _UNTOLD}
    return repr(sorted(said.items(), key=lambda each: each[0]))


def sides(event: Event) -> tuple[object, ...]:
    """Return the kind, and who stands in which field; of a valuation its basis too."""
    named = event.parties()
    fields: list[tuple[str, Any]] = [
        (name, value) for name, value in event if isinstance(value, str) and value in named
    ]
    more = [getattr(event, name, None) for name in ("right", "share_class", "purpose", "basis")]
    return event.kind, *fields, *more


def _told_apart(one: Event, two: Event) -> bool:
    """Tell whether periods say that two amounts are different ones."""
    start, end = (getattr(two, name, None) for name in ("period_start", "period_end"))
    first, last = (getattr(one, name, None) for name in ("period_start", "period_end"))
    if start is None or end is None or first is None or last is None:
        return False
    return bool(start > last or first > end)


def _amounts(one: Event, two: Event, within: Fraction) -> tuple[Fraction | None, bool]:
    """Return by what part amounts, stakes or shares differ, and whether that is near enough."""
    for name in ("amount", "shares", "stake"):
        first, second = getattr(one, name, None), getattr(two, name, None)
        if first is None or second is None:
            if first is None and second is None:
                continue
            return None, True
        if isinstance(one, Priced) and isinstance(two, Priced) and one.currency != two.currency:
            return None, False
        larger = max(Fraction(first), Fraction(second))
        apart = abs(Fraction(first) - Fraction(second)) / larger if larger else Fraction()
        return apart, apart <= within
    return None, True


def _same_source(one: Event, two: Event) -> bool:
    return one.source_url is not None and one.source_url == two.source_url
