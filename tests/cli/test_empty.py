"""Every question can be asked of a ledger that holds nothing, or nobody but parties."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.standing import Stand

from dealledger.cli.main import run

QUESTIONS = (
    "stakes", "stakes acme", "flows", "flows acme", "flows --by pair", "flows --by year",
    "commitments", "commitments --by year", "commitments --by band", "commitments --by bearer",
    "rights", "parties", "log", "reconcile", "relation acme beta", "reciprocity",
    "circularity", "circularity acme", "circularity acme --shuffle", "cycles", "cycles --static",
    "concentration", "concentration acme", "concentration --by rivals", "concentration --by partners",
    "concentration --by owners", "dependencies --by ties", "dependencies --by lock-in",
    "dependencies --by rights", "history stake acme beta", "history net acme beta",
    "history circularity", "history concentration acme", "explain balance acme",
    "diff --from 2024-01-01 --to 2025-01-01",
)  # fmt: skip


@pytest.fixture(autouse=True)
def folder(stand: Stand) -> None:
    """Stand in a folder with a ledger of two parties."""
    stand.among(("acme", "beta"), on="2024-01-01")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
def test_every_question_has_an_answer(
    question: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No rows, in every format; not even a warning."""
    code = run([*question.split(), "-f", form])
    out, err = capsys.readouterr()

    assert (0, "") == (code, err)
    if form == "json" and question not in ("parties", "log"):
        assert [] == json.loads(out)["rows"]


def test_several_tables_in_one_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """One after the other for people, by name for programs; CSV holds one, and says so."""
    assert 0 == run(["dependencies"])
    text = capsys.readouterr().out
    titles = ["Tied capital", "What is left to buy", "Rights in force, by their end"]
    assert titles == [line for line in text.splitlines() if line in titles]
    assert 1 == text.count("known at @2")

    assert 0 == run(["dependencies", "-f", "json"])
    found = json.loads(capsys.readouterr().out)
    assert [[], [], []] == [each["rows"] for each in (found, found["lock_in"], found["rights"])]

    assert 2 == run(["dependencies", "-f", "csv"])
    assert (
        "deals: CSV holds one table, and this answer has more (choose with --by)\n"
        == capsys.readouterr().err
    )


def test_a_picture_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """In words, and no file is made."""
    assert 2 == run(["diagram", "-o", "x.svg"])
    assert (
        "deals: there is nothing to draw: no deal yet (see: deals append --help)\n"
        == capsys.readouterr().err
    )
    assert not Path("x.svg").exists()
