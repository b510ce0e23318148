"""deals reconcile: what does not fit together."""

from __future__ import annotations

import click

from dealledger.cli.main import CHECK_FAILED, DONE
from dealledger.cli.params import Query, query_options
from dealledger.projections.answers.report import Column, Report

COLUMNS = (
    Column("check", "Check"),
    Column("subject", "Subject"),
    Column("stated", "Stated", full=True, right=True, rank=2),
    Column("computed", "Computed", full=True, right=True, rank=2),
    Column("message", "What"),
    Column("events", "Events", rank=3),
)


@click.command("reconcile")
@query_options
def command(query: Query) -> int:
    """Hold statements against computed numbers: holdings, draws, stakes, caps, rights, memos.

    Exit code 1 if anything does not fit. Sources disagree; this is where.

    \b
    Example:
      deals reconcile --as-of 2026-06-30
    """
    from dealledger.projections.reconcile import reconcile

    with query.view() as view:
        found = reconcile(view)
        query.answer(Report("What does not fit", COLUMNS, found), view)
    return CHECK_FAILED if found else DONE
