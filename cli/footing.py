"""What an answer is to stand on: bytes that were just verified, and events that are only assumed.

Every query takes these options. Without them a database answers, and it is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.evidence import PATH, TRUST_OPTIONS, Trust, read_checkpoint, trust_of
from dealledger.cli.option_values import Option
from dealledger.cli.terminal.output import complain

if TYPE_CHECKING:
    from dealledger.ledger import Ledger, Log, MemoryLog, View
    from dealledger.ledger.append.assuming import Assumption
    from dealledger.projections.answers.point import Point


@dataclass(slots=True)
class Footing:
    """What the options say, and what was made of them: nothing is read twice.

    opened: opens the ledger. files: of assumed events; - is stdin.
    """

    opened: Callable[[], AbstractContextManager[Ledger]]
    verified: bool = False
    checkpoint: Path | None = None
    trust: Trust = field(default_factory=Trust)
    files: tuple[str, ...] = ()
    _hashed: MemoryLog | None = None
    _assumptions: tuple[Assumption, ...] | None = None
    _assumed: dict[int, MemoryLog] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether an answer is to stand on anything but what the database says."""
        return self.verified or bool(self.files)

    @contextmanager
    def recorded(self) -> Iterator[Log]:
        """Give what is recorded: the ledger, or with --verified its hashed bytes.

        Raises: Unverified, if these are not what was hashed.
        """
        with self.opened() as ledger:
            yield self._bytes(ledger) if self.verified else ledger

    @contextmanager
    def log(self, known_at: str | None = None) -> Iterator[Log]:
        """Give what is recorded, and what is assumed behind it. known_at: behind that."""
        with self.recorded() as recorded:
            yield self._supposed(recorded, known_at) if self.files else recorded

    def view(self, recorded: Log, point: Point) -> View:
        """Return what there is at a point; what is assumed stands behind what is known there."""
        if not self.files:
            return point.view(recorded)
        return replace(point, known_at=None).view(self._supposed(recorded, point.known_at))

    def _bytes(self, ledger: Ledger) -> MemoryLog:
        """Return the records, read from bytes that lead to the root and continue the checkpoint."""
        from dealledger.cli.terminal.progress import bar
        from dealledger.ledger.audit.hashed import hashed_log, named

        if self._hashed is None:
            kept, note = read_checkpoint(self.checkpoint) if self.checkpoint else (None, None)
            signed = self.trust.signed(kept, note) if kept and note else ()
            with bar("verifying", ledger.head().size) as advance:
                self._hashed = hashed_log(ledger, kept, advance)
            if self.checkpoint:
                names = tuple(each.key.name for each in signed)
                self._hashed = named(self._hashed, str(self.checkpoint), names)
        return self._hashed

    def _supposed(self, recorded: Log, known_at: str | None) -> MemoryLog:
        """Return what is recorded by then with what is assumed; said is how files were read."""
        from datetime import date

        from dealledger.ledger import MemoryLog
        from dealledger.ledger.append.assuming import assuming, read_assumptions
        from dealledger.ledger.append.import_summary import ImportSummary
        from dealledger.ledger.audit.hashed import check_size

        view = recorded.at(date.max, known_at)
        if view.known_at in self._assumed:
            return self._assumed[view.known_at]
        check_size(view.known_at)
        log = MemoryLog(tuple(recorded.read(limit=view.known_at)), view.origin, view.grounds)
        if self._assumptions is None:
            account = ImportSummary()
            self._assumptions = read_assumptions(self.files, log, account)
            for sentence in account.sentences():
                complain(f"deals: {sentence}")
        found = self._assumed[view.known_at] = assuming(log, self._assumptions)
        return found


def footing_of(
    opened: Callable[[], AbstractContextManager[Ledger]],
    *,
    verified: bool,
    checkpoint: Path | None,
    assumed: tuple[str, ...],
    **of_trust: Any,
) -> Footing:
    """Return the footing that options say. opened: opens the ledger.

    Raises: BadInput, for one option without another.
    """
    from dealledger.events.errors import BadInput

    trust = trust_of(**of_trust)
    if trust and checkpoint is None:
        option = "--vkey" if trust.vkeys else "--policy"
        raise BadInput(f"{option} is for a checkpoint", "say which with --checkpoint FILE")
    if checkpoint is not None and not verified:
        raise BadInput("--checkpoint is for an answer from verified bytes", "add --verified")
    return Footing(opened, verified, checkpoint, trust, assumed)


FOOTING_OPTIONS: Final[tuple[Option, ...]] = (
    click.option("--verified", is_flag=True,
                 help="Answer from the bytes of records, hashed now and led to the root; believe "
                 "no other table."),
    click.option("--checkpoint", type=PATH, metavar="FILE",
                 help="With --verified: the record must also continue this checkpoint."),
    *TRUST_OPTIONS,
    click.option("--assume", "assumed", multiple=True, metavar="FILE",
                 help="What if? Take the events of FILE (JSONL, CSV, .xlsx) as recorded; record "
                 "nothing; may be repeated."),
)  # fmt: skip


def without_footing(words: list[str]) -> list[str]:
    """Return the words of a question without what its answer stands on.

    >>> without_footing(["flows", "--assume", "x.jsonl", "--verified", "--vkey=k", "lab"])
    ['flows', 'lab']
    """
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        name, equals, _ = word.partition("=")
        if name in _WITH_VALUE and not equals:
            next(rest, None)
        elif name not in _WITH_VALUE and word != "--verified":
            kept.append(word)
    return kept


_WITH_VALUE: Final = ("--checkpoint", "--vkey", "--policy", "--assume")
