"""The web of a View: its layers, its window, its currency, and who stands outside."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.given import Look, event, funds, pays, promises, retracts
from support.webs import e1

from dealledger.events import BadInput
from dealledger.ledger import Ledger
from dealledger.projections.analysis.web import Web, sureness, web


def amounts(found: Web) -> dict[str, int]:
    return {f"{a} {b}": minor for (a, b), minor in found.amounts().items()}


def test_paid_money_in_the_order_of_its_days(look: Look) -> None:
    """Fundings are capital, payments are not; credits and what was retracted are left out."""
    view = look(
        pays("late", "2", on="2025-01-02"),
        funds("early", "3", on="2025-01-01"),
        funds("credits", "4", instrument="credits"),
        pays("wrong", "5"),
        pays("unknown", None),
        pays("memo", "6", memo=True),
        retracts("wrong"),
    )
    found = web(view)

    assert [("early", True, 300), ("late", False, 200)] == [
        (leg.event, leg.capital, leg.minor) for leg in found.legs
    ]
    assert ("USD", 1, ("paid",)) == (found.currency, found.undisclosed, found.layers)


def test_layers_of_promises(look: Look) -> None:
    """What is open counts, once: not what was drawn, nor what backs a promise of the same two."""
    view = look(
        promises("firm", "10", purpose="compute"),
        pays("draw", "4", commitment="firm"),
        promises("tranche", "3", backs="firm"),
        promises("loan", "5", purpose="debt", firmness="announced"),
        promises("talks", "7", firmness="talks"),
        promises("other", "2", obligor="core", backs="firm"),
        promises("unknown", None),
    )

    assert {"acme beta": 600, "core beta": 200} == amounts(web(view, ("committed",)))
    assert 1 == web(view, ("committed",)).undisclosed
    assert [True] == [leg.capital for leg in web(view, ("announced",)).legs]
    assert {"acme beta": 1500, "core beta": 200} == amounts(
        web(view, ("announced", "paid", "committed"))
    )


def test_a_window_counts_from_its_first_day(look: Look) -> None:
    """Earlier legs stay in the web, for what depends on what was there before."""
    view = look(pays("a", "1", on="2025-01-01"), pays("b", "2", on="2025-01-02"))
    found = web(view, since=date(2025, 1, 2))

    assert {"acme beta": 200} == amounts(found)
    assert 2 == len(found.legs)


def test_the_outside_world_is_a_role(look: Look) -> None:
    """Its money is in the amounts, and not among insiders."""
    found = web(look(pays(payer="people"), pays("x", "1")))

    assert frozenset({"people"}) == found.outside
    assert {("acme", "beta"): 100} == found.inside()


def test_currencies_do_not_mix(look: Look) -> None:
    """Two currencies are refused, unless there is a rate to one that is asked for."""
    view = look(
        pays("usd", "1"),
        event("payment", "eur", payer="beta", payee="acme", amount="2", currency="EUR"),
        event("rate", on="2020-01-01", base="EUR", quote="USD", rate="1.5"),
    )
    with pytest.raises(BadInput, match="EUR, USD, which do not add up"):
        web(view)

    assert {"acme beta": 100, "beta acme": 300} == amounts(web(view, currency="USD"))


def test_how_sure_the_amounts_are(look: Look) -> None:
    """Of the amounts that count, by what their events say."""
    [found] = sureness(web(look(pays("a", "1", confidence="reported"), pays("b", "3"))))

    assert {"reported": 100, None: 300} == {level: money.minor for level, money in found.parts}


def test_e1_in_the_tests_is_e1_in_the_ledger(tmp_path: Path) -> None:
    """The legs that the tests of analysis read from the file are those of the View."""
    from dealledger.cli.main import run

    file, case = tmp_path / "deals.db", Path(__file__).parents[1] / "cases" / "e1.jsonl"
    assert 0 == run(["--ledger", str(file), "init"])
    assert 0 == run(["--ledger", str(file), "import", str(case)])
    with Ledger.open(str(file)) as ledger:
        found = web(ledger.at(date(2025, 12, 31)))

    def told(each: Web, unit: int) -> list[tuple[object, ...]]:
        return [
            (leg.event, leg.day, leg.source, leg.target, leg.capital, leg.minor // unit)
            for leg in each.legs
        ]

    assert told(e1(), 1) == told(found, 100_000_000_000)
    assert e1().outside == found.outside
