"""deals reconcile: what does not fit together."""

from __future__ import annotations

import click

from dealledger.cli.main import CHECK_FAILED, DONE
from dealledger.cli.params import Query, query_options


@click.command("reconcile")
@query_options
def command(query: Query) -> int:
    """Hold statements against computed numbers: holdings, draws, stakes, caps, rights, memos.

    Exit code 1 if anything does not fit. Sources disagree; this is where.

    \b
    Example:
      deals reconcile --as-of 2026-06-30
    """
    return CHECK_FAILED if query.ask("reconcile").rows else DONE
