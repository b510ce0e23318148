"""What installs: one import name, every module, the data; and it runs without the source tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("events", "ledger", "projections", "cli")


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


def test_the_wheel_installs_one_name(wheel: Path) -> None:
    """Nothing named events or cli lands beside other people's packages."""
    with zipfile.ZipFile(wheel) as archive:
        top = next(name for name in archive.namelist() if name.endswith("top_level.txt"))

        assert b"dealledger" == archive.read(top).strip()


def test_the_wheel_holds_every_module_and_the_data(wheel: Path) -> None:
    """A subpackage that is missing from the list would work here and nowhere else."""
    wanted = {
        f"dealledger/{path.relative_to(ROOT)}"
        for layer in LAYERS
        for path in (ROOT / layer).rglob("*")
        if path.suffix in (".py", ".jsonl") or path.name == "py.typed"
    }
    with zipfile.ZipFile(wheel) as archive:
        assert set() == wanted - set(archive.namelist())


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
