"""Events that likely tell one fact are found, and others are not."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from dealledger.cli.main import run
from dealledger.events import parse_event
from dealledger.projections.duplicates import likely, same_fact

FUNDS: dict[str, Any] = {"kind": "funding", "id": "a", "effective_on": "2024-03-01", "investor": "oak", "investee": "acme",
         "amount": "100", "currency": "USD"}  # fmt: skip


def pair(**more: Any) -> tuple[str, ...]:
    """Return why a funding and the same with changes are likely one; nothing, if not."""
    other = {name: value for name, value in {**FUNDS, "id": "b", **more}.items() if value}
    found = list(likely(parse_event(FUNDS), parse_event(other)))
    return found[0].why if found else ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ("the same amount", "the same day")),
        ({"amount": "105.26"}, ("amounts within 5 %", "the same day")),
        ({"amount": "105.27"}, ()),
        ({"effective_on": "2024-04-15"}, ("the same amount", "45 days apart")),
        ({"effective_on": "2024-04-16"}, ()),
        ({"effective_on": "2024-01-16"}, ("the same amount", "45 days apart")),
        ({"amount": None, "currency": None}, ("the same day",)),
        ({"currency": "EUR"}, ()),
        ({"investor": "elm"}, ()),
        ({"investor": "acme", "investee": "oak"}, ()),
        ({"period_start": "2024-01-01", "period_end": "2024-03-01"}, ("the same amount", "the same day")),
    ],
)  # fmt: skip
def test_what_makes_two_events_one(change: dict[str, Any], why: tuple[str, ...]) -> None:
    """Kind, sides, amounts within 5 %, dates within 45 days."""
    assert why == pair(**change)


def test_a_source_and_a_period() -> None:
    """One source makes it likely at any dates; two periods that do not meet make it impossible."""
    source = {**FUNDS, "source_url": "https://example.org/x"}
    later = {**source, "id": "b", "effective_on": "2025-03-01"}
    (found,) = likely(parse_event(source), parse_event(later))
    assert (("the same source", "the same amount"), 365, Fraction()) == (
        found.why,
        found.days,
        found.apart,
    )
    months = [
        {**FUNDS, "period_start": f"2024-0{month}-01", "period_end": f"2024-0{month}-28"}
        for month in (2, 3)
    ]
    assert [] == list(likely(parse_event(months[0]), parse_event({**months[1], "id": "b"})))


def test_one_fact_by_two_tellers() -> None:
    """Whoever says it, from whatever source, how surely and under whatever id."""
    told = {**FUNDS, "id": "z", "note": "x", "source_title": "t", "confidence": "reported", "deal": "d",
            "announced_on": "2024-05-01"}  # fmt: skip

    assert same_fact(parse_event(FUNDS)) == same_fact(parse_event(told))
    assert same_fact(parse_event(FUNDS)) != same_fact(parse_event({**told, "amount": "101"}))


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The likeliest first; of one party; with other limits."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    run(["init", "--origin", "example.org/x"])
    rows = [{**FUNDS, "id": "b", "effective_on": "2024-03-09", "amount": "103"}, FUNDS,
            {**FUNDS, "id": "c", "investee": "beta"}, {**FUNDS, "id": "d", "investee": "beta"},
            {**FUNDS, "id": "e", "investee": "beta", "memo": True},
            {**FUNDS, "id": "f", "effective_on": "2024-09-01", "amount": "120"}]  # fmt: skip
    Path("x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run(["import", "x.jsonl", "--register"])
    capsys.readouterr()

    def found(*options: str) -> list[tuple[str, str, str]]:
        assert 0 == run(["duplicates", *options, "-f", "json"])
        rows = json.loads(capsys.readouterr().out)["rows"]
        return [(row["first"], row["second"], row["apart"]) for row in rows]

    assert [("c", "d", "0"), ("a", "b", "3/103")] == found()
    assert [("c", "d", "0")] == found("beta")
    assert [("c", "d", "0")] == found("--within", "1%")
    assert [("c", "d", "0")] == found("--days", "7")
    assert 4 == len(found("--days", "200", "--within", "20%"))
    run(["duplicates"])
    assert "retract" in capsys.readouterr().out
    assert 2 == run(["duplicates", "--days", "-1"])
