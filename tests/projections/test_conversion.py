"""Converted amounts are exact inside, and every way to a sum gives the same one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.given import event, party, pays, promises
from support.memory import Told, told_by

from dealledger.events import Event, Money, Refused
from dealledger.ledger import View
from dealledger.projections import Converter, MissingRate, commitments, flows
from dealledger.projections.analysis.circles.circulation import circularity
from dealledger.projections.analysis.web import FINEST, common_unit, web
from dealledger.projections.promises.burden import burdens, by_bearer, by_year
from dealledger.projections.promises.commitments import totals
from dealledger.projections.trace import trace_balance, trace_net

Look = Callable[..., View]


@pytest.fixture
def look(told: Told) -> Look:
    """Give a function that records events, with a euro at 1.5 dollars, and looks at 2026."""
    told.append([party(slug) for slug in ("acme", "beta", "core")])
    told.append([event("rate", "R", base="EUR", quote="USD", rate="1.5", on="2020-01-01")])

    def look_at(*events: Event, on: str = "2026-06-30") -> View:
        told.append(events)
        return told.at(date.fromisoformat(on))

    return look_at


def euro(name: str, amount: str | None = "0.01", **fields: object) -> Event:
    return pays(name, amount, **{"currency": "EUR", **fields})


def test_every_way_to_a_sum_gives_the_same(look: Look) -> None:
    """Three times 0.015 is 0.045, which is 0.04: by pair, party, year, event, and in a web."""
    view = look(*(euro(f"p{n}", on=f"2024-01-0{n}") for n in (1, 2, 3)))
    found = flows(view, currency="USD")
    [pair] = found.by_pair()
    [year] = flows(view, currency="USD", years=True).by_year()

    assert [4, 4, 4] == [pair.net.minor, year.amount.minor, found.by_kind()[0].amount.minor]
    assert [-4, 4] == [row.net.minor for row in found.by_party()]
    assert 4 == circularity(web(view, currency="USD")).total.minor
    assert 4 == trace_net(view, "acme", "beta", "USD")[-1].after
    assert -4 == trace_balance(view, "acme", "USD")[-1].after


def test_answers_name_their_rates(look: Look) -> None:
    """Only those that were used; a memo gives none, nor does what is not disclosed need one."""
    memo = event("rate", "M", base="EUR", quote="USD", rate="9", on="2023-01-01", memo=True)
    view = look(euro("p", "1"), memo, euro("q", None, on="2019-01-01"))
    found = flows(view, currency="USD")

    assert ([("R", Fraction(3, 2))], 1) == (
        [(rate.event, rate.rate) for rate in found.rates], found.undisclosed,
    )  # fmt: skip
    assert () == flows(view).rates == flows(look(), currency="EUR").rates
    with pytest.raises(MissingRate, match="from EUR to JPY on or before 2024-01-01"):
        flows(view, currency="JPY")


def test_an_undisclosed_promise_needs_no_rate(look: Look) -> None:
    """There is nothing to convert."""
    view = look(event("commitment", "c", obligor="acme", beneficiary="beta", currency="KRW"))

    assert [None] == [row.committed for row in commitments(view, currency="USD")]


@given(
    amount=st.integers(1, 10**9), rate=st.integers(1, 10**6),
    parts=st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9)),
    drawn=st.integers(0, 10**9), cut=st.booleans(),
)  # fmt: skip
def test_the_parts_of_a_commitment_add_up(
    amount: int, rate: int, parts: tuple[int, int, int], drawn: int, cut: bool
) -> None:
    """To the minor unit: drawn, open, cancelled, lapsed; by year; by bearer; the lines."""
    shares = [amount * part // sum(parts) for part in parts]
    lines = [
        {"party": name, "amount": Money("EUR", share).text()}
        for name, share in zip(("acme", "core"), shares, strict=False)
        if share
    ]
    said = {"currency": "EUR", "bearers": lines, "end": "2031-03-05", "on": "2024-01-01"}
    events = [
        *(party(slug) for slug in ("acme", "beta", "core")),
        event("rate", "R", base="EUR", quote="USD", rate=str(rate / 1000), on="2020-01-01"),
        promises("c", Money("EUR", amount).text(), **said),
    ]
    if drawn:
        events.append(euro("d", Money("EUR", drawn).text(), commitment="c", on="2024-02-01"))
    if cut:
        events.append(event("termination", "t", ends=["c"], remaining="0.07", on="2024-03-01"))
    try:
        with told_by(str(amount), events) as told:
            view = told.at(date(2026, 6, 30))
            [row] = commitments(view, currency="USD")
    except Refused:
        assume(False)  # a cut to more than the whole
    names = ("committed", "drawn", "overdrawn", "remaining", "cancelled", "lapsed")
    whole, gone, over, left, cancelled, lapsed = (getattr(row, name).minor for name in names)
    assert whole == gone - over + left + cancelled + lapsed
    [total] = totals([row])
    for shares_of in (by_year([row], view.as_of), by_bearer([row])):
        assert total.gross.minor == sum(share.amount.minor for share in shares_of)
    for burden in burdens((row,)):
        assert burden.headline.minor == sum(money.minor for _, money in burden.bearers)


def test_the_unit_of_a_web(look: Look) -> None:
    """As fine as its amounts ask for, up to a limit."""
    assert 6 == common_unit([Fraction(1, 2), Fraction(2, 3), Fraction(5)])
    assert FINEST == common_unit([Fraction(1, 3), Fraction(1, 7**60)])
    converted = web(look(euro("p", "1", on="2024-01-01")), currency="USD")

    assert [150] == [converted.money(leg.minor).minor for leg in converted.legs]
    assert 2 == web(look(euro("q", "0.01")), currency="USD").unit


def test_rates_are_read_by_date(look: Look) -> None:
    """The latest on or before the day, either way round, the later record of one day."""
    view = look(
        event("rate", "S", base="USD", quote="EUR", rate="0.5", on="2024-01-01"),
        event("rate", "T", base="EUR", quote="USD", rate="3", on="2025-01-01"),
        event("rate", "U", base="EUR", quote="USD", rate="4", on="2025-01-01"),
    )
    convert = Converter(view, "USD")

    assert [Fraction(3, 2), 2, 2, 4] == [
        convert.rate("EUR", date.fromisoformat(day))
        for day in ("2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01")
    ]


def test_a_rate_of_a_later_day_changes_nothing(look: Look) -> None:
    """Also for an amount that counts on that day, while its period has begun."""
    period = {"period_start": "2024-01-01", "period_end": "2024-12-31", "on": "2025-01-01"}
    later = event("rate", "S", base="EUR", quote="USD", rate="9", on="2025-01-01")
    view = look(euro("p", "3.66", **period), later)
    [pair] = flows(view.at(date(2024, 1, 1)), currency="USD", accrue=True).by_pair()
    [after] = flows(view, currency="USD", accrue=True).by_pair()

    assert (2, 366 * 9) == (pair.a_to_b.minor, after.a_to_b.minor)
    assert 549 == pair.net_max.minor
