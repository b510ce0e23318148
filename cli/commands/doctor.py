"""deals doctor: what is wrong, and what to do."""

from __future__ import annotations

import os

import click

from dealledger.cli.main import CHECK_FAILED, DONE
from dealledger.cli.params import LEDGER_VARIABLE, find_ledger, output_options
from dealledger.cli.terminal.formats import Style
from dealledger.cli.terminal.output import emit

_JOURNALS = {"WAL": "a write-ahead log", "DELETE": "a rollback journal"}


@click.command("doctor")
@click.option(
    "--fix-journal",
    is_flag=True,
    help="First move the ledger's file to the journal "
    "that is best here: a write-ahead log, if this SQLite keeps one safe.",
)
@click.option(
    "--fix-guards",
    is_flag=True,
    help="First put today's guards into a PostgreSQL database that has older ones.",
)
@output_options
@click.pass_context
def command(context: click.Context, fix_journal: bool, fix_guards: bool, style: Style) -> int:
    """Look at this machine and the ledger: which one is used and why, its guards, root and file.

    Exit code 1 if something is wrong.

    \b
    Example:
      deals doctor
    """
    from dealledger.events import DealLedgerError
    from dealledger.ledger import Ledger
    from dealledger.ledger.audit.doctor import Check, machine_findings
    from dealledger.ledger.naming import shown_name
    from dealledger.projections.answers.doctor import answer

    found = list(machine_findings())
    try:
        option = context.find_root().params["ledger"]
        name = find_ledger(option)
        found.append(Check("ledger", "well", f"{shown_name(name)}, {_why(option)}"))
        with Ledger.open(name) as ledger:
            if fix_journal:
                found.append(Check("journal", "well", f"now: {_JOURNALS[ledger.set_journal()]}"))
            if fix_guards:
                found.append(Check("guards", "well", f"new: {ledger.renew_guards()}"))
            found += ledger.health()
    except DealLedgerError as error:
        found.append(Check("ledger", "wrong", error.message, error.hint))
    emit(answer(found), style)
    return CHECK_FAILED if any(each.state == "wrong" for each in found) else DONE


def _why(option: str | None) -> str:
    if option:
        return "by --ledger"
    if os.environ.get(LEDGER_VARIABLE):
        return f"by ${LEDGER_VARIABLE}"
    return "the nearest here or above"
