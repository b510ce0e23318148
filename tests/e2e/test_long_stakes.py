"""An issuer of many rounds: its stakes have thousands of digits, and are asked in every form."""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support.asking import Ask, asker, loaded

from dealledger.events import parse_event
from dealledger.ledger import Ledger
from dealledger.projections.ownership.captable import CapTable
from dealledger.projections.ownership.rounds import Round
from dealledger.projections.trace import trace_stake

ROUNDS = 270


def rounds(count: int) -> list[dict[str, Any]]:
    """Return a round a day, of amounts of 16 digits; the first investor is in every third."""
    chance = random.Random(7)
    parties = ["acme", *(f"i{n}" for n in range(count))]
    events: list[dict[str, Any]] = [
        {"kind": "party", "id": f"p-{slug}", "party": slug, "name": slug,
         "effective_on": "2000-01-01"}
        for slug in parties
    ]  # fmt: skip
    for n in range(count):
        post = chance.randrange(10**15, 10**16)
        events.append({
            "kind": "funding", "id": f"f{n}", "effective_on": f"20{n // 28 + 1:02}-01-{n % 28 + 1:02}",
            "investor": f"i{n if n % 3 else 0}", "investee": "acme", "currency": "USD",
            "amount": f"{post // 50}.01", "post_money": f"{post}.37",
        })  # fmt: skip
    return events


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the place of a ledger of many rounds."""
    folder = tmp_path_factory.mktemp("long")
    file = folder / "rounds.jsonl"
    file.write_text("\n".join(map(json.dumps, rounds(ROUNDS))))
    loaded(str(folder / "deals.db"), file)
    return str(folder / "deals.db")


@pytest.fixture
def ask(url: str, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return what asks it."""
    return asker(url, capsys)


def exact() -> dict[str, Fraction]:
    """Return the stakes as they are worked out by hand, round by round."""
    found: dict[str, Fraction] = {}
    for each in rounds(ROUNDS):
        if each["kind"] == "funding":
            part = Fraction(each["amount"]) / Fraction(each["post_money"])
            found = {who: stake * (1 - part) for who, stake in found.items()}
            found[each["investor"]] = found.get(each["investor"], Fraction()) + part
    return found


@pytest.mark.parametrize("question", ["stakes acme", "diff --from 2002 --to 2030"])
def test_stakes_of_thousands_of_digits_are_rounded_to_thirty(ask: Ask, question: str) -> None:
    """In JSON and in CSV alike; what is rounded has an exponent, and what is short has none."""
    words, key = question.split(), "after" if question.startswith("diff") else "stake"
    known = exact()
    rows = ask(*words)["rows"]
    cells = csv.DictReader(ask(*words, form="csv").splitlines())

    stakes = [row for row in rows if row.get("what", "stake") == "stake"]
    assert [row[key] for row in stakes] == [row[key] for row in cells][: len(stakes)]
    assert ROUNDS * 2 // 3 < len(stakes) < ROUNDS
    long = 0
    for row in stakes:
        stake = known[row["holder"] if "holder" in row else row["parties"][0]]
        if "e" in row[key]:
            long += 1
            assert len(row[key]) < 40
            assert stake.denominator.bit_length() > 1600
            assert abs(Fraction(row[key]) - stake) <= stake / 10**29
        else:
            assert stake == Fraction(row[key])
    assert len(stakes) // 2 < long < len(stakes)


def test_the_history_of_many_rounds_ends_at_the_table(ask: Ask) -> None:
    """Also where it is rounded; early on it is exact."""
    steps = ask("history", "stake", "acme", "i0")["rows"]
    [row] = [row for row in ask("stakes", "acme")["rows"] if row["holder"] == "i0"]

    assert ROUNDS == len(steps)
    assert row["stake"] == steps[-1]["value"] == ask("explain", "stake", "acme", "i0")["value"][0]
    assert "/" in steps[0]["value"]


def test_a_history_folds_every_round_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So it takes as long as there are rounds, and not their square."""
    folded: list[Round] = []
    fold = CapTable.round

    def counted(table: CapTable, round_: Round) -> None:
        folded.append(round_)
        fold(table, round_)

    monkeypatch.setattr(CapTable, "round", counted)
    with Ledger.create(tmp_path / "deals.db", origin="x") as ledger:
        ledger.append(parse_event(each) for each in rounds(20))
        steps = trace_stake(ledger.at(date(2030, 1, 1)), "acme", "i0")

    assert (20, 20) == (len(steps), len(folded))
