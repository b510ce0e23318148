"""The answers that are known beforehand, through the real command line, on both engines."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from support.asking import ALLIANCE, BILLION, CASES, Ask, asker, loaded

from dealledger.cli.main import run


def test_rounds(ledger_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A company through three rounds, a secondary, a stated holding and two corrections."""
    loaded(ledger_url, CASES / "rounds.jsonl")
    ask = asker(ledger_url, capsys)
    for case in json.loads((CASES / "rounds.json").read_text()):
        known = ["--known-at", case["known_at"]] if case["known_at"] else []
        found = ask("stakes", "acme", "--as-of", case["as_of"], *known)

        assert case["stakes"] == {row["holder"]: row["stake"] for row in found["rows"]}
        assert case.get("undisclosed", "0") == found["undisclosed"]["acme"]


def test_e1(ledger_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Net n +8, l +9, r +1, m -2, x -16 billion; gross 66; the nets sum to zero."""
    loaded(ledger_url, CASES / "e1.jsonl")
    ask = asker(ledger_url, capsys)
    rows = ask("flows", "--as-of", "2025-12-31")["rows"]
    kinds = ask("flows", "--by", "kind", "--as-of", "2025")["rows"]

    assert {"n": 8, "l": 9, "r": 1, "m": -2, "x": -16} == {
        row["party"]: int(row["net"]) // BILLION for row in rows
    }
    assert 0 == sum(int(row["net"]) for row in rows)
    assert {"funding": 20, "payment": 46} == {
        row["kind"]: int(row["amount"]) // BILLION for row in kinds
    }


def net(ask: Ask, a: str, b: str, *point: str) -> dict[str, Fraction]:
    """Return the net from a to b, and its bounds, in billions."""
    for row in ask("flows", a, "--by", "pair", *point)["rows"]:
        if (row["a"], row["b"]) == (a, b):
            return {key: Fraction(row[key]) / BILLION for key in ("net", "net_min", "net_max")}
    return {}


def test_q1_net_cash_from_microsoft_to_openai(ask: Ask) -> None:
    """-0.4938 at the end of 2024, between -0.4938 and +8.1062; +4.0 as was known then."""
    point = ("--as-of", "2024-12-31")
    found = net(ask, "microsoft", "openai", *point)
    known = net(ask, "microsoft", "openai", *point, "--announced-by", "2024-12-31")
    later = net(ask, "microsoft", "openai", "--as-of", "2025-09-30")

    assert [Fraction("-0.4938"), Fraction("-0.4938"), Fraction("8.1062")] == [*found.values()]
    assert Fraction(4) == known["net"]
    assert Fraction("-1.4296") == later["net"]


def test_q3_undrawn_supplier_commitments_of_openai(ask: Ask) -> None:
    """Oracle 300.0, Microsoft 250.0, Amazon 38.0, CoreWeave 22.4: 610.4; Stargate apart."""
    found = ask("commitments", "openai", "--side", "owes", "--as-of", "2025-11-30")
    bought: dict[str, Fraction] = {}
    for row in found["rows"]:
        if row["live"] and row["purpose"] != "equity" and row["remaining"] is not None:
            seller = row["beneficiary"]
            bought[seller] = bought.get(seller, Fraction()) + Fraction(row["remaining"]) / BILLION
    totals = {each["layer"]: Fraction(each["gross"]) / BILLION for each in found["totals"]}
    unknown = {row["id"] for row in found["rows"] if row["live"] and row["remaining"] is None}
    apart = {row["id"] for row in found["rows"] if row["status"] == "apart"}

    assert {
        "oracle": 300, "microsoft": 250, "amazon": 38, "coreweave": Fraction("22.4"),
    } == bought  # fmt: skip
    assert {"committed": Fraction("610.4"), "announced": 19} == totals
    assert {"D094", "D083", "D011-2"} == unknown
    assert {"D085"} == apart


@pytest.mark.parametrize(
    ("day", "billions"), [("2024-12-31", "5.3"), ("2025-12-31", "8"), ("2026-04-30", "13")]
)
def test_q6_cash_of_amazon_into_anthropic(ask: Ask, day: str, billions: str) -> None:
    """Tranches of two commitments, and equity."""
    rows = ask("stakes", "anthropic", "--as-of", day)["rows"]
    [amazon] = [row for row in rows if row["holder"] == "amazon"]

    assert [{"currency": "USD", "amount": str(int(Fraction(billions) * BILLION))}] == (
        amazon["invested"]
    )


def test_q7_stakes_of_openai(ask: Ask) -> None:
    """27, 26 and the group line of 47 make 100, with SoftBank's 11 inside; then 72.38 as leaked."""
    found = ask("stakes", "openai", "--as-of", "2025-12-31")
    stakes = {row["holder"]: row["stake"] for row in found["rows"] if row["stake"]}
    [group] = [row for row in found["rows"] if row["holder"] == "openai-employees-investors"]
    leaked = ask("stakes", "openai", "--as-of", "2026-04-30")

    assert ("0.27", "0.26", "0.11") == (
        stakes["microsoft"], stakes["openai-foundation"], stakes["softbank"],
    )  # fmt: skip
    assert ("0.47", "0.36", "0") == (group["gross"], group["stake"], found["undisclosed"]["openai"])
    assert Fraction("0.7238") == sum(Fraction(row["stake"] or 0) for row in leaked["rows"])
    assert "0.2762" == leaked["undisclosed"]["openai"]


@pytest.mark.parametrize(
    ("day", "cash", "letter", "announced"),
    [("2025-10-01", "0.1", 100, 0), ("2026-02-28", "0.1", 0, 30), ("2026-04-01", "30.1", 0, 0)],
)
def test_q10_nvidia_to_openai(ask: Ask, day: str, cash: str, letter: int, announced: int) -> None:
    """Cash, the letter of intent, and what was announced, at three dates."""
    paid = net(ask, "nvidia", "openai", "--as-of", day)["net"]
    rows = ask("commitments", "nvidia", "--side", "owes", "--as-of", day)["rows"]
    to_openai = [row for row in rows if row["beneficiary"] == "openai"]
    apart = sum(int(row["remaining"]) for row in to_openai if row["status"] == "apart")
    live = sum(int(row["remaining"]) for row in to_openai if row["live"])

    assert (Fraction(cash), letter, announced) == (paid, apart // BILLION, live // BILLION)


def test_q11_softbank_and_the_round_of_2025(ask: Ask) -> None:
    """30.5 into OpenAI; the round drew 41.0 of 40.0: over by 1.0, and 0 open."""
    rows = ask("stakes", "openai", "--as-of", "2025-12-31")["rows"]
    [softbank] = [row for row in rows if row["holder"] == "softbank"]
    commitments = ask("commitments", "softbank", "--as-of", "2025-12-31")["rows"]
    [round_] = [row for row in commitments if row["id"] == "D049"]
    [tender] = ask("log", "--kind", "transfer", "--deal", "openai-tender-2024-11")["rows"]

    assert "30500000000" == softbank["invested"][0]["amount"]
    assert ("40000000000", "41000000000", "0", "1000000000") == (
        round_["committed"], round_["drawn"], round_["remaining"], round_["overdrawn"],
    )  # fmt: skip
    assert ("softbank", "1500000000") == (tender["buyer"], tender["amount"])


def test_every_figure_leads_to_a_source(ask: Ask) -> None:
    """Microsoft holds 27 %; each event behind the row has a source and says how sure it is."""
    rows = ask("stakes", "openai", "--as-of", "2025-10-28")["rows"]
    [microsoft] = [row for row in rows if row["holder"] == "microsoft"]
    shown = [ask("show", event_id)["event"] for event_id in microsoft["events"]]

    assert ("0.27", "stated", "as-converted") == tuple(
        microsoft[key] for key in ("stake", "how", "basis")
    )
    assert "D016" == microsoft["events"][0]
    assert all(event["source_title"] and event["confidence"] for event in shown)


def test_every_fact_of_the_data_is_there(ask: Ask) -> None:
    """D001 to D228, each with a source and a confidence; nothing shipped is without."""
    events = [json.loads(line) for line in ALLIANCE.read_text().splitlines()]

    assert {f"D{number:03}" for number in range(1, 229)} <= {event["id"] for event in events}
    assert all(event["source_title"] and event["confidence"] for event in events)
    assert len(events) == ask("log", "--all", "--as-of", "2030")["known_at"]


def test_a_correction_changes_the_past_as_known_now(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same date, before and after the correction was recorded."""
    url = str(tmp_path / "deals.db")
    loaded(url, ALLIANCE)
    ask = asker(url, capsys)
    point = ("--as-of", "2024-12-31")
    known = ask("log", "--all")["known_at"]
    command = ["correct", "D001", "--set", "amount=900M", "--reason", "a closer figure"]
    assert 0 == run(["--ledger", url, *command])

    assert Fraction("-0.5938") == net(ask, "microsoft", "openai", *point)["net"]
    assert Fraction("-0.4938") == net(
        ask, "microsoft", "openai", *point, "--known-at", f"@{known}"
    )["net"]  # fmt: skip
