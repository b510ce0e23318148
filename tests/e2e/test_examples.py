"""Every example that a help text shows works as printed, on the ledger of the demo."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click
import pytest
from support.reference import commands

from dealledger.cli.main import deals, run
from dealledger.events import KINDS, parse_event

DATA = Path(__file__).parents[2] / "cli" / "data" / "ai-alliance.jsonl"
FILES = (
    "deals.jsonl", "payments.csv", "stakes.json", "2026-06-30.checkpoint", "ledger.key", "tlog-proof", "ledger.policy", "equity.csv",
    "what-if.jsonl", "tour.md", "deals.xlsx", "rounds.csv", "rounds.xlsx", "colleague.db", "captable.ocf.zip",
)  # fmt: skip


def examples() -> list[str]:
    """Return the example lines of all commands, joined where they go on behind a backslash."""
    root = click.Context(deals, info_name="deals")
    found = []
    for context in commands(deals, root):
        text = (context.command.help or "").replace("\\\n", " ").replace("\b", "")
        lines = [line.strip() for line in text.splitlines()]
        found += [" ".join(line.split()) for line in lines if line.startswith("deals ")]
    return found


def is_self_contained(line: str) -> bool:
    """Tell whether an example needs no other machine, key, file or pipe of the reader's."""
    foreign = ("postgresql:", "|", "example.org/deals+", "https://...", *FILES)
    asks_for_more = any(each in line for each in foreign)
    others = ("deals restore", "deals --ledger restored", "deals serve")  # serve ends when told to
    return not asks_for_more and not line.startswith(others)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the bytes of the demo's ledger."""
    file = tmp_path_factory.mktemp("demo") / "deals.db"
    assert 0 == run(["--ledger", str(file), "init", "--origin", "example.org/deals"])
    assert 0 == run(["--ledger", str(file), "import", str(DATA)])
    return file.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("line", sorted(filter(is_self_contained, set(examples()))))
def test_an_example_runs(
    line: str, ledger: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 0; or 1, where a check finds what the data does not say alike."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)[1:]
    if words[0] not in ("init", "demo"):
        Path("deals.db").write_bytes(ledger)
    if words[0] == "append":
        words += ["--register"]

    assert run(words) == (1 if words[0] == "reconcile" else 0)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"retraction"}))
def test_a_dry_run_shows_what_an_import_takes(
    kind: str,
    ledger: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each kind's example, by its options: JSON that is that event; and nothing is recorded."""
    monkeypatch.chdir(tmp_path)
    Path("deals.db").write_bytes(ledger)
    [line] = [each for each in examples() if each.startswith(f"deals append {kind} ")][:1]
    capsys.readouterr()
    assert 0 == run([*shlex.split(line)[1:], "--register", "--dry-run"])
    shown = capsys.readouterr().out.splitlines()

    assert kind == parse_event(json.loads(shown[-1])).kind
    assert ledger == Path("deals.db").read_bytes()
