"""deals explain: the events behind one number."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import EVENT, IN_CURRENCY, PARTY, Query, query_options


@click.group("explain")
def command() -> None:
    """Show why a number is what it is: its events in order, each with its effect and its source.

    The effects add up to the number exactly.

    \b
    Examples:
      deals explain stake openai microsoft --as-of 2025-10-28
      deals explain net microsoft openai --as-of 2024-12-31
      deals explain commitment D005
    """


_ALL = click.option(
    "--all", "everything", is_flag=True, help="Also what was retracted, which has no effect."
)


@command.command("stake")
@click.argument("issuer", type=PARTY)
@click.argument("holder", type=PARTY)
@_ALL
@query_options
def stake(query: Query, **options: Any) -> None:
    """Explain how much HOLDER has of ISSUER.

    \b
    Example:
      deals explain stake anthropic google --as-of 2026-06-30
    """
    query.ask("explain stake", **options)


@command.command("net")
@click.argument("a", type=PARTY)
@click.argument("b", type=PARTY)
@_ALL
@IN_CURRENCY
@query_options
def net(query: Query, **options: Any) -> None:
    """Explain the net cash from A to B.

    \b
    Example:
      deals explain net microsoft openai --as-of 2024-12-31
    """
    query.ask("explain net", **options)


@command.command("balance")
@click.argument("party", type=PARTY)
@_ALL
@IN_CURRENCY
@query_options
def balance(query: Query, **options: Any) -> None:
    """Explain what PARTY received less what it paid.

    \b
    Example:
      deals explain balance coreweave --as-of 2025-12-31
    """
    query.ask("explain balance", **options)


@command.command("commitment")
@click.argument("commitment_id", type=EVENT, metavar="ID")
@query_options
def commitment(query: Query, **options: Any) -> None:
    """Explain what is still open of a commitment.

    \b
    Example:
      deals explain commitment D005 --as-of 2026-06-30
    """
    query.ask("explain commitment", **options, opened=query.opened)
