"""Every command that answers in JSON: its report is asked again, and its amounts say how sure.

The commands are found by walking the command line, so that a new one is tested too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from support.asking import CASES, loaded

from dealledger.cli.main import deals, run

WORDS = {"party": "l", "issuer": "l", "holder": "n", "a": "n", "b": "l", "commitment_id": "C1"}
"""What to say for the arguments of commands."""

MORE: dict[tuple[str, ...], list[list[str]]] = {
    ("diff",): [["--from", "2025-02-01", "--to", "2025-12-31"]],
    ("stakes",): [[], ["--look-through"]],
    ("flows",): [["--by", each] for each in ("party", "pair", "year", "kind")],
    ("commitments",): [[], *(["--by", each] for each in ("year", "band", "bearer"))],
    ("circularity",): [[], ["l"], ["l", "--shuffle"]],
    ("cycles",): [[], ["--static"]],
    ("concentration",): [[], ["--by", "rivals"], ["--by", "partners"], ["--by", "owners"]],
    ("dependencies",): [[], *(["--by", each] for each in ("ties", "lock-in", "rights"))],
    ("exposure",): [
        [],
        ["--view", "debtrank", "--capacities", "given.csv"],
        ["--view", "clearing", "--cash", "given.csv", "--due", "2026-12-31"],
    ],
}
"""Options that give other tables."""

WITHOUT_AMOUNTS = {
    "parties": "names",
    "log": "each event with its own confidence",
    "rights": "no amounts",
    "reconcile": "what does not fit, each with its events",
    "duplicates": "pairs of events, each of which show has whole",
    "stakes --look-through": "shares",
    "concentration --by partners": "names",
    "dependencies --by rights": "days",
    "exposure l --view debtrank --capacities given.csv": "amounts of a file, with their sources",
    "history stake l n": "shares",
    "explain stake l n": "shares",
}
"""Answers that need not say how sure their amounts are, and what they hold instead."""


def word(argument: str | None) -> str:
    """Return what to say for an argument of a command."""
    known = WORDS.get(str(argument))
    assert known, f"say in WORDS in tests/e2e/test_again.py what to give for {argument}"
    return known


def leaves(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the name of every command that answers a query in JSON."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        path = (*names, name)
        if isinstance(found, click.Group):
            yield from leaves(found, path)
        options: dict[str | None, Any] = {option.name: option for option in found.params}
        if {"as_of", "form"} <= options.keys() and "json" in options["form"].type.choices:
            yield path


def questions() -> Iterator[str]:
    """Yield the command lines of all questions."""
    for path in leaves(deals):
        command: Any = deals
        for name in path:
            command = command.get_command(click.Context(command), name)
        said = [word(each.name) for each in command.params
                if isinstance(each, click.Argument) and each.required]  # fmt: skip
        for options in MORE.get(path, [[]]):
            yield " ".join((*path, *said, *options))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with the worked ledger E1, a promise, and a file of amounts."""
    monkeypatch.chdir(tmp_path)
    loaded("deals.db", CASES / "e1.jsonl")
    promise = [
        "commitment",
        "--id",
        "C1",
        "--obligor",
        "l",
        "--beneficiary",
        "m",
        "--amount",
        "$9B",
    ]
    days = ["--start", "2026-01-01", "--end", "2027-12-31", "--on", "2025-06-01"]
    assert 0 == run(["append", *promise, *days])
    header = "party,amount,currency,on,source\n"
    rows = "".join(f"{each},10B,USD,2025-12-31,a report\n" for each in ("l", "n", "m"))
    Path("given.csv").write_text(header + rows)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("question", list(questions()))
def test_every_answer_can_be_asked_again(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    """However much was recorded since; and what is no table of names says how sure it is."""
    capsys.readouterr()
    assert run([*question.split(), "--as-of", "2025-12-31", "-o", "r.json"]) in (0, 1)
    assert run([*question.split(), "--as-of", "2025-12-31"]) in (0, 1)
    table = capsys.readouterr().out
    report = json.loads(Path("r.json").read_text())
    later = ["append", "payment", "--payer", "l", "--payee", "n", "--amount", "$1"]
    assert 0 == run([*later, "--on", "2025-06-01"])
    code = run(["verify", "--report", "r.json"])

    assert (0, "") == (code, capsys.readouterr().err)
    says = "say how sure the amounts are, or why not in WITHOUT_AMOUNTS in tests/e2e/test_again.py"
    assert bool(report.get("confidence")) == (question not in WITHOUT_AMOUNTS), says
    assert ("of the amounts in USD: " in table) == (question not in WITHOUT_AMOUNTS)
    report["rows"] = [*report["rows"], {}]
    Path("r.json").write_text(json.dumps(report))
    assert 1 == run(["verify", "--report", "r.json"])
