"""Hypothesis strategies: valid events of every kind, and histories that a ledger accepts."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from dealledger.events import Event, Retraction, parse_event
from dealledger.events.currency import MINOR_DIGITS
from dealledger.events.decimals import scaled_text
from dealledger.events.money import LARGEST_MINOR
from dealledger.events.withdrawn import BEGAN, WITHDRAWN

SLUG_START = string.ascii_lowercase + string.digits
ID_START = string.ascii_letters + string.digits
PARTIES = ("acme", "beta", "core", "dora")

slugs = st.builds(str.__add__, st.sampled_from(SLUG_START), st.text(SLUG_START + "-", max_size=62))
event_ids = st.builds(
    str.__add__, st.sampled_from(ID_START), st.text(ID_START + "._:-", max_size=63)
)
printable = st.characters(exclude_categories=["Cc", "Cs"])
names = st.text(printable, min_size=1, max_size=30).filter(str.strip)
texts = st.text(printable | st.sampled_from("\n\t"), min_size=1, max_size=50).filter(str.strip)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
currencies = st.sampled_from(sorted(MINOR_DIGITS.keys() - WITHDRAWN.keys() - BEGAN.keys()))
stakes = st.integers(0, 10**9).map(lambda units: scaled_text(units, 9))
given_stakes = st.integers(1, 10**9).map(lambda units: scaled_text(units, 9))
moves = st.integers(-(10**6), 10**9).map(lambda units: scaled_text(units, 6))
shares = st.integers(1, 2**53 - 1)
bounds = st.sampled_from(["exact", "up-to", "at-least", "about"])
firmness = st.sampled_from(
    ["talks", "term-sheet", "letter-of-intent", "announced", "reported", "definitive"]
)
partial_days = days.map(lambda day: day[:7]) | days.map(lambda day: day[:4]) | days


def amounts(currency: str, at_least: int = 1, at_most: int = LARGEST_MINOR) -> Any:
    """Return a strategy for amounts in *currency*, as JSON holds them."""
    digits = MINOR_DIGITS[currency]
    return st.integers(at_least, at_most).map(lambda minor: scaled_text(minor, digits))


Draw = Callable[[st.SearchStrategy[Any]], Any]
Fields = dict[str, Any]


def _sides(draw: Draw, one: str, other: str, party: st.SearchStrategy[str]) -> Fields:
    pair = draw(st.lists(party, min_size=2, max_size=2, unique=True))
    return {one: pair[0], other: pair[1]}


def _period(draw: Draw, start: str = "period_start", end: str = "period_end") -> Fields:
    if not draw(st.booleans()):
        return {}
    first, last = sorted((draw(days), draw(days)))
    return {start: first, end: last}


def _party(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    return {
        "party": draw(party),
        "name": draw(names),
        "roles": draw(st.lists(slugs, max_size=3)),
        "ticker": draw(st.none() | names),
        "country": draw(st.sampled_from([None, "US", "DE"])),
        "aliases": draw(st.lists(names, max_size=3)),
    }


def _rivalry(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    return {**_sides(draw, "a", "b", party), "market": draw(st.none() | names)}


def _funding(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    currency = draw(currencies)
    digits = MINOR_DIGITS[currency]
    minor = draw(st.integers(1, LARGEST_MINOR))
    # Terms that contradict each other are refused, so each of these is one way to say the same.
    post = draw(st.integers(minor, LARGEST_MINOR))
    values: Fields = {"post_money": scaled_text(post, digits)}
    if post > minor:
        values["pre_money"] = scaled_text(post - minor, digits)
    terms: Fields = {
        **(values if draw(st.booleans()) else {"stake": draw(given_stakes)}),
        "tied_amount": scaled_text(draw(st.integers(1, minor)), digits),
        "amount": scaled_text(minor, digits),
        "currency": currency,
    }
    if not draw(st.booleans()):
        terms = {"stake": draw(st.none() | given_stakes)}
    return {
        **_sides(draw, "investor", "investee", party),
        **terms,
        **_period(draw),
        "bound": draw(bounds),
        "instrument": draw(st.sampled_from([None, "equity", "convertible", "debt", "credits"])),
        "tied": draw(st.sampled_from([None, "untied", "partial", "full"])),
        "tied_to": draw(st.none() | names),
    }


def _issuance(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    return {
        **_sides(draw, "issuer", "holder", party),
        "shares": draw(st.none() | shares),
        "share_class": draw(st.none() | names),
    }


def _transfer(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    currency = draw(currencies)
    return {
        **_sides(draw, "seller", "buyer", party),
        "issuer": draw(party),
        "stake": draw(st.none() | given_stakes),
        "shares": draw(st.none() | shares),
        "amount": draw(st.none() | amounts(currency)),
        "currency": currency,
    }


def _holding(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    return {
        **_sides(draw, "holder", "issuer", party),
        "stake": draw(stakes),
        "basis": draw(st.sampled_from([None, "issued", "as-converted", "implied"])),
        "includes": draw(st.lists(party, max_size=2)),
    }


def _valuation(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    currency = draw(currencies)
    return {
        "issuer": draw(party),
        "amount": draw(amounts(currency)),
        "currency": currency,
        "basis": draw(st.sampled_from([None, "post-money", "tender", "market"])),
    }


def _commitment(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    currency = draw(currencies)
    digits = MINOR_DIGITS[currency]
    minor = draw(st.integers(2, LARGEST_MINOR))
    parts: Fields = {
        "amount": scaled_text(minor, digits),
        "currency": currency,
        "schedule": [{"year": 2027, "amount": scaled_text(minor // 2, digits)}] * 2,
        "bearers": [{"party": draw(party), "amount": draw(amounts(currency, 1, minor))}],
    }
    if not draw(st.booleans()):
        parts = {}
    return {
        **_sides(draw, "obligor", "beneficiary", party),
        **parts,
        **_period(draw, "start", "end"),
        "bound": draw(bounds),
        "per": draw(st.sampled_from(["total", "year"])),
        "condition": draw(st.none() | texts),
        "purpose": draw(st.none() | names),
        "firmness": draw(firmness),
        "exclusive": draw(st.booleans()),
    }


def _payment(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    currency = draw(currencies)
    money = {"amount": draw(amounts(currency)), "currency": currency}
    return {
        **_sides(draw, "payer", "payee", party),
        **(money if draw(st.booleans()) else {}),
        **_period(draw),
        "bound": draw(bounds),
        "purpose": draw(st.none() | names),
    }


def _right(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    until = st.none() | partial_days | texts.filter(lambda text: not text[:4].isdigit())
    return {
        **_sides(draw, "grantor", "grantee", party),
        "right": draw(slugs),
        "until": draw(until),
        "exclusive": draw(st.booleans()),
        "royalty_free": draw(st.booleans()),
        "stake": draw(st.none() | given_stakes),
        "value": draw(st.none() | amounts("USD")),
        "currency": "USD",
        "terms": draw(st.none() | texts),
        "firmness": draw(firmness),
    }


def _termination(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    ends = draw(st.lists(event_ids, min_size=1, max_size=3))
    remaining = draw(st.none() | amounts("USD", 0)) if len(ends) == 1 else None
    return {"ends": ends, "remaining": remaining, "reason": draw(st.none() | texts)}


def _reaction(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    basis = st.sampled_from([None, "close", "intraday", "pre-market", "after-hours", "day"])
    return {"party": draw(party), "move": draw(moves), "basis": draw(basis)}


def _rate(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    return {**_sides(draw, "base", "quote", currencies), "rate": draw(amounts("CLF"))}


def _retraction(draw: Draw, party: st.SearchStrategy[str]) -> Fields:
    return {
        "retracts": draw(event_ids),
        "reason": draw(texts),
        "replaced_by": draw(st.none() | event_ids),
    }


BUILDERS: dict[str, Callable[[Draw, st.SearchStrategy[str]], Fields]] = {
    "party": _party,
    "rivalry": _rivalry,
    "funding": _funding,
    "issuance": _issuance,
    "transfer": _transfer,
    "holding": _holding,
    "valuation": _valuation,
    "commitment": _commitment,
    "payment": _payment,
    "right": _right,
    "termination": _termination,
    "reaction": _reaction,
    "rate": _rate,
    "retraction": _retraction,
}
REFERRING = ("termination", "retraction")


@st.composite
def event_json(
    draw: Draw, kinds: tuple[str, ...] = tuple(BUILDERS), party: st.SearchStrategy[str] = slugs
) -> dict[str, Any]:
    """Draw the JSON of one valid event; fields that say nothing are left out."""
    kind = draw(st.sampled_from(kinds))
    fields: Fields = {
        "kind": kind,
        "id": draw(st.none() | event_ids),
        "effective_on": draw(days),
        "announced_on": draw(st.none() | days),
        "deal": draw(st.none() | slugs),
        "actor": draw(st.none() | names),
        "note": draw(st.none() | texts),
        "source_published_on": draw(st.none() | partial_days),
        "confidence": draw(st.sampled_from([None, "confirmed", "reported", "estimated"])),
        "memo": draw(st.booleans()),
        **BUILDERS[kind](draw, party),
    }
    return {name: value for name, value in fields.items() if value is not None}


def events(
    kinds: tuple[str, ...] = tuple(BUILDERS), party: st.SearchStrategy[str] = slugs
) -> st.SearchStrategy[Event]:
    """Return a strategy for valid events of some kinds."""
    return event_json(kinds, party).map(parse_event)


@st.composite
def histories(draw: Draw, most: int = 12) -> list[Event]:
    """Draw what a ledger accepts in this order: parties, events among them, and retractions."""
    history: list[Event] = [
        parse_event(
            {
                "kind": "party",
                "id": f"p-{slug}",
                "party": slug,
                "name": slug,
                "effective_on": "1900-01-01",
            }
        )
        for slug in PARTIES
    ]
    kinds = tuple(kind for kind in BUILDERS if kind not in REFERRING)
    near = st.integers(0, 40).map(lambda n: date(2024, 1, 1) + timedelta(days=n))
    standing: list[str] = []
    for number in range(draw(st.integers(1, most))):
        if standing and draw(st.integers(0, 2)) == 0:
            target = draw(st.sampled_from(standing))
            standing.remove(target)
            history.append(
                Retraction.model_validate(
                    {"kind": "retraction", "id": f"r{number}", "retracts": target, "reason": "x"}
                )
            )
        else:
            found = draw(events(kinds, st.sampled_from(PARTIES)))
            update = {"id": f"e{number}", "effective_on": draw(near), "announced_on": draw(near)}
            history.append(found.model_copy(update=update))
            standing.append(f"e{number}")
    return history
