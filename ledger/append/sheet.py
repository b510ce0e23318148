"""CSV as people keep it: what stands under which heading, whatever program wrote the file.

Cells are separated by commas, semicolons, tabs or bars: whichever makes known headings of the first
line, unless a line such as `sep=;` says it. Headings may be in capitals. Blank lines, rows of blank
cells and blank columns, as spreadsheets leave them, say nothing. What cannot be read is an error
with its line: of a quote that is never closed, the line where it opens.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from dealledger.events import Problem
from dealledger.events.text import shown

_SEPARATORS: Final = ",;\t|"
_MOST_ABOVE: Final = 20
"""So many rows of other words may stand above the headings."""
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class Unreadable(Exception):
    """A file cannot be read further; nothing behind this place is known."""

    def __init__(self, line: int, *problems: Problem) -> None:
        super().__init__(line, *problems)
        self.line = line
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """One row. line: where it begins. cells: by heading, without blank ones.

    problem: why the cells cannot be told apart, if they cannot.
    """

    line: int
    cells: dict[str, str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class SheetHead:
    """Where headings are. lines: in which they stand. names: of a table that has none."""

    lines: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


class CsvRecords:
    """The records of CSV text: the cells of each row that is not blank, and where it begins."""

    def __init__(
        self,
        lines: Iterable[tuple[int, str]],
        known: Collection[str],
        separator: str | None = None,
        quote: str = '"',
    ) -> None:
        """Find the separator, unless it is given.

        lines: numbered, as they stand in the file. known: headings by which the separator is found.
        quote: empty, if no mark stands around cells. Raises: Unreadable, for an empty file.
        """
        self._lines = iter(lines)
        self._record: list[tuple[int, str]] = []
        self._mark = quote
        self.separator, first = self._begin(known, separator)
        self._reader = csv.reader(
            self._texts(first),
            delimiter=self.separator,
            quotechar=quote or None,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            strict=True,
            skipinitialspace=self.separator != " ",
        )

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line where a row begins, and its cells. Raises: Unreadable."""
        while True:
            self._record.clear()
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                raise self._unreadable(str(error)) from None
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self._record[0][0], [_plain(cell) for cell in cells]

    def _begin(
        self, known: Collection[str], separator: str | None
    ) -> tuple[str, tuple[int, str] | None]:
        """Return the separator, and the first line that is not blank, unless it only says that."""
        for number, text in self._lines:
            if match := _SEP_LINE.fullmatch(text):
                return separator or match[1], None
            if text.strip():
                found = separator or max(_SEPARATORS, key=lambda each: _fit(text, each, known))
                return found, (number, text)
        raise Unreadable(1, Problem("the file is empty"))

    def _texts(self, first: tuple[int, str] | None) -> Iterator[str]:
        """Yield the text of line after line, and keep those of the record that is being read."""
        if first is not None:
            self._record.append(first)
            yield first[1]
        for each in self._lines:
            self._record.append(each)
            yield each[1]

    def _unreadable(self, said: str) -> Unreadable:
        """Return what csv found, with the line where it began."""
        last = self._record[-1][0] if self._record else 1
        opened, closed = self._quote()
        if "unexpected end" in said:
            return Unreadable(opened, Problem("a quote opens in this line and is never closed"))
        if "new-line character" in said:
            hint = "save it with line ends of Windows or Unix"
            return Unreadable(last, Problem("this is not CSV: its lines end in CR alone", hint))
        if opened < last and closed:
            hint = f"at the next quote, in line {closed}, the cell goes on"
            return Unreadable(opened, Problem("a quote opens in this line and is not closed", hint))
        if opened < last:
            limit = f"{csv.field_size_limit():,} characters"
            said = f"a quote opens in this line and is not closed within {limit}"
            return Unreadable(opened, Problem(said))
        return Unreadable(last, Problem(f"this is not CSV: {said}"))

    def _quote(self) -> tuple[int, int]:
        """Return where the quote opened at which reading stopped, and where it closed, or 0."""
        inside, fresh = False, True
        opened = self._record[0][0] if self._record else 1
        for number, text in self._record:
            marks = iter(text)
            for mark in marks:
                if inside:
                    inside = mark != self._mark
                    if inside:
                        continue
                    after = next(marks, "\n")
                    if after == self._mark:
                        inside = True
                    elif after not in (self.separator, "\r", "\n"):
                        return opened, number
                    else:
                        fresh = True
                elif mark == self._mark and fresh:
                    inside, opened = True, number
                else:
                    fresh = mark in (self.separator, "\r", "\n") or (fresh and mark == " ")
        return opened, 0


class Sheet:
    """A table: its headings, then its rows, read one by one."""

    def __init__(
        self,
        records: Iterable[tuple[int, list[str]]],
        known: Collection[str],
        *,
        separator: str = "\t",
        head: SheetHead = SheetHead(),
    ) -> None:
        """Read the headings.

        records: where each row begins, and its cells. known: headings that are looked for, where
        lines of other words stand above them. separator: what a row with too many cells may hold.
        Raises: Unreadable, also if a heading stands twice or there is none.
        """
        self._rows = iter(records)
        self.separator = separator
        self.line, self._header = self._head(known, head)
        self._names = [heading(cell) for cell in self._header]
        self._check_headings()

    @property
    def headings(self) -> dict[str, str]:
        """Return the headings that are not blank: in lower case with _ for blanks, and as given."""
        return {name: given for name, given in zip(self._names, self._header, strict=True) if name}

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows that are not blank. Raises: Unreadable."""
        for line, cells in self._rows:
            yield self._row(line, cells)

    def _head(self, known: Collection[str], head: SheetHead) -> tuple[int, list[str]]:
        """Return the headings, and the line where they stand."""
        if head.names:
            return 1, list(head.names)
        if head.lines:
            return self._given_head(head.lines)
        first = next(self._rows, None)
        if first is None:
            return 1, []
        above = [first]
        if not any(heading(cell) in known for cell in first[1]):
            above += islice(self._rows, _MOST_ABOVE)
        fit = max(above, key=lambda each: sum(heading(cell) in known for cell in each[1]))
        self._rows = chain(above[above.index(fit) + 1 :], self._rows)
        return fit

    def _given_head(self, lines: tuple[int, ...]) -> tuple[int, list[str]]:
        """Return what stands in the given lines, joined; a cell of an upper one is of all below.

        Of cells that were merged the first has the text; one with nothing below stands alone.
        """
        found: list[list[str]] = []
        for line, cells in self._rows:
            if line in lines:
                found.append(cells)
            if line >= lines[-1]:
                break
        if len(found) != len(lines):
            raise Unreadable(lines[-1], Problem(f"no headings stand in line {lines[-1]}"))
        *upper, names = found
        for cells in upper:
            own = cells + [""] * len(names)
            above = [next(filter(None, cells[at::-1]), "") for at in range(len(names))]
            names = [f"{above[at]} {name}".strip() if name else own[at]
                     for at, name in enumerate(names)]  # fmt: skip
        return lines[-1], names

    def _check_headings(self) -> None:
        twice = {name for name in self.headings if self._names.count(name) > 1}
        problems = [
            Problem(
                f"the heading {shown(name)} stands twice: in columns {' and '.join(places)}",
                "take one of them out",
            )
            for name in sorted(twice, key=self._names.index)
            if (places := [str(n) for n, each in enumerate(self._names, 1) if each == name])
        ]
        if problems:
            raise Unreadable(self.line, *problems)

    def _row(self, line: int, cells: list[str]) -> Row:
        last = max(number for number, name in enumerate(self._names, 1) if name)
        extra = cells[last:]
        if len(cells) < last or any(extra):
            hint = f"a cell with {self.separator!r} needs quotes around it"
            hint = hint if any(extra) and self.separator != "\t" else ""
            count = len(cells) if any(extra) else min(len(cells), last)
            return Row(line, {}, Problem(f"{count} cells under {last} headings", hint))
        named = dict(zip(self._names, cells, strict=False))
        if blank := named.get(""):
            return Row(line, {}, Problem(f"the cell {shown(blank)} has no heading"))
        return Row(line, {name: cell for name, cell in named.items() if cell})


def heading(cell: str) -> str:
    """Return a heading in lower case, with _ for blanks and hyphens."""
    return re.sub(r"[\s-]+", "_", cell.strip().casefold())


def _plain(cell: str) -> str:
    """Return a cell without blanks around it, its line breaks as they are in Unix."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _fit(text: str, separator: str, known: Collection[str]) -> tuple[int, int]:
    """Return how well a line is understood as headings: how many are known, and how many it has."""
    try:
        cells = next(csv.reader([text], delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return 0, 0
    return sum(heading(cell) in known for cell in cells), len(cells)
