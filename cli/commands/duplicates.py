"""deals duplicates [PARTY]: events that likely tell one fact twice."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import PARTY, Query, query_options


@click.command("duplicates")
@click.argument("party", type=PARTY, required=False)
@click.option("--days", type=int, metavar="N", help="How far apart at most. Default: 45.")
@click.option("--within", metavar="SHARE", help="How much amounts may differ. Default: 5%.")
@query_options
def command(query: Query, **options: Any) -> None:
    """List events that likely tell one fact: of one kind, between the same parties.

    Their amounts are within 5 % and their dates within 45 days, or they name the same source. Two
    people may have recorded it, or two sources report it; a monthly fee looks the same. Which it
    is, a person decides: `deals retract` takes one of them back.

    \b
    Example:
      deals duplicates openai --days 10
    """
    query.ask("duplicates", **{name: value for name, value in options.items() if value is not None})
