"""What installs: one import name, every module, the data; and it runs without the source tree."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LAYERS = ("events", "ledger", "projections", "web", "cli")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once, from a copy of the tree: what an older build left could hide a gap."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    for name in (*LAYERS, "pyproject.toml", "README.md", "LICENSE"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            tree.mkdir(exist_ok=True)
            shutil.copy(source, tree / name)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    command = [*build, "--outdir", str(folder), str(tree)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_installs_one_name(wheel: Path) -> None:
    """Nothing named events or cli lands beside other people's packages."""
    with zipfile.ZipFile(wheel) as archive:
        top = next(name for name in archive.namelist() if name.endswith("top_level.txt"))

        assert b"dealledger" == archive.read(top).strip()


@pytest.mark.slow
def test_the_wheel_holds_every_module_and_the_data(wheel: Path) -> None:
    """A subpackage that is missing from the list would work here and nowhere else."""
    wanted = {
        f"dealledger/{path.relative_to(ROOT)}"
        for layer in LAYERS
        for path in (ROOT / layer).rglob("*")
        if path.suffix in (".py", ".jsonl", ".js", ".css", ".html") or path.name == "py.typed"
    }
    with zipfile.ZipFile(wheel) as archive:
        missing = wanted - set(archive.namelist())
    assert not missing, f"name the packages of {missing} in pyproject.toml: tool.setuptools"


@pytest.mark.slow
def test_the_wheel_runs_by_itself(wheel: Path, tmp_path: Path) -> None:
    """The demo runs from the wheel alone, with the source tree out of reach."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import sys; sys.meta_path = [f for f in sys.meta_path if 'editable' not in repr(f).lower()]; "
        "sys.path.insert(0, 'site'); from dealledger.cli import main; "
        "assert 'site' in main.__file__, main.__file__; main.main(['demo', 'out'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert "" == done.stderr
    assert 0 == done.returncode
    assert (tmp_path / "out" / "alliances-2026-06-30.svg").exists()


PINS = {
    name: {
        canonicalize_name(pin["name"]): (pin["version"], pin["marker"], pin["hashes"].split())
        for pin in re.finditer(
            r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))?"
            r"(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$",
            (ROOT / name).read_text(),
            re.MULTILINE,
        )
    }
    for name in ("constraints.txt", "requirements.txt")
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDED = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
EXTRAS = [each for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra]


@pytest.mark.parametrize("name", PINS)
def test_every_line_of_a_list_is_a_version_with_its_hashes(name: str) -> None:
    """Nothing is taken that is not listed, and no place to take it from is named."""
    text = (ROOT / name).read_text()
    pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]

    assert len(pinned) == len(PINS[name]) > 15
    assert "://" not in text
    assert "make lock" in text


@pytest.mark.parametrize(
    ("name", "needed"), [("requirements.txt", NEEDED), ("constraints.txt", [*NEEDED, *EXTRAS])]
)
def test_the_lists_have_what_the_project_needs(name: str, needed: list[str]) -> None:
    """In versions that fit; who changes pyproject.toml runs `make lock`."""
    for text in needed:
        wanted = Requirement(text)
        if wanted.name != PROJECT["project"]["name"]:
            package = canonicalize_name(wanted.name)
            assert package in PINS[name], f"{name} lacks {package}: run make lock"
            pinned, _, _ = PINS[name][package]
            assert wanted.specifier.contains(pinned), f"{name} has {wanted.name} {pinned}"


def test_what_runs_is_what_is_tested() -> None:
    """The list to run is a part of the list to test: the same versions, the same files."""
    assert PINS["requirements.txt"].items() <= PINS["constraints.txt"].items()


def test_the_tests_run_with_what_is_listed() -> None:
    """If not, run: make .venv/tools."""
    for name, (pinned, marker, _) in PINS["constraints.txt"].items():
        if not marker:
            assert pinned == version(name), f"{name}: run make .venv/tools"


def test_only_listed_files_are_installed() -> None:
    """Each install of the Makefile takes hashes and no sources, or the project alone."""
    text = (ROOT / "Makefile").read_text()

    assert "LISTED := $(PIP) install --require-hashes --only-binary :all: --requirement" in text
    assert "ITSELF := $(PIP) install --no-deps --no-build-isolation --editable ." in text
    assert 2 == text.count("$(PIP) install")


AUDITOR = {
    "well": (0, "No known vulnerabilities found"),
    "vulnerable": (
        1,
        "Found 1 known vulnerability in 1 package\nName Version ID\nx    1       V-1",
    ),
    "unanswered": (1, "Traceback:\n  ...\nERROR: nobody answers"),
    "uninstalled": (1, "WARNING: Retrying\nERROR: no matching distribution"),
}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("case", AUDITOR)
def test_an_audit_says_what_it_found_or_why_it_could_not(tmp_path: Path, case: str) -> None:
    """What was found is shown whole; without a network it is one line, and a failure."""
    code, said = AUDITOR[case]
    answer = f"#!/bin/sh\ncat <<'END' >&2\n{said}\nEND\nexit {code}\n"
    installs = answer if case == "uninstalled" else "#!/bin/sh\n"
    for name, text in (("install", installs), ("answer", answer)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    python = tmp_path / "python"
    # It makes the folder of a venv, in which the installer and the auditor are these.
    python.write_text(
        f'#!/bin/sh\nmkdir -p "$3/bin" && cp {tmp_path}/install "$3/bin/python" '
        f'&& cp {tmp_path}/answer "$3/bin/pip-audit"\n'
    )
    python.chmod(0o755)
    made = [f"PYTHON={python}", f"VENV={tmp_path}/venv"]
    done = subprocess.run(
        ["make", "--no-print-directory", "audit", *made],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    if case in ("well", "vulnerable"):
        assert f"{said}\n" == done.stdout
    else:
        last = said.splitlines()[-1]
        cannot = "make audit cannot ask which versions have known vulnerabilities: "
        assert f"{cannot}{last}\n" == done.stdout
    assert (code != 0) == (done.returncode != 0)
