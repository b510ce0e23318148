"""How much of the money goes round, through the real command line, on both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.asking import BILLION, CASES, asker, loaded

from dealledger.cli.main import run


@pytest.fixture
def e1(ledger_url: str) -> str:
    """Load E1."""
    loaded(ledger_url, CASES / "e1.jsonl")
    return ledger_url


def test_circularity_of_e1(e1: str, capsys: pytest.CaptureFixture[str]) -> None:
    """40 of 66 at most, 24 between pairs, 48 excess, BFF 37.24; 25 of 46 of the revenue."""
    found = asker(e1, capsys)("circularity", "--as-of", "2025-12-31")
    web: dict[str, Any] = found["web"]

    assert {"total": 66, "ceiling": 40, "bilateral": 24, "excess": 48, "revenue": 46,
            "external_revenue": 12, "revenue_ceiling": 25} == {
        key: int(web[key]) // BILLION
        for key in ("total", "ceiling", "bilateral", "excess", "revenue", "external_revenue",
                    "revenue_ceiling")
    }  # fmt: skip
    assert ("20/33", "4/11", "8/11", "23/6", "25/46") == (
        web["index"], web["bilateral_share"], web["excess_share"], web["revenue_multiple"],
        web["revenue_ceiling_share"],
    )  # fmt: skip
    assert (f"{4506 * BILLION}/121", True) == (web["bff"], web["bff_exact"])
    assert (None, "4 of 4 insiders do not pay what they get") == (web["finn"], web["finn_reason"])
    assert {
        "source": "m", "target": "l", "amount": str(8 * BILLION), "bff": f"{608 * BILLION}/121",
        "share": "76/121", "ceiling": str(7 * BILLION), "forced": True,
    } in found["rows"]  # fmt: skip


def test_cycles_of_e1(e1: str, capsys: pytest.CaptureFixture[str]) -> None:
    """5 in time, 2 of them within 120 days; 4 in what pairs paid in all."""
    ask = asker(e1, capsys)
    timed = ask("cycles", "--as-of", "2025")["rows"]

    assert ["f1 r2 r3", "f2 r2", "f1 r5 r6", "f1 r4", "r2 r7"] == [
        " ".join(row["events"]) for row in timed
    ]
    assert (["n", "l", "m"], str(8 * BILLION), 111, "capital") == (
        timed[0]["parties"], timed[0]["bottleneck"], timed[0]["days"], timed[0]["begins_with"],
    )  # fmt: skip
    assert 2 == ask("cycles", "--as-of", "2025", "--within", "120")["found"]
    static = ask("cycles", "--static", "--as-of", "2025")
    assert (4, ["l", "m"]) == (static["found"], static["rows"][0]["weakest"])


def test_the_cycles_say_what_they_are(e1: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The largest are shown, no total is, and the caption says why."""
    capsys.readouterr()
    assert 0 == run(["--ledger", e1, "cycles", "--as-of", "2025", "--limit", "1", "--wide"])
    out = capsys.readouterr().out

    assert "n → l → m → n        8.00B    111   2025-01-10   2025-05-01" in out
    assert "5 cycles of at most 6 parties, only the largest is shown (--limit)" in out
    assert "bottlenecks do not add up" in out
    assert "of one day, in the ledger's order" in out


def test_a_window_needs_an_order(e1: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--within says nothing about cycles without time."""
    capsys.readouterr()

    assert 2 == run(["--ledger", e1, "cycles", "--static", "--within", "3"])
    assert "deals: --within needs the order in time (leave out --static)\n" == (
        capsys.readouterr().err
    )


def test_an_empty_ledger_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is paid: that is said, without an error."""
    url = str(tmp_path / "deals.db")
    assert 0 == run(["--ledger", url, "init"])
    assert 0 == run(["--ledger", url, "circularity"])
    assert 0 == run(["--ledger", url, "cycles"])
    out = capsys.readouterr().out

    assert "nothing is paid in this web" in out
    assert "no cycle of at most 6 parties" in out
