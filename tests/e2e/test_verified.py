"""Answers from verified bytes: no edit of a table changes them, and no edit of bytes is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from e2e.test_again import folder, questions
from support.asking import CASES, loaded
from support.given import behind_its_back

from dealledger.cli.main import run
from dealledger.ledger import Ledger, Unverified
from dealledger.ledger.audit import hashed
from dealledger.ledger.audit.hashed import hashed_log
from dealledger.ledger.storage import segments

__all__ = ["folder"]

FLOWS = ("flows", "--by", "pair")
UNROLLED = (*FLOWS, "--announced-by", "2026-01-01")
"""Asked of the journal: sums of segments do not know when something was announced."""

MADE_UP = (
    "INSERT INTO entry (position, line, effective_on, announced_on, category, source, target, "
    "currency, minor, undisclosed) VALUES (11, 7, '2025-01-01', '2025-01-01', 'payment', 'n', "
    "'l', 'USD', 999, 0)"
)
EDITED = (
    "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '8000000000', '9000000000') AS BLOB) "
    "WHERE position = 12"
)
TURNED = "UPDATE head SET frontier = CAST(substr(frontier, 33) || substr(frontier, 1, 32) AS BLOB)"
POINT = ("--as-of", "2025-12-31")
EDITS: list[tuple[str, tuple[str, ...], str]] = [
    ("an amount of the journal", UNROLLED,
     "UPDATE entry SET minor = 1 WHERE position = 11"),
    ("a category", UNROLLED, "UPDATE entry SET category = 'credits' WHERE position = 11"),
    ("a line that is gone", UNROLLED, "DELETE FROM entry WHERE position = 11"),
    ("a line that is made up", UNROLLED, MADE_UP),
    ("a roll-up", FLOWS, "UPDATE rollup SET low = 1"),
    ("a roll-up of how sure", FLOWS, "UPDATE rollup SET confidence = 'confirmed' WHERE level = 3"),
    ("who is named", ("log", "m"), "DELETE FROM mention WHERE party = 'm'"),
    ("who refers to what", ("explain", "commitment", "C1"),
     "DELETE FROM reference WHERE referred = 'C1'"),
    ("a date beside the bytes", ("log",),
     "UPDATE event SET effective_on = '2030-01-01' WHERE position = 8"),
    ("an announcement beside the bytes", ("log", "--announced-by", "2025-06-30"),
     "UPDATE event SET announced_on = '2030-01-01' WHERE position = 8"),
    ("what is retracted", ("log",), "UPDATE event SET retracts = 8 WHERE position = 12"),
    ("a moment beside the bytes", ("log", "--record"),
     "UPDATE event SET recorded_at = 0 WHERE position = 8"),
    ("a root of a segment", ("log", "--known-at", "@17"), "UPDATE subtree SET root = zeroblob(32)"),
]  # fmt: skip
BYTES: list[tuple[str, str, str]] = [
    ("an edited body", EDITED,
     "@12: the bytes of r2 are not those that were hashed; and 1 more"),
    ("an edited hash", "UPDATE event SET leaf = zeroblob(32) WHERE position = 12",
     "@12: the bytes of r2 are not those that were hashed"),
    ("an edited head", TURNED, "the root of the stored records is not that of the head"),
    ("another origin", "UPDATE head SET origin = 'elsewhere'",
     "@1: the bytes cannot be read: ledger is 'example.org/case' in them, and not 'elsewhere'"),
    ("a record that is gone", "DELETE FROM event WHERE position = 19",
     "@19: missing; the next record is @20; and 1 more"),
    ("a last record that is gone", "DELETE FROM event WHERE position = 20",
     "the head says another moment than the last record; and 1 more"),
]  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make E1 with a promise and a draw on it, and sums of segments; stand beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(segments, "SEGMENT", 4)
    loaded("deals.db", CASES / "e1.jsonl")
    promise = ["commitment", "--id", "C1", "--obligor", "l", "--beneficiary", "m"]
    assert 0 == run(["append", *promise, "--amount", "$9B", "--on", "2025-06-01"])
    draw = ["payment", "--payer", "l", "--payee", "m", "--amount", "$1B", "--commitment", "C1"]
    assert 0 == run(["append", *draw, "--on", "2025-06-02"])
    return tmp_path / "deals.db"


def _answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any] | str:
    """Return the JSON of an answer, or what is said on stderr."""
    capsys.readouterr()
    found = run([*words, *POINT, "-f", "json"])
    said = capsys.readouterr()
    assert code == found or code == -1, said.err
    return json.loads(said.out) if found == 0 else said.err


@pytest.mark.parametrize(("words", "edit"), [each[1:] for each in EDITS],
                         ids=[each[0] for each in EDITS])  # fmt: skip
def test_an_edited_table_changes_no_verified_answer(
    ledger: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], edit: str
) -> None:
    """The plain answer is another, or refused; the verified one stays, to the last key."""
    plain, before = _answer(capsys, *words), _answer(capsys, *words, "--verified")
    with Ledger.open(ledger) as opened:
        behind_its_back(opened, edit)

    assert before == _answer(capsys, *words, "--verified")
    assert plain != _answer(capsys, *words, code=-1)
    assert isinstance(before, dict)
    assert isinstance(plain, dict)
    assert {**plain, "verified": {"records": 20}, "query": []} == {**before, "query": []}


@pytest.mark.parametrize(("edit", "said"), [each[1:] for each in BYTES],
                         ids=[each[0] for each in BYTES])  # fmt: skip
def test_edited_bytes_are_not_answered(
    ledger: Path, capsys: pytest.CaptureFixture[str], edit: str, said: str
) -> None:
    """One line says what was found; the exit code is that of a check that failed."""
    with Ledger.open(ledger) as opened:
        behind_its_back(opened, edit)

    error = _answer(capsys, *FLOWS, "--verified", code=1)
    assert isinstance(error, str)
    assert error.startswith(f"deals: not verified: {said}")
    assert error.endswith("(see all of it with: deals verify)\n")
    assert 1 == error.count("\n")
    assert 1 == run(["show", "r2", "--verified"])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("question", list(questions()))
def test_every_query_answers_the_same_from_verified_bytes(
    question: str,
) -> None:
    """At the head and before it; JSON and caption say that it is verified."""
    for known in ((), ("--known-at", "@15")):
        if known and "C1" in question:
            continue
        words = (*question.split(), *known)
        plain, found = (_written(*words), _written(*words, "--verified"))
        assert {"records": 19} == found.pop("verified")
        assert plain.pop("query") == found.pop("query")
        assert plain == found
    assert run([*question.split(), *POINT, "--verified", "-o", "x.md"]) in (0, 1)
    assert f"known at @19, verified: 19 records hashed, root {plain_root()}" in text_of("x.md")


def _written(*words: str) -> Any:
    """Return the JSON of an answer; a check may fail."""
    assert run([*words, *POINT, "-o", "x.json"]) in (0, 1)
    return json.loads(Path("x.json").read_text())


def plain_root() -> str:
    """Return the begin of the root of the ledger here."""
    with Ledger.open("deals.db") as ledger:
        return ledger.head().tree.root().hex()[:8]


def text_of(file: str) -> str:
    """Return the text of a file, with its lines joined."""
    return " ".join(Path(file).read_text().split())


def test_the_root_is_that_of_the_point(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All records are hashed; the root shown is that of what the answer knows."""
    with Ledger.open(ledger) as opened:
        root = opened.at(next(opened.read()).effective_on, 9).root
    found = _answer(capsys, "flows", "--verified", "--known-at", "@9")

    assert isinstance(found, dict)
    assert (9, root, {"records": 20}) == (found["known_at"], found["root"], found["verified"])


def test_a_checkpoint_says_what_was_handed_out(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Records must continue it, and who was named must have signed it."""
    assert 0 == run(["key", "new", "-o", "k"])
    assert 0 == run(["checkpoint", "--key", "k", "-o", "c"])
    vkey = capsys.readouterr().out.split()
    key = next(word for word in vkey if word.startswith("example.org/case+"))
    draw = ["payment", "--payer", "l", "--payee", "n", "--amount", "$1B", "--on", "2025-06-03"]
    assert 0 == run(["append", *draw])
    held = ["--verified", "--checkpoint", "c"]
    capsys.readouterr()
    assert 0 == run(["flows", *POINT, *held, "--vkey", key])
    said = " ".join(capsys.readouterr().out.split())
    found = _answer(capsys, "flows", *held, "--vkey", key)

    assert "verified: 21 records hashed, root" in said
    assert "(checkpoint c of @20 signed by example.org/case)" in said
    assert isinstance(found, dict)
    assert {
        "records": 21, "checkpoint": "c", "size": 20, "signed_by": ["example.org/case"]
    } == found["verified"]  # fmt: skip
    assert ["flows", *POINT, "-f", "json"] == found["query"]
    Path("p").write_text(f"log {key} until 10\n")
    assert "signs up to @10; the checkpoint is @20" in str(
        _answer(capsys, "flows", *held, "--policy", "p", code=1)
    )
    with Ledger.open(ledger) as opened:
        behind_its_back(opened, *_made_anew(opened, 12))
    assert isinstance(_answer(capsys, "flows", "--verified"), dict)
    error = _answer(capsys, "flows", *held, code=1)
    assert "deals: forked: the record up to @20 is not that of the checkpoint\n" == error


def _made_anew(ledger: Ledger, position: int) -> list[str]:
    """Return statements by which the owner of a database makes up a record, up to its root."""
    from dealledger.ledger.proof.merkle import Frontier, leaf_hash

    bodies = [record.body for record in ledger.read()]
    bodies[position - 1] = bodies[position - 1].replace(b"8000000000", b"9000000000")
    tree = Frontier().extended(map(leaf_hash, bodies))
    body, leaf = bodies[position - 1].hex(), leaf_hash(bodies[position - 1]).hex()
    return [
        f"UPDATE event SET body = x'{body}', leaf = x'{leaf}' WHERE position = {position}",
        f"UPDATE head SET frontier = x'{tree.to_bytes().hex()}'",
    ]


@pytest.mark.usefixtures("ledger")
def test_half_of_the_options_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """They would say less than they seem to."""
    assert 0 == run(["key", "new", "-o", "k"])
    key = next(word for word in capsys.readouterr().out.split() if "+" in word)

    assert 2 == run(["flows", "--verified", "--vkey", key])
    assert 2 == run(["flows", "--checkpoint", "c"])
    assert [
        "deals: --vkey is for a checkpoint (say which with --checkpoint FILE)",
        "deals: --checkpoint is for an answer from verified bytes (add --verified)",
    ] == capsys.readouterr().err.splitlines()


@pytest.mark.usefixtures("ledger")
def test_a_long_record_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is held in memory is bounded."""
    monkeypatch.setattr(hashed, "MOST_RECORDS", 19)
    error = _answer(capsys, "flows", "--verified", code=2)

    assert isinstance(error, str)
    assert error.startswith("deals: 20 records are too many to be held in memory (at most 19) (")


def test_bytes_that_are_not_a_record_are_said(ledger: Path) -> None:
    """Also where all hashes were made anew."""
    with Ledger.open(ledger) as opened:
        behind_its_back(
            opened, *(each.replace(" = x'7b", " = x'7c") for each in _made_anew(opened, 12))
        )
        with pytest.raises(Unverified, match="@12"):
            hashed_log(opened)


@pytest.mark.usefixtures("ledger")
def test_a_picture_says_it() -> None:
    """The caption of a diagram, and of a chart."""
    for words in (["diagram", "-o"], ["history", "circularity", "--svg"]):
        assert 0 == run([*words, "w.svg", *POINT, "--verified"])
        assert "verified: 20 records hashed, root " in Path("w.svg").read_text()
