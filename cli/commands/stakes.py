"""deals stakes [ISSUER]: who holds what."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import IN_CURRENCY, PARTY, Query, query_options


@click.command("stakes")
@click.argument("issuers", required=False, nargs=-1, type=PARTY, metavar="[ISSUER]...")
@IN_CURRENCY
@click.option("--look-through", is_flag=True, help="Also what is held through other issuers.")
@query_options
def command(query: Query, **options: Any) -> None:
    """Show who holds how much of an issuer, how that is known, and what was invested.

    Stakes are stated by a source, computed from the terms of rounds, or counted in shares. The rest
    to 100 % is undisclosed. A dash: no source states the stake of this investor.

    \b
    Examples:
      deals stakes openai --as-of 2025-10-28
      deals stakes anthropic --as-of 2025 --known-at @120 -f json
      deals stakes --look-through
    """
    query.ask("stakes", **options)
