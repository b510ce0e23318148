"""What the appending commands share: their options, and saying what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.evidence import PATH, read_checkpoint
from dealledger.cli.option_values import Option, gathered
from dealledger.cli.params import open_ledger
from dealledger.cli.terminal import recorded
from dealledger.cli.terminal.output import complain, tell, write
from dealledger.events.text import counted

if TYPE_CHECKING:
    from dealledger.events import Event
    from dealledger.ledger import Appended, Draft, Expected, Ledger, Tally

_WORDS = ("any", "no-stream", "stream-exists")


@dataclass(frozen=True, slots=True)
class Appending:
    """What the shared options say."""

    expect: str
    register: bool
    dry_run: bool
    recorded_by: str | None
    continues: Path | None = None

    def __call__(self, drafts: Iterable[Event | Draft]) -> tuple[Appended, ...]:
        """Append to the ledger that the command line means, and warn of doubtful names.

        Raises: Unverified, if the record does not continue the checkpoint; what Ledger.append does.
        """
        with open_ledger() as ledger:
            self._check(ledger)
            with recorded.lasting():
                appended = ledger.append(drafts, **self._terms(), dry_run=self.dry_run)
                if not self.dry_run:
                    recorded.done("\n".join(map(_line, appended)))
            self._warn(ledger, [each for each in appended if each.is_new])
        return appended

    def load(self, drafts: Iterable[Event | Draft]) -> Tally:
        """Append more than memory should hold, and warn of doubtful names.

        Raises: as a call.
        """
        with open_ledger() as ledger:
            self._check(ledger)
            with recorded.lasting():
                tally = ledger.load(drafts, **self._terms())
                recorded.done(counts(tally))
            self._warn(ledger, tally.parties)
        return tally

    def _check(self, ledger: Ledger) -> None:
        """Raise, if the record does not continue the checkpoint."""
        if self.continues is not None:
            ledger.grown_since(read_checkpoint(self.continues)[0])

    def _warn(self, ledger: Ledger, new: Sequence[Appended]) -> None:
        """Say on stderr which new names could pass for others; they are recorded as given."""
        if any(each.encoded.kind == "party" for each in new):
            from dealledger.projections.answers.party_names import doubts

            for doubt in doubts(ledger, new, registered=self.register):
                complain(f"deals: warning: {doubt}")

    def _terms(self) -> dict[str, Any]:
        return {
            "expected_version": parse_expected(self.expect),
            "actor": self.recorded_by,
            "register": self.register,
        }


def parse_expected(typed: str) -> int | Expected:
    """Return what --expect says: a number of events, any, no-stream or stream-exists."""
    from dealledger.events.errors import BadInput
    from dealledger.ledger import Expected

    if typed in _WORDS:
        return Expected(typed)
    if typed.isascii() and typed.isdigit() and len(typed) < 18:
        return int(typed)
    raise BadInput(f"--expect {typed} is not a version", "a number, or " + ", ".join(_WORDS))


_OPTIONS: Final[tuple[Option, ...]] = (
    click.option("--expect", default="any", metavar="N",
                 help="Refuse unless the deal has exactly N events (or: no-stream, "
                 "stream-exists)."),
    click.option("--register", is_flag=True, help="Register parties that are not known yet."),
    click.option("--dry-run", is_flag=True, help="Check everything, show the events, record "
                 "nothing."),
    click.option("--actor", "recorded_by", envvar="DEALS_ACTOR", metavar="NAME",
                 help="Who records this. Default: $DEALS_ACTOR, else the user."),
    click.option("--checkpoint", "continues", type=PATH, metavar="FILE",
                 help="Refuse unless the record continues this checkpoint: not over an old "
                 "backup, nor a record made anew."),
)  # fmt: skip

appending_options: Final = gathered("appending", Appending, _OPTIONS)
"""Add --expect, --register, --dry-run, --actor and --checkpoint as one `appending`."""


def say_appended(appended: tuple[Appended, ...], *, dry_run: bool) -> None:
    """Print one line per event; with dry_run, the events as an import would take them."""
    if dry_run:
        say_dry_run(appended)
        return
    tell("\n".join(map(_line, appended)))


def _line(each: Appended) -> str:
    deal = f", deal {each.deal} version {each.version}" if each.deal else ""
    done = "recorded" if each.is_new else "was recorded before:"
    return f"{done} {each.id} at @{each.position}{deal}"


def counts(tally: Tally) -> str:
    """Return in words what became of the events of an import."""
    said = f"{counted(tally.new, 'event')} recorded, {tally.known:,} known already"
    return f"{said}; the last is @{tally.last}"


def say_dry_run(appended: tuple[Appended, ...]) -> None:
    """Print what would be appended, as JSONL."""
    import json

    from dealledger.events import to_json

    for each in appended:
        if each.is_new:
            write(json.dumps(to_json(each.event), ensure_ascii=False), None)
    complain("dry run: nothing was recorded")
