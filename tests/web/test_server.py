"""The server answers as the command line does, only to whom it should, and stops what nobody wants."""

from __future__ import annotations

import asyncio
import hmac
import json
import multiprocessing
import socket
import sys
import time
import warnings
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from support.paged import document_in
from support.served import TODAY, asked, serving

from dealledger.cli.main import run
from dealledger.cli.sealing import sealed
from dealledger.events import parse_event
from dealledger.ledger import Ledger
from dealledger.projections.answers.questions import QUESTIONS
from dealledger.web import workers
from dealledger.web.api import description
from dealledger.web.guard import Rules
from dealledger.web.page import PageAsked, page_document
from dealledger.web.site import site
from dealledger.web.worker import Answered, WorkerQuestion
from dealledger.web.workers import Workers

pytestmark = pytest.mark.slow

TOKEN = "correct horse battery"


@pytest.fixture(scope="module")
def port(demo: Ledger) -> Iterator[int]:
    """Serve the demo."""
    with serving(demo.name) as (found, _):
        yield found


ASKED = {
    "/api/flows?by=pair&as_of=2025-06-30&known_at=@120":
        "flows --by pair --as-of 2025-06-30 --known-at @120",
    "/api/stakes?issuers=openai&as_of=2025-10-28": "stakes openai --as-of 2025-10-28",
    "/api/commitments?party=openai&side=owes&by=year&as_of=2025":
        "commitments openai --by year --side owes --as-of 2025",
    "/api/rights?all=true&as_of=2026-06-30&announced_by=2025-01-01":
        "rights --all --as-of 2026-06-30 --announced-by 2025-01-01",
    "/api/history/stake?issuer=openai&holder=microsoft&as_of=2026-06-30":
        "history stake openai microsoft --as-of 2026-06-30",
    "/api/show?event_id=D016&as_of=2026-06-30": None,
    "/api/diff?from=2025-06-30&as_of=2026-06-30": None,
}  # fmt: skip


@pytest.mark.parametrize(("path", "words"), ASKED.items())
def test_answers_are_those_of_the_command_line(
    path: str, words: str | None, port: int, demo: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exactly its keys, and the question by which it can be asked again."""
    got = asked(port, path)

    assert 200 == got.status
    assert "application/json" == got.headers["content-type"]
    if words is not None:
        capsys.readouterr()
        assert 0 == run(["--ledger", demo.name, *words.split(), "-f", "json"])
        printed = json.loads(capsys.readouterr().out)
        query = printed.pop("query")
        assert query[:-2] == got.json["query"]  # it also says -f json
        assert printed == {name: value for name, value in got.json.items() if name != "query"}


def test_bad_parameters_get_the_message_of_the_command(port: int) -> None:
    """With status 400, and no answer."""
    got = asked(port, "/api/stakes?issuers=openaii")

    assert (400, {"error": "unknown party 'openaii' (did you mean openai?)"}) == (
        got.status, got.json,
    )  # fmt: skip
    for path in ("/api/flows?by=pairs", "/api/flows?colour=red", "/api/flows?as_of=2025&as_of=2024",
                 "/api/flows?known_at=@9999", "/api/relation?a=openai"):  # fmt: skip
        assert 400 == asked(port, path).status, path
    assert 404 == asked(port, "/api/nothing").status
    assert 404 == asked(port, "/../../etc/passwd").status


def test_the_page_is_that_of_the_file_and_asks_for_its_document(port: int, demo: Ledger) -> None:
    """The same shell, and the document as JSON."""
    page = asked(port, "/").body.decode()
    document = asked(port, "/page.json").json
    written = document_in(
        site(
            page_document(demo, PageAsked(date.fromisoformat(TODAY)), sealed(demo))
        ).decode()
    )  # fmt: skip

    assert 'id="data" data-src="/page.json"><' in page
    assert written == document


def test_what_has_not_changed_costs_nothing(port: int) -> None:
    """The tag of an answer stays while the record does."""
    first = asked(port, "/api/flows")
    again = asked(port, "/api/flows", If_None_Match=first.headers["etag"])

    assert (304, b"") == (again.status, again.body)
    assert first.headers["etag"] != asked(port, "/api/flows?by=pair").headers["etag"]
    assert "no-cache" == first.headers["cache-control"]


def test_it_only_reads(port: int, demo: Ledger) -> None:
    """GET and HEAD, and nothing else; and the database itself refuses to write."""
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        got = asked(port, "/", method)
        assert (405, "GET, HEAD") == (got.status, got.headers["allow"])
    assert (200, b"") == ((got := asked(port, "/", "HEAD")).status, got.body)

    party = {"kind": "party", "party": "zz", "name": "Z", "effective_on": "2024-01-01"}
    with (
        Ledger.open(demo.name, read_only=True) as ledger,
        pytest.raises(Exception, match=r"(?i)read-?only|readonly|written"),
    ):
        ledger.append([parse_event(party)])


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_it_answers_to_its_own_names_only(port: int, host: str) -> None:
    """A name that was made to point here is refused."""
    assert 421 == asked(port, "/api/flows", Host=host).status
    assert 200 == asked(port, "/openapi.json", Host=f"localhost:{port}").status


def test_other_sites_get_nothing(port: int) -> None:
    """What a browser says comes from elsewhere is refused, and nobody is told that others may read."""
    for site_ in ("cross-site", "same-site"):
        assert 403 == asked(port, "/api/flows", Sec_Fetch_Site=site_).status
    assert 403 == asked(port, "/api/flows", Origin="https://evil.example").status
    assert 403 == asked(port, "/api/flows", Origin="null").status
    got = asked(port, "/openapi.json", Sec_Fetch_Site="same-origin",
                Origin=f"http://127.0.0.1:{port}")  # fmt: skip
    assert 200 == got.status
    assert not [name for name in got.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("path", "method"),
    [("/", "GET"), ("/api/flows?by=x", "GET"), ("/nothing", "GET"), ("/", "POST")],
)
def test_every_answer_has_the_headers_of_a_careful_server(
    port: int, path: str, method: str
) -> None:
    """Also refusals."""
    headers = asked(port, path, method).headers

    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in headers["content-security-policy"]
    assert "nosniff" == headers["x-content-type-options"]
    assert "no-referrer" == headers["referrer-policy"]
    assert "same-origin" == headers["cross-origin-opener-policy"]
    assert "server" not in headers


def test_long_urls_are_refused(port: int) -> None:
    """Before anything is done for them."""
    assert 414 == asked(port, "/api/flows?party=" + "a" * 5_000).status


def test_a_token_is_asked_for_and_told_to_nobody(demo: Ledger) -> None:
    """As the password of any user, or as a bearer; it stands in no log."""
    with serving(demo.name, "--token", TOKEN) as (port, server):
        refused = asked(port, "/openapi.json")
        basic = b64encode(f"any:{TOKEN}".encode()).decode()
        wrong = b64encode(b"any:" + TOKEN.encode() + b"x").decode()

        assert (401, True) == (
            refused.status, refused.headers["www-authenticate"].startswith("Basic "),
        )  # fmt: skip
        assert 401 == asked(port, "/openapi.json", Authorization=f"Basic {wrong}").status
        assert 401 == asked(port, "/openapi.json", Authorization="Basic ???").status
        assert 401 == asked(port, f"/openapi.json?token={TOKEN.replace(' ', '+')}").status
        assert 200 == asked(port, "/openapi.json", Authorization=f"Basic {basic}").status
        assert 200 == asked(port, "/openapi.json", Authorization=f"Bearer {TOKEN}").status
        server.terminate()
        out, err = server.communicate(timeout=30)
    assert TOKEN not in out + err


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a refusal takes says nothing of how much was right."""
    compared = []

    def digest(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", digest)
    headers = {"host": "localhost", "authorization": "Bearer guess"}

    assert 401 == Rules(TOKEN).refusal("GET", "/", headers)[0]
    assert [(b"guess", TOKEN.encode())] == compared


def test_other_addresses_need_a_token(demo: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    """And it is said what they mean."""
    assert 2 == run(["--ledger", demo.name, "serve", "--host", "0.0.0.0", "--port", "0"])
    assert "at 0.0.0.0 others can read the ledger (give a --token" in capsys.readouterr().err
    assert 2 == run(["--ledger", demo.name, "serve", "--token", "short"])
    assert "soon guessed" in capsys.readouterr().err

    rules = Rules(TOKEN, frozenset({"deals.example"}), anywhere=True)
    said = {"authorization": f"Bearer {TOKEN}"}
    assert 200 == rules.refusal("GET", "/", {"host": "192.0.2.7:8000", **said})[0]
    assert 200 == rules.refusal("GET", "/", {"host": "deals.example", **said})[0]
    assert 421 == rules.refusal("GET", "/", {"host": "evil.example", **said})[0]


def test_a_port_that_is_taken_is_named(demo: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        assert 2 == run(["--ledger", demo.name, "serve", "--port", str(taken)])
    assert f"cannot listen at 127.0.0.1 port {taken}: " in capsys.readouterr().err


def test_without_its_packages_it_says_which(
    demo: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how to get them."""
    for name in [each for each in sys.modules if each.startswith(("starlette", "uvicorn"))]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("dealledger.web.listening", "dealledger.web.server"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    assert 2 == run(["--ledger", demo.name, "serve"])
    assert "needs the package uvicorn (pip install 'deal-ledger[web]')" in capsys.readouterr().err


def test_readers_are_told_when_the_record_grows(tmp_path: Path) -> None:
    """The size and the root of it; and answers change their tags."""
    file = str(tmp_path / "deals.db")
    party = {"kind": "party", "name": "A", "effective_on": "2024-01-01"}
    with Ledger.create(file, origin="example.org/grows") as ledger, serving(file) as (port, _):
        ledger.append([parse_event({**party, "party": "aa"})])
        tag = asked(port, "/api/parties").headers["etag"]
        line = HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("GET", "/events")
        answer = line.getresponse()

        assert {"size": 1, "root": ledger.head().tree.root().hex()} == _told(answer)
        ledger.append([parse_event({**party, "party": "bb"})])
        assert {"size": 2, "root": ledger.head().tree.root().hex()} == _told(answer)
        line.close()
        got = asked(port, "/api/parties", If_None_Match=tag)
        assert (200, 2) == (got.status, len(got.json["rows"]))


def _told(answer: Any) -> Any:
    assert b"event: head\n" == answer.readline()
    data = answer.readline()
    assert b"\n" == answer.readline()
    return json.loads(data.removeprefix(b"data: "))


def test_the_description_has_every_question_and_parameter(port: int) -> None:
    """OpenAPI, with the names that the API takes."""
    said = asked(port, "/openapi.json").json

    assert len(QUESTIONS) == len(said["paths"])
    taken = {each["name"]: each for each in said["paths"]["/api/flows"]["get"]["parameters"]}
    assert {"as_of", "known_at", "announced_by", "party", "by", "in", "accrue"} == taken.keys()
    assert ["party", "pair", "kind", "year"] == taken["by"]["schema"]["enum"]
    assert said["paths"] == description("x")["paths"]


def sleepy(name: str, dress: PageAsked, line: Connection) -> None:
    """A worker that takes as long as the name of the question says."""
    while True:
        try:
            asked = line.recv()
        except EOFError:
            return
        time.sleep(float(asked.question))
        line.send(Answered(200, asked.question.encode()))


@contextmanager
def sleepers() -> Iterator[Workers]:
    """Give workers that only sleep."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a fork beside threads: these children only sleep
        found = Workers("", PageAsked(date.min), sleepy, multiprocessing.get_context("fork"))
        yield found
        found.stop()


def slept(seconds: str) -> WorkerQuestion:
    return WorkerQuestion(seconds, {}, date(2026, 6, 30))


def children() -> int:
    return len(multiprocessing.active_children())


def test_a_slow_question_does_not_stall_others_and_can_be_left() -> None:
    """Who goes away ends the process; the next question has another one."""

    async def tell() -> None:
        with sleepers() as some:
            before = children()
            slow = asyncio.create_task(some.ask(slept("60")))
            await asyncio.sleep(0.2)

            assert b"0" == (await some.ask(slept("0"))).body
            assert before + 2 == children()
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)
            assert before + 1 == children()
            quick = await asyncio.gather(*(some.ask(slept("0.1")) for _ in range(4)))
            assert [200] * 4 == [each.status for each in quick]

    asyncio.run(tell())


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so many questions may wait, and no more."""
    monkeypatch.setattr(workers, "QUESTION_SECONDS", 0.3)
    monkeypatch.setattr(workers, "MOST_WAITING", 3)

    async def tell() -> None:
        with sleepers() as some:
            found = await asyncio.gather(*(some.ask(slept("60")) for _ in range(4)))

            assert [503] * 4 == [each.status for each in found]
            said = [json.loads(each.body)["error"] for each in found]
            assert 3 == sum("this takes more than" in each for each in said)
            assert "too many questions at once (ask again)" in said

    asyncio.run(tell())
