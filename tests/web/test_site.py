"""The page as one file says what the command line says, and holds nothing that could act."""

from __future__ import annotations

import json
import random
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from support.paged import document_in, point, rows_at

from dealledger.cli.main import run
from dealledger.cli.sealing import sealed
from dealledger.events import parse_event
from dealledger.ledger import Ledger
from dealledger.ledger.proof.merkle import Frontier, leaf_hash
from dealledger.web import scope as scoping
from dealledger.web import site as writing
from dealledger.web.histories import read
from dealledger.web.page import PageAsked, page_document
from dealledger.web.site import site

LAST = date(2026, 6, 30)
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def page(demo: Ledger) -> str:
    """The page of the demo."""
    return site(page_document(demo, PageAsked(LAST), sealed(demo))).decode()


@pytest.fixture(scope="module")
def document(page: str) -> Any:
    """Its document."""
    return document_in(page)


@pytest.fixture
def ask(demo: Ledger, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask the command line about the demo, as JSON."""

    def asked(*words: str) -> Any:
        capsys.readouterr()
        assert run(["--ledger", demo.name, *words, "-f", "json"]) in (0, 1)
        return json.loads(capsys.readouterr().out)

    return asked


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(_said(row), sort_keys=True) for row in rows)


def _stops(document: Any, name: str, choice: random.Random) -> int:
    marks = document["tables"][name]["marks"]
    return int(choice.choice(marks) if marks else choice.randrange(len(document["days"])))


NAMES = (
    "stakes", "rights", "parties", "flows_party", "flows_pair", "flows_year", "commitments",
    "commitments_year", "commitments_bearer", "circularity", "reciprocity", "concentration",
    "rivals", "dependencies_ties", "dependencies_lock_in", "dependencies_rights", "reconcile",
    "exposure/openai", "revenue/microsoft",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_tables_are_those_of_the_command_line(document: Any, ask: Ask, name: str) -> None:
    """All rows, all exact values, at random dates, through every lens that the table knows."""
    choice = random.Random(name)
    table = document["tables"][name]
    for lens in range(table["lenses"]):
        stop = _stops(document, name, choice)
        answer = ask(*table["command"].split()[1:], *point(document, lens, stop))

        assert _sorted(answer["rows"]) == _sorted(rows_at(document, name, lens, stop))


def test_fifty_random_numbers_are_those_of_the_command_line(document: Any, ask: Ask) -> None:
    """A cell of a row of a table at a point, drawn at random, fifty times."""
    choice = random.Random(13)
    compared = 0
    while compared < 50:
        name = choice.choice(NAMES)
        table = document["tables"][name]
        lens, stop = choice.randrange(table["lenses"]), _stops(document, name, choice)
        rows = rows_at(document, name, lens, stop)
        if not rows:
            continue
        row = choice.choice(rows)
        answer = ask(*table["command"].split()[1:], *point(document, lens, stop))
        column = choice.choice(list(row))
        mine = [each for each in answer["rows"] if _said(each) == row]

        assert mine, (name, point(document, lens, stop), row)
        assert row[column] == mine[0][column]
        compared += 1


def test_edges_and_what_is_behind_them(document: Any, demo: Ledger) -> None:
    """An edge names the positions of the events that it rests on."""
    bodies = [json.loads(body) for body in document["record"]["bodies"]]
    last = len(document["days"]) - 1
    facts = [
        (edge, document["facts"][number])
        for edge in document["edges"]
        if (number := read(edge["facts"], 0, last)) is not None
    ]

    assert len(facts) > 100
    for edge, fact in facts:
        named = [bodies[position - 1]["event"] for position in fact["events"]]
        assert all(body["id"] for body in named)
        if edge["kind"] == "payment":
            assert {(each["payer"], each["payee"]) for each in named} == {
                (edge["source"], edge["target"])
            }


def test_the_record_leads_to_the_root(document: Any, demo: Ledger) -> None:
    """From the bytes that the page holds, as its reader's browser computes it."""
    leaves = [leaf_hash(body.encode()) for body in document["record"]["bodies"]]
    stored = b64decode(document["record"]["leaves"])

    assert b"".join(leaves) == stored
    assert document["ledger"]["root"] == Frontier().extended(leaves).root().hex()
    assert document["ledger"]["checkpoint"].splitlines()[:2] == [demo.head().origin, "337"]


def test_the_policy_allows_what_the_page_holds_and_nothing_else(page: str) -> None:
    """One script, one style, by their hashes; the size keeps its limit."""
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    [script] = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)

    assert policy.startswith("default-src &#x27;none&#x27;")
    for text in (script, style):
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy
    assert "unsafe" not in policy
    assert "connect-src &#x27;none&#x27;" in policy
    assert len(page.encode()) < 400_000


HOSTILE = "</script><script>alert(1)</script>{{data}}<img src=x onerror=alert(2)>"


def test_hostile_text_stays_data(tmp_path: Path) -> None:
    """Names, notes and titles from a ledger stand nowhere in the page but in its document."""
    said = [
        {"kind": "party", "party": "aa", "name": HOSTILE, "effective_on": "2024-01-01"},
        {"kind": "party", "party": "bb", "name": "B" * 200, "effective_on": "2024-01-01"},
        {"kind": "payment", "payer": "aa", "payee": "bb", "amount": "5", "currency": "USD",
         "effective_on": "2024-02-01", "note": HOSTILE, "source_url": "https://example.org/<b>"},
    ]  # fmt: skip
    with Ledger.create(tmp_path / "deals.db", origin="example.org/<i>{{script}}") as ledger:
        ledger.append(map(parse_event, said))
        page = site(page_document(ledger, PageAsked(LAST, f"t {HOSTILE}"), sealed(ledger))).decode()
    document = document_in(page)

    assert HOSTILE == document["parties"]["aa"]["names"][0][1]
    assert "alert(1)</script>" not in page
    assert "<img" not in page
    assert "{{" not in page.split("<script", 1)[0].replace("{{data}}", "")


def test_an_empty_ledger_has_a_page(tmp_path: Path) -> None:
    """Nothing is drawn, and nothing fails."""
    with Ledger.create(tmp_path / "deals.db", origin="example.org/empty") as ledger:
        document = document_in(
            site(page_document(ledger, PageAsked(LAST), sealed(ledger))).decode()
        )

    assert None is document["diagram"]
    assert ["2026-06-30"] == document["days"]
    assert [] == document["record"]["bodies"]


@pytest.mark.slow
def test_a_focus_leaves_out_what_does_not_touch_it(demo: Ledger, document: Any) -> None:
    """Rows, edges and bytes of others are not there; all leaves are, so that proofs hold."""
    small = document_in(
        site(page_document(demo, PageAsked(LAST, focus="NVIDIA"), sealed(demo))).decode()
    )

    assert "left out: what does not touch nvidia" == small["scope"]["left_out"]["said"]
    assert all("nvidia" in (each["source"], each["target"]) for each in small["edges"])
    assert None in small["record"]["bodies"]
    assert document["record"]["leaves"] == small["record"]["leaves"]
    kept = {tuple(row["key"]) for row in small["tables"]["stakes"]["rows"]}
    assert kept
    assert all("nvidia" in key for key in kept)


def test_a_long_record_stops_at_month_ends_and_says_the_same(
    demo: Ledger, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fewer lenses and marks; each stop is still the answer of its day."""
    monkeypatch.setattr(scoping, "MANY_RECORDS", 10)
    monkeypatch.setattr(scoping, "MOST_STOPS", 10)
    asked = PageAsked(LAST, only=["stakes", "flows_pair", "commitments_year"])
    document = document_in(site(page_document(demo, asked, sealed(demo))).decode())

    assert 5 == len(document["tables"]["commitments_year"]["marks"])
    assert len(document["lenses"]) <= 6
    assert len(document["days"]) < 100
    choice = random.Random(5)
    for name, table in document["tables"].items():
        lens, stop = choice.randrange(table["lenses"]), _stops(document, name, choice)
        answer = ask(*table["command"].split()[1:], *point(document, lens, stop))
        assert _sorted(answer["rows"]) == _sorted(rows_at(document, name, lens, stop))


@pytest.mark.slow
def test_what_is_too_large_says_what_to_do(
    demo: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """A page of more bytes than a browser takes smoothly is not written."""
    monkeypatch.setattr(writing, "LARGEST_BYTES", 100_000)
    file = tmp_path / "page.html"

    assert 2 == run(["--ledger", demo.name, "site", "-o", str(file), "--as-of", "2026-06-30"])
    assert "100,000 are smooth (less of it: --from DATE, --focus PARTY or --only" in " ".join(
        capsys.readouterr().err.split()
    )
    assert not file.exists()


def test_the_command_writes_a_file_and_says_so(
    demo: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With fewer tables and dates, as asked."""
    file = tmp_path / "page.html"
    words = ["site", "-o", str(file), "--as-of", "2026-06-30", "--from", "2025-01-01"]

    assert 0 == run(["--ledger", demo.name, *words, "--only", "stakes,flows_pair"])
    assert f"wrote {file}: " in capsys.readouterr().out
    document = document_in(file.read_text())
    assert ["stakes", "flows_pair"] == list(document["tables"])
    assert "2025-01-01" <= document["days"][0]

    assert 2 == run(["--ledger", demo.name, *words, "--only", "stake"])
    assert "no such table (did you mean stakes" in capsys.readouterr().err
