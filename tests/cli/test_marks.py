"""The pictures that point something out, through the real command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealledger.cli.main import run

CASE = Path(__file__).parents[1] / "cases" / "e1.jsonl"


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stand in a folder with E1."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init"])
    assert 0 == run(["import", str(CASE)])
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--circular"],
            ["63 % of what they pay goes round: 5.02B of 8.00B", "56 % of the money goes round"],
        ),
        (["--circular", "--layer", "committed"], ["none of the money goes round"]),
        (["--rivals"], ["between rivals in models", "1 pair of rivals is joined"]),
        (
            ["--exposure", "Lab L"],
            ["loses 77 % of its recorded revenue of 18", "goes if Lab L stops spending"],
        ),
        (["--exposure", "l", "--layer", "committed"], ["Lab L stops spending", "(committed)"]),
        (
            ["--title", "Money & chips"],
            ["Money &amp; chips as of 2025-12-31", "as of 2025-12-31 · known at"],
        ),
        (["--party", "l,m", "--party", "n"], ["only between the parties shown", "Lab L"]),
        (["--focus", "l"], ["within 1 hop of Lab L"]),
    ],
)
def test_pictures(words: list[str], said: list[str]) -> None:
    """Each says in its text what it points out."""
    assert 0 == run(["diagram", "-o", "x.svg", "--as-of", "2025-12-31", *words])
    text = Path("x.svg").read_text()

    for each in said:
        assert each in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--circular", "--rivals"], "--circular and --rivals cannot be combined (draw one picture at a time)"),
        (["--exposure", "l", "--diff-from", "2025-01"],
         "--diff-from and --exposure cannot be combined (draw one picture at a time)"),
        (["--circular", "--layer", "apart"],
         "what is apart binds nobody: it counts in no sum (--layer paid, committed, announced)"),
        (["--layer", "apart"],
         ("there is nothing to draw of what was asked for "
          "(choose with --focus, --party, --only, --layer or --min)")),
        (["--party", "l"],
         "--party draws what runs between parties (name two or more, or say --focus PARTY)"),
        (["--party", ","],
         "--party draws what runs between parties (name two or more, or say --focus PARTY)"),
        (["--only", ","],
         "--only names no kind (funding, payment, commitment, right, rivalry)"),
        (["--title", " "], "--title: ' ' is not text"),
        (["--party", "l,zz"], "unknown party 'zz' (see: deals parties)"),
        (["--exposure", "zz"], "unknown party 'zz' (see: deals parties)"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line each, and no file."""
    assert 2 == run(["diagram", "-o", "x.svg", *words])
    assert f"deals: {message}\n" == capsys.readouterr().err
    assert not Path("x.svg").exists()


def test_pictures_in_one_currency(capsys: pytest.CaptureFixture[str]) -> None:
    """Who is hit can only be said in one currency; the caption names it, and the rates."""
    append = ["append", "payment", "--payer", "l", "--payee", "m", "--on", "2025-11-01"]
    assert 0 == run([*append, "--amount", "EUR 2"])
    hit = ["diagram", "-f", "dot", "--exposure", "l", "--as-of", "2025-12-31"]
    capsys.readouterr()
    assert 2 == run(hit)
    assert "--in USD" in capsys.readouterr().err
    rate = ["append", "rate", "--base", "EUR", "--quote", "USD", "--rate", "1.25"]
    assert 0 == run([*rate, "--on", "2025-01-01"])
    capsys.readouterr()
    assert 0 == run([*hit, "--in", "USD"])
    dot = capsys.readouterr().out

    assert "amounts in USD, converted at EUR/USD 1.25" in dot
    assert "8000000002.5 USD" in dot
    assert "EUR 2" not in dot
