"""deals show ID: everything about one event."""

from __future__ import annotations

import click

from dealledger.cli.footing import Footing
from dealledger.cli.params import EVENT, footing_options, output_options
from dealledger.cli.terminal.formats import Style
from dealledger.cli.terminal.output import emit
from dealledger.projections.answers.questions import QUESTIONS


@click.command("show")
@click.argument("event_id", type=EVENT, metavar="ID")
@footing_options
@output_options
def command(event_id: str, footing: Footing, style: Style) -> None:
    """Show one event: what it says, its source, its place in the record, and what refers to it.

    ID may be a position, or the begin of an id, if no other id begins so.

    \b
    Examples:
      deals show D016
      deals show @3
    """
    with footing.log() as log:
        emit(QUESTIONS["show"].answer()(log, event_id), style)
