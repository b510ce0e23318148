"""Stakes of an issuer that is counted in shares: issuances, classes, and what is not disclosed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from support.memory import Told
from support.stakes import Look, held, looking, table

from dealledger.projections.trace import trace_stake


@pytest.fixture
def look(told: Told) -> Look:
    """Give a function that records events as lines."""
    return looking(told)


ISSUED = "2024-01-01 issuance holder=alpha shares=100"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([ISSUED], "alpha 100"),
        # A day's issuances come before its transfers.
        (["2024-01-01 transfer seller=alpha buyer=beta shares=30", ISSUED], "alpha 70 beta 30"),
        ([ISSUED, "2024-02-01 transfer seller=alpha buyer=beta stake=0.3"], "alpha 70 beta 30"),
        # Neither fundings nor statements give shares; the latter are shown beside.
        ([ISSUED, "2024-02-01 funding investor=beta amount=1 stake=0.2"], "alpha 100 beta None"),
        ([ISSUED, "2023-02-01 funding investor=beta amount=1 stake=0.2"], "alpha 100 beta None"),
        ([ISSUED, "2024-02-01 holding holder=beta stake=0.2",
          "2024-03-01 funding investor=gamma stake=0.5 amount=1"], "alpha 100 beta 20 gamma None"),
        ([ISSUED, "2024-02-01 holding holder=alpha stake=0.2"], "alpha 100"),
        ([ISSUED, "2024-02-01 holding holder=beta stake=0.2 id=h",
          '2024-03-01 termination ends=["h"]'], "alpha 100"),
        ([ISSUED, "2024-02-01 holding holder=alpha stake=0.9",
          "2024-03-01 transfer seller=alpha buyer=beta shares=100"], "beta 100"),
    ],
)  # fmt: skip
def test_counted_in_shares(look: Look, lines: list[str], expected: str) -> None:
    """What has no shares has no stake, in every answer; nothing is undisclosed or too much."""
    words = expected.split()
    wanted = dict(
        zip(words[::2], [None if each == "None" else each for each in words[1::2]], strict=True)
    )
    view = look(*lines)

    assert wanted == dict(sorted(held(view).items()))
    assert (Fraction(), Fraction(), ()) == (
        table(view).undisclosed,
        table(view).over,
        table(view).termless,
    )
    assert {row.holder for row in table(view).rows if row.how != "stated"} >= {
        row.holder for row in table(view).rows if row.counted
    }


def test_before_the_first_shares_it_was_folded(look: Look) -> None:
    """The history goes by the table of each day, and ends at that of today."""
    view = look(ISSUED, "2023-02-01 funding investor=beta amount=1 stake=0.2")

    steps = trace_stake(view, "acme", "beta")

    assert [("2023-02-01", "1/5"), ("2024-01-01", "0")] == [
        (step.day.isoformat(), str(step.after)) for step in steps
    ]
    assert {"beta": "20"} == held(view.at(date(2023, 12, 31)))


CLASSES = [
    "2024-01-01 issuance holder=alpha shares=100 share_class=A",
    "2024-01-01 issuance holder=alpha shares=50 share_class=B",
    "2024-01-01 issuance holder=beta shares=50",
]


@pytest.mark.parametrize(
    ("line", "expected", "warned"),
    [
        ("shares=60 share_class=B", "alpha 50 beta 25 gamma 25", "of class B "),
        ("shares=60 share_class=C", "alpha 75 beta 25", "of class C "),
        ("shares=60", "alpha 45 beta 25 gamma 30", None),
        ("shares=160", "beta 25 gamma 75", ""),
        ("shares=40 share_class=B", "alpha 55 beta 25 gamma 20", None),
    ],
)
def test_classes_are_kept_apart(look: Look, line: str, expected: str, warned: str | None) -> None:
    """Who sells a class sells of that class only; who names none sells of all."""
    view = look(*CLASSES, f"2024-02-01 transfer seller=alpha buyer=gamma id=t {line}")
    words = expected.split()

    assert dict(zip(words[::2], words[1::2], strict=True)) == dict(sorted(held(view).items()))
    said = [] if warned is None else [f"t sells more {warned}than alpha holds"]
    assert said == [*table(view).warnings]


def test_shares_by_class(look: Look) -> None:
    """Named ones first; what is sold is gone."""
    view = look(*CLASSES, "2024-02-01 issuance holder=alpha shares=7",
                "2024-02-01 transfer seller=alpha buyer=gamma shares=50 share_class=B")  # fmt: skip

    assert {
        "alpha": (("A", Fraction(100)), (None, Fraction(7))),
        "gamma": (("B", Fraction(50)),),
        "beta": ((None, Fraction(50)),),
    } == {row.holder: row.classes for row in table(view).rows}


def test_undisclosed_shares_make_stakes_the_most_that_they_can_be(look: Look) -> None:
    """Of whom they were issued to, it is more or less."""
    view = look(*CLASSES, "2024-02-01 issuance holder=alpha id=u")

    assert {"alpha": "about", "beta": "up-to"} == {r.holder: r.bound for r in table(view).rows}
    assert ("u",) == table(view).unnumbered


def test_shares_without_a_class_may_be_of_any(look: Look) -> None:
    """They are sold after those of the class, and with no warning."""
    view = look(*CLASSES, "2024-02-01 transfer seller=beta buyer=gamma shares=50 share_class=B")

    assert {"alpha": "75", "gamma": "25"} == dict(sorted(held(view).items()))
    assert () == table(view).warnings
