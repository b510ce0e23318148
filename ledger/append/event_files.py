"""Files of events: JSONL, CSV as people keep it, sheets of workbooks; with a map, any table.

A bad line becomes a problem with its place. Lines are read one by one, so a file of any length
needs the same memory. What was found of how a file is written is kept, to be said.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from dealledger.events import (
    KINDS,
    BadInput,
    EncodedEvent,
    Event,
    Party,
    Problem,
    Refused,
    canonical_bytes,
    encode,
    parse_event,
    read_object,
    to_json,
)
from dealledger.events.called import with_slugs
from dealledger.events.errors import closest
from dealledger.events.names import Names
from dealledger.events.text import shown
from dealledger.events.typed import anatomies, check_separators, typed_fields, typed_unit
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.dialect import Dialect, decimal_sign, with_point
from dealledger.ledger.append.encodings import NoText, convert
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.lines import TextLines, byte_lines, check_narrow
from dealledger.ledger.append.packed import Unpacked
from dealledger.ledger.append.sheet import CsvRecords, Row, Sheet, SheetHead, Unreadable
from dealledger.ledger.append.totals import Totals

HEADINGS: Final = frozenset(name for model in KINDS.values() for name in model.model_fields)
"""What a column of a CSV file may be called: the fields of all kinds."""
_NUMBERS: Final = frozenset(
    name for kind in KINDS for name, field in anatomies(kind).items() if field.is_number
)
_LOOKED_AT: Final = 200
"""So many rows tell how numbers are written."""


@contextmanager
def opened(name: str, advance: Callable[[int], None] | None = None) -> Iterator[IO[bytes]]:
    """Open a file to read; - is stdin, and what ends in .gz is unpacked. Raises: BadInput.

    advance: told the bytes read of a packed file; of others, whoever reads it tells.
    """
    try:
        if name == "-":
            if sys.stdin is None:
                raise BadInput("stdin is closed", "name a file, or pipe one in")
            yield sys.stdin.buffer
            return
        with Path(name).open("rb") as stream:
            if name.lower().endswith(".gz"):
                told = advance or (lambda count: None)
                yield io.BufferedReader(Unpacked(stream, name, told))
            else:
                yield stream
    except OSError as error:
        raise BadInput(f"{_shown(name)} cannot be read: {error.strerror}") from None


def _shown(name: str) -> str:
    return "stdin" if name == "-" else name


class Table(NamedTuple):
    """The rows of a sheet as they were found. sign: before decimals, if it is known."""

    sheet: Sheet
    rows: Iterable[Row]
    sign: str | None


class Reader:
    """Reads files into drafts. An event without an id gets one from its content.

    So importing a file twice is a no-op also where it has no ids; two equal lines of one file are
    two events, and one of them in another file is the first of these.
    """

    def __init__(
        self,
        kind: str | None = None,
        advance: Callable[[int], None] | None = None,
        names: Names | None = None,
        dialect: Dialect | None = None,
        account: ImportSummary | None = None,
    ) -> None:
        """kind: of all rows of tables without a column `kind`. advance: told the bytes read.

        names: how parties are called, for rows of tables; it learns what the files call them.
        dialect: how tables are written. account: takes in what is to be said at the end.
        """
        self.known: Collection[str] = HEADINGS
        self._names = names
        self._kind = kind
        self._advance = advance or (lambda count: None)
        self._dialect = dialect or Dialect()
        self._account = account or ImportSummary()
        self._totals = Totals()
        self._seen: Counter[str] = Counter()
        self._unit: str | None = None

    def jsonl(self, stream: IO[bytes], name: str) -> Iterator[Draft]:
        """Yield one draft per line that is not blank."""
        self._seen.clear()
        found = False
        for number, line in byte_lines(stream, name, self._advance):
            if number == 1:
                check_narrow(line, name)
            if line.strip():
                found = True
                yield self._draft(f"{name}:{number}", read_object, line)
        if not found:
            yield bad(name, Problem("the file holds no events"))

    def csv(self, stream: IO[bytes], name: str) -> Iterator[Draft]:
        """Yield one draft per row; the first row names the fields."""
        dialect = self._dialect
        lines = TextLines(stream, name, dialect.encoding, self._advance)

        def read() -> Iterator[Draft]:
            records = CsvRecords(lines, self.known, dialect.separator, dialect.quote)
            yield from self._rows(records, name, records.separator)

        yield from self._checked(read(), name)
        if lines.found:
            self._account.read.append(f"{name}: read as {lines.found} (--encoding says another)")

    def workbook(self, name: str) -> Iterator[Draft]:
        """Yield one draft per row of a sheet."""
        from dealledger.ledger.append.workbook import Rows

        rows = Rows(name, self._dialect.sheet, self._advance)
        if rows.is_worth_saying:
            self._account.read.append(f"{rows.read} (--sheet)")
        yield from self._checked(self._rows(rows, name, "\t"), name)

    def end(self) -> None:
        """Say what only the end of all files tells."""
        self._account.notes += self._totals.sentences()

    def _checked(self, drafts: Iterator[Draft], name: str) -> Iterator[Draft]:
        """Yield the drafts of a table; that it cannot be read further is one more."""
        self._seen.clear()
        found = False
        try:
            for draft in drafts:
                found = True
                yield draft
        except Unreadable as error:
            yield bad(f"{name}:{error.line}", *error.problems)
        except NoText as error:
            yield bad(f"{name}:{error.line}", Problem(error.message, _other(error, name)))
        else:
            if not found:
                yield bad(name, Problem("the file has a header and no rows"))

    def _rows(
        self, records: Iterable[tuple[int, list[str]]], name: str, separator: str
    ) -> Iterator[Draft]:
        head = SheetHead(self._dialect.head)
        sheet = Sheet(records, HEADINGS, separator=separator, head=head)
        if problems := _unknown(sheet.headings, self._kind):
            yield bad(f"{name}:{sheet.line}", *problems)
            return
        table = self._table(sheet, name, _NUMBERS)
        for row in table.rows:
            self._account.rows += 1
            yield self._draft(f"{name}:{row.line}", partial(self._row, table), row)

    def _table(self, sheet: Sheet, name: str, numbers: frozenset[str]) -> Table:
        """Return the rows, and the sign before decimals: the given one, or what the first say."""
        if self._dialect.decimal is not None or sheet.separator == ",":
            return Table(sheet, sheet, self._dialect.decimal)
        rows = iter(sheet)
        first: list[Row] = []
        rest = _kept(rows, first)
        cells = (cell for row in first for each, cell in row.cells.items() if each in numbers)
        if (sign := decimal_sign(cells)) == ",":
            said = f"{name}: read 0,5 as a half (--decimal says otherwise)"
            self._account.read.append(said)
        return Table(sheet, chain(first, rest), "," if sign == "," else None)

    def _draft(self, where: str, read: Callable[[Any], dict[str, Any]], raw: Any) -> Draft:
        data: dict[str, Any] = {}
        self._unit = None
        try:
            data = read(raw)
            event = parse_event(data)
            if self._names is not None and isinstance(event, Party):
                self._names.add(event)
            if event.kind == "funding" and self._names is not None:
                self._totals.take(event)
            return Draft(self._encoded(event), where, unit=self._unit)
        except BadInput as error:
            return bad(where, Problem(error.message, error.hint), claims=_claims(data))
        except Refused as error:
            return bad(where, *error.problems, claims=_claims(data))

    def _encoded(self, event: Event) -> EncodedEvent:
        if event.id is None:
            event = event.model_copy(update={"id": self._content_id(event)})
        return encode(event)

    def _row(self, table: Table, row: Row) -> dict[str, Any]:
        if row.problem is not None:
            raise BadInput(row.problem.message, row.problem.hint)
        cells = dict(row.cells)
        kind = cells.pop("kind", self._kind)
        kind = kind.casefold() if kind and kind.casefold() in KINDS else kind
        if kind not in KINDS:
            raise BadInput(f"unknown kind {shown(kind or '')}", closest(kind or "", KINDS))
        if table.sign == ",":
            cells = {name: with_point(cell) if name in _NUMBERS else cell
                     for name, cell in cells.items()}  # fmt: skip
        elif table.sign is None and table.sheet.separator == ";":
            check_separators(kind, cells)
        self._unit = typed_unit(kind, cells)
        said = {"kind": kind, **typed_fields(kind, cells)}
        return said if self._names is None else with_slugs(said, self._names)

    def _content_id(self, event: Event) -> str:
        digest = hashlib.sha256(canonical_bytes(to_json(event))).hexdigest()[:32]
        self._seen[digest] += 1
        again = f".{self._seen[digest]}" if self._seen[digest] > 1 else ""
        return f"c-{digest}{again}"


def _kept(rows: Iterator[Row], first: list[Row]) -> Iterator[Row]:
    """Take the first rows into a list, and return the others; an error waits until its place."""
    try:
        first += islice(rows, _LOOKED_AT)
    except (Unreadable, NoText, BadInput) as error:
        return _raised(error)
    return rows


def _raised(error: Exception) -> Iterator[Row]:
    raise error
    yield


def _other(error: NoText, name: str) -> str:
    """Return what to do about a file that is in another encoding than was thought."""
    if error.seems:
        return convert(error.seems, name)
    return "name its encoding: --encoding, such as shift_jis"


def _unknown(headings: Mapping[str, str], kind: str | None) -> list[Problem]:
    problems = [
        Problem(f"unknown column {shown(given)}", closest(name, HEADINGS))
        for name, given in headings.items()
        if name not in HEADINGS
    ]
    if "kind" not in headings and kind is None:
        problems.append(Problem("there is no column 'kind'", "add it, or say --kind"))
    return problems


def bad(where: str, *problems: Problem, claims: frozenset[str] = frozenset()) -> Draft:
    """Return the draft of a line that is no event. claims: what it would have defined."""
    return Draft(None, where, problems, claims)


def _claims(data: dict[str, Any]) -> frozenset[str]:
    """Return what an unreadable line would have defined, so that only it is a problem."""
    claimed = (data.get("id"), data.get("party") if data.get("kind") == "party" else None)
    return frozenset(each for each in claimed if isinstance(each, str))
