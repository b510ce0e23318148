"""Every query of the command tree, on screens of 80, 100 and 120 columns."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import click
import pytest
from support.reference import commands

from dealledger.cli.main import deals, run
from dealledger.events.text import width_of

DATA: Final = Path(__file__).parents[2] / "cli" / "data" / "ai-alliance.jsonl"
CAPACITIES: Final = "party,amount,currency,on,source\nmicrosoft,300B,USD,2026-06-30,a filing\n"
ASKED: Final = {
    "log": ["", "openai", "--kind payment", "--all"],
    "show": ["D016", "D049"],
    "parties": ["", "--role lab"],
    "duplicates": [""],
    "stakes": ["", "openai anthropic", "--look-through", "--exact"],
    "flows": ["", "microsoft", "--by pair", "--by kind", "--by year", "--by pair --exact"],
    "commitments": [
        "", "openai", "openai --by year", "openai --by band", "openai --by bearer", "--open",
        "softbank --exact",
    ],
    "rights": ["", "microsoft", "--all"],
    "history stake": ["openai microsoft", "openai microsoft --chart"],
    "history net": ["microsoft openai", "microsoft openai --chart"],
    "history commitment": ["D049", "D049 --chart"],
    "history circularity": ["", "microsoft", "--chart"],
    "history concentration": ["anthropic", "anthropic --direction funders"],
    "diff": ["--from 2025-06-30 --to 2026-06-30", "--from @200 --to @335"],
    "explain stake": ["openai microsoft"],
    "explain net": ["microsoft openai"],
    "explain balance": ["openai"],
    "explain commitment": ["D049", "D005"],
    "reconcile": [""],
    "relation": ["microsoft openai", "microsoft anthropic --layer paid,committed,announced"],
    "reciprocity": ["", "--all"],
    "circularity": ["", "microsoft", "microsoft --shuffle"],
    "cycles": ["--limit 20", "--static"],
    "exposure": [
        "openai", "openai --layer committed", "openai --view debtrank --capacities cap.csv",
        "openai --view clearing --due 2027-06-30 --cash cap.csv",
    ],
    "concentration": ["", "openai", "--by rivals", "--by partners", "--by owners"],
    "dependencies": ["", "openai", "--by ties --all", "--by lock-in", "--by rights"],
    "doctor": [""],
    "verify-proof": [],
}  # fmt: skip
"""What each command that prints a table is asked; `verify-proof` prints what `show` does."""

WHOLE: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}|(?<![\w.])-?\d[\d,]*\.?\d*[KMBT]?(?: [A-Z]{3}| %)?(?![\w.])|[\w.:-]+"
)

HASH: Final = re.compile("[0-9a-f]{64}")
"""Hashes and addresses may be broken: nobody reads them."""


def queries() -> list[str]:
    """Return every question, of every command that prints a table."""
    return sorted(f"{name} {words}".strip() for name, asked in ASKED.items() for words in asked)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demo's ledger."""
    folder = tmp_path_factory.mktemp("demo")
    file = folder / "deals.db"
    assert 0 == run(["--ledger", str(file), "init", "--origin", "example.org/deals"])
    assert 0 == run(["--ledger", str(file), "import", str(DATA)])
    (folder / "cap.csv").write_text(CAPACITIES)
    return folder


def test_no_command_is_forgotten() -> None:
    """Whatever has the option --wide is asked here."""
    root = click.Context(deals, info_name="deals")
    found = {
        context.command_path.removeprefix("deals ")
        for context in commands(deals, root)
        if any("--wide" in option.opts for option in context.command.params)
    }

    missing, gone = found - ASKED.keys(), ASKED.keys() - found

    assert not missing, f"say in ASKED in tests/cli/test_widths.py what to ask {missing}"
    assert not gone, f"take {gone}, which have no --wide, out of ASKED in tests/cli/test_widths.py"


def asked(
    query: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *more: str,
    columns: int,
) -> list[str]:  # fmt: skip
    """Return the lines that a query prints on a screen so wide."""
    monkeypatch.setenv("COLUMNS", str(columns))
    words = [*shlex.split(query), *more]
    if not words[0].startswith(("show", "diff", "doctor")):
        words += ["--as-of", "2026-06-30"]
    capsys.readouterr()
    assert run(words) in (0, 1)
    return capsys.readouterr().out.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 100, 120])
@pytest.mark.parametrize("query", queries())
def test_tables_fit_the_screen(
    query: str,
    columns: int,
    ledger: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No line is wider, and no slug, date, amount or id is broken over two."""
    monkeypatch.chdir(ledger)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    lines = asked(query, capsys, monkeypatch, columns=columns)
    whole = asked(query, capsys, monkeypatch, "--wide", columns=columns)
    words = set(WHOLE.findall("\n".join([*whole, "no room for: (--wide) amounts in"])))
    shown = re.sub(r" \+\d+(?![.\d])", "", "\n".join(lines))  # how many events there are besides
    long = [word for word in " ".join(whole).split() if "://" in word or HASH.fullmatch(word)]
    broken = set(WHOLE.findall(shown)) - words

    assert [] == [line for line in lines if width_of(line) > columns]
    assert set() == {word for word in broken if not any(word in each for each in long)}


def test_what_is_left_out_is_said(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the columns by name; --wide has them all, and one currency is said in a line."""
    monkeypatch.chdir(ledger)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    narrow = asked("commitments openai", capsys, monkeypatch, columns=80)
    wide = asked("commitments openai", capsys, monkeypatch, "--wide", columns=80)

    assert "no room for: Purpose, Drawn, Until, Ended, Firmness (--wide)" in narrow
    assert "amounts in USD" in narrow
    assert not any(line.startswith("no room for") for line in wide)
    assert {"Purpose", "Currency", "Drawn", "Ended", "Firmness"} <= set(wide[2].split())
