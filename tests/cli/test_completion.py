"""What a shell offers: commands, options, choices, parties and events of the ledger at hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from dealledger.cli.main import deals, run
from dealledger.ledger.storage.sqlite import sqlite

EVENTS = (
    {"id": "A", "kind": "party", "party": "openai", "name": "Open AI"},
    {"id": "B", "kind": "party", "party": "openai", "name": "OpenAI \u202e", "effective_on": "2024-06-01"},
    {"id": "C", "kind": "party", "party": "oracle", "name": "Oracle"},
    {"id": "D", "kind": "party", "party": "openly", "name": "A mistake"},
    {"id": "D1", "kind": "funding", "investor": "oracle", "investee": "openai"},
    {"id": "D2", "kind": "rivalry", "a": "oracle", "b": "openai"},
    {"id": "R", "kind": "retraction", "retracts": "D", "reason": "never existed"},
    {"id": "D3", "kind": "retraction", "retracts": "D2", "reason": "no rivals"},
)  # fmt: skip


@pytest.fixture
def ledger(ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a ledger with two parties that stand, and one that was a mistake."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEALS_LEDGER", ledger_url)
    lines = [json.dumps({"effective_on": "2024-01-01", **each}) for each in EVENTS[:6]]
    lines += [json.dumps(each) for each in EVENTS[6:]]
    Path("events.jsonl").write_text("\n".join(lines))
    assert 0 == run(["--ledger", ledger_url, "init"])
    assert 0 == run(["--ledger", ledger_url, "import", "events.jsonl"])
    return ledger_url


def offered(*words: str) -> dict[str, str | None]:
    """Return what is offered for the last of *words*, each with its help."""
    shell = BashComplete(deals, {}, "deals", "_DEALS_COMPLETE")
    return {each.value: each.help for each in shell.get_completions(list(words[:-1]), words[-1])}


def test_parties_are_offered_by_slug(ledger: str) -> None:
    """With their latest names, made visible; the same from a file and from a server."""
    assert {"openai": "OpenAI \\u202e"} == offered("stakes", "ope")
    assert {"openai": "OpenAI \\u202e", "oracle": "Oracle"} == offered("flows", "")
    assert {"oracle": "Oracle"} == offered("diagram", "--focus", "or")
    assert {} == offered("stakes", "openai'; --")


def test_events_are_offered_by_id(ledger: str) -> None:
    """Those that stand, without retractions."""
    assert {"D1": "funding"} == offered("show", "D")
    assert ["A", "B", "C", "D1"] == list(offered("retract", ""))


def test_another_ledger_may_be_meant(ledger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """--ledger goes before the environment, also here."""
    monkeypatch.setenv("DEALS_LEDGER", "elsewhere.db")

    assert {} == offered("stakes", "o")
    assert ["openai", "oracle"] == list(offered("--ledger", ledger, "stakes", "o"))


@pytest.mark.parametrize("content", [None, b"", b"no ledger at all, only text " * 40])
def test_what_is_no_ledger_offers_nothing(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell has no place for errors, and nothing is made."""
    monkeypatch.setenv("DEALS_LEDGER", str(tmp_path / "x.db"))
    if content is not None:
        (tmp_path / "x.db").write_bytes(content)

    assert {} == offered("stakes", "o")
    assert {} == offered("show", "o")
    assert (content is not None) == (tmp_path / "x.db").exists()


def test_a_damaged_record_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell offers what can be read; `deals verify` names the rest."""
    path = tmp_path / "deals.db"
    with closing(sqlite.connect(path)) as file:
        file.execute(
            "CREATE TABLE event "
            "(position INTEGER PRIMARY KEY, id, kind, effective_on, retracts, body)"
        )
        good = b'{"event": {"party": "openai", "name": "OpenAI"}}'
        for body in (b"\xff\x00", b"[]", None, b'{"event": {"party": "oracle"}}', good):
            file.execute("INSERT INTO event (id, kind, body) VALUES ('A', 'party', ?)", (body,))
        file.commit()
    monkeypatch.setenv("DEALS_LEDGER", str(path))

    assert {"openai": "OpenAI"} == offered("stakes", "o")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("deals sta", ["plain,stakes"]),
        ("deals stakes --as-", ["plain,--as-of"]),
        ("deals stakes -f js", ["plain,json"]),
        ("deals append fundi", ["plain,funding"]),
        ("deals explain st", ["plain,stake"]),
    ],
)
def test_a_shell_is_answered(words: str, expected: list[str], tmp_path: Path) -> None:
    """As bash calls: the words in the environment, one line for each that fits."""
    asked = {"_DEALS_COMPLETE": "bash_complete", "COMP_WORDS": words,
             "COMP_CWORD": str(words.count(" "))}  # fmt: skip
    code = "from dealledger.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **asked},
                          cwd=tmp_path, capture_output=True, text=True, check=True)  # fmt: skip

    assert expected == done.stdout.splitlines()
    assert "" == done.stderr
