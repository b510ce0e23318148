"""A process that answers: it opens the ledger to read, and takes one question after another.

It is a process, and not a thread, so that a question that takes too long, or that nobody waits for
any more, can be stopped: the process ends, and another takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection
from typing import Any, Final

from dealledger.events import DealLedgerError
from dealledger.ledger import Ledger, take_checkpoint
from dealledger.ledger.proof.note import Note
from dealledger.projections.answers.questions import QUESTIONS
from dealledger.web.api import api_answer
from dealledger.web.document import Sealed
from dealledger.web.page import PageAsked, page_document
from dealledger.web.site import json_bytes

LARGEST_BYTES: Final = 64_000_000
"""No answer is larger."""


@dataclass(frozen=True, slots=True)
class WorkerQuestion:
    """What a worker is asked. question: its name, or None for the document of the page."""

    question: str | None
    words: Mapping[str, tuple[str, ...]]
    today: date


@dataclass(frozen=True, slots=True)
class Answered:
    """What a worker says. status: as HTTP has it; body: JSON."""

    status: int
    body: bytes


def work(name: str, dress: PageAsked, line: Connection) -> None:
    """Answer what comes over *line*, until it ends.

    name: of the ledger. dress: how the page looks, whatever its date.
    """
    with Ledger.open(name, read_only=True) as ledger:
        while True:
            try:
                asked = line.recv()
            except EOFError:
                return
            line.send(answered(ledger, dress, asked))


def answered(ledger: Ledger, dress: PageAsked, asked: WorkerQuestion) -> Answered:
    """Return the answer to one question; what is wrong with it is said as at a terminal."""
    try:
        body = json_bytes(_said(ledger, dress, asked))
    except DealLedgerError as error:
        return Answered(400, json_bytes({"error": str(error)}))
    if len(body) > LARGEST_BYTES:
        said = f"the answer has {len(body):,} bytes, and {LARGEST_BYTES:,} are too many"
        return Answered(400, json_bytes({"error": f"{said} (ask for less of it)"}))
    return Answered(200, body)


def _said(ledger: Ledger, dress: PageAsked, asked: WorkerQuestion) -> Any:
    if asked.question is not None:
        assert asked.question in QUESTIONS
        return api_answer(ledger, asked.question, asked.words, asked.today)
    taken = take_checkpoint(ledger)
    sealed = Sealed(taken.size, Note(taken.body()).to_bytes().decode())
    return page_document(ledger, replace(dress, as_of=asked.today), sealed)


def error_bytes(message: str) -> bytes:
    """Return the JSON of an error."""
    return json_bytes({"error": message})
