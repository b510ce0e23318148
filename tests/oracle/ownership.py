"""Stakes: who has how much of an issuer. Design, section 6; quantities, Q13.

An issuer with issued shares is counted in shares. Any other is gone through day by day: rounds,
then transfers, then holdings, then what ended on that day; within each, by position.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from oracle.reading import Json, NoRate, Reading, amount_of, effective, rounded

ISSUER = {"funding": "investee", "issuance": "issuer", "transfer": "issuer", "holding": "issuer"}
ONLY_IF_SAID = ("convertible", "debt")
"""Instruments that dilute nobody, unless they say themselves what they bring."""


class CannotBe(Exception):
    """A round takes more than all."""


@dataclass
class Table:
    """The holders of one issuer.

    lines: group lines, and who is inside of them. statement: the holding that each rests on, stated:
    what is left of it; reckoned: the members of a line whose holdings are out of it. unknown: who
    invested since then, and nobody knows for what stake; until_ended: of whom a holding says it.
    interests: profit interests, listed and never folded. beside: holdings that are stated of those
    without shares, where shares are counted; no part of the whole either. warned: ids of what
    cannot all be true.
    """

    held: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    lines: dict[str, list[str]] = field(default_factory=dict)
    statement: dict[str, str] = field(default_factory=dict)
    stated: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    reckoned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    interests: dict[str, Fraction] = field(default_factory=dict)
    beside: dict[str, Fraction] = field(default_factory=dict)
    warned: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    until_ended: set[str] = field(default_factory=set)
    shares: bool = False

    def below(self, party: str) -> set[str]:
        """Return all who stand inside of a party's group line, also in nested ones; each once."""
        found: set[str] = set()
        ahead = list(self.lines.get(party, []))
        while ahead:
            member = ahead.pop()
            if member not in found and member != party:
                found.add(member)
                ahead += self.lines.get(member, [])
        return found

    def around(self, party: str) -> list[str]:
        """Return the group lines that a party stands inside of, the innermost first."""
        found = [line for line in self.lines if party in self.below(line)]
        return sorted(found, key=lambda line: len(self.below(line)))

    def take(self, holder: str, part: Fraction) -> Fraction:
        """Take a part from a holder, as far as it has it; return what it has not."""
        taken = min(part, self.held[holder])
        self.held[holder] -= taken
        self.stated[holder] = max(Fraction(), self.stated[holder] - taken)
        return part - taken

    def round(self, fundings: list[Json], stakes: dict[str, tuple[str, Fraction]]) -> None:
        """Fold one round: everybody keeps 1 - S, and who invested gets what it bought.

        stakes: by event, those that are known.
        """
        self.unknown |= {
            each["investor"] for each in fundings if owns(each) and each["id"] not in stakes
        }
        keep = 1 - sum((stake for _, stake in stakes.values()), Fraction())
        for held in (self.held, self.stated):
            for holder in held:
                held[holder] *= keep
        for investor, stake in stakes.values():
            self.held[investor] += stake

    def transfer(self, event: Json) -> None:
        """Move a stake; a member sells its own first, then what of the group lines is its.

        What nobody has cannot be bought: from rounds and transfers alone, no table exceeds 1.
        """
        stake = amount_of(event, "stake")
        if stake is None:
            return
        left, undisclosed = stake, max(Fraction(), 1 - sum(self.held.values(), Fraction()))
        for holder in (event["seller"], *self.around(event["seller"])):
            left = self.take(holder, left)
        if left:
            self.warned.add(event["id"])
            self.unknown.discard(event["seller"])
        self.held[event["buyer"]] += stake - max(Fraction(), left - undisclosed)

    def state(self, today: list[Json]) -> None:
        """Set holders to what is stated at the end of a day.

        A group line holds what is stated of it less what its members then hold themselves. Of a
        member, none of whose holdings stood when its line was stated, the first one comes out of
        the line, as far as it is more than the member had.
        """
        last = {each["holder"]: each for each in today if each.get("basis") != "profit-interest"}
        before = dict(self.held)
        for holder, event in last.items():
            self.lines.pop(holder, None)
            self.statement.pop(holder, None)
            if event.get("includes"):
                self.lines[holder] = event["includes"]
            self.held[holder] = self.stated[holder] = Fraction(event["stake"])
        groups = [holder for holder in last if holder in self.lines]
        for holder in sorted(groups, key=lambda holder: len(self.below(holder))):
            inside = sum((self.held[member] for member in self.below(holder)), Fraction())
            self.held[holder] = max(Fraction(), Fraction(last[holder]["stake"]) - inside)
            self.stated[holder] = self.held[holder]
        for holder in last:
            older = [line for line in self.around(holder) if line not in last]
            if older and holder not in self.reckoned[older[0]]:
                more = self.held[holder] - before.get(holder, Fraction())
                for line in older:
                    more = self.take(line, max(Fraction(), more))
            for line in older:
                self.reckoned[line].add(holder)
        for holder, event in last.items():
            self.statement[holder] = event["id"]
            if holder in self.unknown:
                self.unknown.discard(holder)
                self.until_ended.add(holder)
        for holder in groups:
            self.reckoned[holder] = {each for each in self.below(holder) if each in self.statement}
        for event in today:
            if event.get("basis") == "profit-interest":
                self.interests[event["holder"]] = Fraction(event["stake"])

    def end(self, event: Json) -> None:
        """Take what a holding stated off the table; what was got since then stays."""
        holder = event["holder"]
        if event.get("basis") == "profit-interest":
            self.interests.pop(holder, None)
        elif self.statement.get(holder) == event["id"]:
            self.take(holder, self.stated[holder])
            self.lines.pop(holder, None)
            del self.statement[holder]
            if holder in self.until_ended:
                self.unknown.add(holder)


def rounds(fundings: list[Json]) -> list[list[Json]]:
    """Return the fundings of one issuer and day as rounds: those of one deal are one."""
    found: dict[Any, list[Json]] = {}
    for event in fundings:
        found.setdefault(event.get("deal", ("alone", event["id"])), []).append(event)
    return list(found.values())


def price(reading: Reading, fundings: list[Json]) -> tuple[Fraction, str] | None:
    """Return the post-money of a round and its currency, or None if it has no terms.

    As its first funding with terms has it: given, or its pre-money and all of the round.
    Raises: NoRate, if an amount of it is in another currency and cannot be converted.
    """
    terms = [each for each in fundings if each.get("pre_money") or each.get("post_money")]
    if not terms:
        return None
    currency = str(terms[0]["currency"])
    whole = sum(paid(reading, fundings, currency).values(), Fraction())
    return post_money(terms[0], whole), currency


def post_money(event: Json, whole: Fraction) -> Fraction:
    """Return what a funding's own terms say; whole: all of its round, in its currency."""
    given = amount_of(event, "post_money")
    return given if given is not None else Fraction(event["pre_money"]) + whole


def buying(event: Json) -> bool:
    return event.get("instrument") not in ONLY_IF_SAID


def paid(reading: Reading, fundings: list[Json], currency: str) -> dict[str, Fraction]:
    """Return the disclosed amounts that buy in a round in one currency, by event."""
    return {
        event["id"]: amount * reading.rate(event["currency"], currency, effective(event))
        for event in fundings
        if buying(event) and (amount := amount_of(event)) is not None
    }


def bought(reading: Reading, fundings: list[Json]) -> dict[str, tuple[str, Fraction]]:
    """Return the investor and stake of each funding of a round that has one, by event.

    A stake that is given, or the amount in the post-money of the funding's own terms.
    Raises: NoRate, as of `price`; CannotBe, if they are more than all.
    """
    price(reading, fundings)
    found = {}
    for event in fundings:
        stake, amount = amount_of(event, "stake"), amount_of(event)
        terms = event.get("pre_money") or event.get("post_money")
        if stake is None and amount is not None and terms and buying(event):
            whole = sum(paid(reading, fundings, event["currency"]).values(), Fraction())
            stake = amount / post_money(event, whole)
        if stake is not None:
            found[event["id"]] = (event["investor"], stake)
    if sum(stake for _, stake in found.values()) > 1:
        raise CannotBe
    return found


def table_of(reading: Reading, issuer: str) -> Table:
    """Return who holds an issuer at the point."""
    events = [each for each in reading.of(*ISSUER) if each[ISSUER[each["kind"]]] == issuer]
    if any(event.get("shares") for event in events if event["kind"] == "issuance"):
        return counted(reading, events)
    table = Table()
    ends = {
        event["id"]: min(map(effective, reading.ended(event["id"])), default=None)
        for event in events
        if event["kind"] == "holding"
    }
    events = [each for each in events if not never(each, ends)]
    days = {effective(each) for each in events} | {day for day in ends.values() if day}
    for day in sorted(days):
        today = [event for event in events if effective(event) == day]
        for fundings in rounds([event for event in today if event["kind"] == "funding"]):
            try:
                table.round(fundings, bought(reading, fundings))
            except (NoRate, CannotBe):
                table.round(fundings, {})
                table.warned.update(event["id"] for event in fundings)
        for event in today:
            if event["kind"] == "transfer":
                table.transfer(event)
        table.state([event for event in today if event["kind"] == "holding"])
        for event in events:
            if ends.get(event["id"]) == day:
                table.end(event)
    return table


def never(event: Json, ends: dict[str, date | None]) -> bool:
    """Return whether a holding ended before, or on the day that, it would have begun."""
    day = ends.get(event["id"])
    return day is not None and day <= effective(event)


def owns(funding: Json) -> bool:
    """Return whether a funding brings a stake, be it unknown: who only lent is no owner."""
    return funding.get("instrument") != "debt" or "stake" in funding


def counted(reading: Reading, events: list[Json]) -> Table:
    """Return the holders of an issuer that is counted in shares; classes are kept apart."""
    table = Table(shares=True)
    shares: Shares = defaultdict(lambda: defaultdict(Fraction))
    for day in sorted({effective(event) for event in events}):
        today = [event for event in events if effective(event) == day]
        for event in today:
            if event["kind"] == "issuance" and event.get("shares"):
                shares[event["holder"]][event.get("share_class")] += event["shares"]
        for event in today:
            if event["kind"] == "transfer" and not sold(shares, event):
                table.warned.add(event["id"])
    total = sum((sum(classes.values(), Fraction()) for classes in shares.values()), Fraction())
    for holder, classes in shares.items():
        table.held[holder] = sum(classes.values(), Fraction()) / total
    for event in events:
        if event["kind"] == "holding" and not reading.ended(event["id"]):
            kept = table.interests if event.get("basis") == "profit-interest" else table.beside
            kept[event["holder"]] = Fraction(event["stake"])
    table.beside = {holder: part for holder, part in table.beside.items() if not table.held[holder]}
    return table


Shares = dict[str, dict[str | None, Fraction]]
"""The shares of each holder, by class; None: of no class."""


def sold(shares: Shares, event: Json) -> bool:
    """Move shares, or a stake: so many of all shares as there are.

    Of the class that is named, then of those whose class is not said; if none is named, of those
    first, then of each class in the order in which they came.
    Returns: whether the seller had them all.
    """
    named = event.get("share_class")
    others = [each for each in shares[event["seller"]] if each is not None]
    total = sum((sum(each.values()) for each in shares.values()), Fraction())
    left = Fraction(event.get("shares", 0)) or Fraction(event.get("stake", 0)) * total
    for each in [named, None] if named else [None, *others]:
        moved = min(left, shares[event["seller"]][each])
        shares[event["seller"]][each] -= moved
        shares[event["buyer"]][each] += moved
        left -= moved
    return not left


def invested(reading: Reading, issuer: str) -> dict[str, dict[str, Fraction]]:
    """Return what each investor paid in, by currency; empty, if nothing of it is disclosed."""
    found: dict[str, dict[str, Fraction]] = {}
    for event in reading.of("funding"):
        if event["investee"] == issuer and owns(event):
            sums = found.setdefault(event["investor"], defaultdict(Fraction))
            if (amount := amount_of(event)) is not None:
                sums[event["currency"]] += amount
    return found


def stakes(reading: Reading, issuer: str) -> dict[str, Fraction | None]:
    """Return the stake of each holder that counts; None of who invested for an unknown one."""
    table = table_of(reading, issuer)
    found: dict[str, Fraction | None] = {
        holder: stake for holder, stake in table.held.items() if stake
    }
    unknown = set(invested(reading, issuer)) - set(table.held) if table.shares else table.unknown
    return found | {investor: None for investor in unknown if investor not in found}


def listed(reading: Reading, issuer: str) -> dict[str, Fraction]:
    """Return what is shown beside the table, and is not part of the whole."""
    table = table_of(reading, issuer)
    return table.interests | table.beside


def value_of(reading: Reading, issuer: str) -> tuple[Fraction, str, date] | None:
    """Return the latest of valuations and of rounds with terms: amount, currency and day."""
    found: list[tuple[date, int, Fraction, str]] = []
    for event in reading.of("valuation"):
        if event["issuer"] == issuer:
            amount = Fraction(event["amount"])
            found.append((effective(event), event["position"], amount, event["currency"]))
    fundings = [event for event in reading.of("funding") if event["investee"] == issuer]
    for day in {effective(event) for event in fundings}:
        for each in rounds([event for event in fundings if effective(event) == day]):
            try:
                priced = price(reading, each)
            except NoRate:
                priced = given_value(each)
            if priced is not None:
                found.append((day, each[0]["position"], *priced))
    if not found:
        return None
    day, _, amount, currency = max(found)
    return amount, currency, day


def given_value(fundings: list[Json]) -> tuple[Fraction, str] | None:
    """Return the post-money of a round whose amounts cannot be converted, if it is given."""
    terms = [each for each in fundings if each.get("pre_money") or each.get("post_money")]
    post = amount_of(terms[0], "post_money")
    return None if post is None else (post, str(terms[0]["currency"]))


def worth(reading: Reading, issuer: str, stake: Fraction) -> tuple[str, Fraction] | None:
    """Return a stake at the latest value, to the minor unit."""
    value = value_of(reading, issuer)
    return None if value is None else (value[1], rounded(stake * value[0], value[1]))


def integrated(direct: dict[tuple[str, str], Fraction]) -> dict[tuple[str, str], Fraction]:
    """Return what each holder has of each issuer through all hands, with the Brioschi correction.

    direct: by (issuer, holder). A holder's way through others ends when it comes back to itself:
    what it has of itself through them is not counted again. Source: Brioschi, Buzzacchi & Colombo
    (1989); Vitali, Glattfelder & Battiston (2011), the matrix of integrated ownership.
    """
    parties = sorted({party for pair in direct for party in pair})
    found = {}
    for holder in parties:
        others = [each for each in parties if each != holder]
        # x[j] = direct[j of holder] + sum over k != holder of x[k] * direct[j of k], for j != holder
        rows = [
            [Fraction(j == k) - direct.get((j, k), Fraction()) for k in others]
            + [direct.get((j, holder), Fraction())]
            for j in others
        ]
        for issuer, total in zip(others, solved(rows), strict=True):
            if total:
                found[issuer, holder] = total
    return found


def solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """Return the solution of linear equations: each row is its coefficients and its right side."""
    size = len(rows)
    for column in range(size):
        pivot = next(n for n in range(column, size) if rows[n][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [each / rows[column][column] for each in rows[column]]
        for n in range(size):
            if n != column and rows[n][column]:
                times = rows[n][column]
                rows[n] = [x - times * y for x, y in zip(rows[n], rows[column], strict=True)]
    return [row[-1] for row in rows]
