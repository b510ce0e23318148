"""No command and no error prints the password of a ledger's URL, whatever its form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support.reference import commands
from support.urls import FORMS, SECRET

from dealledger.cli.main import deals, run
from dealledger.cli.terminal import recorded
from dealledger.ledger import Ledger

ARGUMENTS = {
    "append payment": "--payer a --payee b --amount $1 --on 2024-01-01", "backup": "copy.db",
    "correct": "A --set name=B --reason x", "diff": "--from 2024-01-01 --to 2024-02-01",
    "explain balance": "a", "explain commitment": "A", "explain net": "a b", "explain stake": "a b",
    "dependencies": "a", "concentration": "a", "diagram": "-f dot", "exposure": "a",
    "history circularity": "", "history commitment": "A", "history concentration": "a",
    "history net": "a b", "history stake": "a b", "import": "events.jsonl", "key new": "-o k",
    "prove": "A", "relation": "a b", "restore": "kept.db", "retract": "A --reason x", "show": "A",
    "stakes": "a", "verify": "--report report.json",
}  # fmt: skip
OTHERS = ("append", "completion", "demo", "key show", "verify-proof")
"""Commands that ask no ledger, or of which one stands for all."""


def asked() -> Iterator[list[str]]:
    """Yield a command line for every command that asks a ledger."""
    for context in commands(deals, click.Context(deals, info_name="deals")):
        _, *words = context.command_path.split()
        line = " ".join(words)
        if line in ARGUMENTS or (words and not line.startswith(OTHERS)):
            yield [*words, *ARGUMENTS.get(line, "").split()]


ASKED = list(asked())
FEW = ["plain", "in the query", "bad port", "with a slash", "words"]
MEANT = [form for form, name in FORMS.items() if name.startswith(("postgres", "host="))]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a file of events, a ledger and a report."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    Path("events.jsonl").write_text(
        '{"kind": "party", "effective_on": "2024-01-01", "party": "a", "name": "A", "id": "A"}\n'
    )
    Ledger.create("kept.db", origin="example.org/x").close()
    assert 0 == run(["--ledger", "kept.db", "parties", "-o", "report.json"])


def printed(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command; return all that it prints, also what a library prints by itself."""
    capfd.readouterr()
    code = run(list(words))
    out, err = capfd.readouterr()
    assert code in (0, 1, 2, 3), (words, code)
    assert "Traceback" not in err
    return out + err


@pytest.mark.parametrize("form", FEW)
@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_no_command_prints_a_password(
    words: list[str], form: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By --ledger, and by the environment."""
    said = printed(capfd, "--ledger", FORMS[form], *words)
    said += printed(capfd, f"--ledger={FORMS[form]}", *words)
    monkeypatch.setenv("DEALS_LEDGER", FORMS[form])
    said += printed(capfd, *words)

    assert SECRET not in said
    assert said


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "words",
    ["doctor", "doctor -f json", "flows", "init", "restore kept.db", "import events.jsonl",
     "append party --party z --name Z --on 2024-01-01", "backup copy.db", "verify"],
)  # fmt: skip
def test_no_form_prints_its_password(
    words: str, form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """URLs, what is misspelt or does not parse, and what a driver would take."""
    assert SECRET not in printed(capfd, "--ledger", FORMS[form], *words.split())


@pytest.mark.parametrize("form", MEANT)
def test_a_url_in_the_wrong_place_is_not_printed(
    form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """As a command, an argument, a file, or behind an option that a command does not have."""
    name = FORMS[form]
    for line in (
        [name], ["init", name], ["flows", name], ["stakes", name], ["stakes", "a", "--ledger", name],
        ["stakes", f"--ledger={name}"], ["--leger", name, "flows"], [f"--leger={name}", "flows"],
        ["--ledger", "kept.db", "stakes", name], ["--ledger", "kept.db", "show", name],
        ["--ledger", "kept.db", "backup", name], ["--ledger", "new.db", "restore", name],
        ["--ledger", "kept.db", "export", "-o", name], ["--ledger", "kept.db", "import", name],
        ["--ledger", "kept.db", "flows", "-o", name], ["verify-proof", name],
        ["--ledger", "kept.db", "verify", "--checkpoint", name], ["key", "show", name],
        ["--ledger", "kept.db", "flows", "--as-of", name], ["completion", name],
    ):  # fmt: skip
        assert SECRET not in printed(capfd, *line), line


@pytest.mark.parametrize("form", MEANT)
def test_a_command_to_repeat_holds_no_password(form: str) -> None:
    """It is printed when nobody knows whether something was recorded."""
    for words in (["--ledger", FORMS[form]], [f"--ledger={FORMS[form]}"]):
        said = recorded.again([*words, "append", "party", "--source-url", "https://x.example/a"])

        assert SECRET not in said
        assert "https://x.example/a" in said


@pytest.mark.parametrize(
    "tail", ["&password=s3cr3t", "&passfile=/nowhere/s3cr3t", "&sslpassword=s3cr3t"]
)
def test_a_server_that_answers_gets_it_and_nobody_else(
    postgres_url: str, tail: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is well is said with the name of the ledger, which is that of its URL without it."""
    url = postgres_url.replace("postgres:@", "postgres:s3cr3t@") + tail
    said = printed(capfd, "--ledger", url, "init")
    said += printed(capfd, "--ledger", url, "init")
    said += printed(capfd, "--ledger", url, "doctor")
    said += printed(capfd, "--ledger", url, "flows", "-f", "json")
    said += printed(capfd, "--ledger", url, "stakes", "nobody")

    assert SECRET not in said
    assert "made postgresql://postgres" in said
    assert "exists already" in said
