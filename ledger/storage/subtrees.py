"""The roots of whole segments of the record, so that the root of the past needs no long reading.

A segment is a perfect subtree of the Merkle tree (RFC 9162 section 2.1), so the tree up to any
position is that of the segments' roots, extended by the leaves behind the last of them. Like the
leaf hashes beside the records these are an index: proofs and checkpoints do not rest on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, insert, select

from dealledger.ledger.errors import Damaged
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.storage import segments
from dealledger.ledger.storage.tables import EVENT, SUBTREE


def keep(connection: Connection, before: int, roots: Iterable[bytes]) -> None:
    """Write the roots of the segments that a record of *before* records completed by growing."""
    first = before // segments.SEGMENT + 1
    rows = [
        {"position": number * segments.SEGMENT, "root": root}
        for number, root in enumerate(roots, start=first)
    ]
    if rows:
        connection.execute(insert(SUBTREE), rows)


def frontier_at(connection: Connection, position: int, *, rolled: bool = True) -> Frontier:
    """Return the tree of the first *position* records. rolled: the ledger keeps subtrees."""
    whole = position // segments.SEGMENT * segments.SEGMENT if rolled else 0
    query = select(SUBTREE.c.root).where(SUBTREE.c.position <= whole).order_by(SUBTREE.c.position)
    over = Frontier().extended(connection.execute(query).scalars() if whole else ())
    if over.size * segments.SEGMENT != whole:
        raise Damaged("a subtree of the record is missing", "run: deals verify")
    return Frontier(whole, over.roots).extended(_leaves(connection, whole, position))


def _leaves(connection: Connection, after: int, upto: int) -> Iterator[bytes]:
    query = (
        select(EVENT.c.leaf)
        .where(EVENT.c.position > after, EVENT.c.position <= upto)
        .order_by(EVENT.c.position)
    )
    # Said for this statement only: on a connection it would also hold for the next INSERT.
    yield from connection.execute(query, execution_options={"stream_results": True}).scalars()
