"""deals serve: the page over a live ledger, and its answers as JSON."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.params import DAY, given_or_today, open_ledger
from dealledger.cli.terminal.output import complain, write

if TYPE_CHECKING:
    from dealledger.web.guard import Rules


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Where to listen. Anything but this machine needs --token.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65_535), default=8_000, show_default=True,
              help="0: one that is free.")  # fmt: skip
@click.option("--token", metavar="TEXT", envvar="DEALS_TOKEN",
              help="Who asks must know this. Or in $DEALS_TOKEN, where no list of processes shows "
              "it.")  # fmt: skip
@click.option("--name", "names", multiple=True, metavar="NAME",
              help="A further name that the server answers to; may be repeated.")  # fmt: skip
@click.option("--title", metavar="TEXT", help="A title of your own.")
@click.option("--story", type=click.Path(path_type=Path), metavar="FILE",
              help="A text beside the page; its figures are answers: docs/story.md.")  # fmt: skip
@click.option("--today", type=DAY, is_eager=True, metavar="DATE", help="Take this day for today.")
def command(
    host: str, port: int, token: str | None, names: tuple[str, ...], title: str | None,
    story: Path | None, today: date | None,
) -> None:  # fmt: skip
    """Serve the page over the ledger as it grows, and every answer as JSON under /api/.

    It only reads, answers only to its own names, and refuses what other sites ask. It needs the
    extra `web`: pip install 'deal-ledger[web]'.

    \b
    Examples:
      deals serve
      deals serve --port 0
      DEALS_TOKEN=... deals serve --host 0.0.0.0 --name deals.example.org
    """
    rules = _rules(host, token, names)
    try:
        from dealledger.cli.sealing import read_story
        from dealledger.web.listening import listening, run
        from dealledger.web.page import PageAsked
        from dealledger.web.server import Serving, application
    except ImportError as error:
        from dealledger.events import BadInput

        raise BadInput(
            f"deals serve needs the package {error.name}", "pip install 'deal-ledger[web]'"
        ) from None
    from dealledger.projections.answers.diagram import one_title

    with open_ledger(read_only=True) as ledger, listening(host, port) as at:
        bound = at.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        told = None if story is None else read_story(story)
        dress = PageAsked(date.min, one_title(title), story=told)
        serving = Serving(ledger, dress, lambda: given_or_today(today))

        def ready() -> None:
            write(f"serving {ledger.head().origin} at http://{shown}:{bound}/", None)

        run(application(serving, rules), at, ready)


def _rules(host: str, token: str | None, names: tuple[str, ...]) -> Rules:
    from dealledger.events import BadInput
    from dealledger.events.text import shown
    from dealledger.web.guard import HERE, Rules

    if token is not None and not (token.isascii() and token.isprintable()):
        raise BadInput("a token is made of printable ASCII characters", "choose another")
    if token is not None and len(token) < 8:
        raise BadInput("a token of fewer than 8 characters is soon guessed", "choose a longer one")
    for name in names:
        if not re.fullmatch("[a-z0-9.-]+", name):
            raise BadInput(
                f"--name {shown(name)} is no name of a host", "such as deals.example.org"
            )
    if host in HERE:
        return Rules(token, frozenset(names))
    if token is None:
        raise BadInput(
            f"at {host} others can read the ledger",
            "give a --token that they must know; it goes over the network as it is, without TLS",
        )
    complain(
        f"deals: warning: who reaches {host} and knows the token can read the ledger; the token "
        "and all answers cross the network unencrypted, unless something with TLS stands before it"
    )
    return Rules(token, frozenset(names), anywhere=True)
