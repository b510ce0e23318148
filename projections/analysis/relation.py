"""Everything between two parties at one point in time, and the sources of it.

Each fact is taken from the projection that defines it; here they only stand together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from dealledger.events import Money, Rivalry
from dealledger.ledger import Record, View
from dealledger.projections.analysis.reciprocity import exchange
from dealledger.projections.analysis.web import Layer, layers_said, web
from dealledger.projections.commitments import CommitmentRow, commitments
from dealledger.projections.confidence import Confidence, confidence_of
from dealledger.projections.endings import endings
from dealledger.projections.rights import RightRow, rights
from dealledger.projections.stakes import stakes

Section = Literal["stakes", "cash", "commitments", "rights", "rivalry", "exchange"]

CASH: Final = {"funding": "funded", "payment": "paid as revenue", "credits": "funded in credits"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing between two parties. value: an amount, or a share of a whole; None if not known.

    source, target: who holds, pays, owes or grants, and the other. detail: what else there is to
    say, in words.
    """

    section: Section
    what: str
    source: str
    target: str
    value: Money | Fraction | None
    detail: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A publication, and the events and deals that rest on it. title, url: None if not recorded."""

    title: str | None
    url: str | None
    deals: tuple[str, ...]
    events: tuple[str, ...]


def relation(
    view: View, a: str, b: str, layers: tuple[Layer, ...] = ("paid",), currency: str | None = None
) -> tuple[Fact, ...]:
    """Return what is between *a* and *b*: stakes, cash, commitments, rights, rivalry, exchange.

    layers, currency: what the exchange (reciprocity, capital for purchases, barter) counts.
    Raises: MissingRate; BadInput, if the exchange has several currencies and none is asked for.
    """
    return (
        *_stakes(view, a, b),
        *_cash(view, a, b),
        *_commitments(view, a, b),
        *_rights(view, a, b),
        *_rivalry(view, a, b),
        *_exchange(view, a, b, layers, currency),
    )


def sureness(view: View, a: str, b: str) -> tuple[Confidence, ...]:
    """Return how sure the amounts between *a* and *b* are: what was paid, and what is open."""
    paid = (
        (Money(line.currency or "", line.minor), line.confidence)
        for line in view.lines(*CASH)
        if {line.source, line.target} == {a, b} and line.minor is not None
    )
    still_open = (
        (row.remaining, row.event.confidence)
        for row in commitments(view, a)
        if row.remaining and row.status == "open" and {row.obligor, row.beneficiary} == {a, b}
    )
    return confidence_of([*paid, *still_open])


def sources(view: View, a: str, b: str, facts: Iterable[Fact]) -> tuple[Source, ...]:
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


def _stakes(view: View, a: str, b: str) -> Iterator[Fact]:
    for holder, issuer in ((a, b), (b, a)):
        for table in stakes(view, issuer):
            for row in table.rows:
                if row.holder == holder:
                    said = [row.how or "stake not known", row.basis or "", f"since {row.since}"]
                    if row.value:
                        said.append(f"worth {row.value.short()} {row.value.currency}")
                    detail = ", ".join(word for word in said if word)
                    yield Fact("stakes", "holds", holder, issuer, row.stake, detail, row.events)


def _cash(view: View, a: str, b: str) -> Iterator[Fact]:
    amounts: dict[tuple[str, str, str, str | None], int] = defaultdict(int)
    unknown: dict[tuple[str, str, str, str | None], int] = defaultdict(int)
    events: dict[tuple[str, str, str, str | None], list[str]] = defaultdict(list)
    for line in view.lines(*CASH):
        if {line.source, line.target} == {a, b}:
            key = (line.source, line.category, line.target, line.currency)
            amounts[key] += line.minor or 0
            unknown[key] += line.minor is None
            events[key].append(line.event)
    for key in sorted(events, key=lambda key: (key[0] != a, [*CASH].index(key[1]), key[3] or "~")):
        source, category, target, currency = key
        known = currency is not None and (amounts[key] or not unknown[key])
        value = Money(currency or "", amounts[key]) if known else None
        detail = f"{unknown[key]} of undisclosed amount" if unknown[key] else ""
        yield Fact("cash", CASH[category], source, target, value, detail, tuple(events[key]))


def _commitments(view: View, a: str, b: str) -> Iterator[Fact]:
    for row in commitments(view, a):
        bearers = {bearer.party for bearer in row.event.bearers}
        payers = {row.obligor, *bearers}
        between = (a in payers and row.beneficiary == b) or (b in payers and row.beneficiary == a)
        if between and row.status in ("open", "drawn"):
            what = f"{row.layer}, {row.purpose}" if row.purpose else row.layer
            yield Fact("commitments", what, row.obligor, row.beneficiary, row.remaining,
                       _committed(row), row.events)  # fmt: skip


def _committed(row: CommitmentRow) -> str:
    said = [f"open of {row.committed.short()}" if row.committed else "amount not disclosed"]
    if row.drawn and row.drawn.minor:
        said.append(f"{row.drawn.short()} drawn")
    if row.overdrawn and row.overdrawn.minor:
        said.append(f"{row.overdrawn.short()} over")
    if row.end:
        said.append(f"until {row.end}")
    said += [row.firmness] if row.firmness != row.layer else []
    borne = [bearer.party for bearer in row.event.bearers if bearer.party != row.obligor]
    said += [f"also borne by {', '.join(borne)}"] if borne else []
    return ", ".join(said)


def _rights(view: View, a: str, b: str) -> Iterator[Fact]:
    for row in rights(view, a):
        if {row.grantor, row.grantee} == {a, b} and row.status == "in force":
            yield Fact(
                "rights", row.right, row.grantor, row.grantee, None, _granted(row), (row.id,)
            )


def _granted(row: RightRow) -> str:
    said = [word for word in ("exclusive", "royalty_free") if getattr(row, word)]
    said += [f"until {row.until}"] if row.until else []
    said += [row.terms] if row.terms else []
    return ", ".join(word.replace("_", "-") for word in said)


def _rivalry(view: View, a: str, b: str) -> Iterator[Fact]:
    ended = endings(view)
    for record in view.events("rivalry", party=a):
        event = record.event
        assert isinstance(event, Rivalry)
        if {event.a, event.b} == {a, b} and not event.memo and record.id not in ended:
            market = f"market: {event.market}" if event.market else ""
            yield Fact("rivalry", "rivals", event.a, event.b, None, market, (record.id,))


def _exchange(
    view: View, a: str, b: str, layers: tuple[Layer, ...], currency: str | None
) -> Iterator[Fact]:
    found = web(view, layers, currency=currency, between=frozenset({a, b}))
    if not found.legs:
        return
    there = exchange(found, a, b)
    layer = layers_said(layers)
    yield Fact("exchange", "reciprocity", a, b, there.reciprocity, layer, ())
    yield Fact("exchange", "imbalance", a, b, there.imbalance, f"{layer}; + if {a} pays more", ())
    for source, target, money in ((a, b, there.a_capital), (b, a, there.b_capital)):
        if money.minor:
            detail = f"{layer}; funded by {source}, and paid back as purchases"
            yield Fact("exchange", "capital for purchases", source, target, money, detail, ())
    if there.barter.minor:
        yield Fact("exchange", "barter", a, b, there.barter, f"{layer}; bought from each other", ())
