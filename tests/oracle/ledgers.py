"""Hypothesis makes ledgers: every kind, every optional field, corrections, groups, rounds, rates.

A ledger is a list of batches of events as JSON has them, in the order in which they are recorded.
Most are accepted; what the product refuses is left out of the model too. Dates and amounts are few,
so that events meet on one day, and ends, cuts and draws on one commitment.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st
from oracle.reading import DIGITS, Json

PARTIES: Final = ("aa", "bb", "cc", "dd", "ee", "ff", "grp", "sub")
ISSUERS: Final = ("aa", "aa", "aa", "bb", "ff")
"""ff is the one that issues shares, so the others are mostly folded."""
GROUPS: Final = (
    ("grp", ["sub"]), ("grp", ["sub", "bb"]), ("grp", ["sub", "cc"]), ("grp", ["bb"]),
    ("grp", ["sub", "bb", "cc", "dd"]), ("sub", ["cc"]), ("sub", ["cc", "dd"]),
)  # fmt: skip
"""Who is inside of what: whoever stands in two lines stands in one inside of the other."""

FIRST: Final = date(2024, 1, 1)
LAST: Final = date(2028, 12, 31)
NOTABLE: Final = tuple(
    map(date.fromisoformat, (
        "2024-01-01", "2024-02-28", "2024-02-29", "2024-12-31", "2025-01-01", "2025-02-28",
        "2025-03-01", "2025-06-30", "2025-12-31", "2026-01-01", "2026-07-15", "2027-12-31",
    ))
)  # fmt: skip

Draw = Callable[[st.SearchStrategy[Any]], Any]

days = st.sampled_from(NOTABLE) | st.integers(0, 1100).map(lambda n: FIRST + timedelta(days=n))
currencies = st.sampled_from(("USD", "USD", "USD", "EUR", "JPY", "BHD"))
fractions = st.sampled_from(("0.1", "0.05", "0.2", "0.25", "0.123456789"))
yes_or_no = st.booleans()
one_in_four = st.sampled_from((False, False, False, True))
seldom = st.sampled_from((False,) * 11 + (True,))
firmness = st.sampled_from(
    ("definitive",) * 4 + ("reported", "announced", "talks", "term-sheet", "letter-of-intent")
)
bounds = st.sampled_from(("exact", "exact", "up-to", "at-least", "about"))


@st.composite
def amounts(draw: Draw, currency: str, least: int = 1, most: int = 400) -> str:
    """Draw an amount: a small number, now and then with all the minor digits of its currency."""
    whole = draw(st.integers(least, most))
    digits = DIGITS[currency]
    if digits and draw(one_in_four):
        return f"{whole}.{draw(st.integers(1, 10**digits - 1)):0{digits}}".rstrip("0")
    return str(whole)


def pair(draw: Draw, one: str, other: str, parties: tuple[str, ...] = PARTIES[:6]) -> Json:
    found = draw(st.lists(st.sampled_from(parties), min_size=2, max_size=2, unique=True))
    return {one: found[0], other: found[1]}


def period(draw: Draw, start: str, end: str) -> Json:
    first = draw(days)
    length = draw(st.sampled_from((0, 30, 89, 181, 364, 365, 366, 730, 1095)))
    return {start: first.isoformat(), end: (first + timedelta(days=length)).isoformat()}


def money(draw: Draw, currency: str | None = None) -> Json:
    """Draw an amount and its currency; now and then nobody says them."""
    currency = currency or draw(currencies)
    if draw(seldom):
        return {}
    return {"amount": draw(amounts(currency)), "currency": currency}


def payment(draw: Draw, standing: list[Json]) -> Json:
    said = {"kind": "payment", **pair(draw, "payer", "payee"), **money(draw), "bound": draw(bounds)}
    if draw(one_in_four):
        said |= {"purpose": "compute"}
    return said | (period(draw, "period_start", "period_end") if draw(yes_or_no) else {})


def draw_on(draw: Draw, standing: list[Json]) -> Json:
    """Draw a payment or funding that names a commitment, by its obligor or one who bears it."""
    promises = [each for each in standing if each["kind"] == "commitment"]
    if not promises:
        return payment(draw, standing)
    promise = draw(st.sampled_from(promises))
    payers = [promise["obligor"], *(each["party"] for each in promise.get("bearers", []))]
    payer = draw(st.sampled_from(payers))
    said = {**money(draw, promise.get("currency")), "commitment": promise["id"]}
    if "amount" in said and draw(yes_or_no):
        said["amount"] = draw(amounts(said["currency"], 1, 20))  # Less than what most lines are.
    if draw(one_in_four):
        said |= period(draw, "period_start", "period_end")
    if draw(one_in_four):
        return {**said, "kind": "funding", "investor": payer, "investee": promise["beneficiary"]}
    return {**said, "kind": "payment", "payer": payer, "payee": promise["beneficiary"]}


def funding(draw: Draw, standing: list[Json]) -> Json:
    said = {
        "investor": draw(st.sampled_from(PARTIES[2:5])),
        "investee": draw(st.sampled_from(ISSUERS)),
        **money(draw),
        "bound": draw(bounds),
        "instrument": draw(
            st.sampled_from((None, None, "equity", "convertible", "debt", "credits"))
        ),
        "tied": draw(st.sampled_from((None, None, "untied", "full"))),
        "tied_to": draw(st.sampled_from((None, "chips"))),
    }
    lends = said["instrument"] in ("convertible", "debt")
    if "amount" in said and not lends and draw(yes_or_no):
        name = draw(st.sampled_from(("pre_money", "post_money")))
        said[name] = draw(amounts(said["currency"], 1000, 4000))
    if draw(one_in_four):
        said["stake"] = draw(fractions)
    return said | (period(draw, "period_start", "period_end") if draw(one_in_four) else {})


def fundings(draw: Draw, number: int) -> list[Json]:
    """Draw one round: fundings of one deal, issuer and day, priced together."""
    issuer, on = draw(st.sampled_from(ISSUERS)), draw(days).isoformat()
    name, currency = draw(st.sampled_from(("pre_money", "post_money"))), draw(currencies)
    terms, said = draw(amounts(currency, 1000, 4000)), []
    for n in range(draw(st.integers(2, 3))):
        other = draw(currencies) if draw(one_in_four) else currency
        each = {"kind": "funding", "id": f"e{number}.{n}", "effective_on": on, "deal": "round"}
        each |= {"investor": draw(st.sampled_from(PARTIES[2:5])), "investee": issuer}
        each |= {"amount": draw(amounts(other)), "currency": other}
        if other == currency and (n == 0 or draw(yes_or_no)):
            each |= {name: terms}
        said.append(each)
    return said


def issuance(draw: Draw, standing: list[Json]) -> Json:
    said = {"issuer": "ff", "holder": draw(st.sampled_from(PARTIES[:5]))}
    if not draw(seldom):
        said["shares"] = draw(st.integers(1, 1000))
    return {**said, "share_class": draw(st.sampled_from((None, None, "A")))}


def transfer(draw: Draw, standing: list[Json]) -> Json:
    said = {**pair(draw, "seller", "buyer", PARTIES), "issuer": draw(st.sampled_from(ISSUERS))}
    if said["issuer"] == "ff" and draw(yes_or_no):
        said["shares"] = draw(st.integers(1, 60))
        said["share_class"] = draw(st.sampled_from((None, None, "A")))
    elif draw(st.sampled_from((True, True, True, False))):
        said["stake"] = draw(fractions)
    return said | (money(draw) if draw(yes_or_no) else {})


def holding(draw: Draw, standing: list[Json]) -> Json:
    issuer = draw(st.sampled_from(ISSUERS))
    basis = draw(st.sampled_from((None, None, "issued", "as-converted", "implied")))
    holders = tuple(each for each in PARTIES[:6] if each != issuer)
    said: Json = {"issuer": issuer, "stake": draw(fractions), "basis": basis}
    if draw(one_in_four):
        holder, includes = draw(st.sampled_from(GROUPS))
        includes = [each for each in includes if each != issuer] or ["cc"]
        stake = draw(st.sampled_from(("0.4", "0.6", "0.3")))
        return {**said, "holder": holder, "includes": includes, "stake": stake}
    if draw(seldom):
        return {**said, "holder": "ee" if issuer != "ee" else "dd", "basis": "profit-interest"}
    return {**said, "holder": draw(st.sampled_from(holders))}


def valuation(draw: Draw, standing: list[Json]) -> Json:
    currency = draw(currencies)
    return {
        "issuer": draw(st.sampled_from(ISSUERS)),
        "amount": draw(amounts(currency, 1000, 9000)),
        "currency": currency,
        "basis": draw(st.sampled_from((None, "post-money", "tender", "market"))),
    }


def commitment(draw: Draw, standing: list[Json]) -> Json:
    said: Json = {
        **pair(draw, "obligor", "beneficiary"),
        **money(draw),
        "bound": draw(bounds),
        "per": draw(st.sampled_from(("total", "total", "total", "year"))),
        "firmness": draw(firmness),
        "condition": draw(st.sampled_from((None, None, "backstop"))),
        "purpose": draw(st.sampled_from((None, "compute"))),
        "exclusive": draw(st.sampled_from((None, True))),
    }
    if draw(yes_or_no):
        dates = period(draw, "start", "end")
        said |= {name: dates[name] for name in draw(st.sampled_from((["start", "end"], ["end"])))}
    if "amount" in said and draw(one_in_four):
        bearers = draw(st.lists(st.sampled_from(PARTIES[:6]), min_size=1, max_size=3, unique=True))
        said["bearers"] = parts(draw, said, [{"party": each} for each in bearers])
    if "amount" in said and said["per"] == "total" and draw(seldom):
        years = draw(st.lists(st.integers(2024, 2029), min_size=1, max_size=3, unique=True))
        said["schedule"] = parts(draw, said, [{"year": each} for each in sorted(years)])
    promises = [each for each in standing if each["kind"] == "commitment"]
    if promises and draw(one_in_four):
        said["backs"] = draw(st.sampled_from(promises))["id"]
    return said


def parts(draw: Draw, said: Json, keys: list[Json]) -> list[Json]:
    """Draw amounts that add up to no more than the whole, and sometimes to all of it."""
    left, found = int(said["amount"].split(".")[0]), []
    for n, key in enumerate(keys):
        most = left - (len(keys) - 1 - n)
        if most < 1:
            break
        amount = most if draw(one_in_four) else draw(st.integers(1, most))
        left -= amount
        found.append({**key, "amount": str(amount)})
    return found


def right(draw: Draw, standing: list[Json]) -> Json:
    until = ("2025", "2025-06", "2025-06-30", "until AGI", None, "2026-02", "2024-02")
    return {
        **pair(draw, "grantor", "grantee"),
        "right": draw(st.sampled_from(("ip-licence", "exclusivity", "warrant"))),
        "until": draw(st.sampled_from(until)),
        "exclusive": draw(st.sampled_from((None, True))),
        "royalty_free": draw(st.sampled_from((None, True))),
        "stake": draw(st.sampled_from((None, "0.1"))),
        "terms": draw(st.sampled_from((None, "of the models"))),
        "firmness": draw(firmness),
        **draw(st.sampled_from(({}, {"value": "12.5", "currency": "USD"}))),
    }


def termination(draw: Draw, standing: list[Json]) -> Json:
    return ending(draw, standing, "commitment", "commitment", "right", "rivalry", "holding")


def ending(draw: Draw, standing: list[Json], *kinds: str) -> Json:
    ends = draw(st.sampled_from(kinds or ("holding",)))
    found = [each for each in standing if each["kind"] == ends]
    if not found:
        return rate(draw, standing)
    target = draw(st.sampled_from(found))
    said: Json = {"kind": "termination", "ends": [target["id"]], "reason": "x"}
    if target["kind"] == "holding":
        after = date.fromisoformat(target["effective_on"]) + timedelta(draw(st.integers(1, 400)))
        said["effective_on"] = after.isoformat()
    if target["kind"] == "commitment" and draw(yes_or_no):
        said["remaining"] = str(draw(st.integers(0, 200)))
    return said


def rate(draw: Draw, standing: list[Json]) -> Json:
    found = pair(draw, "base", "quote", tuple(DIGITS))
    return {"kind": "rate", **found, "rate": draw(st.sampled_from(("1.1", "0.9", "150", "0.0067")))}


def rivalry(draw: Draw, standing: list[Json]) -> Json:
    return {**pair(draw, "a", "b"), "market": draw(st.sampled_from((None, "models")))}


def reaction(draw: Draw, standing: list[Json]) -> Json:
    return {"party": draw(st.sampled_from(PARTIES)), "move": "-0.05", "basis": "close"}


KINDS: Final[dict[str, Callable[[Draw, list[Json]], Json]]] = {
    "payment": payment, "draw": draw_on, "funding": funding, "issuance": issuance,
    "transfer": transfer, "holding": holding, "valuation": valuation, "commitment": commitment,
    "right": right, "termination": termination, "rate": rate, "rivalry": rivalry,
    "reaction": reaction, "ending": ending,
}  # fmt: skip
CHANGES: Final = ("retraction", "correction", "correction")
THEMES: Final = (
    (*KINDS, "draw", "holding", "commitment", "commitment", "round", *CHANGES),
    ("holding", "holding", "transfer", "transfer", "funding", "round", "ending", "rate", *CHANGES),
    ("holding", "holding", "holding", "transfer", "ending", "valuation", *CHANGES),
    ("issuance", "issuance", "transfer", "transfer", "holding", "funding", *CHANGES),
    ("commitment", "draw", "draw", "draw", "termination", "termination", "rate", *CHANGES),
    ("payment", "payment", "funding", "rate", *CHANGES),
)
"""What a ledger is mostly about: all, who owns what, groups, shares, promises, or cash."""


def one(draw: Draw, kind: str, number: int, standing: list[Json]) -> Json:
    """Draw one event, with what every kind has."""
    on = draw(days)
    said = {"kind": kind, "id": f"e{number}", "effective_on": on.isoformat()}
    said |= KINDS[kind](draw, standing)
    if draw(one_in_four):
        said["announced_on"] = (on + timedelta(days=draw(st.integers(-200, 200)))).isoformat()
    if draw(one_in_four):
        said["deal"] = draw(st.sampled_from(("round", "other")))
    if draw(seldom):
        said["memo"] = True
    if draw(seldom):
        said |= {"note": "n", "source_title": "s", "source_url": "https://example.org/x"}
        said |= {"source_published_on": "2025-03", "confidence": "reported", "actor": "ana"}
    return {name: value for name, value in said.items() if value is not None}


def corrected(draw: Draw, target: Json, number: int) -> list[Json]:
    """Draw a retraction with a replacement that says something else."""
    changes: list[Json] = [{"effective_on": draw(days).isoformat()}, {"memo": True}, {"note": "m"}]
    if "amount" in target and "." not in target["amount"]:
        changes += [{"amount": str(int(target["amount"]) + draw(st.integers(1, 9)))}] * 2
    new = {**target, **draw(st.sampled_from(changes)), "id": f"e{number}"}
    return [{**retraction(target, number), "replaced_by": new["id"]}, new]


def retraction(target: Json, number: int) -> Json:
    dates: Json = {
        name: target[name] for name in ("effective_on", "announced_on") if name in target
    }
    said = {"kind": "retraction", "id": f"r{number}", "retracts": target["id"], "reason": "x"}
    return {**said, **dates}


def opening(draw: Draw) -> list[Json]:
    """Return the parties, and mostly a rate of each two currencies."""
    on = "2020-01-01"
    said: list[Json] = [
        {"kind": "party", "id": f"p-{each}", "party": each, "name": each, "effective_on": on}
        for each in PARTIES
    ]
    if draw(st.sampled_from((True, True, False))):
        rates = {"EUR": "1.1", "JPY": "0.0067", "BHD": "2.65"}
        said += [
            {"kind": "rate", "id": f"x-{base}", "base": base, "quote": "USD", "rate": each}
            | {"effective_on": on}
            for base, each in rates.items()
        ]
    return said


@st.composite
def ledgers(draw: Draw) -> list[list[Json]]:
    """Draw a ledger, in batches."""
    batches: list[list[Json]] = [opening(draw)]
    standing: list[Json] = []
    kinds = draw(st.sampled_from(THEMES))
    for number in range(draw(st.sampled_from((3, 5, 8, 12, 16, 20)))):
        kind = draw(st.sampled_from(kinds))
        if kind in ("retraction", "correction") and standing:
            target = draw(st.sampled_from(standing))
            fix = [retraction(target, number)]
            batch = fix if kind == "retraction" else corrected(draw, target, number)
            standing = [each for each in standing if each is not target] + batch[1:]
        elif kind == "round":
            batch = fundings(draw, number)
            standing += batch
        else:
            batch = [one(draw, kind if kind in KINDS else "payment", number, standing)]
            standing += batch
        batches.append(batch)
    return batches
