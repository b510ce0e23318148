"""How an answer says where the revenue of a party comes from: `deals circularity PARTY`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.webs import web_extra, web_notes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from dealledger.events import Money, PartMoney
    from dealledger.projections.analysis.tracing.consideration import Consideration
    from dealledger.projections.analysis.tracing.organic import Organic
    from dealledger.projections.analysis.tracing.roundtrip import RoundTrip
    from dealledger.projections.analysis.tracing.shuffling import Shuffled
    from dealledger.projections.analysis.web import Web

ROUND_TRIP: Final = "round-trip"
SOURCES: Final = "sources"
HEADINGS: Final = {
    ROUND_TRIP: "Its own funding come back",
    SOURCES: "Whose money it is, pro rata",
}
WORDS: Final = {
    "least": "at least, of the recorded cash",
    "libr": "untagged money first (LIBR)",
    "fifo": "first in, first out (FIFO)",
    "lifo": "last in, first out (LIFO)",
    "pro_rata": "pro rata",
    "most": "at most, of the recorded cash",
    "organic": "customers outside: organic",
    "outside_capital": "outside investors' capital",
    "own_circular": "its own capital, come round",
    "others_circular": "capital of other insiders, going round",
    "payers_own": "payers' own funds",
}
COLUMNS = (
    Column("section", kind="text", about="round-trip or sources"),
    Column(
        "what",
        "Part of the revenue",
        shown=lambda line: line.said,
        kind="text",
        about="least and most, of the recorded cash (a receipt that is not recorded lowers the "
        "least); libr, fifo, lifo, pro_rata; organic, outside_capital, own_circular, "
        "others_circular, payers_own; capital, of the party in `party`",
    ),
    Column("party", kind="party", about="whose capital it is; null: of all other lines"),
    Column("amount", "Amount"),
    Column("share", "Share", kind="share", about="of the revenue; null: there is none"),
)


@dataclass(frozen=True, slots=True)
class RevenuePart:
    """One part of the revenue. party: whose capital, of the lines that say so."""

    section: str
    what: str
    amount: Money | PartMoney
    share: Fraction | None
    party: str | None = None

    @property
    def said(self) -> str:
        """Return what the line is, in words."""
        return f"   of {self.party}" if self.party else WORDS[self.what]


def report(web: Web, party: str, given: Consideration, seed: int | None = None) -> Report:
    """Return the round trip and the sources of the revenue of *party*.

    given: its shares for customers. seed: also compare with shuffled orders.
    """
    from dealledger.projections.analysis.tracing.organic import organic
    from dealledger.projections.analysis.tracing.roundtrip import round_trip
    from dealledger.projections.analysis.tracing.shuffling import shuffled

    trip, whose = round_trip(web, party), organic(web, party)
    window = f"only funding since {web.since} is followed home; whose money it is goes back further"
    extra: dict[str, Any] = {
        "party": party,
        "revenue": trip.revenue.text(),
        "funding": trip.funding.text(),
        "insiders_spending": trip.spent.text(),
        "unobserved_spending": trip.own.text(),
        "unobserved_payers": whose.unobserved.text(),
        "returned_own": whose.returned.text(),
        "exact": trip.is_exact,
        "consideration": _consideration_json(trip, given),
    }
    notes = [*_notes(trip, whose), *([window] if web.since else []), *_given(trip, given)]
    if seed is not None:
        draws = shuffled(web, party, seed)
        extra["shuffled"] = _shuffled_json(draws)
        notes.append(_shuffled_note(draws))
    return Report(
        f"Where the revenue of {party} comes from",
        COLUMNS,
        [*_trip_lines(trip), *_source_lines(whose)] if trip.revenue.minor else [],
        extra={**extra, **web_extra(web)},
        notes=[*notes, *web_notes(web)],
        section=lambda line: HEADINGS[line.section],
    )


def _trip_lines(trip: RoundTrip) -> Iterator[RevenuePart]:
    amounts: dict[str, Money | PartMoney] = {
        "least": trip.least, **dict(trip.rules), "most": trip.most
    }  # fmt: skip
    for name in ("least", "libr", "fifo", "lifo", "pro_rata", "most"):
        yield RevenuePart(ROUND_TRIP, name, amounts[name], trip.share(amounts[name]))


def _source_lines(whose: Organic) -> Iterator[RevenuePart]:
    for name, part in whose.parts():
        yield RevenuePart(SOURCES, name, part, whose.share(part))
        if name == "others_circular":
            for other, money in whose.others:
                yield RevenuePart(SOURCES, "capital", money, whose.share(money), other)


def _notes(trip: RoundTrip, whose: Organic) -> list[str]:
    from fractions import Fraction

    from dealledger.projections.answers.numbers import amount, share

    if not trip.revenue.minor:
        return [f"no revenue of {trip.party} is recorded"]
    notes = [
        f"revenue {amount(trip.revenue)}, funding by {trip.party} {amount(trip.funding)}",
        "at least, at most: however the recorded cash was used; a rule is a convention between",
        "a receipt of its payers that is not recorded lowers the least, to 0 if it may be all",
        "an analyst's measure of where cash came from, no restatement of revenue",
    ]
    if whose.unobserved.minor:
        notes.append(f"of the payers' own funds, {amount(whose.unobserved)} is spent beyond what "
                     "the ledger saw them receive")  # fmt: skip
    if whose.returned.minor:
        notes.append(f"of the payers' own funds, {amount(whose.returned)} is money that "
                     f"{trip.party} itself had spent: it buys its own revenue")  # fmt: skip
    if trip.own.minor:
        beyond = share(Fraction(trip.own.minor, trip.spent.minor), 0)
        notes.append(f"{beyond} of what insiders spent is beyond their recorded balances")
    if not trip.is_exact:
        notes.append("pro rata is cut to 1/18,446,744,073,709,551,616 of a minor unit")
    return notes


def _consideration_json(trip: RoundTrip, given: Consideration) -> dict[str, Any]:
    net = None if given.undisclosed else _net(trip, given).text()
    return {
        "amount": given.amount.text(),
        "undisclosed_amounts": given.undisclosed,
        "net_revenue": net,
        "customers": list(given.customers),
        "events": list(given.events),
    }


def _net(trip: RoundTrip, given: Consideration) -> Money:
    from dealledger.events import Money

    return Money(trip.revenue.currency, trip.revenue.minor - given.amount.minor)


def _given(trip: RoundTrip, given: Consideration) -> Iterator[str]:
    from dealledger.projections.answers.numbers import amount

    if not given.events:
        return
    known = f"{amount(given.amount)} of " if given.amount.minor else ""
    to = f"({', '.join(given.customers)}; {', '.join(given.events)})"
    if given.undisclosed:
        yield f"{known}shares for its customers {to}, {given.undisclosed} of undisclosed value"
    else:
        yield (
            f"net of {known}shares for its customers {to} the revenue is "
            f"{amount(_net(trip, given))}, unless they pay for something distinct"
        )


def _shuffled_json(draws: Shuffled) -> dict[str, Any]:
    from dealledger.events.decimals import exact_text

    return {
        "seed": draws.seed,
        "draws": draws.draws,
        "below": exact_text(draws.below),
        "equal": exact_text(draws.equal),
    }


def _shuffled_note(draws: Shuffled) -> str:
    from dealledger.projections.answers.numbers import share

    return (
        f"pro rata is more than in {share(draws.below, 0)} of {draws.draws} random orders of "
        f"the same payments, and equal in {share(draws.equal, 0)} (seed {draws.seed})"
    )
