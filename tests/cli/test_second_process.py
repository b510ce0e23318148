"""Long files are read in a process of their own: the same drafts, the same errors, nothing left."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from support.given import EXAMPLES

from dealledger.cli.main import run
from dealledger.events import BadInput, DealLedgerError, EncodedEvent
from dealledger.ledger import Draft
from dealledger.ledger.append.event_files import Reader
from dealledger.ledger.append.reading import Order
from dealledger.ledger.append.second_process import read_apart

PARTIES = [
    {"id": f"p-{slug}", "kind": "party", "effective_on": "2024-01-01", "party": slug, "name": slug}
    for slug in ("acme", "beta")
]
PAYS = {"kind": "payment", "effective_on": "2024-01-02", "payer": "acme", "payee": "beta",
        "amount": "5", "currency": "USD"}  # fmt: skip
BAD = ['{"kind": "pigeon"}', '{"id": "X", "kind": "payment"}', "{", '{"a": "1", "a": "2"}', ""]


def long_file(file: Path, *more: str) -> Path:
    """Write so many payments that they are worth another process, and more lines behind them."""
    lines = [json.dumps(each) for each in PARTIES]
    lines += [json.dumps({**PAYS, "note": f"payment {number}"}) for number in range(10_000)]
    file.write_text("\n".join([*lines, *more]) + "\n")
    assert file.stat().st_size > 1_000_000
    return file


def told(draft: Draft) -> tuple[Any, ...]:
    event = draft.event
    fields = event.fields() if isinstance(event, EncodedEvent) else None
    return draft.where, fields, draft.problems, draft.claims


@pytest.mark.slow
def test_the_drafts_are_the_same(tmp_path: Path) -> None:
    """Good lines and bad ones, of several files, with ids and without, and all bytes are told."""
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    examples = [json.dumps(each) for each in EXAMPLES.values()]
    one.write_text("\n".join([*examples, *BAD, json.dumps(PAYS), json.dumps(PAYS)]))
    other.write_text(json.dumps(PAYS))
    names, read = [str(one), str(other)], 0

    def advance(count: int) -> None:
        nonlocal read
        read += count

    reader = Reader()
    wanted = [
        told(draft)
        for name in names
        for draft in reader.jsonl(io.BytesIO(Path(name).read_bytes()), name)
    ]

    assert wanted == [told(draft) for draft in read_apart(Order(tuple(names)), advance)]
    assert one.stat().st_size + other.stat().st_size == read


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"\xff\xfe{",
            "x.jsonl is UTF-16 (save it as UTF-8: iconv -f UTF-16 -t UTF-8 x.jsonl > utf8-x.jsonl)",
        ),
        (b" " * 1_000_001, "x.jsonl:1: the line is longer than 1,000,000 bytes"),
        (None, "x.jsonl cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_read_is_the_same_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None, said: str
) -> None:
    """The message is that of the reader, in one line."""
    monkeypatch.chdir(tmp_path)
    if data is not None:
        Path("x.jsonl").write_bytes(data)

    with pytest.raises(BadInput) as caught:
        list(read_apart(Order(("x.jsonl",)), lambda count: None))
    assert said == str(caught.value)


@pytest.mark.slow
def test_a_reader_that_is_killed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it sent is no file that ended."""
    killed = tmp_path / "killed"
    killed.write_text(f"#!/bin/sh\nkill -{signal.SIGKILL.value} $$\n")
    killed.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(killed))

    with pytest.raises(DealLedgerError, match="reading stopped half-way"):
        list(read_apart(Order(("x.jsonl",)), lambda count: None))


@pytest.mark.slow
def test_nobody_is_left_when_nobody_listens(tmp_path: Path) -> None:
    """Whoever stops in the middle of a file ends the other process."""
    drafts = read_apart(Order((str(long_file(tmp_path / "x.jsonl")),)), lambda count: None)
    next(iter(drafts))
    drafts.close()  # type: ignore[attr-defined]

    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.slow
def test_a_long_import_is_recorded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Equal lines are different events; a second import finds all of them."""
    monkeypatch.chdir(tmp_path)
    file = long_file(tmp_path / "long.jsonl", json.dumps(PAYS), json.dumps(PAYS))
    assert 0 == run(["init"])
    for _ in range(2):
        assert 0 == run(["import", str(file)])

    assert capsys.readouterr().out.splitlines()[-2:] == [
        "10,004 events recorded, 0 known already; the last is @10004",
        "0 events recorded, 10,004 known already; the last is @10004",
    ]
    assert 0 == run(["verify"])


@pytest.mark.slow
def test_every_bad_line_of_a_long_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its place; nothing is recorded."""
    monkeypatch.chdir(tmp_path)
    long_file(Path("long.jsonl"), *BAD[:2], json.dumps({**PAYS, "payee": "nobody"}))
    assert 0 == run(["init"])
    before = Path("deals.db").read_bytes()

    assert 2 == run(["import", "long.jsonl"])
    lines = capsys.readouterr().err.splitlines()
    assert ["long.jsonl:10003:", "long.jsonl:10004:", "long.jsonl:10005:"] == sorted(
        {line.split()[0] for line in lines if line.startswith("long")}
    )
    assert before == Path("deals.db").read_bytes()
