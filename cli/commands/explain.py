"""deals explain: the events behind one number."""

from __future__ import annotations

from typing import Any

import click

from dealledger.cli.params import EVENT, IN_CURRENCY, PARTY, Query, open_ledger, query_options
from dealledger.projections.answers.report import Report


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
def stake(query: Query, issuer: str, holder: str, everything: bool) -> None:
    """Explain how much HOLDER has of ISSUER.

    \b
    Example:
      deals explain stake anthropic google --as-of 2026-06-30
    """
    _explain(query, "stake", issuer, holder, everything=everything)


@command.command("net")
@click.argument("a", type=PARTY)
@click.argument("b", type=PARTY)
@_ALL
@IN_CURRENCY
@query_options
def net(query: Query, a: str, b: str, everything: bool, currency: str | None) -> None:
    """Explain the net cash from A to B.

    \b
    Example:
      deals explain net microsoft openai --as-of 2024-12-31
    """
    _explain(query, "net", a, b, everything=everything, currency=currency)


@command.command("balance")
@click.argument("party", type=PARTY)
@_ALL
@IN_CURRENCY
@query_options
def balance(query: Query, party: str, everything: bool, currency: str | None) -> None:
    """Explain what PARTY received less what it paid.

    \b
    Example:
      deals explain balance coreweave --as-of 2025-12-31
    """
    _explain(query, "balance", party, everything=everything, currency=currency)


@command.command("commitment")
@click.argument("commitment_id", type=EVENT, metavar="ID")
@query_options
def commitment(query: Query, commitment_id: str) -> None:
    """Explain what is still open of a commitment.

    \b
    Example:
      deals explain commitment D005 --as-of 2026-06-30
    """
    _explain(query, "commitment", commitment_id, everything=False)


def _explain(
    query: Query, what: str, *names: str, everything: bool, currency: str | None = None
) -> None:
    from dealledger.projections.answers.confidence import confidence_json, confidence_notes
    from dealledger.projections.answers.conversion import conversion, rates_extra, rates_notes
    from dealledger.projections.answers.tracing import explanation_columns, traced
    from dealledger.projections.answers.values import to_json

    with query.view() as view:
        convert = conversion(view, currency)
        found = traced(view, what, names, open_ledger, everything=everything, currency=convert)
        value = found.value()
        exact: Any = [to_json(each, full=True) for each in value]
        report = Report(
            found.title,
            explanation_columns(found),
            found.steps,
            extra={
                "value": exact,
                "confidence": confidence_json(found.confidence()),
                **rates_extra(convert.used()),
            },
            notes=[
                f"adds up to {found.said()}",
                *rates_notes(convert.used()),
                *confidence_notes(found.confidence()),
            ],
        )
        query.answer(report, view)
