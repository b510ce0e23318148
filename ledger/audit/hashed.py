"""The records of a ledger from just those bytes that were hashed to the root of the head.

Whoever asks these believes no table: neither what is derived from the records nor the columns
beside their bytes. They are read once, so what is answered is what was hashed. With a checkpoint
that was handed out, whoever can write all of the database cannot make up what it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, Protocol

from dealledger.events import DealLedgerError, parse_event, read_object
from dealledger.events.dates import instant_microseconds, parse_instant
from dealledger.ledger.audit.findings import Damage
from dealledger.ledger.audit.verify import Take, Verification
from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.checkpoint import Checkpoint, check_extends
from dealledger.ledger.proof.note import Unverified
from dealledger.ledger.record import Record
from dealledger.ledger.storage.head import Head
from dealledger.ledger.storage.memory_log import MemoryLog
from dealledger.ledger.view import Grounds, Verified

MOST_RECORDS: Final = 1_000_000
"""More than these are not taken into memory: each needs some kilobytes."""


class Hashable(Protocol):
    """A ledger, as far as its bytes are to be hashed."""

    def head(self) -> Head:
        """Return the end of the log."""

    def verify(self, progress: Callable[[int], None], *, quick: bool, take: Take) -> Verification:
        """Hash all bytes, and hand them over as they are."""


def hashed_log(
    ledger: Hashable,
    checkpoint: Checkpoint | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> MemoryLog:
    """Return all records, read from their bytes; these pass what `deals verify --quick` checks.

    checkpoint: they must continue it. progress: called with the number of records read since the
    last call.
    Raises: Unverified, with what was found; TooManyRecords.
    """
    try:
        head = ledger.head()
        check_size(head.size)
        records, findings = _read(ledger, head.origin, progress)
    except Damaged as error:
        raise Unverified(error.message, error.hint) from error
    if findings:
        more = f"; and {len(findings) - 1:,} more" if len(findings) > 1 else ""
        raise Unverified(f"not verified: {findings[0]}{more}", "see all of it with: deals verify")
    if checkpoint is not None:
        check_extends(checkpoint, origin=head.origin, leaves=(each.leaf for each in records))
    size = None if checkpoint is None else checkpoint.size
    return MemoryLog(tuple(records), head.origin, Grounds(Verified(len(records), size=size)))


class TooManyRecords(DealLedgerError):
    """A ledger has more records than are taken into memory."""


def check_size(size: int) -> None:
    """Refuse to take so many records into memory. Raises: TooManyRecords."""
    if size > MOST_RECORDS:
        raise TooManyRecords(
            f"{size:,} records are too many to be held in memory (at most {MOST_RECORDS:,})",
            "without --verified and --assume a database answers; then: deals verify --report FILE",
        )


def named(log: MemoryLog, file: str, signed_by: tuple[str, ...]) -> MemoryLog:
    """Return a log that also says which checkpoint it continues, and who signed that."""
    assert log.grounds.verified is not None
    verified = replace(log.grounds.verified, file=file, signed_by=signed_by)
    return replace(log, grounds=replace(log.grounds, verified=verified))


def _read(
    ledger: Hashable, origin: str, progress: Callable[[int], None]
) -> tuple[list[Record], tuple[Damage, ...]]:
    """Return the records that could be read, and what is wrong with any."""
    records: list[Record] = []

    def take(rows: list[Any], leaves: list[bytes]) -> Iterator[Damage]:
        for row, leaf in zip(rows, leaves, strict=True):
            try:
                records.append(_record(row.body, leaf, origin, row.position))
            except _UNREADABLE as error:
                yield Damage(row.position, f"the bytes cannot be read: {error}")

    return records, ledger.verify(progress, quick=True, take=take).findings


_UNREADABLE: Final = (DealLedgerError, LookupError, TypeError, ValueError, OverflowError)


def _record(body: bytes, leaf: bytes, origin: str, position: int) -> Record:
    """Return the record that bytes hold. Raises: what is in _UNREADABLE."""
    content = read_object(body)
    for name, wanted in (("position", position), ("ledger", origin)):
        if content[name] != wanted:
            raise Misplaced(f"{name} is {content[name]!r} in them, and not {wanted!r}")
    actor, version = content["actor"], content.get("deal_version")
    event = parse_event({**content["event"], "v": content["v"], "actor": actor})
    if event.id is None or not isinstance(version, int | None):
        raise Misplaced("they are no record")
    return Record(position, event, version, _moment(content["recorded_at"]), actor, body, leaf)


class Misplaced(DealLedgerError):
    """The bytes of a record belong elsewhere."""


@lru_cache(maxsize=8)
def _moment(text: str) -> int:
    return instant_microseconds(parse_instant(text))
