"""deals rights [PARTY]: what is in force, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealledger.cli.params import PARTY, Query, query_options
from dealledger.projections.answers.report import Column, Report

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
    *(Column(key, wide=True) for key in ("status", "firmness", "ended_on", "terms", "deal")),
)
HEADINGS = {"in force": "In force", "apart": "Apart: not agreed", "ended": "Ended"}


@click.command("rights")
@click.argument("party", required=False, type=PARTY)
@click.option("--all", "everything", is_flag=True, help="Also what has ended or is not agreed.")
@query_options
def command(query: Query, party: str | None, everything: bool) -> None:
    """Show the rights in force: licences, exclusivity, warrants, revenue shares, ...

    \b
    Example:
      deals rights microsoft --as-of 2025-10-28
    """
    with query.view() as view:
        query.answer(report(view, party, everything=everything), view)


def report(view: View, party: str | None = None, *, everything: bool = False) -> Report:
    """Return the rights of everybody or of one party."""
    from dealledger.projections.parties import find_party
    from dealledger.projections.rights import rights

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
