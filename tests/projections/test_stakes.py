"""Stakes, each rule of the fold by itself: group lines, rounds, values, one day, shares."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support.memory import Told
from support.stakes import Look, held, looking, table

from dealledger.events import Money
from dealledger.projections import stakes
from dealledger.projections.reconcile import reconcile


@pytest.fixture
def look(told: Told) -> Look:
    """Give a function that records events as lines."""
    return looking(told)


GROUP = '2024-01-01 holding holder=group stake=0.6 includes=["alpha","beta"]'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # A member's own stake is taken out at the date of the line, in whichever order.
        (["2024-01-01 holding holder=alpha stake=0.1", GROUP], "alpha 10 group 50"),
        ([GROUP, "2024-01-01 holding holder=alpha stake=0.1"], "alpha 10 group 50"),
        ([GROUP, "2024-01-01 holding holder=alpha stake=0.1",
          "2024-01-01 holding holder=alpha stake=0.2"], "alpha 20 group 40"),
        # A first statement later comes out of it; a second leaves it as it is.
        ([GROUP, "2024-02-01 holding holder=alpha stake=0.1"], "alpha 10 group 50"),
        ([GROUP, "2024-02-01 holding holder=alpha stake=0.1",
          "2024-03-01 holding holder=alpha stake=0.2"], "alpha 20 group 50"),
        ([GROUP, "2024-02-01 holding holder=alpha stake=0.7"], "alpha 70"),
        # What was bought before is the member's own: only what is above it lay in the line.
        ([GROUP, "2024-01-01 holding holder=gamma stake=0.1",
          "2024-02-01 transfer seller=gamma buyer=alpha stake=0.1",
          "2024-03-01 holding holder=alpha stake=0.25"], "alpha 25 group 45"),
        # A round of a member dilutes the line; a purchase does not touch it.
        ([GROUP, "2024-02-01 funding investor=alpha stake=0.5"], "alpha 50 group 30"),
        ([GROUP, "2024-01-01 holding holder=gamma stake=0.4",
          "2024-02-01 transfer seller=gamma buyer=alpha stake=0.3"], "alpha 30 gamma 10 group 60"),
        # A member sells its own first, then out of the line.
        (["2024-01-01 holding holder=alpha stake=0.1", GROUP,
          "2024-02-01 transfer seller=alpha buyer=gamma stake=0.3"], "gamma 30 group 30"),
        ([GROUP, "2024-02-01 transfer seller=alpha buyer=beta stake=0.2"], "beta 20 group 40"),
        # An ended holding leaves the table and what it was taken out of as it is.
        ([GROUP, "2024-02-01 holding holder=alpha stake=0.1 id=h",
          '2024-03-01 termination ends=["h"]'], "group 50"),
        ([GROUP.replace("group", "group id=g"), "2024-02-01 holding holder=alpha stake=0.1",
          '2024-03-01 termination ends=["g"]', "2024-04-01 holding holder=beta stake=0.1"],
         "alpha 10 beta 10"),
        # A line that is stated again is net of its members as they are then.
        ([GROUP, "2024-02-01 holding holder=alpha stake=0.1",
          GROUP.replace("2024-01", "2024-03").replace("0.6", "0.5")], "alpha 10 group 40"),
    ],
)  # fmt: skip
def test_group_lines(look: Look, lines: list[str], expected: str) -> None:
    """At its date net of its members; from then on a holder like any other."""
    words = expected.split()
    wanted = dict(zip(words[::2], words[1::2], strict=True))

    view = look(*lines)

    assert wanted == dict(sorted(held(view).items()))
    assert not table(view).flaws


NESTED = [
    '2024-01-01 holding holder=group stake=0.6 includes=["inner","alpha"]',
    '2024-01-01 holding holder=inner stake=0.3 includes=["alpha"]',
    "2024-01-01 holding holder=alpha stake=0.1",
]


@pytest.mark.parametrize("order", ["012", "021", "102", "120", "201", "210"])
@pytest.mark.parametrize("days", ["111", "123"])
@pytest.mark.parametrize("named", [True, False])
def test_groups_in_groups(look: Look, order: str, days: str, *, named: bool) -> None:
    """Each member is taken out once, in any order, on one day or on three, named or not."""
    lines = [NESTED[int(place)] for place in order]
    lines = [
        line.replace("2024-01-01", f"2024-0{day}-01") for line, day in zip(lines, days, strict=True)
    ]
    if not named:
        lines = [line.replace('["inner","alpha"]', '["inner"]') for line in lines]

    view = look(*lines)

    assert {"alpha": "10", "group": "30", "inner": "20"} == dict(sorted(held(view).items()))
    sold = look("2025-01-01 transfer seller=alpha buyer=beta stake=0.4")
    assert {"beta": "40", "group": "20"} == dict(sorted(held(sold).items()))


def test_gross_of_a_group_line_is_all_of_it(look: Look) -> None:
    """With what its members hold themselves, as they are now."""
    view = look(GROUP, "2024-02-01 holding holder=alpha stake=0.1")

    assert {"group": Fraction("0.6"), "alpha": None} == {
        row.holder: row.gross for row in table(view).rows
    }
    assert ("stated", Fraction("0.5")) == (table(view).rows[0].how, table(view).rows[0].stake)


ALL = "2023-01-01 holding holder=alpha stake=1"
USD_JPY = "2020-12-31 rate base=USD quote=JPY rate=150"
PRE = "2024-02-01 funding deal=a investor=beta amount=10 pre_money=80 id=f1"
YEN = "2024-02-01 funding deal=a investor=gamma currency=JPY amount=1500 pre_money=12000 id=f2"


def test_a_round_is_read_in_the_currency_of_its_first_terms(look: Look) -> None:
    """10 of 80 + 10 + 10, and the same in yen; without a rate nothing is known of it."""
    before = look(ALL, PRE, YEN)

    assert {"alpha": "100", "beta": None, "gamma": None} == held(before)
    assert () == table(before).termless
    [flaw] = table(before).flaws
    assert ("round", ("f1", "f2")) == (flaw.check, flaw.events)
    assert "no rate from JPY to USD on or before 2024-02-01" in flaw.message
    assert "dilutes nobody" in flaw.message
    memo = look("2024-01-01 rate base=USD quote=JPY rate=150 memo=true")
    assert None is held(memo)["gamma"]
    after = look("2024-01-01 rate base=USD quote=JPY rate=150")
    assert {"alpha": "80", "beta": "10", "gamma": "10"} == held(after)
    assert not table(after).flaws


def test_rates_are_not_rounded(look: Look) -> None:
    """A third of a yen's worth is a third: of 1 yen at 3 to the dollar, in a round of 1 dollar."""
    view = look(
        ALL,
        "2020-12-31 rate base=USD quote=JPY rate=300",
        PRE.replace("amount=10 pre_money=80", "post_money=1"),
        YEN.replace("amount=1500 pre_money=12000", "amount=1 post_money=300"),
    )

    assert "1/3" == held(view)["gamma"]


@pytest.mark.parametrize(
    ("lines", "flaws"),
    [
        ([PRE, YEN.replace("12000", "12050")], 0),
        ([PRE, YEN.replace("12000", "15000")], 1),
        ([PRE, YEN.replace("pre_money=12000", "post_money=15000")], 0),
        ([PRE, YEN.replace("pre_money=12000", "post_money=18000")], 1),
        ([PRE.replace("pre_money=80", "post_money=100"), YEN.replace(" pre_money=12000", "")], 0),
    ],
)
def test_the_terms_of_a_round_must_agree(look: Look, lines: list[str], flaws: int) -> None:
    """On its post-money, when converted, up to rounding."""
    view = look(ALL, USD_JPY, *lines)

    assert flaws == len(table(view).flaws)
    assert all("do not agree on its post-money" in flaw.message for flaw in table(view).flaws)
    assert flaws == sum(each.check == "round" for each in reconcile(view))


def test_a_round_that_takes_more_than_all_takes_nothing_that_is_known(look: Look) -> None:
    """So fundings alone never add up to more than 100 %."""
    view = look(
        ALL,
        "2024-02-01 funding deal=a investor=beta stake=0.6 id=f1",
        "2024-02-01 funding deal=a investor=gamma stake=0.6 id=f2",
    )

    assert {"alpha": "100", "beta": None, "gamma": None} == held(view)
    assert [
        "the round of f1, f2: takes more than 100 %; its stakes are not known and it dilutes nobody"
    ] == [*table(view).warnings]


WORTH = "2024-01-01 valuation amount=40 currency=USD id=v"


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ([WORTH], ("40", "v")),
        ([WORTH, PRE], ("90", "f1")),
        ([PRE, "2024-02-01 funding deal=a investor=gamma amount=30"], ("120", "f1")),
        ([PRE.replace("pre_money=80", "post_money=95")], ("95", "f1")),
        ([PRE, WORTH.replace("2024-01", "2024-03")], ("40", "v")),
        ([PRE, WORTH.replace("2024-01", "2024-02")], ("40", "v")),
        ([WORTH.replace("2024-01", "2024-02"), PRE], ("90", "f1")),
        ([PRE, "2024-02-01 funding deal=a investor=gamma amount=70 instrument=debt"], ("90", "f1")),
        ([PRE, "2024-03-01 funding investor=gamma amount=10"], ("90", "f1")),
        ([USD_JPY, PRE, YEN], ("100", "f1")),
        ([PRE.replace("pre_money=80", "post_money=95"), YEN], ("95", "f1")),
        ([WORTH, PRE, YEN], ("40", "v")),
        (
            [
                WORTH,
                "2024-02-01 funding investor=beta amount=1 post_money=9 instrument=convertible",
            ],
            ("40", "v"),
        ),
    ],
)
def test_the_latest_value(look: Look, lines: list[str], value: tuple[str, str]) -> None:
    """Of valuations and rounds with terms: post-money as given, or pre-money and all of the round."""
    found = table(look(ALL, *lines))

    assert found.valuation is not None
    money, _, event = found.valuation
    assert value == (money.text(), event)
    row = found.rows[0]
    assert row.stake is not None
    assert Money("USD", round(row.stake * money.minor)) == row.value


def test_the_value_of_a_round_is_converted_at_its_date(look: Look) -> None:
    """8,000 yen and 2,000 of the round, and a fifth of it, in dollars of its day."""
    view = look(
        USD_JPY,
        "2024-03-01 rate base=USD quote=JPY rate=1",
        "2024-02-01 funding investor=gamma currency=JPY amount=2000 pre_money=8000",
    )
    [found] = stakes(view, "acme", currency="USD")

    assert Money("USD", 6667) == (found.valuation or [None])[0]
    assert Money("USD", 1333) == found.rows[0].value


SELL = "2024-05-01 transfer seller=alpha buyer=beta stake=0.5 id=t"
ROUND = "2024-05-01 funding investor=gamma stake=0.5"
SAYS = "2024-05-01 holding holder=beta stake=0.3"


@pytest.mark.parametrize("order", ["012", "021", "102", "120", "201", "210"])
def test_one_day(look: Look, order: str) -> None:
    """First the round, then the sale, then what a source says of the end of the day."""
    view = look(ALL, *([ROUND, SELL, SAYS][int(place)] for place in order))

    assert {"beta": "30", "gamma": "50"} == dict(sorted(held(view).items()))


def test_who_sells_more_than_it_has_goes_to_nothing(look: Look) -> None:
    """The rest comes out of what nobody is known to hold, as far as there is any."""
    view = look("2024-01-01 holding holder=alpha stake=0.2", SELL)

    assert {"beta": "50"} == held(view)
    assert ("t sells more than alpha holds",) == table(view).warnings
    again = look("2024-06-01 transfer seller=gamma buyer=alpha stake=0.8 id=u")
    assert {"alpha": "50", "beta": "50"} == held(again)
    assert [("transfer", ("t",)), ("transfer", ("u",))] == [
        (flaw.check, flaw.events) for flaw in table(again).flaws
    ]
    assert Fraction(0) == table(again).over


def test_more_than_everything_is_flagged(look: Look) -> None:
    """What sources state is shown as they state it, and by how much it is too much."""
    view = look(ALL, "2024-02-01 holding holder=beta stake=0.2")

    assert (Fraction("0.2"), Fraction(0)) == (table(view).over, table(view).undisclosed)


PAID = "2024-03-01 funding investor=beta amount=1"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([PAID], "alpha 100 beta None"),
        ([PAID.replace("2024", "2022"), "2024-04-01 holding holder=beta stake=0"], "alpha 100"),
        (["2024-02-01 holding holder=beta stake=0", PAID], "alpha 100 beta None"),
        # It sold what is known of it, and what it paid for later is still not known.
        (["2024-02-01 transfer seller=alpha buyer=beta stake=0.2", PAID,
          "2024-04-01 transfer seller=beta buyer=alpha stake=0.2"], "alpha 100 beta None"),
        ([PAID, "2024-04-01 transfer seller=beta buyer=gamma stake=0.2"], "alpha 100"),
        ([PAID, "2024-04-01 holding holder=beta stake=0.1 id=h",
          '2024-05-01 termination ends=["h"]'], "alpha 100 beta None"),
        ([f"{PAID} instrument=debt"], "alpha 100"),
        # What ended by its own date says nothing.
        (["2024-02-01 holding holder=alpha stake=0.5 id=h", '2024-02-01 termination ends=["h"]'],
         "alpha 100"),
        (["2024-02-01 holding holder=alpha stake=0.5 id=h", '2024-01-01 termination ends=["h"]'],
         "alpha 100"),
        (["2024-02-01 holding holder=alpha stake=0.5 id=h", '2024-02-02 termination ends=["h"]',
          PAID], "beta None"),
    ],
)  # fmt: skip
def test_who_may_have_what_is_not_known(look: Look, lines: list[str], expected: str) -> None:
    """An investor without terms, until something is stated of it or it sells more than it has."""
    words = expected.split()
    wanted = zip(
        words[::2], [None if each == "None" else each for each in words[1::2]], strict=True
    )

    assert dict(wanted) == dict(sorted(held(look(ALL, *lines)).items()))


def test_reconcile_compares_statements_with_what_was_computed(look: Look) -> None:
    """Of a group with all of it, of shares with these; what agrees is no finding."""
    view = look(
        GROUP,
        "2024-02-01 holding holder=alpha stake=0.1",
        '2024-03-01 holding holder=group stake=0.6 includes=["alpha"]',
        '2024-04-01 holding holder=group stake=0.5 includes=["alpha"]',
    )
    found = [(each.stated, each.computed) for each in reconcile(view) if each.check == "holding"]

    assert [(Fraction("0.5"), Fraction("0.6"))] == found
    counted = look(
        "2024-05-01 issuance holder=alpha shares=1", "2024-06-01 holding holder=alpha stake=0.9"
    )
    assert (Fraction("0.9"), Fraction(1)) in [
        (each.stated, each.computed) for each in reconcile(counted) if each.check == "holding"
    ]
