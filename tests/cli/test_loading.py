"""What commands load: a command that starts fast is one that loads little."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dealledger.cli.main import run
from dealledger.events import Funding
from dealledger.ledger.storage.tables import EVENT, EventRow

ROOT = Path(__file__).parent.parent.parent
MODELS = {"pydantic", "sqlalchemy", "sqlmodel", "rfc8785"}
TABLES = {"rich"}
DRAWING = {"graphviz", "pygraphviz", "xml"}
GRAPHS = {"networkx", "numpy", "scipy"}
OTHERS = {"cryptography", "psycopg", "uuid6"}
WRITING = {
    f"dealledger.ledger.{each}"
    for each in ("append.batch", "append.rules", "audit.backup", "audit.verify")
}
LIGHT = MODELS | TABLES | DRAWING | GRAPHS | OTHERS
QUERY = DRAWING | GRAPHS | OTHERS | WRITING


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small ledger."""
    folder = tmp_path_factory.mktemp("ledger")
    path, events = folder / "deals.db", folder / "events.jsonl"
    events.write_text(
        '{"id": "A", "kind": "party", "party": "a", "name": "A", "effective_on": "2024-01-01"}\n'
        '{"id": "B", "kind": "party", "party": "b", "name": "B", "effective_on": "2024-01-01"}\n'
        '{"id": "F", "kind": "funding", "investor": "a", "investee": "b", "amount": "10",'
        ' "currency": "USD", "effective_on": "2024-01-01"}\n'
    )
    assert 0 == run(["--ledger", str(path), "init"])
    assert 0 == run(["--ledger", str(path), "import", str(events)])
    return path


def loaded(ledger: Path | None, arguments: str) -> set[str]:
    """Return the modules that a process has loaded after a command."""
    code = (
        "import sys; from dealledger.cli.main import run; code = run(sys.argv[1:]); "
        "sys.stdout.flush(); print('\\n' + ' '.join(sys.modules)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments.split()],
        env={**os.environ, "DEALS_LEDGER": str(ledger or "")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", ["--help", "--version", "stakes --help", "misspelt", "stakes --misspelt"]
)
def test_help_and_misspelt_commands_load_nothing_heavy(ledger: Path, command: str) -> None:
    """Neither models nor tables, databases or drawing."""
    assert set() == LIGHT & loaded(ledger, command)


@pytest.mark.slow
def test_the_list_of_commands_loads_none(ledger: Path) -> None:
    """What each is for stands in `summaries`; one that is named is loaded alone."""
    commands = "dealledger.cli.commands."

    assert [] == [each for each in loaded(ledger, "--help") if each.startswith(commands)]
    assert [f"{commands}stakes"] == [
        each for each in loaded(ledger, "stakes --help") if each.startswith(commands)
    ]


@pytest.mark.slow
def test_that_there_is_no_ledger_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is loaded to open what is not there."""
    monkeypatch.chdir(tmp_path)

    assert set() == LIGHT & loaded(None, "stakes openai")


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", ["deals st", "deals stakes --as", "deals stakes -f j", "deals flows ", "deals show F"]
)
def test_completion_loads_nothing_heavy(ledger: Path, words: str) -> None:
    """Also not where it offers the parties and events of the ledger."""
    code = (
        "import sys; from click.shell_completion import BashComplete; "
        "from dealledger.cli.main import deals; "
        "print(BashComplete(deals, {}, 'deals', '_DEALS_COMPLETE').complete()); "
        "print(' '.join(sys.modules))"
    )
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "DEALS_LEDGER": str(ledger)}
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **asked},
                          capture_output=True, text=True, check=True)  # fmt: skip
    *offered, modules = done.stdout.splitlines()

    assert any(line.startswith("plain,") for line in offered)
    assert set() == LIGHT & set(modules.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "banned"),
    [
        ("stakes b", QUERY),
        ("stakes b -f json", QUERY | TABLES),
        ("flows -f json", QUERY | TABLES),
        ("commitments -f csv", QUERY | TABLES),
        ("rights -f md", QUERY | TABLES),
        ("parties -f json", QUERY | TABLES),
        ("log -f json", QUERY | TABLES),
        ("show F -f json", QUERY | TABLES),
        ("diagram -f dot", (QUERY | TABLES) - DRAWING),
        ("append party --party c --name C --on 2024-01-01 --dry-run", DRAWING | GRAPHS | TABLES),
        ("verify", DRAWING | GRAPHS | TABLES),
    ],
)
def test_a_command_loads_what_it_needs(ledger: Path, command: str, banned: set[str]) -> None:
    """A query does not load what appends; only tables load the library of tables."""
    found = loaded(ledger, command)

    assert "sqlmodel" in found
    assert set() == banned & found


def test_validators_are_built_when_they_are_needed() -> None:
    """Those of tables never: a table validates nothing."""
    assert Funding.model_config["defer_build"]
    assert "event" == EVENT.name
    assert not EventRow.__pydantic_complete__


@pytest.mark.parametrize("layer", ["events", "ledger", "projections"])
def test_packages_offer_what_type_checkers_see(layer: str) -> None:
    """The three lists of a lazy package agree, and every name is found where it is said to be."""
    package = importlib.import_module(f"dealledger.{layer}")
    seen = dict(promised(ast.parse((ROOT / layer / "__init__.py").read_text())))

    differ = set(seen) ^ set(package.__all__)
    assert not differ, f"name {differ} in both lists of {layer}/__init__.py"
    for name, home in seen.items():
        assert getattr(package, name) is getattr(importlib.import_module(home), name)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


def promised(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield (name, module) for what is imported for type checkers only."""
    block = next(node for node in tree.body if isinstance(node, ast.If))
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        yield from ((alias.name, str(node.module)) for alias in node.names)


@pytest.mark.slow
def test_a_function_goes_before_the_module_of_its_name() -> None:
    """projections.flows is the function, also after its module was loaded by somebody."""
    code = (
        "import dealledger.projections.flows; from dealledger.projections import flows, rights; "
        "import dealledger.projections.rights as again; "
        "print(flows.__name__, rights.__name__, again.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "flows rights rights\n" == done.stdout
