"""What the answer of `deals circularity` says under its table, and of what it is not sure."""

from __future__ import annotations

import pytest
from support.webs import e1, web_of

from dealledger.projections.analysis.circles import canonical
from dealledger.projections.analysis.web import Web
from dealledger.projections.answers.circulation import report

STEADY = "2025-01-01 x a 10\n2025-01-02 a b 15\n2025-01-03 b a 5\n2025-01-04 b x 10"


def test_what_is_said_of_e1() -> None:
    """The floor, the fair share, the ceiling and the excess, each of all that is paid."""
    notes = report(e1()).notes

    assert (
        "of 0.66 in all: 0.24 (36.36 %) between pairs, 0.37 (56.42 %) in proportion (BFF), "
        "0.40 (60.61 %) at most (C*)"
    ) == notes[0]
    assert "if everybody could settle with everybody: 0.48 (72.73 %), the excess" == notes[1]
    assert (
        "insiders' revenue is 0.46, 3.83 times what outsiders pay (0.12); "
        "at most 0.25 (54.35 %) of it is on circles"
    ) == notes[2]
    assert "no order in time is in it: see deals cycles" in notes


def test_the_whole_stands_under_the_pairs() -> None:
    """BFF and C* add up; amounts do not, since only pairs on circles are shown."""
    (total,) = report(e1()).totals

    assert {"source", "bff", "ceiling"} == total.keys()


def test_the_finn_index_is_said_where_there_is_one() -> None:
    """A steady state has it; E1 has none, and JSON says why."""
    assert "Finn cycling index: 33.33 %" in report(web_of(STEADY, "x")).notes
    assert not [note for note in report(e1()).notes if "Finn" in note]


def test_without_customers_outside_there_is_no_multiple() -> None:
    """Nothing is divided by nothing."""
    notes = report(web_of("2025-01-01 a b 10\n2025-01-02 b a 5")).notes

    assert (
        "insiders' revenue is 0.15, none of it recorded from outside; at most 0.10 (66.67 %) "
        "of it is on circles"
    ) in notes


def test_capital_alone_has_no_revenue() -> None:
    """The line on revenue is left out."""
    notes = report(web_of("2025-01-01 a b 10 capital\n2025-01-02 b a 5 capital")).notes

    assert not [note for note in notes if "revenue" in note]


def test_what_is_not_sure_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """BFF that is only near, and a ceiling without a proved split."""
    names = [f"p{number:02}" for number in range(14)]
    ring = zip(names, [*names[1:], names[0]], strict=True)
    lines = [f"2025-01-01 {a} {b} 9" for a, b in ring]
    ways = ["a b 10", "b c 6", "c a 6", "b d 6", "d a 6"]
    monkeypatch.setattr(canonical, "MOST_FREE", 3)
    notes = report(web_of("\n".join([*lines, *(f"2025-01-01 {way}" for way in ways)]))).notes

    assert (
        "BFF is in whole minor units that balance, each right to about a millionth of all" in notes
    )
    assert (
        "too many splits reach C* to prove which is the most even: only the sum is shown" in notes
    )


def test_an_empty_web_says_so() -> None:
    """No shares of nothing."""
    found = report(Web("USD", ()))

    assert ("nothing is paid in this web", []) == (found.notes[0], found.totals)
