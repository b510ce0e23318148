"""The command `deals`: finds commands by their files, and turns errors into lines and exit codes.

Exit codes: 0 done; 1 a check failed; 2 bad input or usage; 3 conflict or busy; 4 done, but the
answer could not be written; 5 nobody knows whether it is recorded; 128 and more: a signal. An error
is one line on stderr for each thing that is wrong, never a traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from dealledger.cli.summaries import SUMMARIES
from dealledger.cli.terminal import recorded

if TYPE_CHECKING:
    from dealledger.events import DealLedgerError


DONE: Final = 0
CHECK_FAILED: Final = 1
BAD_INPUT: Final = 2
CONFLICT: Final = 3
UNSAID: Final = 4
UNKNOWN: Final = 5

_COMMANDS: Final = "dealledger.cli.commands"


class NobodyReads(Exception):
    """Who reads what we print has seen enough."""


@contextmanager
def _while_read() -> Iterator[None]:
    """Say in our way that nobody reads: click would end with the code of a failed check."""
    try:
        yield
    except BrokenPipeError:
        raise NobodyReads from None


class Commands(click.Group):
    """The commands, each in a file of its own that is read only when it is needed."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; help is printed here."""
        with _while_read():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with _while_read():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands: the known order first, others behind it."""
        found = _files()
        return [name for name in SUMMARIES if name in found] + sorted(found.keys() - {*SUMMARIES})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command is for; only one that `summaries` does not know is loaded."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        rows = []
        for name in names:
            known = name in SUMMARIES
            command = (
                click.Command(name, help=SUMMARIES[name]) if known else self.get_command(ctx, name)
            )
            rows.append((name, command.get_short_help_str(room) if command else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, or None if there is no such file."""
        file = _files().get(cmd_name)
        if file is None:
            return None
        command: click.Command = import_module(f"{_COMMANDS}.{file}").command
        return command


@cache
def _files() -> dict[str, str]:
    """Return the file of each command; the `_` of import_.py keeps it from being the keyword."""
    stems = [path.stem for path in (Path(__file__).parent / "commands").glob("[a-z]*.py")]
    return {stem.rstrip("_").replace("_", "-"): stem for stem in stems}


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: deals demo. Every command explains itself: deals stakes --help",
)
@click.option(
    "--ledger",
    metavar="PATH-OR-URL",
    help="The ledger: a file, or postgresql://... Default: $DEALS_LEDGER, "
    "else the nearest deals.db.",
)
@click.version_option(package_name="deal-ledger", prog_name="deals")
def deals(ledger: str | None) -> None:
    """Keep a ledger of deals between companies: who funds whom, who pays whom, since when.

    Every fact is an event that is never changed. Everything can be asked as of any date in the
    world (--as-of), as known at any moment of the record (--known-at), and as announced to the
    public by a date (--announced-by). All three are inclusive.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    # A command loads much code and drops little, but Python looks for dropped cycles after every
    # 700 new objects and once more at the end: a third of the time of most commands. Long ones
    # still have theirs collected.
    gc.set_threshold(50_000, 20, 100)
    _occupy()
    recorded.catch_signals()
    code = run(arguments)
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:  # that is said already
        from dealledger.cli.terminal.output import give_up_stdout

        give_up_stdout()
    gc.freeze()  # what is left goes with the process
    sys.exit(code)


def _occupy() -> None:
    """Open what is closed of stdin, stdout and stderr on nothing.

    Else the next file that is opened, such as the ledger, would get what is printed there.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code, with errors printed."""
    asked = list(sys.argv[1:] if arguments is None else arguments)
    try:
        text, code = _ran(asked)
        if text:
            _say(text, asked)
    except (MemoryError, SystemError):  # the second, where Python itself found none
        done = _each_line(recorded.what_is_done())
        short = "deals: there is not enough memory for this"
        with suppress(OSError):  # the shortest way: to say it as usual would take memory
            os.write(2, "".join(f"{line}\n" for line in (done, short) if line).encode())
        return _code_of_a_break()
    return code


def _ran(asked: list[str]) -> tuple[str, int]:
    """Run the command line; return what to say on stderr, and the exit code."""
    recorded.begin()
    try:
        code = deals.main(args=asked, prog_name="deals", standalone_mode=False, obj=asked)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        return _usage(error), BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        said, known = recorded.stopped(asked)
        return _each_line(said), recorded.code_when_stopped() if known else UNKNOWN
    except (NobodyReads, BrokenPipeError):
        from dealledger.cli.terminal.output import give_up_stdout

        give_up_stdout()
        return "", DONE
    except (
        OSError
    ) as error:  # a name that the system refuses where we only look whether it is there
        if recorded.what_is_done():
            lost = f"the answer could not be written: {error.strerror or error}"
            return _each_line(f"{recorded.what_is_done()}; {lost}"), UNSAID
        place = f"{error.filename} " if error.filename else ""
        return f"deals: {place}cannot be used: {error.strerror or error}", BAD_INPUT
    except UnicodeEncodeError as error:  # bytes that are not text, where no file is named
        from dealledger.events.text import shown

        return f"deals: {shown(error.object)} is not text (write it in UTF-8)", BAD_INPUT
    except ImportError as error:
        advice = "is it installed whole, and is there enough memory?"
        return f"deals: a part of the program cannot be loaded: {error} ({advice})", BAD_INPUT
    except Exception as error:
        from dealledger.events import DealLedgerError

        if not isinstance(error, DealLedgerError):
            raise
        said, code = "\n".join(_lines(error, asked)), exit_code(error)
        if recorded.what_is_done():
            said, code = f"{_each_line(recorded.what_is_done())}\n{said}", UNSAID
        return said, code
    return "", code if isinstance(code, int) else DONE


def _code_of_a_break() -> int:
    """Return the exit code of a command that broke off: it may have recorded something."""
    if recorded.what_is_done():
        return UNSAID
    return UNKNOWN if recorded.is_unsure() else BAD_INPUT


def exit_code(error: DealLedgerError) -> int:
    """Return the exit code of an error: that of its class, also if it is of a narrower one."""
    from dealledger.events import Conflict
    from dealledger.ledger.errors import Busy, MaybeRecorded
    from dealledger.ledger.proof.note import Unverified

    if isinstance(error, MaybeRecorded):
        return UNKNOWN
    if isinstance(error, Conflict | Busy):
        return CONFLICT
    return CHECK_FAILED if isinstance(error, Unverified) else BAD_INPUT


def _lines(error: DealLedgerError, asked: list[str]) -> list[str]:
    """Return one line for each problem; those of a file begin with its name and line."""
    from dealledger.events import Refused
    from dealledger.ledger.errors import MaybeRecorded

    if isinstance(error, Refused):
        named = [str(each) if each.where else f"deals: {each}" for each in error.problems]
        return named + [f"deals: {line}" for line in error.sum()]
    if isinstance(error, MaybeRecorded):
        repeat = recorded.again(asked, error.ids)
        return [f"deals: {error.message} (to repeat it safely: {repeat})"]
    return [f"deals: {error}"]


def _each_line(text: str) -> str:
    return "\n".join(f"deals: {line}" for line in text.splitlines())


def _usage(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    return f"deals: {message}" + (f" (see: {context.command_path} --help)" if context else "")


def _say(text: str, asked: list[str]) -> None:
    """Print lines on stderr, visibly, and without a password that the command line may hold."""
    from dealledger.cli.terminal.output import complain
    from dealledger.events.text import visible
    from dealledger.ledger.naming import names_in, without_secrets

    names = [*names_in(asked), os.environ.get("DEALS_LEDGER", "")]
    said = without_secrets(text, [name for name in names if name])
    complain("\n".join(visible(line) for line in said.split("\n")))
