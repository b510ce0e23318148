"""What an import says at its end: how files were read, and what of them had no place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Final

from dealledger.events.text import shown

_MOST_NAMED: Final = 12


@dataclass(slots=True)
class ImportSummary:
    """What happened to rows, beside the events that they became.

    read: how files were read that are not usual, a sentence each. rows: of tables. skipped: rows
    that were meant to be left out, by the reason. homeless: things that have no place in a ledger
    yet, by their type. unused: columns that a map does not use, by heading, with their cells.
    unmatched: names that are no party yet, with the slug that is proposed for each. notes: further
    sentences.
    """

    read: list[str] = field(default_factory=list)
    rows: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    homeless: Counter[str] = field(default_factory=Counter)
    unused: Counter[str] = field(default_factory=Counter)
    unmatched: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Return it as values that another process can be sent."""
        names = [each.name for each in fields(self)]
        found = {name: getattr(self, name) for name in names}
        return {name: dict(value) if isinstance(value, Counter) else value
                for name, value in found.items()}  # fmt: skip

    def take(self, plain: dict[str, Any]) -> None:
        """Take in what another process found."""
        self.rows += plain["rows"]
        for name in ("skipped", "homeless", "unused"):
            getattr(self, name).update(plain[name])
        self.unmatched.update(plain["unmatched"])
        self.read += plain["read"]
        self.notes += plain["notes"]

    def clear(self) -> None:
        """Forget everything: the files are read once more."""
        for each in (self.read, self.notes, self.unmatched):
            each.clear()
        for counter in (self.skipped, self.homeless, self.unused):
            counter.clear()
        self.rows = 0

    def sentences(self) -> Iterator[str]:
        """Yield what there is to say, a line each."""
        yield from self.read
        if self.skipped:
            yield f"left out {self.skipped.total():,} of {self.rows:,} rows: {_named(self.skipped)}"
        if self.homeless:
            yield f"no place yet for {_counted(self.homeless, 'item')}: {_named(self.homeless)}"
        if self.unused:
            yield f"columns that no event takes: {_named(self.unused)}"
        yield from self.notes
        if self.unmatched:
            proposed = [f"{shown(name)}: {slug}" for name, slug in self.unmatched.items()]
            more = len(proposed) - _MOST_NAMED
            rest = f" and {more:,} more" if more > 0 else ""
            yield (
                f"names that are no party yet, with a slug for each: "
                f"{', '.join(proposed[:_MOST_NAMED])}{rest} (--register makes them known, [names] "
                "in a map says who they are)"
            )


def _counted(counter: Counter[str], noun: str) -> str:
    total = counter.total()
    return f"{total:,} {noun}{'' if total == 1 else 's'}"


def _named(counter: Counter[str]) -> str:
    """Return what was counted, the most frequent first."""
    ranked = sorted(counter.items(), key=lambda each: (-each[1], each[0]))
    said = [f"{name} {count:,}" for name, count in ranked[:_MOST_NAMED]]
    rest = ranked[_MOST_NAMED:]
    if rest:
        said.append(f"{len(rest):,} more types {sum(count for _, count in rest):,}")
    return ", ".join(said)
