"""Cases that are known, through the real command line: webs from papers, and from courts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support.asking import BILLION, CASES, Ask, asker, loaded

Tell = Callable[[str], Ask]


@pytest.fixture
def tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Tell:
    """Return a function that records words such as `ab10` (a pays b 10) or `ab10f` (funding).

    One a day from 2025-01-01, `+30` lets days pass; x is the outside world.
    """

    def record(words: str) -> Ask:
        day, events = 1, [party(name) for name in sorted({*words} & {*"abcdlmnosvxz"})]
        for number, word in enumerate(words.split()):
            if word.startswith("+"):
                day += int(word)
                continue
            sides = ("investor", "investee") if word.endswith("f") else ("payer", "payee")
            on = date(2025, 1, 1) + timedelta(days=day - 1)
            events.append({
                "id": f"e{number}", "kind": "funding" if word.endswith("f") else "payment",
                "effective_on": on.isoformat(), "amount": word[2:].rstrip("f"),
                "currency": "USD", sides[0]: word[0], sides[1]: word[1],
            })  # fmt: skip
            day += 1
        file, url = tmp_path / "told.jsonl", str(tmp_path / "told.db")
        file.write_text("\n".join(map(json.dumps, events)))
        loaded(url, file)
        ask = asker(url, capsys)
        return lambda *arguments, **form: ask(*arguments, "--as-of", "2025-12-31", **form)

    return record


def party(name: str) -> dict[str, Any]:
    return {
        "id": f"party-{name}", "kind": "party", "party": name, "name": name.upper(),
        "effective_on": "2025-01-01", "roles": ["outside" if name == "x" else "lab"],
    }  # fmt: skip


def shares(found: Any) -> dict[str, Any]:
    """Return the amounts of `circularity PARTY` by what they are."""
    return {row["what"]: Fraction(row["amount"]) for row in found["rows"] if not row["party"]}


def test_e2(tell: Tell) -> None:
    """C* is 30; of BC, CA, BD, DA anything from 4 to 6 is largest, and half of the 10 is printed."""
    found = tell("ab10 bc6 ca6 bd6 da6")("circularity")

    assert "30" == found["web"]["ceiling"]
    assert {("a", "b", "10", True)} | {
        (*pair, "5", False) for pair in ("bc", "ca", "bd", "da")
    } == {(row["source"], row["target"], row["ceiling"], row["forced"]) for row in found["rows"]}


def test_e3(tell: Tell) -> None:
    """C* takes only the triangle, and BFF gives the round trip its half: 30 and 25."""
    found = tell("ab10 ba10 bc10 ca10")("circularity")

    assert ("30", "25") == (found["web"]["ceiling"], found["web"]["bff"])
    assert {"ab": ("10", "10"), "ba": ("0", "5"), "bc": ("10", "5"), "ca": ("10", "5")} == {
        row["source"] + row["target"]: (row["ceiling"], row["bff"]) for row in found["rows"]
    }


def test_the_finn_index_of_a_steady_state(tell: Tell) -> None:
    """A third; of the 20 between insiders the largest circulation takes half."""
    web = tell("xa10 ab15 ba5 bx10")("circularity")["web"]

    assert ("1/3", "10") == (web["finn"], web["ceiling"])


def test_rules_are_no_bounds(tell: Tell) -> None:
    """S and X fund L with 10 each, L pays Z and then S 10: LIBR 10, pro rata 5, anything to 10."""
    found = shares(tell("sl10f xl10f lz10 ls10")("circularity", "s"))

    assert (0, 10, 5, 10) == tuple(found[key] for key in ("least", "libr", "pro_rata", "most"))


def test_money_that_was_spent_does_not_return(tell: Tell) -> None:
    """L has spent what S gave it before X gives it more: nothing of S's comes home."""
    found = shares(tell("sl10f lz10 xl10f ls10")("circularity", "s"))

    assert (0, 0, 0) == tuple(found[key] for key in ("least", "pro_rata", "most"))


def test_own_cash_that_is_booked_as_revenue(tell: Tell) -> None:
    """Homestore, 2001: it pays vendors, who pay a media firm, which buys from it.

    It had funded nobody, so the round trip of its funding is nothing; the cycle shows it, and
    whose money the revenue is: none of it organic, all of it its own.
    """
    ask = tell("av10 vm10 ma10")
    (cycle,) = ask("cycles")["rows"]
    found = ask("circularity", "a")

    assert (["a", "v", "m"], "10", "revenue") == (
        cycle["parties"], cycle["bottleneck"], cycle["begins_with"],
    )  # fmt: skip
    assert (0, 0, 10) == tuple(shares(found)[key] for key in ("most", "organic", "payers_own"))
    assert "10" == found["returned_own"]
    assert "10 is money that a itself had spent: it buys its own revenue" in ask(
        "circularity", "a", form="table"
    )


@pytest.mark.parametrize(("words", "days"), [("ab10 ba10", 1), ("ab10 +89 ba10", 90)])
def test_swaps_of_capacity(tell: Tell, words: str, days: int) -> None:
    """Qwest and Global Crossing: barter in full, whether at once or back to back with a delay."""
    ask = tell(words)
    (pair,), (cycle,) = ask("reciprocity")["rows"], ask("cycles")["rows"]

    assert ("1", "10", "0") == (pair["reciprocity"], pair["barter"], pair["a_capital"])
    assert (days <= 1, days) == (bool(ask("cycles", "--within", "1")["found"]), cycle["days"])


def test_what_one_outsider_says_for_many(tell: Tell) -> None:
    """Outside equity is neither organic nor circular."""
    found = shares(tell("xl10f ls10")("circularity", "s"))

    assert (0, 10, 0) == tuple(
        found[key] for key in ("organic", "outside_capital", "others_circular")
    )


def test_funding_after_the_purchases_returns_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """E1 with N's funding moved behind them: C* is still 40, and nothing comes home."""
    events = [json.loads(line) for line in (CASES / "e1.jsonl").read_text().splitlines()]
    late = [{**each, "effective_on": "2025-11-01"} if each["id"] == "f1" else each
            for each in events]  # fmt: skip
    file, url = tmp_path / "late.jsonl", str(tmp_path / "late.db")
    file.write_text("\n".join(map(json.dumps, late)))
    loaded(url, file)
    ask = asker(url, capsys)
    found = shares(ask("circularity", "n", "--as-of", "2025-12-31"))

    assert (0, 0, 0) == tuple(found[key] for key in ("least", "pro_rata", "most"))
    assert str(40 * BILLION) == ask("circularity", "--as-of", "2025-12-31")["web"]["ceiling"]
