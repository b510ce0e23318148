"""Stakes, flows, commitments, rights and rates on small ledgers, each rule by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from support.memory import Told

from dealledger.events import Money, parse_event
from dealledger.ledger import View
from dealledger.projections import (
    MissingRate,
    by_bearer,
    by_year,
    commitments,
    find_party,
    flows,
    parties,
    rights,
    stakes,
    totals,
)

Look = Callable[..., View]
SLUGS = ("acme", "alpha", "beta", "gamma", "lab", "cloud")


@pytest.fixture
def look(told: Told) -> Look:
    """Give a function that records events, written as JSON without quotes, and looks at a date."""
    told.append(
        parse_event(
            {"kind": "party", "party": slug, "name": slug.title(), "effective_on": "2020-01-01"}
        )
        for slug in SLUGS
    )

    def look_at(*lines: str, on: str = "2030-01-01") -> View:
        told.append(parse_event(_event(line)) for line in lines)
        return told.at(date.fromisoformat(on))

    return look_at


def _event(line: str) -> dict[str, object]:
    """Read `2024-01-01 holding holder=alpha issuer=acme stake=0.5`; values in [ or { are JSON."""
    day, kind, *fields = line.split()
    said: dict[str, object] = {"kind": kind, "effective_on": day}
    for field in fields:
        name, _, value = field.partition("=")
        said[name] = json.loads(value) if value[:1] in "[{" or value == "true" else value
    return said


def held(view: View) -> dict[str, Fraction | None]:
    [table] = stakes(view, "acme")
    return {row.holder: row.stake for row in table.rows}


FOUNDERS = "2024-01-01 holding holder=alpha issuer=acme stake=1"
PAID = "amount=20 currency=USD"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"2024-02-01 funding investor=beta investee=acme {PAID} stake=0.2"], "0.8 0.2"),
        ([f"2024-02-01 funding investor=beta investee=acme {PAID} post_money=100"], "0.8 0.2"),
        ([f"2024-02-01 funding investor=beta investee=acme {PAID} pre_money=80"], "0.8 0.2"),
        ([f"2024-02-01 funding investor=beta investee=acme {PAID}"], "1 None"),
        (["2024-02-01 valuation issuer=acme amount=9 currency=USD"], "1"),
        ([f"2024-02-01 funding investor=beta investee=acme {PAID} stake=0.2 memo=true"], "1"),
        ([f"2024-02-01 funding investor=beta investee=acme {PAID} post_money=100 instrument=convertible"],
         "1 None"),
        ([f"2024-02-01 funding investor=beta investee=acme {PAID} stake=0.1 instrument=debt"], "0.9 0.1"),
        ([f"2024-02-01 funding investor=beta investee=acme {PAID} instrument=debt"], "1"),
        (["2024-02-01 transfer seller=alpha buyer=beta issuer=acme stake=0.3"], "0.7 0.3"),
        (["2024-02-01 transfer seller=alpha buyer=beta issuer=acme"], "1"),
        (["2024-02-01 holding holder=alpha issuer=acme stake=0.6"], "0.6"),
        (["2024-02-01 holding holder=beta issuer=acme stake=0.49 basis=profit-interest"], "1 0.49"),
        (["2024-02-01 holding holder=alpha issuer=acme stake=0"], ""),
        (["2024-02-01 holding holder=alpha issuer=acme stake=0.6 id=h",
          '2024-03-01 termination ends=["h"]'], ""),
    ],
)  # fmt: skip
def test_each_event_of_a_stake_table(look: Look, lines: list[str], expected: str) -> None:
    """What alpha, and then beta, hold after it; None is invested with an unknown stake."""
    found = held(look(FOUNDERS, *lines)) if expected else {}
    wanted = [None if each == "None" else Fraction(each) for each in expected.split()]

    assert dict(zip(("alpha", "beta"), wanted, strict=False)) == found
    if not expected:
        assert () == stakes(look(FOUNDERS, *lines), "acme")


def test_fundings_of_one_deal_and_day_are_one_round(look: Look) -> None:
    """Post is pre plus all of the round; everybody else is diluted once, by the sum."""
    terms = "investee=acme currency=USD pre_money=60 deal=series-a"
    view = look(
        FOUNDERS,
        f"2024-02-01 funding investor=beta amount=30 {terms}",
        f"2024-02-01 funding investor=gamma amount=10 {terms}",
    )

    assert {"alpha": Fraction("0.6"), "beta": Fraction("0.3"), "gamma": Fraction("0.1")} == held(
        view
    )


def test_a_group_line_is_net_of_its_members(look: Look) -> None:
    """Stated 47, of which a listed member states 11: 36, and 47 as gross."""
    view = look(
        '2024-01-01 holding holder=alpha issuer=acme stake=0.47 includes=["beta"]',
        "2024-02-01 holding holder=beta issuer=acme stake=0.11",
    )
    [table] = stakes(view, "acme")

    assert {"alpha": Fraction("0.36"), "beta": Fraction("0.11")} == held(view)
    assert [Fraction("0.47"), None] == [row.gross for row in table.rows]
    assert Fraction("0.53") == table.undisclosed
    more = look("2024-03-01 holding holder=beta issuer=acme stake=0.5")
    assert {"alpha": Fraction("0.36"), "beta": Fraction("0.5")} == held(more)


def test_more_than_everything_is_flagged(look: Look) -> None:
    """Stakes above 100 % are shown, and by how much; nobody sells more than there is."""
    over = look(FOUNDERS, "2024-02-01 holding holder=beta issuer=acme stake=0.2")
    [table] = stakes(over, "acme")
    sold = look("2024-03-01 transfer seller=gamma buyer=lab issuer=acme stake=0.1 id=t")

    assert (Fraction("0.2"), Fraction(0)) == (table.over, table.undisclosed)
    assert ("t sells more than gamma holds",) == stakes(sold, "acme")[0].warnings


def test_undisclosed_shares_do_not_switch_to_counting(look: Look) -> None:
    """Only an issuance that says how many does."""
    assert {"alpha": Fraction(1)} == held(
        look(FOUNDERS, "2024-02-01 issuance issuer=acme holder=beta")
    )


def test_shares_and_transfers(told: Told) -> None:
    """750 and 250 of 1,000; then 100 change hands; more than is held does not."""
    said: list[dict[str, object]] = [
        {"kind": "party", "party": slug, "name": slug} for slug in SLUGS
    ]
    said += [
        {"kind": "issuance", "issuer": "acme", "holder": "alpha", "shares": 750},
        {"kind": "issuance", "issuer": "acme", "holder": "beta", "shares": 250},
        {"kind": "transfer", "seller": "alpha", "buyer": "gamma", "issuer": "acme", "shares": 100},
        {"kind": "transfer", "seller": "beta", "buyer": "gamma", "issuer": "acme", "shares": 900,
         "id": "t"},
    ]  # fmt: skip
    told.append(parse_event({**each, "effective_on": "2024-01-01"}) for each in said)
    [table] = stakes(told.at(date(2024, 1, 1)), "acme")

    assert {
        "alpha": (Fraction(650), Fraction("0.65")),
        "gamma": (Fraction(350), Fraction("0.35")),
    } == {row.holder: (row.shares, row.stake) for row in table.rows}
    assert ("t sells more than beta holds",) == table.warnings


def test_value_and_what_was_invested(look: Look) -> None:
    """The stake at the latest valuation; investments apart from debt, and since when."""
    view = look(
        "2024-01-01 funding investor=beta investee=acme amount=5 currency=USD",
        "2024-01-02 funding investor=beta investee=acme",
        "2024-02-01 holding holder=beta issuer=acme stake=0.5",
        "2024-03-01 valuation issuer=acme amount=101.01 currency=USD",
    )
    [row] = stakes(view, "acme")[0].rows

    assert (Money("USD", 5050), (Money("USD", 500),), 1) == (
        row.value, row.invested, row.undisclosed_amounts,
    )  # fmt: skip
    assert date(2024, 1, 1) == row.since


COMMIT = "commitment obligor=lab beneficiary=cloud currency=USD"
DRAW = "payment payer=lab payee=cloud currency=USD"


def test_open_amounts(look: Look) -> None:
    """15 drawn 13, a second terminated unused, a third past its end: 2, 0 and 0 are open."""
    view = look(
        f"2024-01-01 {COMMIT} amount=15 id=A",
        f"2024-01-01 {COMMIT} amount=7 id=B",
        f"2024-01-01 {COMMIT} amount=9 id=C end=2024-12-31",
        f"2024-02-01 {DRAW} amount=13 commitment=A",
        '2024-03-01 termination ends=["B"]',
    )
    rows = {row.id: row for row in commitments(view)}

    assert {"A": 200, "B": 0, "C": 0} == {
        each: row.remaining and row.remaining.minor for each, row in rows.items()
    }
    assert (700, 900) == (rows["B"].cancelled.minor, rows["C"].lapsed.minor)  # type: ignore[union-attr]
    assert [True, False, False] == [rows[each].live for each in "ABC"]
    assert date(2024, 12, 31) == rows["C"].ended_on


def test_a_cut_keeps_what_it_says_and_overdrawing_is_flagged(look: Look) -> None:
    """Cut to 4 after 3 of 10: 3 are cancelled; then 5 are drawn, one too many."""
    view = look(
        f"2024-01-01 {COMMIT} amount=10 id=A",
        f"2024-02-01 {DRAW} amount=3 commitment=A",
        '2024-03-01 termination ends=["A"] remaining=4',
        f"2024-04-01 {DRAW} amount=5 commitment=A",
        f"2024-05-01 {DRAW} commitment=A",
    )
    [row] = commitments(view)

    assert [1000, 800, 0, 300, 100] == [
        money and money.minor
        for money in (row.committed, row.drawn, row.remaining, row.cancelled, row.overdrawn)
    ]
    assert (1, True, "drawn") == (row.undisclosed_draws, row.live, row.status)


def test_layers_and_what_backs_another(look: Look) -> None:
    """Announced stands apart from committed; talks count nowhere; backing is not counted twice."""
    view = look(
        f"2024-01-01 {COMMIT} amount=10 id=A",
        "2024-01-01 commitment obligor=cloud beneficiary=gamma amount=4 currency=USD backs=A",
        f"2024-01-01 {COMMIT} amount=5 firmness=announced",
        f"2024-01-01 {COMMIT} amount=90 firmness=talks",
        f"2024-01-01 {COMMIT}",
    )
    found = [
        (each.layer, each.gross.minor, each.consolidated.minor)
        for each in totals(commitments(view))
    ]

    assert [("committed", 1400, 1000), ("announced", 500, 500)] == found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("amount=10", {None: 1000}),
        ("amount=10 start=2027-01-01 end=2028-12-31", {2027: 499, 2028: 501}),
        ("amount=10 per=year start=2027-01-01 end=2028-12-31", {2027: 999, 2028: 1001}),
        ("amount=10 per=year", {}),
        ('amount=10 schedule=[{"year":2027,"amount":"4"},{"year":2028,"amount":"5"}]',
         {2027: 400, 2028: 500, None: 100}),
    ],
)  # fmt: skip
def test_open_by_year(look: Look, fields: str, expected: dict[int | None, int]) -> None:
    """Straight-line by days, or as scheduled; the parts add up to what is open."""
    rows = commitments(look(f"2024-01-01 {COMMIT} {fields}", on="2026-06-30"))
    found = {share.key: share.amount.minor for share in by_year(rows, date(2026, 6, 30))}

    assert expected == found
    assert sum(expected.values()) == sum(row.remaining.minor for row in rows if row.remaining)


def test_open_by_bearer(look: Look) -> None:
    """Each bearer less its own draws; the rest is nobody's; without bearers, the obligor's."""
    bearers = '[{"party":"alpha","amount":"5"},{"party":"lab","amount":"3"}]'
    view = look(
        f"2024-01-01 {COMMIT} amount=10 id=A bearers={bearers}",
        f"2024-01-01 {COMMIT} amount=2",
        "2024-02-01 payment payer=alpha payee=cloud amount=4 currency=USD commitment=A",
    )

    assert {"alpha": 100, "lab": 500, None: 200} == {
        share.key: share.amount.minor for share in by_bearer(commitments(view))
    }


def test_flows_by_everything(look: Look) -> None:
    """Credits and transfers are no cash; undisclosed amounts are counted, not summed."""
    view = look(
        "2024-01-01 funding investor=alpha investee=lab amount=10 currency=USD",
        "2024-01-01 funding investor=alpha investee=lab amount=90 currency=USD instrument=credits",
        "2025-01-01 payment payer=lab payee=alpha amount=4 currency=USD",
        "2025-01-01 payment payer=lab payee=alpha",
        "2025-01-01 transfer seller=beta buyer=alpha issuer=acme amount=70 currency=USD",
        "2025-01-01 payment payer=lab payee=alpha amount=50 currency=USD memo=true",
    )
    found = flows(view, years=True)
    [pair] = found.by_pair()

    assert [600, 1000, 0, 0, 400] == [
        money.minor for money in (pair.net, pair.a_to_b_funding, pair.a_to_b_payment,
                                  pair.b_to_a_funding, pair.b_to_a_payment)
    ]  # fmt: skip
    assert {2024: 1000, 2025: 400} == {row.year: row.amount.minor for row in found.by_year()}
    assert 1 == found.undisclosed
    assert 0 == sum(row.net.minor for row in found.by_party())


def test_bounds_and_accrual_of_a_period(look: Look) -> None:
    """Inside a period the net may be anything up to the whole; accrued, it is by days."""
    period = "period_start=2024-01-01 period_end=2024-01-10"
    view = look(
        f"2024-01-10 payment payer=alpha payee=lab amount=100 currency=USD {period}",
        on="2024-01-03",
    )
    [pair] = flows(view).by_pair()
    [accrued] = flows(view, accrue=True).by_pair()

    assert (0, 0, 10000) == (pair.net.minor, pair.net_min.minor, pair.net_max.minor)
    assert (3000, 0, 10000) == (accrued.net.minor, accrued.net_min.minor, accrued.net_max.minor)


def test_conversion_by_recorded_rates(look: Look) -> None:
    """The latest rate on or before the event's date, also inverted; a missing one is named."""
    view = look(
        "2016-11-01 rate base=EUR quote=USD rate=1.10",
        "2016-12-21 rate base=EUR quote=USD rate=1.03",
        "2016-11-03 payment payer=alpha payee=lab amount=100 currency=EUR",
        "2016-12-22 payment payer=alpha payee=lab amount=100 currency=EUR",
    )

    assert [21300] == [row.amount.minor for row in flows(view, currency="USD").by_kind()]
    with pytest.raises(MissingRate, match="no rate from EUR to JPY on or before 2016-11-03"):
        flows(view, currency="JPY")
    more = look("2016-12-22 payment payer=lab payee=alpha amount=103 currency=USD")
    assert [30000] == [row.amount.minor for row in flows(more, currency="EUR").by_kind()]


@pytest.mark.parametrize(
    ("until", "days", "status"),
    [
        ("until=2032", 2621, "in force"),
        ("until=2025-11", 33, "in force"),
        ("until=2025-10-28", None, "ended"),
        ("until=AGI", None, "in force"),
        ("firmness=letter-of-intent", None, "apart"),
        ("", None, "in force"),
    ],
)
def test_rights(look: Look, until: str, days: int | None, status: str) -> None:
    """In force until the day is over; a condition in words has no day."""
    view = look(
        f"2025-10-01 right grantor=lab grantee=cloud right=ip-licence {until}", on="2025-10-28"
    )

    assert [(days, status)] == [(row.days_left, row.status) for row in rights(view)]


def test_parties_are_described_as_of_a_date(look: Look) -> None:
    """A later description replaces an earlier; names, aliases and tickers find the slug."""
    line = '2025-01-01 party party=lab name=Laboratory aliases=["Labs"] ticker=LAB'
    view = look(line, on="2024-01-01")

    assert "Lab" == {row.party: row.name for row in parties(view)}["lab"]
    assert "Laboratory" == {row.party: row.name for row in parties(look())}["lab"]
    assert ["lab"] * 4 == [find_party(view, each) for each in ("lab", "LABS", "Laboratory", "LAB")]
