"""What if? Events of a file are taken as recorded by any question, and nothing is recorded."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from e2e.test_again import folder, questions
from support.asking import ALLIANCE, loaded
from support.given import behind_its_back

from dealledger.cli.main import run
from dealledger.ledger import Ledger
from dealledger.ledger.storage.engine import writing

__all__ = ["folder"]

CLOSES: dict[str, Any] = {
    "kind": "funding", "effective_on": "2026-11-01", "investor": "nvidia", "investee": "openai",
    "amount": "100000000000", "currency": "USD", "commitment": "D080",
    "post_money": "952000000000",
}  # fmt: skip
DAY = ("--as-of", "2026-12-01", "--today", "2026-12-01")
WHAT_IF = "assuming 1 event of what-if.jsonl"


@pytest.fixture
def alliance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand beside the AI alliance ledger and a file: what if all that NVIDIA promised closes?"""
    monkeypatch.chdir(tmp_path)
    loaded("deals.db", ALLIANCE)
    _file("what-if.jsonl", CLOSES)
    return tmp_path / "deals.db"


def _file(name: str, *events: dict[str, Any]) -> None:
    Path(name).write_text("".join(f"{json.dumps(each)}\n" for each in events))


def _asked(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """Return what a command says, in one line."""
    capsys.readouterr()
    assert code == run([*words])
    said = capsys.readouterr()
    return " ".join((said.err if code else said.out).split())


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert 0 == run([*words, "-f", "json"])
    return json.loads(capsys.readouterr().out)


def _digest(file: Path) -> dict[str, str]:
    """Return what all files of a ledger hold."""
    return {each.name: sha256(each.read_bytes()).hexdigest()
            for each in file.parent.glob(f"{file.name}*")}  # fmt: skip


def test_answers_count_what_is_assumed(alliance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Money, stakes and what is left of the promise, as if the event was recorded; it is not."""
    before = _digest(alliance)
    plain, found = (_json(capsys, "flows", "openai", *DAY, *more)
                    for more in ((), ("--assume", "what-if.jsonl")))  # fmt: skip
    inflow = [next(int(row["inflow"]) for row in each["rows"] if row["currency"] == "USD"
                   and row["party"] == "openai") for each in (plain, found)]  # fmt: skip
    left = [_json(capsys, "commitments", "nvidia", *DAY, *more)["rows"]
            for more in ((), ("--assume", "what-if.jsonl"))]  # fmt: skip
    drawn = [next(row["drawn"] for row in rows if row["id"] == "D080") for rows in left]
    (assumed,) = found.pop("assuming")

    assert 100_000_000_000 == inflow[1] - inflow[0]
    assert ["0", "100000000000"] == drawn
    assert "what-if.jsonl" == assumed["file"]
    assert CLOSES.items() <= assumed["events"][0].items()
    assert (plain["known_at"], plain["root"]) == (found["known_at"], found["root"])
    assert WHAT_IF in _asked(capsys, "flows", *DAY, "--assume", "what-if.jsonl")
    assert before == _digest(alliance)


def test_diff_says_what_an_assumption_changes(
    alliance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a second point both are the same, and only the second assumes."""
    report = _json(capsys, "diff", *DAY, "--assume", "what-if.jsonl")
    changes = {row["name"]: row for row in report["rows"]}
    net = changes["nvidia to openai USD"]
    ids = {event["id"] for each in report["assuming"] for event in each["events"]}
    said = _asked(capsys, "diff", *DAY, "--assume", "what-if.jsonl")

    assert ("30100000000", "130100000000") == (net["before"]["amount"], net["after"]["amount"])
    assert all(ids == {*row["events"]} for row in report["rows"])
    assert report["from"] == report["to"]
    assert "From what is recorded to what is assumed" in said
    assert f"from: as of 2026-12-01, known at @337, root {report['root'][:8]} as of" in said
    assert said.endswith(WHAT_IF)
    later = _json(capsys, "diff", "--from", "2026-10-01", *DAY, "--assume", "what-if.jsonl")
    assert "2026-10-01" == later["from"]["as_of"]
    assert "nvidia to openai USD" in {row["name"] for row in later["rows"]}
    assert "Missing option '--from'" in _asked(capsys, "diff", code=2)


def test_log_and_show_say_what_is_assumed(
    alliance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has no position, no moment and no hash."""
    more = ("--assume", "what-if.jsonl")
    rows = _json(capsys, "log", "nvidia", *DAY, *more)["rows"]
    recorded, assumed = rows[-2:]
    shown = _json(capsys, "show", assumed["id"], *more)

    assert (False, True) == (recorded["assumed"], assumed["assumed"])
    assert (None, None) == (assumed["position"], assumed["recorded_at"])
    assert [True, None, None, None] == [
        shown[key] for key in ("assumed", "position", "recorded_at", "leaf")
    ]
    assert "assumed" not in _json(capsys, "log", "nvidia", *DAY)["rows"][0]
    assert f"assumed {assumed['id']} funding" in _asked(capsys, "log", "nvidia", *DAY, *more)
    everything = _asked(capsys, "log", "--all", *DAY, *more, "--limit", "1")
    assert f"assumed {assumed['id']} funding" in everything
    said = _asked(capsys, "show", assumed["id"][:9], *more)
    assert "draws on D080 (assumed: it is not recorded)" in said
    assert said.endswith(WHAT_IF)
    explained = _json(capsys, "explain", "net", "nvidia", "openai", *DAY, *more)["rows"][-1]
    assert (assumed["id"], None, None) == (
        explained["event"], explained["position"], explained["recorded_at"]
    )  # fmt: skip
    backed = _json(capsys, "show", "D080", *more)
    assert "assumed" not in backed
    assert {assumed["id"]} == {*backed["referred_to_by"]} - {
        *_json(capsys, "show", "D080")["referred_to_by"]
    }
    assert "unknown event" in _asked(capsys, "show", assumed["id"], code=2)
    assert "leave out" in _asked(capsys, "log", "--follow", *more, code=2)


def test_pictures_say_it(alliance: Path) -> None:
    """The caption of a diagram, of its differences, and of a chart."""
    for words in (["diagram", "-o"], ["diagram", "--diff-from", "2026-01-01", "-o"],
                  ["history", "net", "nvidia", "openai", "--svg"]):  # fmt: skip
        assert 0 == run([*words, "w.svg", *DAY, "--assume", "what-if.jsonl"])
        assert WHAT_IF in Path("w.svg").read_text()


def test_of_csv_it_is_said_on_stderr(alliance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows alone have no caption; without an assumption nothing is said."""
    said = []
    for more in (("--assume", "what-if.jsonl"), ()):
        capsys.readouterr()
        assert 0 == run(["flows", *DAY, *more, "-f", "csv"])
        said.append(capsys.readouterr().err)

    assert said[0].startswith("deals: known at @337, root ")
    assert said[0].endswith(f", {WHAT_IF}\n")
    assert "" == said[1]


def test_a_correction_can_be_assumed(alliance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Retractions, parties, and references from one file to another; tables too."""
    _file("no.jsonl", {"kind": "retraction", "retracts": "D062", "reason": "what if it did not?"})
    _file("new.jsonl", {"kind": "party", "id": "p", "party": "newco", "name": "NewCo",
                        "effective_on": "2026-01-01"})  # fmt: skip
    Path("deal.csv").write_text(
        "kind,effective_on,payer,payee,amount\npayment,2026-11-01,NewCo,OpenAI,$3B\n"
    )
    files = [word for each in ("no.jsonl", "new.jsonl", "deal.csv") for word in ("--assume", each)]
    found = _json(capsys, "diff", *DAY, *files)
    nets = {row["name"]: (row["before"], row["after"]) for row in found["rows"]
            if row["what"] == "net"}  # fmt: skip

    gone = "that is only assumed: leave out --assume"
    _file("promise.jsonl", {"kind": "retraction", "retracts": "D068", "reason": "what if?"})
    assert gone in _asked(
        capsys, "explain", "commitment", "D068", *DAY, "--assume", "promise.jsonl", code=2
    )
    assert {"nvidia to openai USD", "newco to openai USD"} == nets.keys()
    assert ("30100000000", "100000000") == tuple(
        each["amount"] for each in nets["nvidia to openai USD"]
    )
    assert ["retraction", "party", "payment"] == [
        event["kind"] for each in found["assuming"] for event in each["events"]
    ]
    assert "assuming 1 event of no.jsonl, assuming 1 event of new.jsonl, assuming 1 event of deal.csv" in (
        _asked(capsys, "flows", *DAY, *files)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"investor": "nobody"}, "x.jsonl:1: unknown party 'nobody' (add an event of kind party)"),
        ({"commitment": "D999"}, "x.jsonl:1: "),
        ({"currency": "EUR"}, "x.jsonl:1: "),
        ({"investor": "openai"}, "x.jsonl:1: "),
        ({"amount": "many"}, "x.jsonl:1: "),
        ({"effective_on": "soon"}, "x.jsonl:1: "),
    ],
)
def test_what_an_append_refuses_is_refused(
    alliance: Path, capsys: pytest.CaptureFixture[str], event: dict[str, str], said: str
) -> None:
    """In the same words, but for what there is to do about a party."""
    _file("x.jsonl", {**CLOSES, **event})
    refused = _asked(capsys, "import", "x.jsonl", "--dry-run", code=2)
    found = _asked(capsys, "flows", "--assume", "x.jsonl", code=2)

    assert found.startswith(said)
    assert found.split(" (")[0] == refused.split(" (")[0]


def test_another_event_of_a_known_id_is_a_conflict(
    alliance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the same event again is recorded, and not assumed."""
    with Ledger.open(alliance) as ledger:
        record = ledger.find("D062")
    assert record is not None
    said = json.loads(record.body)["event"]
    _file("same.jsonl", said)
    _file("other.jsonl", {**said, "amount": "1"})

    assert "D062" in _asked(capsys, "flows", "--assume", "other.jsonl", code=3)
    (assumed,) = _json(capsys, "flows", "--assume", "same.jsonl")["assuming"]
    assert {"file": "same.jsonl", "events": []} == assumed
    assert "assuming 0 events" in _asked(capsys, "flows", "--assume", "same.jsonl")
    assert "cannot be read" in _asked(capsys, "flows", "--assume", "none.jsonl", code=2)


def test_behind_an_earlier_point(alliance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is assumed stands behind what was known there, and is refused by what was not."""
    more = ("--assume", "what-if.jsonl")
    found = _json(capsys, "flows", "openai", *DAY, "--known-at", "@200", *more)
    plain = _json(capsys, "flows", "openai", *DAY, "--known-at", "@200")

    assert 200 == found["known_at"]
    assert plain["root"] == found["root"]
    assert plain["rows"] != found["rows"]
    assert "D080" in _asked(capsys, "flows", "--known-at", "@100", *more, code=2)


def test_from_verified_bytes(alliance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No table is asked: not for the answer, nor for what an append must know."""
    words = ("flows", *DAY, "--verified", "--assume", "what-if.jsonl")
    before = _json(capsys, *words)
    with Ledger.open(alliance) as ledger:
        behind_its_back(ledger, "DELETE FROM mention", "DELETE FROM reference", "DELETE FROM entry")

    assert before == _json(capsys, *words)
    assert {"records": 337} == before["verified"]
    assert "verified: 337 records hashed, root " in _asked(capsys, *words)
    assert _asked(capsys, *words).endswith(WHAT_IF)


def test_nobody_waits_for_an_assumption(alliance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It needs no lock: it answers while somebody else holds that of writing."""
    with Ledger.open(alliance) as ledger, writing(ledger._engine, ledger.name):
        assert WHAT_IF in _asked(capsys, "flows", "--assume", "what-if.jsonl")


def test_a_report_is_asked_again_with_its_file(
    alliance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not without it, nor with another; however much was recorded since, and by any name."""
    for words in (["flows"], ["diff"], ["log", "nvidia"], ["explain", "net", "nvidia", "openai"]):
        assert 0 == run([*words, *DAY, "--assume", "what-if.jsonl", "--verified", "-o", "r.json"])
        Path("again.jsonl").write_text(Path("what-if.jsonl").read_text())
        _file("other.jsonl", {**CLOSES, "note": "another"})
        verify = ("verify", "--report", "r.json")
        pay = ["append", "payment", "--payer", "openai", "--payee", "oracle", "--amount", "$1"]
        assert 0 == run([*pay, "--on", "2026-06-01"])

        assert "give their file again: --assume FILE" in _asked(capsys, *verify, code=2)
        assert _asked(capsys, *verify, "--assume", "again.jsonl").endswith("with what it assumes")
        assert "it assumes other events than these files hold" in (
            _asked(capsys, *verify, "--assume", "other.jsonl", code=1)
        )
    assert 0 == run(["flows", *DAY, "-o", "r.json"])
    assert "assumes nothing" in _asked(capsys, *verify, "--assume", "again.jsonl", code=2)
    assert "--report" in _asked(capsys, "verify", "--assume", "again.jsonl", code=2)
    report = json.loads(Path("r.json").read_text())
    Path("r.json").write_text(json.dumps({**report, "query": ["flows", "--assume", "/dev/zero"]}))
    assert "only answers can be asked for again" in _asked(capsys, *verify, code=2)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("question", list(questions()))
def test_every_query_assumes(question: str) -> None:
    """What has nothing to do with it changes no row; the JSON and the caption say it."""
    _file("far.jsonl", {"kind": "party", "party": "far", "name": "Far", "id": "far",
                        "effective_on": "2026-01-01"})  # fmt: skip
    point = ("--as-of", "2025-12-31")
    codes = [run([*question.split(), *point, *more]) for more in (
        ("-o", "plain.json"), ("--assume", "far.jsonl", "-o", "x.json"),
        ("--assume", "far.jsonl", "-o", "x.md"),
    )]  # fmt: skip
    plain, found = (json.loads(Path(name).read_text()) for name in ("plain.json", "x.json"))
    (assumed,) = found["assuming"]

    assert 1 == len(set(codes))
    assert ("far.jsonl", "far") == (assumed["file"], assumed["events"][0]["id"])
    assert "assuming 1 event of far.jsonl" in " ".join(Path("x.md").read_text().split())
    assert plain["rows"] == [
        {key: value for key, value in row.items() if key != "assumed"} for row in found["rows"]
    ]
