"""The documents say what is so: the reference page, the README's commands, the changelog."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from support.printed import PAGES
from support.reference import commands, reference
from support.summaries import FILE, summaries

from dealledger.cli.main import deals, run
from dealledger.events import KINDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_reference_page_is_made_from_the_help() -> None:
    """docs/commands.md is what `make docs` writes."""
    assert reference() == (ROOT / "docs" / "commands.md").read_text()


def test_the_summaries_are_those_of_the_commands() -> None:
    """cli/summaries.py is what `make docs` writes."""
    assert summaries() == FILE.read_text(), "make docs"


@pytest.mark.parametrize(
    "context",
    list(commands(deals, click.Context(deals, info_name="deals"))),
    ids=lambda context: context.command_path,
)
def test_every_command_has_help_with_an_example(context: click.Context) -> None:
    """Each command says what it does and shows how."""
    help_text = context.command.help or ""

    assert "Example" in help_text
    for option in context.command.params:
        if isinstance(option, click.Option):
            assert option.help or option.metavar or isinstance(option.type, click.Choice)


@pytest.fixture(scope="module")
def demo_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demo once; the tests here work on copies."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert run(["demo", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_show_what_the_commands_print(
    page: Path,
    demo_made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each `$ deals ...` block is the real output on the demo ledger."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(demo_made, "demo")
    monkeypatch.setenv("DEALS_LEDGER", str(tmp_path / "demo" / "deals.db"))
    blocks = re.findall(r"```console\n\$ deals (.+)\n((?:.*\n)*?)```", page.read_text())
    capsys.readouterr()

    assert len(blocks) >= 3
    for line, shown in blocks:
        assert run(shlex.split(line)) in (0, 1)  # 1: a check found what it is shown for
        assert _timeless(capsys.readouterr().out) == _timeless(shown)


def test_the_picture_of_the_readme_is_of_this_data(demo_made: Path) -> None:
    """It says to those who cannot see it what the picture of the demo says now."""
    said = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)
    [shown] = said.findall((ROOT / "docs" / "alliances-2026-06-30.svg").read_text())
    [drawn] = said.findall((demo_made / "alliances-2026-06-30.svg").read_text())

    assert shown == drawn, "make docs"


def _timeless(text: str) -> str:
    """Leave out what differs each time a ledger is made: moments and what hashes them."""
    text = re.sub(r"root +[0-9a-f]+", "root", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def test_the_python_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The README's Python block works as printed, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    block = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert block

    exec(compile(block[1], "README.md", "exec"), {})
    said = re.findall(r"# (.*)$", block[1], re.MULTILINE)

    assert said == capsys.readouterr().out.strip().splitlines()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_documented(kind: str) -> None:
    """docs/events.md has a row for each kind, with each of its own fields."""
    page = (ROOT / "docs" / "events.md").read_text()
    row = re.search(rf"^\| `{kind}` .*$", page, re.MULTILINE)

    assert row
    assert all(f"`{name}`" in row[0] for name in KINDS[kind].model_fields if name in _own(kind))


def _own(kind: str) -> set[str]:
    from dealledger.events import Event

    return set(KINDS[kind].model_fields) - set(Event.model_fields) - {"currency"}


def test_the_changelog_tells_of_the_version() -> None:
    """The version that is built has its part in the changelog."""
    project = (ROOT / "pyproject.toml").read_text()
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert version

    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text()


RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()


def test_every_fault_has_a_row() -> None:
    """docs/reliability.md tells of the faults 1 to 76, and of those with a letter, such as V1.

    Each in a row of its own, in this order.
    """
    numbers = re.findall(r"^\| ([^|]*?) \|", RELIABILITY, re.MULTILINE)
    further = {
        letter: [each for each in numbers if re.fullmatch(rf"{letter}\d+", each)]
        for letter in "RWVS"
    }

    assert [str(number) for number in range(1, 77)] == [each for each in numbers if each.isdigit()]
    for letter, found in further.items():
        assert [f"{letter}{number}" for number in range(1, len(found) + 1)] == found != []


@pytest.mark.parametrize("row", re.findall(r"^\| [RWSV]?\d+ \|.*$", RELIABILITY, re.MULTILINE))
def test_the_tests_of_a_fault_exist(row: str) -> None:
    """Each row names a test, and each test that it names is defined in the file that it names."""
    tested = row.rstrip(" |").rpartition(" | ")[2]
    named = re.findall(r"`T/([\w/.]+)::(\w+)`", tested)

    assert named
    assert tested == ", ".join(f"`T/{file}::{name}`" for file, name in named)
    for file, name in named:
        source = (ROOT / "tests" / file).read_text()
        assert re.search(rf"^ *def {name}\(", source, re.MULTILINE), f"{file} has no {name}"
