"""What the command that runs has done for good, so that it is said whatever becomes of its answer.

A full disk behind stdout, a closed one, or a signal must not look as if nothing was recorded: who
repeats a command for that reason records a thing twice.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

_STOPS: Final = {
    name: said
    for name, said in (("SIGINT", "interrupted"), ("SIGTERM", "terminated"), ("SIGHUP", "hung up"))
    if hasattr(signal, name)
}
"""Signals that end a command in good order, where the system has them; and what is said then."""


class _Progress:
    """How far the command is. done: what is done for good. unsure: it may be. by: which signal."""

    def __init__(self) -> None:
        self.done, self.unsure, self.by = "", False, "SIGINT"


_now = _Progress()


def begin() -> None:
    """Say that a command begins; nothing is done."""
    _now.done, _now.unsure, _now.by = "", False, "SIGINT"


@contextmanager
def lasting() -> Iterator[None]:
    """Inside, something is done for good; say `done` when it is.

    Errors of ours say themselves what is recorded; so does the kind of interrupt that knows it.
    """
    import dealledger.ledger.append.writer  # noqa: F401  what knows; a signal may come while it is loaded
    from dealledger.events.errors import DealLedgerError
    from dealledger.ledger.errors import Stopped

    _now.unsure = True
    try:
        yield
    except (DealLedgerError, Stopped):
        _now.unsure = False
        raise
    _now.unsure = False


def done(text: str) -> None:
    """Note what is done for good; lines for people."""
    _now.done = text


def what_is_done() -> str:
    """Return what is done for good; nothing, if nothing is, or if that is not known."""
    return _now.done


def is_unsure() -> bool:
    """Tell whether something may be done for good, and nobody knows."""
    return _now.unsure


def stopped(asked: Sequence[str]) -> tuple[str, bool]:
    """Return what a command that a signal ended has recorded; and whether that is known."""
    said = _STOPS[_now.by]
    if _now.done:
        return f"{said}; {_now.done}", True
    if _now.unsure:
        return f"{said}: this may be recorded or not (to repeat it safely: {again(asked)})", False
    return f"{said}; nothing was recorded", True


def code_when_stopped() -> int:
    """Return the exit code of a command that a signal ended."""
    return 128 + int(signal.Signals[_now.by])


def catch_signals() -> None:
    """Let the signals that end a process end the command in good order."""

    def stop(number: int, _frame: FrameType | None) -> None:
        _now.by = signal.Signals(number).name
        raise KeyboardInterrupt

    for name in _STOPS:
        # What was ignored by whoever started this, as nohup does, stays so.
        if signal.getsignal(signal.Signals[name]) is not signal.SIG_IGN:
            signal.signal(signal.Signals[name], stop)


def again(asked: Sequence[str], ids: Sequence[str] = ()) -> str:
    """Return the command that repeats *asked*, by the ids that it had, so that nothing is doubled.

    >>> again(["append", "party", "--name", "A B"], ["E1"])
    "deals append party --name 'A B' --id E1"
    >>> again(["import", "deals.csv"], ["c-1", "c-2"])
    'deals import deals.csv'
    """
    import shlex

    from dealledger.ledger.naming import names_in, shown_name

    words = list(asked)
    takes_id = "append" in words or "correct" in words
    if ids and takes_id and not any(word.split("=")[0] == "--id" for word in words):
        words += ["--id", ids[-1]]  # what is registered for it stands before it
    names = names_in(words)
    for name in names:
        words = [word.replace(name, shown_name(name)) for word in words]
    return shlex.join(["deals", *words])
