"""What if? Events that nobody recorded, behind a record as if they had been appended to it.

They go through the append itself, so they are refused for what an append is refused for. It writes
into a private database that holds a copy of the record and goes when that is done; the ledger is
only read, so who may not write can ask as well, and nobody waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from dealledger.events import Problem, to_json
from dealledger.ledger.append.batch import Appended, Batch, Draft
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.reading import Order, read
from dealledger.ledger.record import new_id
from dealledger.ledger.storage.memory_log import MemoryLog
from dealledger.ledger.storage.scratch import scratch
from dealledger.ledger.storage.sql_log import records_behind
from dealledger.ledger.view import Assumed

NOBODY: Final = "assumed"
"""The actor of an assumed event that names none."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """The drafts of one file, in their order."""

    file: str
    drafts: tuple[Draft, ...]


def read_assumptions(
    names: Sequence[str], log: MemoryLog, account: ImportSummary
) -> tuple[Assumption, ...]:
    """Read files as an import does, each once; who gave no ids gets them from the content.

    log: whose parties tables may call by their names. account: takes in what there is to say.
    Raises: BadInput, if a file cannot be read at all.
    """
    names = tuple(dict.fromkeys(names))
    order = Order(names)
    if order.has_tables():
        parties = tuple(to_json(r.event) for r in log.records if r.event.kind == "party")
        order = Order(names, parties=parties)
    found: dict[str, list[Draft]] = defaultdict(list)
    for draft in read(order, lambda count: None, account):
        found[_file(draft, names)].append(draft)
    return tuple(Assumption(name, tuple(found[name])) for name in names)


def _file(draft: Draft, names: Sequence[str]) -> str:
    """Return the file of a draft, whose place is `FILE:LINE`, or `FILE` of what has no lines."""
    for where in (draft.where, draft.where.rpartition(":")[0]):
        if where in names:
            return where
    return "-"


def assuming(log: MemoryLog, assumptions: Sequence[Assumption]) -> MemoryLog:
    """Return a log in which events stand behind the record as an append would write them.

    They have the moment of the last record. What is recorded already is that, and not assumed.
    Raises: Refused, Conflict, as `Ledger.append`.
    """
    done: list[Appended] = []
    with scratch(log) as connection:
        batch = Batch(connection, NOBODY, lambda: 0, new_id, done.append, lifted=True)
        batch.take(draft for each in assumptions for draft in each.drafts)
        if batch.problems:
            batch.problems.named = [*map(_hinted, batch.problems.named)]
            raise batch.problems.refusal()
        batch.write()
        records = [*records_behind(connection, len(log.records))]
    return log.assuming(records, [*_by_file(assumptions, done)])


def _hinted(problem: Problem) -> Problem:
    """Return a problem with what is to be done here, where nothing registers a party by the way."""
    if problem.rule == "unknown-party" and problem.hint.startswith("--register"):
        return replace(problem, hint="add an event of kind party")
    return problem


def _by_file(assumptions: Sequence[Assumption], done: Sequence[Appended]) -> Iterator[Assumed]:
    """Yield which new events each file brought: every draft of an append became one of *done*."""
    ends = [0]
    for each in assumptions:
        ends.append(ends[-1] + len(each.drafts))
    assert ends[-1] == len(done), "an append says what became of each event"
    for each, (start, end) in zip(assumptions, pairwise(ends), strict=True):
        yield Assumed(each.file, tuple(some.event for some in done[start:end] if some.is_new))
