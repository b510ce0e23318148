"""deals site: the page about a ledger, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.evidence import key_option
from dealledger.cli.params import DAY, PARTY, given_or_today, open_ledger
from dealledger.cli.terminal.output import write

if TYPE_CHECKING:
    from datetime import date


@click.command("site")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", required=True,
              help="Where to, such as page.html.")  # fmt: skip
@click.option("--as-of", default="today", metavar="DATE", show_default=True,
              help="The last date of the page.")  # fmt: skip
@click.option("--from", "begin", metavar="DATE", help="Where its dates begin. Default: the first.")
@click.option("--focus", type=PARTY, metavar="PARTY", help="Only what touches this party.")
@click.option("--only", metavar="TABLE,...", help="Only these tables: stakes,flows_pair.")
@click.option("--title", metavar="TEXT", help="A title of your own.")
@click.option("--story", type=click.Path(path_type=Path), metavar="FILE",
              help="A text beside the page; its figures are answers: docs/story.md.")  # fmt: skip
@key_option
@click.option("--today", type=DAY, is_eager=True, metavar="DATE", help="Take this day for today.")
def command(
    output: Path, as_of: str, begin: str | None, focus: str | None, only: str | None,
    title: str | None, story: Path | None, key: Path | None, today: date | None,
) -> None:  # fmt: skip
    """Write the page about the ledger as one file, which works from a mail attachment.

    It holds the web of deals at every date, as known now and as it was announced, tables, charts,
    and the record itself: the reader's own browser checks the proof of every event behind a number.
    It needs no server and asks nothing of any. What --focus, --from and --only leave out, it says.

    \b
    Examples:
      deals site -o page.html
      deals site -o page.html --key ledger.key --title "Who funds whom"
      deals site -o nvidia.html --focus nvidia --from 2024-01-01
      deals site -o tour.html --story tour.md
    """
    from dealledger.cli.sealing import naming, read_story, sealed
    from dealledger.events.dates import parse_as_of, parse_day
    from dealledger.projections.answers.diagram import one_title
    from dealledger.web.page import PageAsked, page_document
    from dealledger.web.site import checked, site

    day = given_or_today(today)
    asked = PageAsked(
        parse_as_of(as_of, day),
        one_title(title),
        parse_day(begin) if begin else None,
        focus,
        [each.strip() for each in only.split(",")] if only else None,
        None if story is None else read_story(story),
    )
    with open_ledger() as ledger, naming(story):
        document = page_document(ledger, asked, sealed(ledger, key))
    drawn = site(document)
    checked(drawn)
    write(drawn, output)
    point = f"as of {asked.as_of}, known at @{document['ledger']['size']}"
    write(f"wrote {output}: {len(drawn):,} bytes, {point}", None)
