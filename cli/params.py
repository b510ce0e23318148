"""What commands take: parties, event ids, points in time, and the options that all queries share.

Here alone a command asks what day it is, for the default of --as-of; `--today` answers instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.footing import FOOTING_OPTIONS, Footing, footing_of, without_footing
from dealledger.cli.option_values import Option, gathered, names_of
from dealledger.cli.terminal.formats import FORMATS, Style, inferred
from dealledger.cli.terminal.output import complain, emit
from dealledger.projections.answers.point import Point, at_point, caption_of_record
from dealledger.projections.answers.questions import QUESTIONS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from dealledger.ledger import Ledger, Log, View
    from dealledger.projections.answers.report import Report

DEFAULT_FILE: Final = "deals.db"
LEDGER_VARIABLE: Final = "DEALS_LEDGER"


def find_ledger(option: str | None) -> str:
    """Return the ledger's name: the option, else $DEALS_LEDGER, else the nearest deals.db.

    Raises: BadInput, if there is none.
    """
    from dealledger.events.errors import BadInput

    name = option or os.environ.get(LEDGER_VARIABLE)
    if name:
        return name
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / DEFAULT_FILE).is_file():
            return str(folder / DEFAULT_FILE)
    raise BadInput(
        f"there is no {DEFAULT_FILE} here or above", "make one with: deals init, or see: deals demo"
    )


def question(arguments: list[str], today: date) -> list[str]:
    """Return what was asked, without the name of the ledger; with the day that "today" meant.

    What the answer stands on is not asked: it says that itself.

    >>> question(["--ledger", "x.db", "stakes", "openai"], date(2026, 6, 30))
    ['stakes', 'openai']
    >>> question(["log", "--since", "today"], date(2026, 6, 30))
    ['log', '--since', 'today', '--today', '2026-06-30']
    """
    arguments = list(arguments)
    while arguments and arguments[0].startswith("-"):
        option = arguments.pop(0)
        if option == "--ledger" and arguments:
            arguments.pop(0)
    arguments = without_footing(arguments)
    relative = any(word == "today" or word.endswith("=today") for word in arguments)
    if relative and not any(word.startswith("--today") for word in arguments):
        arguments += ["--today", today.isoformat()]
    return arguments


@contextmanager
def open_ledger(
    context: click.Context | None = None, *, read_only: bool = False
) -> Iterator[Ledger]:
    """Open the ledger that the command line means. read_only: the database refuses to write."""
    context = context or click.get_current_context()
    name = find_ledger(context.find_root().params.get("ledger"))
    from dealledger.ledger import Ledger  # only now: that there is none is said at once

    with Ledger.open(name, read_only=read_only) as ledger:
        yield ledger


class DayParam(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """One day: YYYY-MM-DD, or today."""

    name = "date"

    def convert(self, value: Any, param: Any, context: click.Context | None) -> date:
        """Return the day that *value* names."""
        from dealledger.events.dates import parse_day

        if isinstance(value, date):
            return value
        return today(context) if value == "today" else parse_day(value)


class RecordedParam(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """What the ledger knows: a party's slug (queries also take names), or an event's id."""

    def __init__(self, name: str) -> None:
        """name: party or id."""
        self.name = name

    def convert(self, value: Any, param: Any, context: click.Context | None) -> str:
        """Return what was typed, or the id of the event at a position: @335."""
        typed = str(value)
        if self.name != "id" or not (typed.startswith("@") and typed[1:].isdecimal()):
            return typed
        return _id_at(context, int(typed[1:]))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer what the ledger knows."""
        return _complete(ctx, incomplete, self.name)


PARTY: Final = RecordedParam("party")
EVENT: Final = RecordedParam("id")
DAY: Final = DayParam()


def _id_at(context: click.Context | None, position: int) -> str:
    """Return the id of the event at a position. Raises: BadInput, if the record is shorter."""
    from dealledger.events.errors import BadInput

    with open_ledger(context) as ledger:
        record = next(ledger.read(after=position - 1, limit=1), None)
        if record is None or record.position != position:
            size = ledger.head().size
            raise BadInput(f"there is no event @{position}", f"the record ends at @{size}")
        return record.id


def _complete(context: click.Context, incomplete: str, what: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from dealledger.events.errors import DealLedgerError
    from dealledger.events.text import visible

    try:
        known = _known(context, incomplete, what)
    except DealLedgerError:
        return []
    return [CompletionItem(word, help=visible(about)) for word, about in known.items()]


def _known(context: click.Context, start: str, what: str) -> dict[str, str]:
    """Return what begins with *start*, in order, with a word about it; a file is read fast."""
    from dealledger.ledger.address import is_postgres

    name = find_ledger(context.find_root().params.get("ledger"))
    if not is_postgres(name):
        from dealledger.ledger.storage.completion import events_in_file, parties_in_file

        path = Path(name)
        return parties_in_file(path, start) if what == "party" else events_in_file(path, start)
    from dealledger.projections.parties import parties

    with open_ledger(context) as ledger:
        view = ledger.at(date.max)
        if what == "party":
            known = {row.party: row.name for row in parties(view)}
        else:
            known = {record.id: record.event.kind for record in view.events()}
    return {word: known[word] for word in sorted(known) if word.startswith(start)}


def today(context: click.Context | None = None) -> date:
    """Return the day that counts as today: --today, else the clock's."""
    from dealledger.events.dates import parse_day

    given = context.params.get("today") if context else None
    if isinstance(given, str):
        return parse_day(given)
    return given_or_today(given if isinstance(given, date) else None)


def given_or_today(given: date | None) -> date:
    """Return the day of --today, or the clock's."""
    return given or date.today()  # noqa: DTZ011  the user's own day


@dataclass(frozen=True, slots=True)
class Query:
    """What the shared options say: where to look in time, and how to answer."""

    point: Point
    style: Style
    footing: Footing

    @contextmanager
    def view(self) -> Iterator[View]:
        """Open the ledger and look at the point in time that the options name."""
        with self.footing.recorded() as recorded:
            yield self.footing.view(recorded, self.point)

    def opened(self) -> AbstractContextManager[Log]:
        """Give the record event by event, as `view` looks at it."""
        return self.footing.log(self.point.known_at)

    def ask(self, name: str, **arguments: Any) -> Report:
        """Print the answer to a question of `questions`, at the point; return it.

        Nothing of it is loaded before there is a ledger.
        """
        with self.view() as view:
            report = QUESTIONS[name].answer()(view, **arguments)
            self.answer(report, view)
        return report

    def answer(self, report: Report, view: View, asked: list[str] | None = None) -> None:
        """Print *report* with the point in time that it belongs to.

        asked: the question, where that point alone does not say what was asked; default: the words
        of the user.
        """
        typed = click.get_current_context().find_root().obj
        query = None if typed is None else asked or question(typed, self.point.today)
        emit(at_point(report, view, query), self.style)
        if self.footing and self.style.form == "csv":  # which has no caption
            complain(f"deals: {caption_of_record(view)}")


IN_CURRENCY: Final = click.option(
    "--in", "currency", metavar="CURRENCY", help="Convert amounts by the recorded rates."
)

POINT_OPTIONS: Final[tuple[Option, ...]] = (
    click.option("--as-of", default="today", metavar="DATE", show_default=True,
                 help="The date in the world, inclusive: 2025-10-28, 2025-10, 2025-Q3, 2025."),
    click.option("--known-at", metavar="WHEN",
                 help="As recorded by then: 2025-11-01 (the end of that day, UTC), a UTC time, or "
                 "a position: @120. (Other systems call this axis as-of.)"),
    click.option("--announced-by", metavar="DATE", help="Leave out what was announced later."),
    # Eager: other options are read by it, wherever they stand.
    click.option("--today", type=DAY, is_eager=True, metavar="DATE",
                 help="Take this day for today."),
)  # fmt: skip
OUTPUT_OPTIONS: Final[tuple[Option, ...]] = (
    click.option("-f", "--format", "form", type=click.Choice([*FORMATS]),
                 help="How to answer. Default: table, or by the ending of FILE."),
    click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
                 help="Write the answer to FILE."),
    click.option("--no-headers", is_flag=True, help="Leave out the headings."),
    click.option("--wide", is_flag=True,
                 help="Tables with all columns, broken nowhere."),
    click.option("--exact", is_flag=True,
                 help="Tables with amounts to the last digit, and exact shares."),
    click.option("--raw", is_flag=True,
                 help="CSV for programs: no ' before texts that a spreadsheet would run."),
)  # fmt: skip


_OF_FOOTING: Final = names_of(FOOTING_OPTIONS)


def _query(*, as_of: str, known_at: str | None, announced_by: str | None, today: date | None,
           **others: Any) -> Query:  # fmt: skip
    of_footing = {name: others.pop(name) for name in _OF_FOOTING}
    style = _style(**others) if others else Style()
    point = Point(given_or_today(today), as_of, known_at, announced_by)
    return Query(point, style, footing_of(open_ledger, **of_footing))


def _style(
    *, form: str | None, output: Path | None, no_headers: bool, exact: bool, wide: bool, raw: bool
) -> Style:
    """Return how to answer; exact numbers are told until the command ends."""
    from dealledger.projections.answers.numbers import told

    form = form or inferred(output)
    context = click.get_current_context()
    context.with_resource(told(exact=exact and FORMATS[form].for_people))
    return Style(form, output, not no_headers, raw, wide)


point_options: Final = gathered("query", _query, POINT_OPTIONS + FOOTING_OPTIONS)
"""Add the options of a point in time, and of what is there, as one `query`."""

footing_options: Final = gathered("footing", partial(footing_of, open_ledger), FOOTING_OPTIONS)
"""Add --verified, --checkpoint, --vkey, --policy and --assume as one `footing`."""

output_options: Final = gathered("style", _style, OUTPUT_OPTIONS)
"""Add the options of the output as one `style`."""

query_options: Final = gathered("query", _query, POINT_OPTIONS + FOOTING_OPTIONS + OUTPUT_OPTIONS)
"""Add the options of a point in time, of what is there and of the output as one `query`."""
