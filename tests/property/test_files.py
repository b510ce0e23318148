"""Readers of files: whatever a file holds is read, or refused in one line that can be printed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.events import DealLedgerError
from dealledger.events.text import visible
from dealledger.ledger import Draft
from dealledger.ledger.append.event_files import Reader
from dealledger.ledger.proof.checkpoint import check_signed, open_checkpoint
from dealledger.ledger.proof.note import SigningKey, VerifierKey, parse_note, verify_note
from dealledger.ledger.proof.policy import Policy
from dealledger.ledger.proof.tlog_growth import GrowthProof
from dealledger.ledger.proof.tlog_proof import LogProof

VECTORS: Final = json.loads(
    (Path(__file__).parents[1] / "vectors" / "signed_note.json").read_text()
)
WORKED: Final = VECTORS["worked_example"]
LOG: Final = VerifierKey.parse(WORKED["log_vkey"])
NOTE: Final = WORKED["checkpoints"]["8"]["note"].encode()
LINE: Final = b'{"kind":"party","id":"a","effective_on":"2024-01-01","party":"a","name":"A"}\n'
TABLE: Final = b"kind,id,effective_on,payer,payee,amount\npayment,x,2024-02-01,a,b,$1.5M\n"


def checked_checkpoint(data: bytes) -> None:
    checkpoint, note = open_checkpoint(data)
    check_signed(checkpoint, note, [LOG])


def checked_proof(data: bytes) -> None:
    proof = LogProof.parse(data)
    proof.check(proof.extra or bytes.fromhex(WORKED["leaf5_hex"]))
    check_signed(proof.checkpoint, proof.note, [LOG])


READERS: Final[dict[str, tuple[bytes, Callable[[bytes], Any]]]] = {
    "note": (NOTE, lambda data: verify_note(parse_note(data), [LOG])),
    "checkpoint": (NOTE, checked_checkpoint),
    "proof": (WORKED["tlog_proof_index5_size8"].encode(), checked_proof),
    "growth": (WORKED["add_checkpoint_request_6_to_8"].encode(), GrowthProof.parse),
    "policy": (f"# a\nlog {LOG} from 1 until 9\n".encode(), Policy.parse),
    "vkey": (str(LOG).encode(), lambda data: VerifierKey.parse(data.decode("utf-8", "replace"))),
    "key": (
        VECTORS["go_example"]["skey"].encode(),
        lambda data: SigningKey.parse(data.decode("utf-8", "replace")),
    ),
}


@st.composite
def bent(draw: st.DrawFn, data: bytes) -> bytes:
    """Return *data* with some of its bytes replaced, taken out, doubled or moved."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        put = draw(st.one_of(
            st.binary(max_size=6),
            st.sampled_from([b"\n", b"\n\n", b" ", "—".encode(), b"\xef\xbb\xbf", b"9" * 30, b'"', b","]),
            st.just(data[start:end] * 2),
        ))  # fmt: skip
        data = data[:start] + put + data[end:]
    return data


def said(read: Callable[[bytes], Any], data: bytes) -> str:
    """Return the message of a reader that refuses, or nothing; other errors come through."""
    try:
        read(data)
    except DealLedgerError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", READERS)
@given(chance=st.data())
def test_evidence_is_read_or_refused(name: str, chance: st.DataObject) -> None:
    """A bent note, checkpoint, proof, policy or key, and any bytes at all: nothing but an error."""
    good, read = READERS[name]
    for data in (chance.draw(bent(good)), chance.draw(st.binary(max_size=80))):
        message = said(read, data)
        assert visible(message) == message
    assert "" == said(read, good)


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
@given(chance=st.data())
def test_files_of_events_are_read_or_refused(kind: str, chance: st.DataObject) -> None:
    """Bent lines and rows, and any bytes: drafts of events, or problems that name the file."""
    good = LINE * 3 if kind == "jsonl" else TABLE
    for data in (chance.draw(bent(good)), chance.draw(st.binary(max_size=80))):
        drafts: list[Draft] = []
        message = said(lambda data, into=drafts: into.extend(read(kind, data)), data)  # type: ignore[misc]

        assert visible(message) == message
        assert drafts or message
        for draft in drafts:
            assert (draft.event is None) == bool(draft.problems)
            assert draft.where.startswith("f")
            assert all(visible(str(problem)) == str(problem) for problem in draft.problems)


def read(kind: str, data: bytes) -> Iterator[Draft]:
    reader, stream = Reader(), io.BytesIO(data)
    return reader.jsonl(stream, "f") if kind == "jsonl" else reader.csv(stream, "f")
