"""deals demo [DIR]: the AI alliance ledger, its tables, its pictures, and what to try next."""

from __future__ import annotations

import shlex
import shutil
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from dealledger.cli.params import DEFAULT_FILE
from dealledger.cli.terminal.formats import Style
from dealledger.cli.terminal.output import emit, write
from dealledger.events.text import counted
from dealledger.projections.answers.point import caption
from dealledger.projections.answers.report import Report

if TYPE_CHECKING:
    from dealledger.ledger import Ledger, View

DATES: Final = (date(2024, 12, 31), date(2025, 10, 28), date(2026, 6, 30))
"""Before the boom; the day OpenAI was recapitalised; the end of the data."""

PICTURES: Final[tuple[Literal["svg", "png"], ...]] = ("svg", "png")

PAGE: Final = "alliances.html"

ORIGIN: Final = "deal-ledger.example/ai-alliance"
_NEXT: Final = (
    "stakes openai --as-of 2025-10-28",
    "show D016",
    "flows microsoft --by pair --as-of 2024-12-31 --announced-by 2024-12-31",
    "commitments openai --as-of 2025-11-30 --by year",
    "log anthropic --since 2026-01-01",
    "correct D010 --set amount=950M --reason 'a closer figure'",
    "diagram -o {change} --as-of 2026-06-30 --diff-from 2025-06-30",
    "diagram -o {five} --as-of 2026-06-30 --party openai,microsoft,nvidia,oracle,amd",
    "verify",
)
"""What to try after the demo, with places for pictures."""


@click.command("demo")
@click.argument(
    "folder", required=False, default="demo", type=click.Path(path_type=Path), metavar="[DIR]"
)
def command(folder: Path) -> None:
    """Load the AI alliance ledger into DIR, write the page about it, print its tables, draw it.

    228 public facts of 2019 to June 2026, each with its source: who funds, supplies, buys from and
    competes with OpenAI and Anthropic. Running it again changes nothing.

    \b
    Example:
      deals demo demo
    """
    from dealledger.ledger import Unwritable

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"{folder} cannot be made: {error.strerror}") from None
    with closing(_opened(folder / DEFAULT_FILE)) as ledger:
        loaded = _loaded(ledger)
        _write_page(ledger, folder / PAGE)
        write(f"{folder / DEFAULT_FILE}: {loaded}\n", None)
        view = ledger.at(DATES[-1])
        for report in _reports(view):
            emit(report.noting(caption(view)), Style())
            write("\n", None)
        _draw(ledger, folder)
    write("\n".join(["\nTry next:", *next_commands(folder)]), None)


def next_commands(folder: Path) -> list[str]:
    """Return what to try next as lines that a shell runs as they are, in the current folder."""
    program, ledger = shlex.quote(_program()), shlex.quote(str(folder / DEFAULT_FILE))
    files = {name: shlex.quote(str(folder / f"{name}.svg")) for name in ("change", "five")}
    return [f"  {program} --ledger {ledger} {line.format(**files)}" for line in _NEXT]


def _program() -> str:
    """Return how to run this program from here: `deals`, if the shell would find this one."""
    beside = Path(sys.executable).parent
    found = shutil.which("deals", path=str(beside)) or shutil.which("deals")
    if found is None:
        return "deals"
    known = shutil.which("deals")
    if known and Path(known).resolve() == Path(found).resolve():
        return "deals"
    path = Path(found)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _opened(file: Path) -> Ledger:
    """Return the demo's ledger: made, or the one that an earlier run made."""
    from dealledger.events.errors import DealLedgerError
    from dealledger.ledger import Ledger

    ledger = Ledger.open(file) if file.exists() else Ledger.create(file, origin=ORIGIN)
    if ledger.head().origin != ORIGIN:
        ledger.close()
        raise DealLedgerError(f"{file} is a ledger of yours", "choose another folder for the demo")
    return ledger


def _loaded(ledger: Ledger) -> str:
    """Record the facts of the demo; return how many were new."""
    from importlib.resources import files

    from dealledger.ledger.append.event_files import Reader

    with files("dealledger.cli").joinpath("data", "ai-alliance.jsonl").open("rb") as stream:
        appended = ledger.append(Reader().jsonl(stream, "ai-alliance.jsonl"))
    new = sum(each.is_new for each in appended)
    return f"{counted(new, 'event')} recorded, {len(appended) - new:,} known already"


def _write_page(ledger: Ledger, file: Path) -> None:
    from importlib.resources import files

    from dealledger.cli.sealing import sealed
    from dealledger.web.page import PageAsked, page_document
    from dealledger.web.site import site

    story = files("dealledger.cli").joinpath("data", "ai-alliance.md").read_text("utf-8")
    asked = PageAsked(DATES[-1], "The AI alliance web", story=story)
    write(site(page_document(ledger, asked, sealed(ledger))), file)
    write(f"wrote {file}: open it in a browser", None)


def _reports(view: View) -> list[Report]:
    from dealledger.projections.answers import commitments, flows, rights, stakes

    return [
        stakes.answer(view, ("openai", "anthropic")),
        flows.answer(view),
        flows.answer(view, by="pair"),
        commitments.answer(view, only_open=True),
        rights.answer(view),
    ]


def _draw(ledger: Ledger, folder: Path) -> None:
    from dealledger.projections.answers.diagram import picture

    for day in DATES:
        view = ledger.at(day)
        for form in PICTURES:
            file = folder / f"alliances-{day}.{form}"
            write(picture(view, form), file)
        write(f"drew {folder / f'alliances-{day}'}.svg and .png", None)
