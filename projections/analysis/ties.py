"""Tied capital: funding that has to come back, and how much of it did.

Each funding is untied, tied in part or tied in full; credits are tied in full, as they buy only
from who gives them. A tie binds to a party or to a technology, if nothing is said to the funder.
tau of an issuer = tied / all its funding. A tie is fulfilled by what the issuer pays later to whom
it is tied, or for the technology that it is tied to; each payment serves a tie once, the oldest
first. A tie in part without an amount is anything from nothing to the whole.

Terms are those of the as-of date, as known then. Source: quantities, Q10; the codes 3 (partially
tied), 4 (tied) and 5 (untied) are those of the TiedStatus list of IATI.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from dealledger.events import LIVE_FIRMNESS, Funding, Money, Moving, moving_kinds
from dealledger.events.category import in_kind, is_capital, is_promised_capital
from dealledger.events.money import minor_units
from dealledger.events.text import lookup_key
from dealledger.ledger import View
from dealledger.projections.analysis.web import one_currency
from dealledger.projections.parties import names_of
from dealledger.projections.promises.commitments import commitments
from dealledger.projections.rates import Converter
from dealledger.projections.rights import RightRow, rights

Grade = Literal["partial", "full", "untied"]
CODES: Final[dict[Grade, int]] = {"partial": 3, "full": 4, "untied": 5}
REQUIRED: Final = "required-technology"
"""The right that makes its grantor buy from its grantee."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One funding and what ties it. grade: None, if no source says; it then counts as untied.

    amount: None, if undisclosed. tied, most_tied: at least and at most; None, if not known at all.
    to: the slug of a party, or a technology; None for what is not tied. fulfilled, most_fulfilled:
    what of the two was paid back since.
    """

    event: str
    day: date
    funder: str
    issuer: str
    amount: Money | None
    grade: Grade | None
    credits: bool
    tied: Money | None
    most_tied: Money | None
    to: str | None
    fulfilled: Money
    most_fulfilled: Money
    confidence: str | None


@dataclass(frozen=True, slots=True)
class TiedIssuer:
    """All funding of one issuer; shares are of it, None if there is no known amount.

    unsaid, undisclosed: fundings of which no source says whether they are tied, or how large.
    required: what it paid under required-technology rights; dependency: of all that it paid.
    """

    issuer: str
    funding: Money
    tied: Money
    most_tied: Money
    fulfilled: Money
    share: Fraction | None
    most_share: Fraction | None
    unsaid: int
    undisclosed: int
    required: Money
    spend: Money
    dependency: Fraction | None


@dataclass(frozen=True, slots=True)
class Required:
    """A right in force by which a party has to use its investor's technology.

    funded: what of the investor's funding is in the sums; None, if it has only promised some.
    """

    right: RightRow
    funded: Money | None


@dataclass(frozen=True, slots=True)
class Ties:
    """Every funding in the order of its date, and every issuer, sorted.

    required: what investors may ask their issuers to use, which says as much as a tied funding.
    """

    currency: str
    fundings: tuple[Tie, ...]
    issuers: tuple[TiedIssuer, ...]
    required: tuple[Required, ...] = ()


def ties(view: View, *, currency: str | None = None) -> Ties:
    """Return what ties each funding; currency: convert to it, each amount at its own date.

    Raises: MissingRate; BadInput, if there are several currencies and none is asked for.
    """
    reader = _Reader(view, currency)
    steps = reader.read(view)
    fulfil(steps)
    code = currency or one_currency(reader.currencies)
    fundings = tuple(_tie(step, code) for step in steps if isinstance(step, Bond))
    payments = [step for step in steps if isinstance(step, Paid)]
    issuers = _issuers(fundings, payments, _required(view), code)
    return Ties(code, fundings, issuers, _by_investors(view, fundings, code))


@dataclass(slots=True)
class Bond:
    """A funding while payments are held against it, in minor units. sure, maybe: what is tied.

    key: what fulfils it, a party or a technology; see `Paid.keys`.
    """

    event: str
    day: date
    funder: str
    issuer: str
    amount: int | None
    grade: Grade | None
    credits: bool
    sure: int | None
    maybe: int
    to: str | None
    key: tuple[str, str]
    confidence: str | None = None
    met: int = 0
    maybe_met: int = 0


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment, in minor units; to whom, and for what, as keys that a tie can have."""

    day: date
    payer: str
    payee: str
    minor: int
    keys: tuple[tuple[str, str], ...]


def fulfil(steps: Sequence[Bond | Paid]) -> None:
    """Hold payments against ties, on the ties: what is surely tied first, then the oldest first.

    steps: in the order of their days, then of the record: what was paid before serves no tie.
    """
    open_ties: dict[str, list[Bond]] = defaultdict(list)
    for step in steps:
        if isinstance(step, Bond):
            open_ties[step.issuer].append(step)
            continue
        fitting = [tie for tie in open_ties[step.payer] if tie.key in step.keys]
        left = step.minor
        for tie in fitting:
            part = min(left, (tie.sure or 0) - tie.met)
            tie.met, left = tie.met + part, left - part
        for tie in fitting:
            part = min(left, tie.maybe - tie.maybe_met)
            tie.maybe_met, left = tie.maybe_met + part, left - part


class _Reader:
    """Reads fundings and payments of a View in one currency."""

    def __init__(self, view: View, currency: str | None) -> None:
        self.currencies: set[str] = set()
        self._convert = Converter(view, currency)
        self._names = names_of(view)

    def read(self, view: View) -> list[Bond | Paid]:
        steps: list[Bond | Paid] = []
        for record in view.events(*moving_kinds()):
            event = record.event
            if event.memo:
                continue
            if isinstance(event, Funding):
                steps.append(self._bond(record.id, event))
            elif isinstance(event, Moving) and not is_capital(event.category):
                steps += self._paid(event)
        return steps

    def _paid(self, event: Moving) -> Iterator[Paid]:
        money, purpose = event.money(), getattr(event, "purpose", None)
        if money is None:
            return
        keys = [("party", event.taker)]
        keys += [("technology", lookup_key(purpose))] if purpose else []
        minor = self._minor(money, event.effective_on)
        yield Paid(event.effective_on, event.giver, event.taker, minor, tuple(keys))

    def _minor(self, money: Money, day: date) -> int:
        converted = self._convert(money, day)
        self.currencies.add(converted.currency)
        return converted.minor

    def _bond(self, event_id: str, event: Funding) -> Bond:
        money, day = event.money(), event.effective_on
        amount = None if money is None else self._minor(money, day)
        stated = None
        if event.tied_amount is not None and event.currency is not None:
            tied = Money(event.currency, minor_units(event.tied_amount, event.currency))
            stated = self._minor(tied, day)
        in_credits = in_kind(event.instrument)
        grade = _grade(event)
        sure, maybe = _tied(grade, amount, stated)
        is_tied = grade in ("partial", "full")
        typed = event.tied_to or event.investor
        meant = self._names.meant(typed, day)
        party = meant[0] if len(meant) == 1 else None
        return Bond(
            event_id, day, event.investor, event.investee, amount, grade, in_credits, sure, maybe,
            (party or typed) if is_tied else None,
            ("party", party) if party else ("technology", lookup_key(typed)), event.confidence,
        )  # fmt: skip


def _grade(event: Funding) -> Grade | None:
    if in_kind(event.instrument):
        return "full"
    return "partial" if event.tied is None and event.tied_amount is not None else event.tied


def _tied(grade: Grade | None, amount: int | None, stated: int | None) -> tuple[int | None, int]:
    """Return (what is surely tied or None if nobody can say, what may be tied beyond that)."""
    if grade in (None, "untied"):
        return 0, 0
    if grade == "full":
        return (stated if amount is None else amount), 0
    if stated is not None:
        return stated, 0
    return (None, 0) if amount is None else (0, amount)


def _tie(bond: Bond, currency: str) -> Tie:
    sure = bond.sure
    return Tie(
        bond.event,
        bond.day,
        bond.funder,
        bond.issuer,
        None if bond.amount is None else Money(currency, bond.amount),
        bond.grade,
        bond.credits,
        None if sure is None else Money(currency, sure),
        None if sure is None else Money(currency, sure + bond.maybe),
        bond.to,
        Money(currency, bond.met),
        Money(currency, bond.met + bond.maybe_met),
        bond.confidence,
    )


def _required(view: View) -> list[RightRow]:
    """Return the rights, also ended ones, that make their grantors buy."""
    return [row for row in rights(view) if row.right == REQUIRED and row.firmness in LIVE_FIRMNESS]


def _by_investors(view: View, fundings: Sequence[Tie], currency: str) -> tuple[Required, ...]:
    """Return the rights in force to required technology whose grantees fund their grantors."""
    funded: dict[tuple[str, str], int] = defaultdict(int)
    for tie in fundings:
        funded[tie.funder, tie.issuer] += tie.amount.minor if tie.amount else 0
    promised = {
        (row.obligor, row.beneficiary)
        for row in commitments(view)
        if row.live and is_promised_capital(row.purpose)
    }
    found = []
    for right in rights(view):
        pair = (right.grantee, right.grantor)
        is_meant = right.right == REQUIRED and right.status == "in force"
        if is_meant and (pair in funded or pair in promised):
            paid = Money(currency, funded[pair]) if pair in funded else None
            found.append(Required(right, paid))
    return tuple(found)


def _issuers(
    fundings: Iterable[Tie], payments: Sequence[Paid], required: Sequence[RightRow], currency: str
) -> tuple[TiedIssuer, ...]:
    by_issuer: dict[str, list[Tie]] = defaultdict(list)
    for tie in fundings:
        by_issuer[tie.issuer].append(tie)
    spend: dict[str, int] = defaultdict(int)
    bound: dict[str, int] = defaultdict(int)
    for paid in payments:
        spend[paid.payer] += paid.minor
        if any(_binds(row, paid) for row in required):
            bound[paid.payer] += paid.minor
    names = sorted(by_issuer.keys() | {row.grantor for row in required})
    return tuple(
        _issuer(name, by_issuer[name], bound[name], spend[name], currency) for name in names
    )


def _binds(row: RightRow, paid: Paid) -> bool:
    over = row.ended_on is not None and row.ended_on < paid.day
    same = (row.grantor, row.grantee) == (paid.payer, paid.payee)
    return same and row.since <= paid.day and not over


def _issuer(
    issuer: str, fundings: Sequence[Tie], bound: int, spend: int, currency: str
) -> TiedIssuer:
    known = [tie for tie in fundings if tie.amount is not None]
    whole = sum(tie.amount.minor for tie in known if tie.amount)
    tied = sum(tie.tied.minor for tie in known if tie.tied)
    most = sum(tie.most_tied.minor for tie in known if tie.most_tied)
    return TiedIssuer(
        issuer,
        Money(currency, whole),
        Money(currency, tied),
        Money(currency, most),
        Money(currency, sum(tie.fulfilled.minor for tie in fundings)),
        Fraction(tied, whole) if whole else None,
        Fraction(most, whole) if whole else None,
        sum(tie.grade is None for tie in fundings),
        sum(tie.amount is None for tie in fundings),
        Money(currency, bound),
        Money(currency, spend),
        Fraction(bound, spend) if spend else None,
    )
