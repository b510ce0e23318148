"""Which rights are in force, and for how long: the answer of `rights`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealledger.projections.answers.report import Column, Report
from dealledger.projections.parties import find_party
from dealledger.projections.rights import rights

if TYPE_CHECKING:
    from dealledger.ledger import View

COLUMNS = (
    Column("id", "Id"),
    Column("grantor", "Grantor"),
    Column("grantee", "Grantee"),
    Column("right", "Right"),
    Column("since", "Since", rank=4),
    Column("until", "Until"),
    Column("exclusive", "Exclusive", rank=2),
    Column("royalty_free", "Royalty-free", rank=3),
    Column("days_left", "Days left", right=True, rank=1),
    Column("status", kind="text", about="in force, apart or ended"),
    Column("firmness"),
    Column("ended_on", kind="day", about="when it ended; null: it did not"),
    Column("terms"),
    Column("deal"),
)
HEADINGS = {"in force": "In force", "apart": "Apart: not agreed", "ended": "Ended"}


def answer(view: View, party: str | None = None, *, everything: bool = False) -> Report:
    """Return the rights of everybody or of one party."""
    slug = find_party(view, party) if party else None
    found = rights(view, slug)
    rows = [row for row in found if everything or row.status == "in force"]
    left_out = len(found) - len(rows)
    return Report(
        "Rights in force" + (f" of {slug}" if slug else ""),
        COLUMNS,
        rows,
        extra={"left_out": left_out},
        notes=[f"{left_out} ended or not agreed are left out (--all)"] if left_out else [],
        section=(lambda row: HEADINGS[row.status]) if everything else None,
    )
