"""The documents say what is so: the reference page, the README's commands, the changelog."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from support.output import PAGE, PLACE, TABLES, TEMPLATE, asked, page
from support.printed import PAGES, write_files
from support.reference import commands, reference
from support.summaries import FILE, summaries

from dealledger.cli.main import deals, run
from dealledger.events import KINDS
from dealledger.projections.answers.column_terms import meaning
from dealledger.projections.answers.questions import QUESTIONS
from dealledger.projections.answers.report import Report
from dealledger.projections.answers.values import answer_json

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_reference_page_is_made_from_the_help() -> None:
    """docs/commands.md is what `make docs` writes."""
    assert reference() == (ROOT / "docs" / "commands.md").read_text(), "run make docs"


def test_the_summaries_are_those_of_the_commands() -> None:
    """cli/summaries.py is what `make docs` writes."""
    assert summaries() == FILE.read_text(), "make docs"


def test_the_page_on_output_is_made_from_the_columns() -> None:
    """docs/output.md is what `make docs` writes; it has a table of every question, but `show`."""
    template = TEMPLATE.read_text()
    shown = set(PLACE.findall(template))

    assert page() == PAGE.read_text(), "make docs"
    for name in QUESTIONS.keys() - {"show"}:
        command, _, part = name.partition(" ")
        told = [each for each in shown if each.split()[0] == command]
        assert told, f"add {{{{{name}}}}} to tests/support/output.template.md, then make docs"
        assert not part or f"`{part}`" in template or name in template


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[str], Report]]:
    """Give what answers the questions of the page on output."""
    with asked() as answer:
        yield answer


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_what_the_page_says(name: str, ask: Callable[[str], Report]) -> None:
    """Every value is of its kind, and null only where its meaning tells of that."""
    report = ask(name)
    rows = answer_json(report)["rows"]

    assert rows
    for column in report.for_programs():
        kind, about = meaning(column)
        for value in (row[column.key] for row in rows):
            if value is None:
                assert "null" in about, column.key
            else:
                assert any(fits(each, value) for each in kind.split(" or ")), (column.key, value)


TEXTS = ("text", "party", "slug", "id", "currency")


def fits(kind: str, value: Any) -> bool:
    """Tell whether a value is of a kind."""
    if kind.startswith("{"):
        return isinstance(value, dict) and value.keys() <= set(kind[1:-1].split(", "))
    if kind.startswith("list of "):
        return all(list(each) == kind[9:-1].split(", ") for each in value)
    match kind, value:
        case (("amount" | "share" | "number"), str()):
            return re.fullmatch(r"-?[0-9]+([./][0-9]+)?(e-?[0-9]+)?", value) is not None
        case "money", dict():
            return list(value) == ["currency", "amount"] and fits("amount", value["amount"])
        case "count", int():
            return value is not True and value is not False
        case "yes/no", bool():
            return True
        case "day", str():
            return date.fromisoformat(value).isoformat() == value
        case "time", str():
            return datetime.fromisoformat(value).tzinfo is not None and value.endswith("Z")
        case (("parties" | "ids" | "texts"), list()):
            return all(isinstance(each, str) for each in value)
    return kind in TEXTS and isinstance(value, str)


@pytest.mark.parametrize(
    "context",
    list(commands(deals, click.Context(deals, info_name="deals"))),
    ids=lambda context: context.command_path,
)
def test_every_command_has_help_with_an_example(context: click.Context) -> None:
    """Each command says what it does and shows how."""
    help_text = context.command.help or ""

    path = context.command_path
    assert "Example" in help_text, f"end the docstring of `{path}` with an example"
    for option in context.command.params:
        if isinstance(option, click.Option):
            said = option.help or option.metavar or isinstance(option.type, click.Choice)
            assert said, f"give {option.opts} of `{path}` a help text"


@pytest.fixture(scope="module")
def demo_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demo once; the tests here work on copies."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert run(["demo", str(folder)]) == 0
    return folder


@pytest.mark.slow
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
    write_files(page.read_text(), tmp_path)
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

    assert row, f"add a row for `{kind}` to the table of kinds in docs/events.md"
    missing = [name for name in _own(kind) if f"`{name}`" not in row[0]]
    assert not missing, f"say in the row of `{kind}` in docs/events.md what {missing} is"


def _own(kind: str) -> set[str]:
    from dealledger.events import Event

    return set(KINDS[kind].model_fields) - set(Event.model_fields) - {"currency"}


def test_the_changelog_tells_of_the_version() -> None:
    """The version that is built has its part in the changelog."""
    project = (ROOT / "pyproject.toml").read_text()
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert version

    told = f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text()
    assert told, f"name what is Unreleased in CHANGELOG.md {version[1]}"


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

    assert named, "name a test in the last column of docs/reliability.md, as `T/FILE::TEST`"
    assert tested == ", ".join(f"`T/{file}::{name}`" for file, name in named)
    for file, name in named:
        source = (ROOT / "tests" / file).read_text()
        assert re.search(rf"^ *def {name}\(", source, re.MULTILINE), f"{file} has no {name}"
