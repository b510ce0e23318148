"""Events by id, position or the begin of an id; and where one is that an answer does not see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.given import SetClock, promises
from support.standing import Stand

from dealledger.cli.main import run
from dealledger.ledger import Ledger

PROMISE = ["append", "commitment", "--obligor", "alfa", "--beneficiary", "beta", "--amount", "$9M"]
PAY = ["append", "payment", "--payer", "alfa", "--payee", "beta", "--amount", "$1M"]


@pytest.fixture(autouse=True)
def folder(stand: Stand) -> None:
    """Stand in a folder with a ledger of commitments that are not everywhere."""
    late = ["--on", "2024-06-01", "--announced-on", "2024-09-01"]
    stand.among(
        ("alfa", "beta"),
        *([*PROMISE, *late, "--id", event_id] for event_id in ("c1", "gone", "wrong", "Case")),
        [*PAY, "--on", "2024-07-01", "--commitment", "c1", "--id", "draw-1"],
        [*PAY, "--on", "2024-07-01", "--id", "draw-2"],
        ["retract", "gone", "--reason", "x"],
        ["correct", "wrong", "--set", "amount=8M", "--reason", "x"],
        [*PROMISE, "--on", "2024-06-01", "--id", "longer"],
        on="2020-01-01",
    )


@pytest.mark.parametrize("what", ["explain", "history"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("c1 --as-of 2024-01-01", "c1 takes effect on 2024-06-01, and this is as of 2024-01-01 (ask with --as-of 2024-06-01 or later)"),
        ("c1 --announced-by 2024-08-01", "c1 was announced on 2024-09-01, and this is announced by 2024-08-01 (ask with --announced-by 2024-09-01 or later)"),
        ("c1 --known-at @2", "c1 is recorded at @3, and this is as known at @2 (ask with a later --known-at)"),
        ("gone", "gone is retracted, by gone.retracted (--known-at @8 shows it as it was)"),
        ("wrong --as-of 2024-01-01", "wrong.2 takes effect on 2024-06-01, and this is as of 2024-01-01 (ask with --as-of 2024-06-01 or later)"),
        ("draw-1", "draw-1 is a payment, no commitment (it draws on c1)"),
        ("draw-2", "draw-2 is a payment, no commitment (see: deals show draw-2)"),
        ("p-alfa", "p-alfa is a party, no commitment (see: deals show p-alfa)"),
        ("case", "unknown event 'case' (did you mean Case?)"),
        ("C1", "unknown event 'C1' (did you mean c1?)"),
        ("draw", "unknown event 'draw' (so begins draw-1, draw-2)"),
        ("zzz", "unknown event 'zzz' (see: deals log)"),
        ("@99", "there is no event @99 (the record ends at @12)"),
    ],
)  # fmt: skip
def test_a_commitment_that_is_not_seen(
    capsys: pytest.CaptureFixture[str], what: str, words: str, said: str
) -> None:
    """It is said where it is; what was typed is never suggested."""
    assert 2 == run([what, "commitment", *words.split()])

    assert ("", f"deals: {said}\n") == capsys.readouterr()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("c1", "c1"), ("@3", "c1"), ("wrong", "wrong.2"), ("long", "longer"), ("wrong.2", "wrong.2"),
     ("Case", "Case"), ("@5", "wrong.2")],
)  # fmt: skip
def test_a_commitment_that_is_meant(
    capsys: pytest.CaptureFixture[str], typed: str, meant: str
) -> None:
    """By its id, that of what it replaced, its position, or the begin of its id."""
    assert 0 == run(["explain", "commitment", typed])

    assert f"What is open of {meant}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("c1", "c1"), ("@3", "c1"), ("gone.", "gone.retracted"), ("@9", "gone.retracted"),
     ("p-al", "p-alfa"), ("Cas", None), ("draw", None), ("@0", None), ("@", None)],
)  # fmt: skip
def test_an_event_to_show(
    capsys: pytest.CaptureFixture[str], typed: str, meant: str | None
) -> None:
    """Also one that was retracted; the begin of an id must be long enough, and of one alone."""
    assert (0 if meant else 2) == run(["show", typed, "-f", "json"])
    out, err = capsys.readouterr()

    assert meant is None or meant == json.loads(out)["event"]["id"]
    assert bool(meant) != err.startswith(("deals: unknown event '", "deals: there is no event"))


@pytest.mark.parametrize(
    "command", ["retract %s --reason x", "correct %s --reason x --set amount=1M"]
)
def test_what_is_changed_is_named(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """The begin of an id is not enough to take something out; a position is."""
    before = Path("deals.db").read_bytes()
    assert 2 == run((command % "Case"[:3]).split())
    assert 2 == run((command % "draw-").split())
    assert "unknown event 'draw-' (so begins draw-1, draw-2)" in capsys.readouterr().err
    assert before == Path("deals.db").read_bytes()

    assert 0 == run((command % "@8").split())
    assert "draw-2" in capsys.readouterr().out


def test_a_draw_before_the_replacement(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that retracts, then draws, then replaces: it is said what is missing, and where."""
    lines = [
        {"kind": "retraction", "id": "r", "retracts": "c1", "reason": "x", "replaced_by": "c9"},
        {"kind": "payment", "id": "y", "payer": "alfa", "payee": "beta", "amount": "1",
         "currency": "USD", "effective_on": "2024-08-01", "commitment": "c1"},
        {"kind": "commitment", "id": "c9", "obligor": "alfa", "beneficiary": "beta", "amount": "9",
         "currency": "USD", "effective_on": "2024-06-01"},
    ]  # fmt: skip
    Path("late.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert 2 == run(["import", "late.jsonl"])
    assert capsys.readouterr().err == (
        "late.jsonl:2: c1 is retracted, by r, and its replacement c9 is not recorded yet "
        "(put c9 before this)\n"
    )
    Path("late.jsonl").write_text("".join(json.dumps(lines[index]) + "\n" for index in (0, 2, 1)))

    assert 0 == run(["import", "late.jsonl"])


def test_a_recorded_moment_is_a_point_too(
    capsys: pytest.CaptureFixture[str], clock: SetClock
) -> None:
    """As known at a moment: the position that it means is said."""
    clock.set("2999-01-01")
    with Ledger.open("deals.db", clock=clock) as ledger:
        ledger.append([promises("late", obligor="alfa", beneficiary="beta", on="2024-06-01")])
    capsys.readouterr()
    assert 2 == run(["explain", "commitment", "late", "--known-at", "2998-12-31"])

    assert "late is recorded at @13, and this is as known at @12" in capsys.readouterr().err
