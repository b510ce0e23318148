"""The kinds of events: what can happen.

Each is a frozen fact with a fixed name and a schema version. To add a kind, write one class here;
the registry at the end finds it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, PlainValidator, StrictBool, model_validator

from dealledger.events.base import (
    OTHERS_MONEY,
    Amount,
    Bound,
    Event,
    Firmness,
    Frozen,
    Moving,
    PartySlug,
    Posting,
    Priced,
    Ref,
)
from dealledger.events.category import CREDITS, FUNDING, PAYMENT, TRANSFER, in_kind
from dealledger.events.errors import BadInput
from dealledger.events.fields import (
    Country,
    Currency,
    Day,
    GivenStake,
    Move,
    Name,
    Slug,
    Stake,
    Text,
    Until,
)
from dealledger.events.money import parse_not_negative, parse_positive
from dealledger.events.text import doubts, shown

UNDATED: Final = date.min
"""The dates of a retraction that is not recorded yet."""

MOST_SHARES: Final = 2**53 - 1
"""The largest number of shares: JSON readers keep integers up to here exact (RFC 8785)."""

LIVE_FIRMNESS: Final = frozenset({"announced", "reported", "definitive"})
"""How firm a promise or right must be to count; talks and letters of intent are shown apart."""


class Party(Event):
    """A company enters the map, or its description changes.

    Example: deals append party --party openai --name OpenAI --roles lab --on 2019-01-01
    """

    kind: Literal["party"] = "party"
    party: PartySlug
    name: Name
    roles: tuple[Slug, ...] = ()
    ticker: Name | None = None
    country: Country | None = None
    aliases: tuple[Name, ...] = ()

    def doubts(self) -> tuple[str, ...]:
        """Return why its name or an alias could pass for another, one sentence for each."""
        names = (("name", self.name), *(("alias", each) for each in self.aliases))
        return tuple(
            f"the {what} {shown(name)} of {self.party} {' and '.join(found)}"
            for what, name in names
            if (found := list(doubts(name)))
        )


class Rivalry(Event):
    """Two parties compete.

    Example: deals append rivalry --a openai --b anthropic --market models --on 2023-01-01
    """

    kind: Literal["rivalry"] = "rivalry"
    sides = ("a", "b")
    a: PartySlug
    b: PartySlug
    market: Name | None = None


class Funding(Moving):
    """Money is paid in by an investor, with the terms of its own.

    Example: deals append funding --investor nvidia --investee openai --amount 30B
    --currency USD --on 2026-03-31
    """

    kind: Literal["funding"] = "funding"
    sides = ("investor", "investee")
    investor: PartySlug
    investee: PartySlug
    amount: Amount | None = None
    bound: Bound = "exact"
    instrument: Literal["equity", "convertible", "debt", "credits"] | None = None
    stake: GivenStake | None = None
    pre_money: Amount | None = None
    post_money: Amount | None = None
    tied: Literal["untied", "partial", "full"] | None = None
    tied_amount: Amount | None = None
    tied_to: Name | None = None
    commitment: Ref | None = None
    period_start: Day | None = None
    period_end: Day | None = None

    @model_validator(mode="after")
    def _terms_agree(self) -> Self:
        if self.post_money is not None and (self.amount or 0) > self.post_money:
            raise BadInput("the amount is above post_money")
        if self.tied_amount is not None and self.tied_amount > (self.amount or self.tied_amount):
            raise BadInput("tied_amount is above the amount")
        return self

    @property
    def category(self) -> str:
        """Return whether it is given in cash, or in credits that are no cash."""
        return CREDITS if in_kind(self.instrument) else FUNDING


class Issuance(Event):
    """An issuer issues shares to a holder.

    Example: deals append issuance --issuer acme --holder founders --shares 8000000 --on 2020-01-02
    """

    kind: Literal["issuance"] = "issuance"
    sides = ("issuer", "holder")
    issuer: PartySlug
    holder: PartySlug
    shares: Annotated[int, Field(gt=0, le=MOST_SHARES, strict=True)] | None = None
    share_class: Name | None = None


class Transfer(Priced):
    """A holder sells part of an issuer to another; without stake or shares it moves nothing.

    Example: deals append transfer --seller founders --buyer beta --issuer acme --stake 8%
    --on 2023-06-01
    """

    kind: Literal["transfer"] = "transfer"
    sides = ("seller", "buyer")
    seller: PartySlug
    buyer: PartySlug
    issuer: PartySlug
    stake: GivenStake | None = None
    shares: Annotated[int, Field(gt=0, le=MOST_SHARES, strict=True)] | None = None
    amount: Amount | None = None
    share_class: Name | None = None

    def postings(self) -> tuple[Posting, ...]:
        """Return the price, from buyer to seller."""
        if self.memo:
            return ()
        return (Posting(TRANSFER, self.buyer, self.seller, self.currency, self.minor()),)


class Holding(Event):
    """A source states what a holder has of an issuer.

    Example: deals append holding --holder microsoft --issuer openai --stake 27%
    --basis as-converted --on 2025-10-28
    """

    kind: Literal["holding"] = "holding"
    sides = ("holder", "issuer")
    holder: PartySlug
    issuer: PartySlug
    stake: Stake
    basis: (
        Literal["issued", "fully-diluted", "as-converted", "profit-interest", "implied"] | None
    ) = None
    includes: tuple[PartySlug, ...] = ()


class Valuation(Priced):
    """The value of an issuer is stated; this never dilutes anybody.

    Example: deals append valuation --issuer openai --amount 852B --currency USD
    --basis post-money --on 2026-03-31
    """

    kind: Literal["valuation"] = "valuation"
    issuer: PartySlug
    amount: Amount
    basis: Literal["post-money", "tender", "market"] | None = None


class Bearer(Frozen):
    """Who bears how much of a commitment."""

    party: PartySlug
    amount: Amount


class Instalment(Frozen):
    """What of a commitment falls into one calendar year."""

    year: Annotated[int, Field(ge=1900, le=9999, strict=True)]
    amount: Amount


class Commitment(Priced):
    """A promise to pay.

    Example: deals append commitment --obligor openai --beneficiary oracle --amount 300B
    --currency USD --start 2027-01-01 --end 2031-12-31 --purpose compute --on 2025-09-10
    """

    kind: Literal["commitment"] = "commitment"
    sides = ("obligor", "beneficiary")
    obligor: PartySlug
    beneficiary: PartySlug
    amount: Amount | None = None
    bound: Bound = "exact"
    per: Literal["total", "year"] = "total"
    condition: Text | None = None
    purpose: Name | None = None
    start: Day | None = None
    end: Day | None = None
    schedule: tuple[Instalment, ...] = ()
    firmness: Firmness = "definitive"
    bearers: tuple[Bearer, ...] = ()
    backs: Ref | None = None
    exclusive: StrictBool = False

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise BadInput(f"the commitment ends on {self.end}, before it starts on {self.start}")
        for name, parts in (("bearers", self.bearers), ("schedule", self.schedule)):
            if parts and self.amount is None:
                raise BadInput(f"{name} need the amount that they divide")
            if sum((part.amount for part in parts), Decimal()) > (self.amount or 0):
                raise BadInput(f"the amounts of {name} add up to more than the commitment")
        if len({bearer.party for bearer in self.bearers}) < len(self.bearers):
            raise BadInput("a party stands twice in bearers")
        return self


class Payment(Moving):
    """Revenue is paid by a customer.

    Example: deals append payment --payer microsoft --payee coreweave --amount 1.19B
    --currency USD --on 2024-12-31
    """

    kind: Literal["payment"] = "payment"
    sides = ("payer", "payee")
    payer: PartySlug
    payee: PartySlug
    amount: Amount | None = None
    bound: Bound = "exact"
    purpose: Name | None = None
    commitment: Ref | None = None
    period_start: Day | None = None
    period_end: Day | None = None

    @property
    def category(self) -> str:
        """Return that it is revenue of the payee."""
        return PAYMENT


class Right(Priced):
    """A grantor gives a grantee a right; worth money perhaps, but no flow.

    Example: deals append right --grantor openai --grantee microsoft --right ip-licence
    --until 2032 --on 2025-10-28
    """

    kind: Literal["right"] = "right"
    sides = ("grantor", "grantee")
    grantor: PartySlug
    grantee: PartySlug
    right: Slug
    until: Until | None = None
    exclusive: StrictBool = False
    royalty_free: StrictBool = False
    stake: GivenStake | None = None
    value: Amount | None = None
    terms: Text | None = None
    firmness: Firmness = "definitive"


class Termination(Event):
    """Commitments, rights, rivalries or holdings end, or are cut to what remains.

    Example: deals append termination --ends D061 --remaining 10B --reason "cut" --on 2026-07-01
    """

    kind: Literal["termination"] = "termination"
    ends: Annotated[tuple[Ref, ...], Field(min_length=1)]
    remaining: Annotated[Decimal, PlainValidator(parse_not_negative), OTHERS_MONEY] | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _one_remainder(self) -> Self:
        if self.remaining is not None and len(self.ends) > 1:
            raise BadInput("remaining says what one commitment keeps", "terminate them one by one")
        return self


class Reaction(Event):
    """The share price of a party moved.

    Example: deals append reaction --party oracle --move 36% --basis close --on 2025-09-10
    """

    kind: Literal["reaction"] = "reaction"
    version = 2
    party: PartySlug
    move: Move
    basis: Literal["close", "intraday", "pre-market", "after-hours", "day"] | None = None


class Rate(Event):
    """An exchange rate: one unit of base costs so much of quote.

    Example: deals append rate --base EUR --quote USD --rate 1.10 --on 2016-11-01
    """

    kind: Literal["rate"] = "rate"
    sides = ("base", "quote")
    base: Currency
    quote: Currency
    rate: Annotated[Decimal, PlainValidator(parse_positive)]


class Retraction(Event):
    """An event was recorded wrongly; the retraction takes its dates when it is recorded.

    Example: deals retract D048 --reason "the tender did not close"
    """

    kind: Literal["retraction"] = "retraction"
    retracts: Ref
    reason: Text
    replaced_by: Ref | None = None

    @model_validator(mode="before")
    @classmethod
    def _undated(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("effective_on") is None:
            announced = data.get("announced_on")
            announced = UNDATED if announced is None else announced
            return {**data, "effective_on": UNDATED, "announced_on": announced}
        return data

    def dated(self, target: Event) -> Retraction:
        """Return it with the dates of what it retracts where it says none itself."""
        names = ("effective_on", "announced_on")
        taken = {name: getattr(target, name) for name in names if getattr(self, name) == UNDATED}
        return self.model_copy(update=taken) if taken else self


KINDS: Final[dict[str, type[Event]]] = {
    kind.model_fields["kind"].default: kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, Event) and kind not in (Event, Moving, Priced)
}
"""Every kind by its name, in the order of this file."""


def moving_kinds() -> tuple[str, ...]:
    """Return the kinds by which money moves, in the order of this file."""
    return tuple(name for name, kind in KINDS.items() if issubclass(kind, Moving))
