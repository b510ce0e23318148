"""The tree keeps the rules of the house: layers, sizes, bans. The message names the fix."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("events", "ledger", "projections", "web", "cli")
FILES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]

LIBRARIES = {"sqlite3", "pysqlite3", "sqlite3.dbapi2", "pysqlite3.dbapi2"}

LONGEST_FILE = 450
LONGEST_FUNCTION = 60
LONGEST_COMMAND = 30


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the names of all modules that a file imports, also inside of functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def forbidden_imports(layer: str, source: str) -> list[str]:
    """Return what a file of *layer* imports and must not."""
    above = LAYERS[LAYERS.index(layer) + 1 :]
    banned = [f"dealledger.{each}" for each in above] + list(LAYERS)
    if layer != "cli":
        banned += ["click", "rich"]
    if layer != "ledger":
        banned += ["sqlmodel", "sqlalchemy", *LIBRARIES]
    found = []
    for name in imported(ast.parse(source)):
        found += [name for each in banned if name == each or name.startswith(f"{each}.")]
    return found


def banned_names(name: str, source: str) -> list[str]:
    """Return the names that a file uses and that are banned where it stands."""
    banned = set()
    if name not in {"ledger/clock.py", "cli/params.py"}:
        banned |= {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    if name != "cli/terminal/output.py":
        banned.add("print")
    if not name.startswith("projections/diagram/"):  # widths of lines are drawn, not counted
        banned.add("float")
    nodes = ast.walk(ast.parse(source))
    used = {ast.unparse(node) for node in nodes if isinstance(node, ast.Name | ast.Attribute)}
    return sorted(banned & used)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_dependencies_point_one_way(path: Path) -> None:
    """events <- ledger <- projections <- web <- cli; databases only in ledger, terminals only in cli."""
    layer = path.relative_to(ROOT).parts[0]

    assert [] == forbidden_imports(layer, path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_clock_floats_and_printing_stay_where_they_belong(path: Path) -> None:
    """The clock enters in append and as the default date; no float near money; one writer."""
    assert [] == banned_names(str(path.relative_to(ROOT)), path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_small(path: Path) -> None:
    """A page of clear code beats a clever paragraph, and a long file hides a second thing."""
    source = path.read_text()
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert [] == long
    assert len(source.splitlines()) <= LONGEST_FILE


COMMANDS = sorted((ROOT / "cli" / "commands").glob("*.py"))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_commands_only_declare_and_call(path: Path) -> None:
    """Without its options and its help a command is short: what an answer says stands elsewhere."""
    long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.decorator_list and ast.get_docstring(node)
        for length in [(node.end_lineno or 0) - node.lineno - (node.body[0].end_lineno or 0)
                       + node.body[0].lineno]
        if length > LONGEST_COMMAND
    ]  # fmt: skip

    assert [] == long


def module_of(path: Path) -> str:
    """Return the name by which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("dealledger", *parts)).removesuffix(".__init__")


def modules_of(source: str) -> Iterator[str]:
    """Yield what a file may import when it runs, also inside of functions; not what types need."""
    tree = ast.parse(source)
    of_types = [
        block for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
    ]  # fmt: skip
    for block in of_types:
        block.body = [ast.Pass()]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def circles(imports: dict[str, set[str]]) -> list[tuple[str, ...]]:
    """Return each group of modules that reach each other, sorted."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        wait = [start]
        while wait:
            new = imports[wait.pop()] - found
            found |= new
            wait += new
        return found

    reach = {name: reached(name) for name in imports}
    return sorted(
        {
            tuple(sorted(other for other in far if name in reach[other]))
            for name, far in reach.items()
            if name in far
        }
    )


def imports_of() -> dict[str, set[str]]:
    """Return what each file imports of ours when it runs, by their names."""
    known = {module_of(path): path for path in FILES}
    return {
        name: {each for each in modules_of(path.read_text()) if each in known and each != name}
        for name, path in known.items()
    }


def test_nothing_imports_itself_over_others() -> None:
    """There are no circles, also not of what is imported late: each file can be read by itself."""
    assert [] == circles(imports_of())


FLOORS = {
    "proof": 1, "storage": 2, "append": 3, "foreign": 3, "maps": 3, "audit": 4, "ledger": 5,
}  # fmt: skip
"""How high each room of ledger/ lies; what lies beside them is below, the class Ledger on top."""


def floor_of(module: str) -> int | None:
    """Return how high a module of ledger/ stands; None for others. The package is above all."""
    name = f"{module}.".removeprefix("dealledger.ledger.")
    if name.startswith("dealledger."):
        return None
    first = name.partition(".")[0]
    return FLOORS.get(first, 0) if name else max(FLOORS.values()) + 1


def upward(imports: dict[str, set[str]]) -> list[str]:
    """Return which rooms of ledger/ import from a higher one."""
    return [
        f"{name} -> {other}"
        for name, others in imports.items()
        for other in sorted(others)
        if (low := floor_of(name)) is not None and (high := floor_of(other)) is not None
        if high > low
    ]


def test_rooms_of_the_ledger_point_downwards() -> None:
    """Records and the port below, then proofs, SQL, appends and maps, audits; the class on top."""
    assert [] == upward(imports_of())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_stays_in_storage(path: Path) -> None:
    """What talks to a database stands in ledger/storage, and in audit, which looks behind it."""
    rooms = {("ledger", "storage"), ("ledger", "audit")}
    used = {name.partition(".")[0] for name in imported(ast.parse(path.read_text()))}

    assert path.relative_to(ROOT).parts[:2] in rooms or not used & {"sqlalchemy", "sqlmodel"}


def test_circles_are_found() -> None:
    """Also over a third, and of what is beside one."""
    imports = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d2"}, "d2": {"d"}, "e": {"a"}}

    assert [("b", "c"), ("d", "d2")] == circles(imports)


def test_arrows_upward_are_found() -> None:
    """From a room to a higher one, and to the package, which offers all of them."""
    proof, storage = "dealledger.ledger.proof.note", "dealledger.ledger.storage.sql_log"
    imports = {
        proof: {"dealledger.ledger.errors", storage}, storage: {proof, "dealledger.ledger"},
        "dealledger.ledger.errors": {"dealledger.events"}, "dealledger.cli.main": {storage},
    }  # fmt: skip

    assert [f"{proof} -> {storage}", f"{storage} -> dealledger.ledger"] == upward(imports)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    """A module begins with a sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text()))

    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":", "?"))


def test_one_file_loads_sqlite() -> None:
    """Two libraries in a process drop each other's locks, so tests too go by the one that is chosen.

    The private database of a derivation is no file that another opens, and is to leave the memory.
    """
    places = [*FILES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    found = [path.name for path in places if LIBRARIES & set(imported(ast.parse(path.read_text())))]

    others = set(found) - {"sqlite.py", "deriving.py"}
    assert not others, f"{others}: take SQLite from ledger/storage/sqlite.py"
    assert {"sqlite.py", "deriving.py"} == set(found)


def test_tables_are_defined_in_one_place() -> None:
    """A table=True model validates nothing, so it is no event and stands only in tables.py."""
    found = [path.name for path in FILES if "table=True)" in path.read_text()]

    assert ["tables.py"] == found, "define tables in ledger/storage/tables.py alone"


def test_the_lint_finds_what_it_is_for() -> None:
    """Planted violations are found."""
    assert ["dealledger.cli.main"] == forbidden_imports("ledger", "import dealledger.cli.main")
    assert ["sqlalchemy"] == forbidden_imports("cli", "def f():\n    import sqlalchemy")
    assert ["ledger.store"] == forbidden_imports("cli", "from ledger.store import Ledger")
    assert ["float"] == banned_names("events/money.py", "def f(x: float) -> None: ...")
    assert ["datetime.now"] == banned_names("ledger/view.py", "now = datetime.now(UTC)")
    assert ["print"] == banned_names("cli/main.py", "print(1)")
    assert [] == forbidden_imports("ledger", "from dealledger.events import Money")


def meanings() -> Iterator[tuple[str, str]]:
    """Yield each name of a module or public class, and where it is defined."""
    for path in FILES:
        place = path.relative_to(ROOT)
        if path.name != "__init__.py":
            yield path.stem, str(place)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, str(place)


FLOORS_OF_A_QUESTION = ("projections/answers/", "cli/commands/")
ONE_ROLE_EACH = {"errors"}
"""Each layer has its own of these, for the same purpose."""


def clashes(places: list[tuple[str, str]]) -> list[str]:
    """Return the names that stand for two things.

    A question has one name on all floors: what computes it, what it answers, the command.
    """
    found: dict[str, list[str]] = {}
    for name, place in places:
        if not place.startswith(FLOORS_OF_A_QUESTION) or name[0].isupper():
            found.setdefault(name, []).append(place)
    return sorted(
        f"{name}: {' and '.join(where)}; give one of them a name of its own"
        for name, where in found.items()
        if len(where) > 1 and name not in ONE_ROLE_EACH
    )


def test_a_name_stands_for_one_thing() -> None:
    """Of modules and public classes, so that a reader who knows one need not guess."""
    assert [] == clashes(list(meanings()))
    assert ["x: web/x.py and cli/x.py; give one of them a name of its own"] == clashes(
        [("x", "web/x.py"), ("x", "cli/x.py"), ("x", "cli/commands/x.py")]
    )
