"""Rounds: what each funding takes of its issuer by its own terms, and the value that they set.

The fundings of one deal, issuer and date are one round; a funding without a deal is a round alone.
A funding takes its stake, or amount / post-money, or amount / (pre-money + the sum of the round).
Convertibles and loans take only a stake that is given, and are not in the sum. A round is read in
the currency of its pre- or post-money, the first by position; what is in another is converted at
its date, exactly. Where a rate is missing, or a round takes more than there is, its stakes are not
known and it dilutes nobody. Source: design, section 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from dealledger.events import Funding, Money
from dealledger.events.terms import apart
from dealledger.ledger import Record, View
from dealledger.projections.rates import Converter, MissingRate, UsedRate

FOLDED_ONLY_IF_STATED: Final = ("convertible", "debt")
"""Instruments that take a stake only where one is given."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What the events of an issuer say that cannot all be true, or cannot be read.

    check: what kind of thing it is. events: the ids that it is about.
    """

    check: str
    message: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssuerValue:
    """What an issuer is worth. minor: exact, in minor units. event: what says so.

    position: of the event, or of the round that it belongs to.
    """

    day: date
    position: int
    event: str
    currency: str
    minor: Fraction


@dataclass(frozen=True, slots=True)
class Taken:
    """One funding of a round. share: of the issuer, after the round; None, if it is not known."""

    record: Record
    event: Funding
    share: Fraction | None

    @property
    def is_open(self) -> bool:
        """Tell whether it may have taken a share that is not known; a loan takes what it says."""
        return self.share is None and (
            self.event.instrument != "debt" or self.event.stake is not None
        )


@dataclass(frozen=True, slots=True)
class Round:
    """Fundings that fold together. It stands where the first of them stands.

    unread: its terms cannot be read, and `flaws` says why. value: its post-money, if terms say it.
    """

    parts: tuple[Taken, ...]
    value: IssuerValue | None
    flaws: tuple[Flaw, ...] = ()
    unread: bool = False

    @property
    def day(self) -> date:
        """Return the date of the round."""
        return self.parts[0].event.effective_on

    @property
    def position(self) -> int:
        """Return the place of the first funding in the record."""
        return self.parts[0].record.position

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of its fundings."""
        return tuple(part.record.id for part in self.parts)

    @property
    def taken(self) -> Fraction:
        """Return what the fundings take together."""
        return sum((part.share for part in self.parts if part.share), Fraction())

    @property
    def termless(self) -> tuple[str, ...]:
        """Return the fundings without terms."""
        return tuple(p.record.id for p in self.parts if p.share is None and not self.unread)


class Rates:
    """Converts amounts exactly into any currency by the rates of a View; remembers which it used.

    Rates are read when an amount needs one, and most rounds need none.
    """

    def __init__(self, view: View) -> None:
        """Read no rate yet."""
        self._view = view
        self._converters: dict[str, Converter] = {}

    def exact(self, money: Money, currency: str, day: date) -> Fraction:
        """Return *money* of the date *day* in minor units of *currency*, not rounded.

        Raises: MissingRate.
        """
        if money.currency == currency:
            return Fraction(money.minor)
        if currency not in self._converters:
            self._converters[currency] = Converter(self._view, currency)
        return self._converters[currency].exact(money, day)

    def used(self) -> tuple[UsedRate, ...]:
        """Return the rates by which something was converted, sorted."""
        found = {rate for converter in self._converters.values() for rate in converter.used()}
        return tuple(sorted(found))


def rounds_of(records: Iterable[Record], rates: Rates) -> list[Round]:
    """Return the rounds of one issuer, by date and position, from its events in that order."""
    groups: dict[tuple[date, str], list[tuple[Record, Funding]]] = {}
    for record in records:
        event = record.event
        if isinstance(event, Funding):
            key = f"deal {event.deal}" if event.deal else f"@{record.position}"
            groups.setdefault((event.effective_on, key), []).append((record, event))
    return [_read(fundings, rates) for fundings in groups.values()]


def counts(event: Funding) -> bool:
    """Tell whether the money of a funding is a part of its round."""
    return event.instrument not in FOLDED_ONLY_IF_STATED


def _read(fundings: list[tuple[Record, Funding]], rates: Rates) -> Round:
    """Return a round as its terms say it; unread, if they cannot all be used."""
    ids = tuple(record.id for record, _ in fundings)
    try:
        terms = _Terms(fundings, rates)
    except MissingRate as error:
        value = _value(fundings, None)
        return _unread(fundings, ids, error.message, value)
    shares = [terms.share(record.id, event) for record, event in fundings]
    value = _value(fundings, terms)
    if sum(share for share in shares if share) > 1:
        return _unread(fundings, ids, "takes more than 100 %", value)
    parts = (Taken(*each, share) for each, share in zip(fundings, shares, strict=True))
    return Round(tuple(parts), value, terms.flaws(ids))


def _unread(
    fundings: list[tuple[Record, Funding]],
    ids: tuple[str, ...],
    why: str,
    value: IssuerValue | None,
) -> Round:
    said = f"the round of {', '.join(ids)}: {why}; its stakes are not known and it dilutes nobody"
    parts = tuple(Taken(*each, None) for each in fundings)
    return Round(parts, value, (Flaw("round", said, ids),), unread=True)


class _Terms:
    """The money of a round in one currency, in minor units: that of its first pre- or post-money.

    posts: by the id of a funding, what it says that the issuer is worth after the round.
    Raises: MissingRate, if an amount is in another and no rate is recorded.
    """

    def __init__(self, fundings: list[tuple[Record, Funding]], rates: Rates) -> None:
        counted = [(record.id, event) for record, event in fundings if counts(event)]
        priced = [each for each in counted if each[1].pre_money or each[1].post_money]
        self.currency = priced[0][1].currency if priced else None
        self.posts: dict[str, list[Fraction]] = {}
        self._rates = rates
        paid = sum((self._minor(event, "amount") for _, event in counted), Fraction())
        for event_id, event in priced:
            given = [self._minor(event, "post_money")] if event.post_money else []
            added = [self._minor(event, "pre_money") + paid] if event.pre_money else []
            self.posts[event_id] = given + added

    def _minor(self, event: Funding, field: str) -> Fraction:
        money = event.money(field)
        if money is None or self.currency is None:
            return Fraction()
        return self._rates.exact(money, self.currency, event.effective_on)

    def share(self, event_id: str, event: Funding) -> Fraction | None:
        """Return what a funding takes by its own terms, or None without."""
        if event.stake is not None:
            return Fraction(event.stake)
        if event_id not in self.posts or event.amount is None:
            return None
        return self._minor(event, "amount") / self.posts[event_id][0]

    def flaws(self, ids: tuple[str, ...]) -> tuple[Flaw, ...]:
        """Return that the post-moneys do not agree, if they do not."""
        posts = [post for own in self.posts.values() for post in own]
        if not posts or not apart(min(posts), max(posts)):
            return ()
        said = f"the terms of the round of {', '.join(ids)} do not agree on its post-money"
        return (Flaw("round", said, ids),)


def _value(fundings: list[tuple[Record, Funding]], terms: _Terms | None) -> IssuerValue | None:
    """Return the post-money that is given, or pre-money + the sum; of the first that says one.

    terms: None, if there is no rate; what is given needs none.
    """
    first = fundings[0][0]
    for record, event in fundings:
        if not counts(event):
            continue
        place = (first.effective_on, first.position, record.id)
        given = event.money("post_money")
        if given is not None:
            return IssuerValue(*place, given.currency, Fraction(given.minor))
        if terms and terms.currency and record.id in terms.posts:
            return IssuerValue(*place, terms.currency, terms.posts[record.id][0])
    return None
