"""deals circularity: how much of the money goes round."""

from __future__ import annotations

import click

from dealledger.cli.analysis import Asked, web_options
from dealledger.cli.params import Query, query_options


@click.command("circularity")
@web_options(since=True)
@query_options
def command(query: Query, asked: Asked) -> None:
    """Show how much of the money goes round, pair by pair and in the whole web.

    As a share that is fair to all circles (BFF), and as the most that can (C*).

    \b
    Examples:
      deals circularity --as-of 2025-12-31
      deals circularity --layer paid,committed
    """
    from dealledger.cli import circulation

    with query.view() as view:
        query.answer(circulation.report(asked.web(view)), view)
