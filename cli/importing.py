"""What `deals import` does: it reads files, appends, and says what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dealledger.cli.appending import Appending, counts
from dealledger.cli.params import open_ledger
from dealledger.cli.terminal.output import complain, tell, write
from dealledger.events import Problem, Refused, to_json
from dealledger.events.text import counted
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.reading import Order, read

if TYPE_CHECKING:
    from dealledger.events import Event
    from dealledger.ledger import Appended, Draft

LONG_BYTES: Final = 1_000_000
"""So many bytes are worth another process, and a bar."""
_MOST_NAMED: Final = 100
_MOST_KINDS: Final = 8
_PREVIEWED: Final = 10


class Import:
    """The events of the files; read again, if an append has to be tried again."""

    def __init__(self, order: Order, advance: Callable[[int], None]) -> None:
        """advance: told the bytes read."""
        self.account = ImportSummary()
        self._advance = advance
        # Before anything is written: a reader might have to wait for the writer.
        parties = _recorded_parties() if order.has_tables() else None
        self._order = replace(order, parties=parties)

    def __iter__(self) -> Iterator[Draft]:
        """Yield the drafts of all files."""
        self.account.clear()
        names = self._order.names
        if "-" not in names and size_of(names) > LONG_BYTES:
            from dealledger.ledger.append.second_process import read_apart

            return read_apart(self._order, self._advance, self.account)
        return read(self._order, self._advance, self.account)

    def run(self, appending: Appending, reason: str | None = None) -> None:
        """Append everything, or with a dry run show what that would do; say it.

        reason: why events that are recorded under the same ids are corrected, if they differ.
        """
        # What comes from a pipe comes once.
        source: Iterable[Draft] = iter(self) if "-" in self._order.names else self
        try:
            if reason is not None:
                from dealledger.cli.correcting import corrected

                source = corrected(source, reason, self.account)
            say_what_became(source, appending)
        finally:
            for sentence in self.account.sentences():
                complain(f"deals: {sentence}")


def say_what_became(source: Iterable[Event | Draft], appending: Appending) -> None:
    """Append events and say how many there were, or with a dry run what would come in."""
    if appending.dry_run:
        _preview(appending(source))
    else:
        tell(counts(appending.load(source)))


def _recorded_parties() -> tuple[dict[str, Any], ...]:
    from datetime import date

    with open_ledger() as ledger:
        found = ledger.at(date.max).events("party")
        return tuple(to_json(record.event) for record in found)


def _preview(appended: Sequence[Appended]) -> None:
    """Print the first new events as they would be recorded, and how many there are, by kind."""
    new = [each for each in appended if each.is_new]
    for each in new[:_PREVIEWED]:
        write(_line(each), None)
    if len(new) > _PREVIEWED:
        write(f"... and {counted(len(new) - _PREVIEWED, 'event')} more", None)
    kinds = Counter(each.encoded.kind for each in new)
    said = ", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common())
    known = f"{len(appended) - len(new):,} known already"
    write(f"{counted(len(new), 'new event')}{f' ({said})' if said else ''}, {known}", None)
    complain("dry run: nothing was recorded")


def _line(each: Appended) -> str:
    said = to_json(each.event)
    day, kind = said.pop("effective_on"), said.pop("kind")
    for name in ("id", "announced_on", "source_url", "source_title"):
        said.pop(name, None)
    if "amount" in said:
        said["amount"] = f"{said['amount']} {said.pop('currency', '')}"
    facts = "  ".join(f"{name}: {_text(value)}" for name, value in said.items())
    return f"{day}  {kind}  {facts}  [{each.id}]"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return " ".join(map(_text, value.values())) if isinstance(value, dict) else str(value)


@contextmanager
def capped(*, all_errors: bool) -> Iterator[None]:
    """Let a refusal name its first problems only, with a sum of all by what is wrong."""
    try:
        yield
    except Refused as error:
        found = error.problems
        if all_errors or len(found) <= _MOST_NAMED:
            raise
        every = len(found) + error.more
        raise type(error)([*found[:_MOST_NAMED], *_sum(found, every)]) from None


def _sum(problems: Sequence[Problem], every: int) -> Iterator[Problem]:
    """Yield the last lines: how many problems there are, and of which sort."""
    sorts = Counter(_sort(each.message) for each in problems)
    named = [f"{sort} {count:,}" for sort, count in sorts.most_common(_MOST_KINDS)]
    rest = len(problems) - sum(count for _, count in sorts.most_common(_MOST_KINDS))
    more = [f"others {rest:,}"] if rest else []
    yield Problem(
        f"{every:,} problems in all; the first {len(problems):,} are: {', '.join([*named, *more])}"
        if every > len(problems)
        else f"{every:,} problems in all: {', '.join([*named, *more])}",
        "--all-errors names them",
    )


def _sort(message: str) -> str:
    """Return what is wrong without what it is about: `unknown party 'x'` is an unknown party."""
    import re

    return re.sub(r"\s+", " ", re.sub(r"'[^']*'|[0-9][0-9.,-]*", "…", message)).strip()


def size_of(names: Sequence[str]) -> int:
    """Return the bytes of the files that can be looked at."""
    total = 0
    for name in names:
        with suppress(OSError):
            total += Path(name).stat().st_size
    return total
