"""Everything between two parties at one point in time, and the sources of it.

Each fact is taken from the projection that defines it; here they only stand together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from dealledger.events import Money, moving_kinds
from dealledger.events.base import Bound, Priced
from dealledger.events.bound import SIGNS, summed
from dealledger.events.category import CATEGORIES, TRANSFER, is_cash
from dealledger.ledger import Record, View
from dealledger.projections.analysis.reciprocity import exchange
from dealledger.projections.analysis.web import Layer, layers_said, web
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.flows import accrued_part
from dealledger.projections.ownership.stakes import stakes
from dealledger.projections.promises.commitments import CommitmentRow, commitments
from dealledger.projections.promises.owed import payers
from dealledger.projections.rates import Converter, To, converter
from dealledger.projections.rights import RightRow, rights
from dealledger.projections.rivalries import rivalries

Section = Literal[
    "stakes", "cash", "in kind", "commitments", "rights", "rivalry", "apart", "memo", "exchange"
]
"""apart: what is only talked about (talks, term sheets, letters of intent). memo: statements that
are never summed."""

Say = Callable[[Money], str]


@dataclass(frozen=True, slots=True)
class Between:
    """One thing between two parties. value: an amount, or a share of a whole; None if not known.

    source, target: who holds, pays, owes or grants, and the other. detail: what else there is to
    say, in words. bound: what kind of number an amount is.
    """

    section: Section
    what: str
    source: str
    target: str
    value: Money | Fraction | None
    detail: str
    events: tuple[str, ...]
    bound: Bound = "exact"


@dataclass(frozen=True, slots=True)
class Source:
    """A publication, and the events and deals that rest on it. title, url: None if not recorded."""

    title: str | None
    url: str | None
    deals: tuple[str, ...]
    events: tuple[str, ...]


def relation(
    view: View,
    a: str,
    b: str,
    layers: tuple[Layer, ...] = ("paid",),
    currency: To = None,
    *,
    accrue: bool = False,
    say: Say = Money.short,
) -> tuple[Between, ...]:
    """Return everything between *a* and *b*, in the order of the sections.

    layers: what the exchange (reciprocity, capital for purchases, barter) counts. currency: convert
    every amount to it, each at its own date. accrue: read cash with a period by its days.
    say: how details have amounts.
    Raises: MissingRate; BadInput, if the exchange has several currencies and none is asked for.
    """
    convert = converter(view, currency)
    rows = _between(view, a, b, convert)
    return (
        *_stakes(view, a, b, convert, say),
        *_cash(view, a, b, convert, accrue=accrue),
        *(_promise("commitments", row, say) for row in rows if row.status in ("open", "drawn")),
        *_rights(view, a, b, "rights", "in force"),
        *_rivalry(view, a, b),
        *(_promise("apart", row, say) for row in rows if row.status == "apart"),
        *_rights(view, a, b, "apart", "apart"),
        *_memos(view, a, b, convert),
        *_exchange(view, a, b, layers, convert, accrue=accrue),
    )


def sureness(view: View, a: str, b: str, currency: To = None) -> tuple[Confidence, ...]:
    """Return how sure the amounts between *a* and *b* are: what was paid, and what is open."""
    convert = converter(view, currency)
    paid = (
        (convert(Money(line.currency or "", line.minor), line.day), line.confidence)
        for line in view.lines(*_moved())
        if {line.source, line.target} == {a, b} and line.minor is not None
    )
    still_open = (
        (row.remaining, row.event.confidence)
        for row in _between(view, a, b, convert)
        if row.remaining and row.status == "open"
    )
    return confidence_of([*paid, *still_open])


def _moved() -> tuple[str, ...]:
    """Return the categories of what one party gives to another itself: cash, and in kind.

    The price of a stake goes from holder to holder: it stands with flows of those.
    """
    return tuple(name for name in CATEGORIES if name != TRANSFER)


def sources(view: View, a: str, b: str, facts: Iterable[Between]) -> tuple[Source, ...]:
    """Return what the events behind *facts* about *a* and *b* rest on, each source once.

    Order: by the first of its events.
    """
    ids = {each for fact in facts for each in fact.events}
    records = {record.id: record for party in (a, b) for record in view.events(party=party)}
    told: dict[tuple[str | None, str | None], list[Record]] = {}
    for record in sorted(records.values(), key=lambda each: (each.effective_on, each.position)):
        if record.id in ids:
            key = (record.event.source_title, record.event.source_url)
            told.setdefault(key, []).append(record)
    return tuple(
        Source(
            title,
            url,
            tuple(dict.fromkeys(record.event.deal for record in found if record.event.deal)),
            tuple(record.id for record in found),
        )
        for (title, url), found in told.items()
    )


def _stakes(view: View, a: str, b: str, convert: Converter, say: Say) -> Iterator[Between]:
    for holder, issuer in ((a, b), (b, a)):
        for table in stakes(view, issuer, currency=convert):
            for row in table.rows:
                if row.holder == holder:
                    said = [row.how or "stake not known", row.basis or "", f"since {row.since}"]
                    said += [] if row.counted else ["no part of the 100 %"]
                    if row.value:
                        worth = f"{SIGNS[row.bound]}{say(row.value)} {row.value.currency}"
                        said.append(f"worth {worth}")
                    detail = ", ".join(word for word in said if word)
                    yield Between("stakes", "holds", holder, issuer, row.stake, detail, row.events)


def _cash(view: View, a: str, b: str, convert: Converter, *, accrue: bool) -> Iterator[Between]:
    amounts: dict[tuple[str, str, str, str | None], Fraction] = defaultdict(Fraction)
    unknown: dict[tuple[str, str, str, str | None], int] = defaultdict(int)
    events: dict[tuple[str, str, str, str | None], list[str]] = defaultdict(list)
    bounds = _bounds(view, a)
    for line in view.lines(*_moved(), by_period=accrue):
        if {line.source, line.target} != {a, b}:
            continue
        part = accrued_part(*line.period, view.as_of) if accrue and line.period else Fraction(1)
        code = None if line.currency is None else convert.code(line.currency)
        key = (line.source, line.category, line.target, code)
        if line.currency is not None and line.minor is not None:
            amounts[key] += part * convert.exact(Money(line.currency, line.minor), line.day)
        unknown[key] += line.minor is None
        events[key].append(line.event)
    order = [*CATEGORIES]
    for key in sorted(events, key=lambda key: (key[0] != a, order.index(key[1]), key[3] or "~")):
        source, category, target, currency = key
        known = currency is not None and (amounts[key] or not unknown[key])
        value = Money(currency or "", round(amounts[key])) if known else None
        detail = f"{unknown[key]} of undisclosed amount" if unknown[key] else ""
        section: Section = "cash" if is_cash(category) else "in kind"
        said = CATEGORIES[category].said
        at_least: list[Bound] = ["at-least"] if unknown[key] else []
        bound = summed([*(bounds.get(each, "exact") for each in events[key]), *at_least])
        yield Between(section, said, source, target, value, detail, tuple(events[key]), bound)


def _bounds(view: View, party: str) -> dict[str, Bound]:
    """Return the bounds of what moved, by event."""
    records = view.events(*moving_kinds(), party=party)
    return {each.id: getattr(each.event, "bound", "exact") for each in records}


def _between(view: View, a: str, b: str, convert: Converter) -> tuple[CommitmentRow, ...]:
    """Return the commitments that one of the two owes, as obligor or bearer, to the other."""
    return tuple(
        row
        for row in commitments(view, a, currency=convert)
        if {row.beneficiary} < {a, b} and {a, b} - {row.beneficiary} <= {*payers(row.event)}
    )


def _promise(section: Section, row: CommitmentRow, say: Say) -> Between:
    what = [row.layer if section == "commitments" else row.firmness]
    what += [row.purpose] if row.purpose else []
    return Between(section, ", ".join(what), row.obligor, row.beneficiary, row.remaining,
                _committed(row, say), row.events, row.open_bound)  # fmt: skip


def _committed(row: CommitmentRow, say: Say) -> str:
    sign = SIGNS[row.bound]
    said = [f"open of {sign}{say(row.committed)}" if row.committed else "amount not disclosed"]
    if row.drawn and row.drawn.minor:
        said.append(f"{say(row.drawn)} drawn")
    if row.undisclosed_draws:
        said.append(f"{row.undisclosed_draws} drawn of undisclosed amount")
    if row.overdrawn and row.overdrawn.minor:
        said.append(f"{say(row.overdrawn)} over")
    if row.end:
        said.append(f"until {row.end}")
    said += [row.firmness] if row.firmness != row.layer else []
    borne = [bearer.party for bearer in row.event.bearers if bearer.party != row.obligor]
    said += [f"also borne by {', '.join(borne)}"] if borne else []
    return ", ".join(said)


def _rights(view: View, a: str, b: str, section: Section, status: str) -> Iterator[Between]:
    for row in rights(view, a):
        if {row.grantor, row.grantee} == {a, b} and row.status == status:
            said = [_granted(row), row.firmness if section == "apart" else ""]
            detail = ", ".join(word for word in said if word)
            yield Between(section, row.right, row.grantor, row.grantee, None, detail, (row.id,))


def _granted(row: RightRow) -> str:
    said = [word for word in ("exclusive", "royalty_free") if getattr(row, word)]
    said += [f"until {row.until}"] if row.until else []
    said += [row.terms] if row.terms else []
    return ", ".join(word.replace("_", "-") for word in said)


def _rivalry(view: View, a: str, b: str) -> Iterator[Between]:
    found = rivalries(view, a).get((min(a, b), max(a, b)))
    if found is not None:
        markets = f"market: {', '.join(found.markets)}" if found.markets else ""
        yield Between("rivalry", "rivals", found.a, found.b, None, markets, found.events)


def _memos(view: View, a: str, b: str, convert: Converter) -> Iterator[Between]:
    """Yield what is stated between the two and never summed, with what the source says of it."""
    for record in view.events(party=a):
        event = record.event
        if not event.memo or event.sides is None:
            continue
        source, target = (str(getattr(event, side)) for side in event.sides)
        if {source, target} != {a, b}:
            continue
        money = event.money() if isinstance(event, Priced) else None
        value = None if money is None else convert(money, event.effective_on)
        bound: Bound = getattr(event, "bound", "exact")
        said = [f"on {event.effective_on}", getattr(event, "purpose", None), event.note]
        detail = ", ".join(str(word) for word in said if word)
        yield Between(
            "memo", f"{event.kind}, stated", source, target, value, detail, (record.id,), bound
        )


def _exchange(
    view: View, a: str, b: str, layers: tuple[Layer, ...], convert: Converter, *, accrue: bool
) -> Iterator[Between]:
    found = web(view, layers, currency=convert, between=frozenset({a, b}), accrue=accrue)
    if not found.legs:
        return
    there = exchange(found, a, b)
    layer = layers_said(layers)
    yield Between("exchange", "reciprocity", a, b, there.reciprocity, layer, ())
    yield Between(
        "exchange", "imbalance", a, b, there.imbalance, f"{layer}; + if {a} pays more", ()
    )
    for source, target, money in ((a, b, there.a_capital), (b, a, there.b_capital)):
        if money.minor:
            detail = f"{layer}; funded by {source}, and paid back as purchases"
            yield Between("exchange", "capital for purchases", source, target, money, detail, ())
    if there.barter.minor:
        yield Between(
            "exchange", "barter", a, b, there.barter, f"{layer}; bought from each other", ()
        )
