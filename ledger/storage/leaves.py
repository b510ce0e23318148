"""The leaf hashes of a ledger, computed again from the stored bytes.

What is signed or compared with an earlier checkpoint comes from here: neither the hashes that stand
beside the records nor the head are believed, since who changes a record can change these with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice

from sqlalchemy import select

from dealledger.ledger.ledger import Ledger
from dealledger.ledger.proof.checkpoint import Checkpoint, check_extends
from dealledger.ledger.proof.merkle import Frontier, leaf_hash
from dealledger.ledger.proof.note import Unverified
from dealledger.ledger.storage.tables import EVENT


@contextmanager
def stored_leaves(ledger: Ledger, size: int | None = None) -> Iterator[Iterator[bytes]]:
    """Give the leaf hashes of the first *size* records, or of all, in the order of the log.

    They are read as they are taken, so a log of any length needs the same memory.
    """
    query = select(EVENT.c.body).order_by(EVENT.c.position).limit(size)
    with (
        ledger._reading() as connection,  # noqa: SLF001  a friend of the ledger
        connection.execution_options(stream_results=True).execute(query) as rows,
    ):
        yield map(leaf_hash, rows.scalars())


def take_checkpoint(ledger: Ledger, known_at: datetime | int | str | None = None) -> Checkpoint:
    """Return the checkpoint of the record as it stood at *known_at*, as for `Ledger.at`.

    Raises: Unverified, if the stored records do not lead to the root of the head: then there is
    nothing that should be handed out; BadInput, as `Ledger.at`.
    """
    head = ledger.head()
    # What was recorded between the two looks is left out.
    position = min(ledger.at(date.max, known_at).known_at, head.size)
    with stored_leaves(ledger, head.size) as leaves:
        tree = Frontier().extended(islice(leaves, position))
        whole = tree.extended(leaves)
    if whole != head.tree:
        raise Unverified(
            "the stored records do not lead to the root of the head; no checkpoint is taken",
            "run: deals verify",
        )
    return Checkpoint(head.origin, position, tree.root())


def check_grown(ledger: Ledger, checkpoint: Checkpoint) -> int:
    """Return how many records the ledger has grown since *checkpoint* was taken of it.

    Raises: OtherLedger, EventsMissing, Forked.
    """
    with stored_leaves(ledger) as leaves:
        return check_extends(checkpoint, origin=ledger.head().origin, leaves=leaves)
