"""What every event has, and how an event says which parties, events and cash it concerns.

A kind of event is one frozen model in `kinds.py`. From its annotations the rest of the house reads
what it must know: `Slug` fields that are `Party` name parties, `Ref` fields name other events. Its
`postings` are the cash that it moved. So a new kind is one class, and nothing else changes.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    NamedTuple,
    Self,
    TypeAlias,
    get_args,
)

from pydantic import BaseModel, ConfigDict, PlainValidator, StrictBool, model_validator

from dealledger.events.decimals import decimal_text
from dealledger.events.errors import BadInput
from dealledger.events.fields import (
    CURRENCY,
    LINE,
    Currency,
    Day,
    EventId,
    Name,
    PartialDay,
    Slug,
    Text,
)
from dealledger.events.money import Money, minor_units, parse_positive
from dealledger.events.text import parse_event_id, parse_slug

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"

PARTY = "party"
REF = "event"
MONEY = "money"
OTHERS_MONEY = "money of ref"
"""The mark of an amount in the currency of the event that this one refers to."""

PartySlug = Annotated[str, PlainValidator(parse_slug), PARTY]
Ref = Annotated[str, PlainValidator(parse_event_id), REF]
Amount = Annotated[Decimal, PlainValidator(parse_positive), MONEY]

Confidence = Literal["confirmed", "reported", "estimated"]
Bound = Literal["exact", "up-to", "at-least", "about"]
Firmness = Literal["talks", "term-sheet", "letter-of-intent", "announced", "reported", "definitive"]


class Posting(NamedTuple):
    """Cash, or credits, that moved from one party to another.

    minor: minor units of the currency, or None if the source does not disclose the amount.
    period: the days over which it moved, where the source says so.
    """

    category: str
    source: str
    target: str
    currency: str | None
    minor: int | None
    period: tuple[date, date] | None = None


class Frozen(BaseModel):
    """A value that refuses unknown fields and never changes."""

    # A command meets few of the kinds: the validator of each is built when it is first needed.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Event(Frozen):
    """One fact, as a source tells it. JSON is flat; see the kinds for the further fields."""

    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, str] | None] = None
    """The two fields that must name different parties."""

    kind: str
    id: EventId | None = None
    effective_on: Day
    announced_on: Day
    deal: Slug | None = None
    actor: Name | None = None
    note: Text | None = None
    source_title: Text | None = None
    source_url: Text | None = None
    source_published_on: PartialDay | None = None
    confidence: Confidence | None = None
    memo: StrictBool = False

    @model_validator(mode="before")
    @classmethod
    def _announced_when_effective(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("announced_on") is None and "effective_on" in data:
            return {**data, "announced_on": data["effective_on"]}
        return data

    @model_validator(mode="after")
    def _sides_differ(self) -> Self:
        if self.sides and getattr(self, self.sides[0]) == getattr(self, self.sides[1]):
            first, second = self.sides
            raise BadInput(
                f"{first} and {second} are both {getattr(self, first)}", "they must differ"
            )
        return self

    def parties(self) -> frozenset[str]:
        """Return the slugs of all parties that the event names."""
        return frozenset(_marked(self, PARTY))

    def refs(self) -> tuple[str, ...]:
        """Return the ids of the events that this one refers to."""
        return tuple(dict.fromkeys(_marked(self, REF)))

    def currencies(self) -> tuple[str, ...]:
        """Return the codes of the currencies that the event names."""
        return tuple(_marked(self, CURRENCY))

    def lines(self) -> tuple[str, ...]:
        """Return the texts that are one line each: names, purposes and the like."""
        return tuple(_marked(self, LINE))

    def postings(self) -> tuple[Posting, ...]:
        """Return what the event moved; nothing, unless a kind says otherwise."""
        return ()


class Priced(Event):
    """An event with amounts of money, all in one currency."""

    currency: Currency | None = None

    @model_validator(mode="after")
    def _amounts_fit_currency(self) -> Self:
        for amount in _marked(self, MONEY):
            if self.currency is None:
                raise BadInput("an amount needs a currency", "such as USD")
            minor_units(amount, self.currency)
        return self

    def minor(self, field: str = "amount") -> int | None:
        """Return the amount in *field* in minor units, or None if it is not disclosed."""
        amount = getattr(self, field, None)
        if amount is None or self.currency is None:
            return None
        return minor_units(amount, self.currency)

    def money(self, field: str = "amount") -> Money | None:
        """Return the amount in *field*, or None if it is not disclosed."""
        minor = self.minor(field)
        return None if minor is None or self.currency is None else Money(self.currency, minor)


class Moving(Priced):
    """An event by which money moves from the first of its `sides` to the second.

    A kind of it has the fields below, wherever they stand among its own, and says its category (see
    `category.py`); the journal, draws on commitments and every answer about cash follow from that.
    """

    if TYPE_CHECKING:  # Each kind has them, in the order in which its JSON shows them.
        amount: Amount | None
        bound: Bound
        commitment: Ref | None
        period_start: Day | None
        period_end: Day | None

    @property
    def giver(self) -> str:
        """Return who pays."""
        assert self.sides is not None
        return str(getattr(self, self.sides[0]))

    @property
    def taker(self) -> str:
        """Return who is paid."""
        assert self.sides is not None
        return str(getattr(self, self.sides[1]))

    @property
    def category(self) -> str:
        """Return the category of what moves, one of CATEGORIES."""
        raise NotImplementedError

    @property
    def period(self) -> tuple[date, date] | None:
        """Return the first and the last day over which it moved, or None for one day."""
        if self.period_start is None or self.period_end is None:
            return None
        return self.period_start, self.period_end

    @model_validator(mode="after")
    def _period_is_whole(self) -> Self:
        check_period(self.period_start, self.period_end)
        return self

    def postings(self) -> tuple[Posting, ...]:
        """Return what moved; nothing for a memo, which is a statement."""
        if self.memo:
            return ()
        sides = (self.giver, self.taker)
        return (Posting(self.category, *sides, self.currency, self.minor(), self.period),)


def check_period(start: date | None, end: date | None) -> None:
    """Refuse a period that has one end only, or ends before it starts."""
    if (start is None) != (end is None):
        raise BadInput("a period needs period_start and period_end")
    if start and end and end < start:
        raise BadInput(f"the period ends on {end}, before it starts on {start}")


_FIRST: Final = ("id", "kind", "effective_on", "announced_on", "deal")
_LAST: Final = (
    "memo", "note", "source_title", "source_url", "source_published_on", "confidence", "actor"
)  # fmt: skip


def to_json(event: Event) -> dict[str, Json]:
    """Return the flat JSON of *event*: only what differs from the defaults, all numbers as text.

    Equal events give equal JSON, whichever way they were written.
    """
    found = {name: plain(value) for name, value in said(event).items()}
    first = [name for name in _FIRST if name in found]
    last = [name for name in _LAST if name in found]
    own = [name for name in found if name not in _FIRST and name not in _LAST]
    return {name: found[name] for name in first + own + last}


def content(event: Event) -> dict[str, Json]:
    """Return what makes an event the same: all it says, but not its actor."""
    return {name: plain(value) for name, value in said(event).items() if name != "actor"}


def plain(value: Any) -> Json:
    """Return a field's value as JSON that holds no float."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in said(value).items()}


def said(model: Frozen) -> dict[str, Any]:
    """Return the fields of *model* that say something, in the order of their definition."""
    silent = _silent(type(model))
    return {
        name: value
        for name, value in model.__dict__.items()
        if value is not None and value != silent[name]
    }


@cache
def _silent(model: type[Frozen]) -> dict[str, Any]:
    """Return the values that say nothing, by field; the kind always says something."""
    return {
        name: None if name == "kind" or field.is_required() else field.default
        for name, field in model.model_fields.items()
    }


def _marked(model: Frozen, mark: str) -> list[Any]:
    """Return the values of all fields whose annotation carries *mark*, also inside of lists."""
    found: list[Any] = []
    for name, nested in _plan(type(model), mark):
        value = getattr(model, name)
        if value is None:
            continue
        for item in value if isinstance(value, tuple) else (value,):
            found += _marked(item, mark) if nested else (item,)
    return found


_PLANS: dict[tuple[type[Frozen], str], tuple[tuple[str, bool], ...]] = {}


def _plan(model: type[Frozen], mark: str) -> tuple[tuple[str, bool], ...]:
    """Return (field, does it hold models) for the fields that carry or contain *mark*."""
    plan = _PLANS.get((model, mark))
    if plan is None:
        found = []
        for name, field in model.model_fields.items():
            marks, nested = _anatomy(field.annotation)
            if mark in field.metadata or mark in marks:
                found.append((name, False))
            elif any(_plan(item, mark) for item in nested):
                found.append((name, True))
        plan = _PLANS[model, mark] = tuple(found)
    return plan


def _anatomy(annotation: Any) -> tuple[set[Any], list[type[Frozen]]]:
    """Return the marks and models inside of an annotation such as `tuple[Bearer, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Frozen):
        return set(), [annotation]
    marks = {mark for mark in getattr(annotation, "__metadata__", ()) if isinstance(mark, str)}
    models: list[type[Frozen]] = []
    for part in get_args(annotation):
        inner_marks, inner_models = _anatomy(part)
        marks |= inner_marks
        models += inner_models
    return marks, models
