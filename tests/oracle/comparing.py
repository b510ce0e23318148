"""Hold every answer of the product against the model's, at one point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from oracle import cash, entitlements, ownership, promises
from oracle.reading import DIGITS, Json, NoRate, Point, Reading, effective

Rows = list[dict[str, Any]]


class Difference(NamedTuple):
    """A number that the two do not agree about."""

    table: str
    key: Any
    field: str
    model: Any
    product: Any


class Answers(Protocol):
    """What is asked of the product, by whichever way."""

    def flows(self, by: str, into: str | None = None, *, accrue: bool = False) -> Rows: ...
    def undisclosed(self) -> int: ...
    def commitments(self, into: str | None = None) -> Rows: ...
    def totals(self, into: str | None = None) -> Rows: ...
    def shares(self, by: str, into: str | None = None) -> Rows: ...
    def stakes(self, into: str | None = None) -> Rows: ...
    def undisclosed_stakes(self) -> dict[str, Fraction]: ...
    def look_through(self) -> Rows: ...
    def rights(self) -> Rows: ...


def same(model: Any, product: Any, currency: str | None, *, exact: bool) -> bool:
    """Return whether two numbers agree; not exact: the product's may be rounded to a minor unit.

    Of what is converted or accrued, sums are rounded once, and what they are made of too.
    """
    if exact or currency is None or not isinstance(model, Fraction) or product is None:
        return bool(model == product)
    return bool(abs(model - Fraction(product)) <= Fraction(1, 10 ** DIGITS[currency]))


def tables(
    name: str,
    model: dict[Any, dict[str, Fraction]],
    rows: Rows,
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    *,
    exact: bool = True,
) -> Iterator[Difference]:
    """Yield where the rows of a table differ; a row of zeros is none."""
    product = {tuple(row[key] for key in keys): row for row in rows}
    for key in sorted(model.keys() | product.keys(), key=repr):
        mine, found = model.get(key, {}), product.get(key, {})
        currency = key[keys.index("currency")] if "currency" in keys else None
        for column in columns:
            one, other = mine.get(column, Fraction()), found.get(column, Fraction())
            if not same(one, other, currency, exact=exact):
                yield Difference(name, key, column, one, other)


FLOWS = {
    "party": (("party", "currency"), ("inflow", "outflow", "net")),
    "pair": (
        ("a", "b", "currency"),
        ("a_to_b", "b_to_a", "net", "net_min", "net_max", "a_to_b_funding", "a_to_b_payment",
         "b_to_a_funding", "b_to_a_payment"),
    ),
    "kind": (("kind", "currency"), ("amount",)),
    "year": (("year", "currency"), ("funding", "payment", "amount")),
}  # fmt: skip


def currency_of(reading: Reading) -> str:
    """Return the currency to ask for at a point: each in turn."""
    return list(DIGITS)[reading.point.known_at % len(DIGITS)]


def of_flows(reading: Reading, answers: Answers) -> Iterator[Difference]:
    """Compare flows in every table, as they are and converted, each also accrued."""
    for into in (None, currency_of(reading)):
        for accrue in (False, True):
            exact = into is None and not accrue
            for by, (keys, columns) in FLOWS.items():
                name = f"flows --by {by}{' --accrue' * accrue}{f' --in {into}' if into else ''}"
                try:
                    found = list(cash.moves(reading, into, accrue=accrue))
                except NoRate:
                    found = None
                try:
                    rows = answers.flows(by, into, accrue=accrue)
                except NoRate:
                    rows = None
                if found is None or rows is None:
                    # Accrued, an amount of which nothing has moved yet may ask for its rate.
                    if (found is None) != (rows is None) and not (accrue and rows is None):
                        yield Difference(name, "", "a rate", found is not None, rows is not None)
                    continue
                yield from tables(
                    name, getattr(cash, f"by_{by}")(found), rows, keys, columns, exact=exact
                )
    if cash.undisclosed(reading) != answers.undisclosed():
        yield Difference(
            "flows", "", "undisclosed", cash.undisclosed(reading), answers.undisclosed()
        )


ACCOUNT = (
    "committed", "drawn", "remaining", "cancelled", "lapsed", "overdrawn", "undisclosed_draws",
    "ended_on", "live", "layer", "backs", "currency",
)  # fmt: skip


def of_commitments(reading: Reading, answers: Answers) -> Iterator[Difference]:
    """Compare commitments and their totals."""
    model = promises.accounts(reading)
    product = {row["id"]: row for row in answers.commitments()}
    if model.keys() != product.keys():
        yield Difference("commitments", "", "ids", sorted(model), sorted(product))
    for key in sorted(model.keys() & product.keys()):
        for column in ACCOUNT:
            one, other = getattr(model[key], column), product[key][column]
            if one != other and not (one == 0 and other is None):
                yield Difference("commitments", key, column, one, other)
    yield from tables(
        "totals",
        promises.totals(model),
        answers.totals(),
        ("currency", "layer"),
        ("gross", "consolidated"),
    )


def of_burdens(reading: Reading, answers: Answers) -> Iterator[Difference]:
    """Compare what is open by year and by who bears it; in all and in each layer.

    Exact by bearer, where no rule for cuts and overdrafts is needed; by year, each is rounded.
    """
    live = [each for each in promises.accounts(reading).values() if each.live and each.remaining]
    keys = ("layer", "currency")
    for by in ("bearer", "year"):
        rows = answers.shares(by)
        whole = promises.summed(((e.layer, e.currency), e.remaining or Fraction()) for e in live)
        found = promises.summed(((row["layer"], row["currency"]), row["amount"]) for row in rows)
        for key in sorted(whole.keys() | found.keys()):
            if whole.get(key, 0) != found.get(key, 0):
                yield Difference(f"by {by}", key, "total", whole.get(key, 0), found.get(key, 0))
    if all(promises.plain(each) for each in live):
        parts = (
            ((bearer, each.layer, each.currency), amount)
            for each in live
            for bearer, amount in promises.lines(each).items()
        )
        model = {key: {"amount": amount} for key, amount in promises.summed(parts).items()}
        rows = answers.shares("bearer")
        yield from tables("by bearer", model, rows, ("bearer", *keys), ("amount",), exact=False)
    if not any(each.event.get("schedule") for each in live):
        years = (
            ((year, each.layer, each.currency), amount)
            for each in live
            for year, amount in promises.by_year(each, reading.point.as_of).items()
        )
        model = {key: {"amount": amount} for key, amount in promises.summed(years).items()}
        rows = answers.shares("year")
        for each in tables("by year", model, rows, ("year", *keys), ("amount",), exact=False):
            if len(live) * Fraction(1, 10 ** DIGITS[each.key[2]]) < abs(each.model - each.product):
                yield each


def of_conversion(reading: Reading, answers: Answers) -> Iterator[Difference]:
    """Compare commitments in one currency: each at the rate of its own date, with all its parts."""
    into = currency_of(reading)
    model = promises.accounts(reading)
    try:
        rates = {
            key: reading.rate(each.currency, into, effective(each.event))
            for key, each in model.items()
            if each.currency is not None and (each.event.get("amount") or each.drawn)
        }
    except NoRate:
        return
    try:
        product = {row["id"]: row for row in answers.commitments(into)}
    except NoRate:
        yield Difference(f"commitments --in {into}", "", "a rate", "not needed", "asked for")
        return
    parts = ("drawn", "remaining", "cancelled", "lapsed")
    for key, rate in rates.items():
        mine, row = model[key], product[key]
        for column in ("committed", *parts, "overdrawn"):
            amount = getattr(mine, column)
            converted = None if amount is None else amount * rate
            if not same(converted, row[column], into, exact=False):
                yield Difference(f"commitments --in {into}", key, column, converted, row[column])
        if row["committed"] is not None:
            whole = sum(row[column] for column in parts) - row["overdrawn"]
            if whole != row["committed"]:
                yield Difference(f"commitments --in {into}", key, "parts", row["committed"], whole)


def of_look_through(reading: Reading, answers: Answers) -> Iterator[Difference]:
    """Compare what is held through all hands, where nobody has more than all of an issuer."""
    direct = {
        (issuer, holder): stake
        for issuer in issuers(reading)
        for holder, stake in ownership.stakes(reading, issuer).items()
        if stake
    }
    sums = promises.summed((issuer, stake) for (issuer, _), stake in direct.items())
    if any(stake >= 1 for stake in sums.values()):
        return
    model = ownership.integrated(direct)
    product = {(row["issuer"], row["holder"]): row["total"] for row in answers.look_through()}
    for key in sorted(model.keys() | product.keys()):
        if model.get(key, 0) != product.get(key, 0):
            yield Difference("look-through", key, "total", model.get(key), product.get(key))


def of_rights(reading: Reading, answers: Answers) -> Iterator[Difference]:
    """Compare rights: in force, apart or ended, since when, and for how long."""
    model = entitlements.rights(reading)
    product = {row["id"]: row for row in answers.rights()}
    if model.keys() != product.keys():
        yield Difference("rights", "", "ids", sorted(model), sorted(product))
    events = {event["id"]: event for event in reading.events}
    for key in sorted(model.keys() & product.keys()):
        status, ended_on = model[key]
        row = product[key]
        left = entitlements.days_left(reading, events[key])
        mine = {"status": status, "ended_on": ended_on, "days_left": left}
        for column, one in mine.items():
            if one != row[column] and not (column == "days_left" and status == "ended"):
                yield Difference("rights", key, column, one, row[column])


def issuers(reading: Reading) -> list[str]:
    found = (event.get(ownership.ISSUER.get(event["kind"], "")) for event in reading.events)
    return sorted({each for each in found if each})


def of_stakes(reading: Reading, answers: Answers) -> Iterator[Difference]:
    """Compare who holds what, what it is worth, and what is not disclosed."""
    rows = answers.stakes()
    undisclosed = answers.undisclosed_stakes()
    for issuer in issuers(reading):
        model = ownership.stakes(reading, issuer)
        counted = [row for row in rows if row["issuer"] == issuer and row.get("counted", True)]
        product = {row["holder"]: row for row in counted if row["stake"] != 0}
        for holder in sorted(model.keys() | product.keys()):
            one = model.get(holder, Fraction())
            other = product[holder]["stake"] if holder in product else Fraction()
            if one != other:
                yield Difference("stakes", (issuer, holder), "stake", one, other)
            elif holder in product and one is not None:
                mine, found = ownership.worth(reading, issuer, one), product[holder]["value"]
                if mine != found:
                    yield Difference("stakes", (issuer, holder), "value", mine, found)
        shown = {
            row["holder"]: row["stake"]
            for row in rows
            if row["issuer"] == issuer and row not in counted
        }
        if ownership.listed(reading, issuer) != shown:
            yield Difference("stakes", issuer, "listed", ownership.listed(reading, issuer), shown)
        rest = max(Fraction(), 1 - sum(filter(None, model.values()), Fraction()))
        if rest != undisclosed.get(issuer, 1):
            yield Difference("stakes", issuer, "undisclosed", rest, undisclosed.get(issuer))


CHECKS: dict[str, Callable[[Reading, Answers], Iterator[Difference]]] = {
    "flows": of_flows,
    "commitments": of_commitments,
    "burdens": of_burdens,
    "conversion": of_conversion,
    "look-through": of_look_through,
    "rights": of_rights,
    "stakes": of_stakes,
}


def differences(
    ledger: list[Json], point: Point, answers: Answers, only: tuple[str, ...] = tuple(CHECKS)
) -> Iterator[Difference]:
    """Yield all that the model and the product say differently at a point."""
    reading = Reading(ledger, point)
    for name in only:
        yield from CHECKS[name](reading, answers)
