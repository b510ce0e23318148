"""Files of events: JSONL, and CSV as people keep it; a bad line becomes a problem with its place.

Lines are read one by one, so a file of any length needs the same memory. A byte order mark and CRLF
are accepted; other encodings, over-long lines and empty files are refused.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

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
from dealledger.events.typed import check_separators, typed_fields, typed_unit
from dealledger.ledger import Draft
from dealledger.ledger.append.encodings import NoUtf8, convert, wide
from dealledger.ledger.append.sheet import Row, Sheet, Unreadable

LONGEST_LINE: Final = 1_000_000
_BOM: Final = b"\xef\xbb\xbf"
HEADINGS: Final = frozenset(name for model in KINDS.values() for name in model.model_fields)
"""What a column of a CSV file may be called: the fields of all kinds."""


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Open a file to read; - is stdin. Raises: BadInput."""
    try:
        if name != "-":
            with Path(name).open("rb") as stream:
                yield stream
        elif sys.stdin is None:
            raise BadInput("stdin is closed", "name a file, or pipe one in")
        else:
            yield sys.stdin.buffer
    except OSError as error:
        raise BadInput(f"{_shown(name)} cannot be read: {error.strerror}") from None


def _shown(name: str) -> str:
    return "stdin" if name == "-" else name


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
    ) -> None:
        """kind: of all rows of CSV files without a column `kind`. advance: told the bytes read.

        names: how parties are called, for rows of CSV; it learns what the files call them.
        """
        self._names = names
        self._kind = kind
        self._advance = advance or (lambda count: None)
        self._seen: Counter[str] = Counter()
        self._unit: str | None = None

    def jsonl(self, stream: IO[bytes], name: str) -> Iterator[Draft]:
        """Yield one draft per line that is not blank."""
        self._seen.clear()
        found = False
        for number, line in self._lines(stream, name):
            if line.strip():
                found = True
                yield self._draft(f"{name}:{number}", read_object, line)
        if not found:
            yield _bad(name, Problem("the file holds no events"))

    def csv(self, stream: IO[bytes], name: str) -> Iterator[Draft]:
        """Yield one draft per row; the first row names the fields."""
        self._seen.clear()
        found = False
        try:
            sheet = Sheet(self._lines(stream, name), HEADINGS)
            if problems := _unknown(sheet.headings, self._kind):
                yield _bad(f"{name}:{sheet.line}", *problems)
                return
            for row in sheet:
                found = True
                yield self._draft(f"{name}:{row.line}", partial(self._row, sheet.separator), row)
        except Unreadable as error:
            yield _bad(f"{name}:{error.line}", *error.problems)
        except NoUtf8 as error:
            yield _bad(f"{name}:{error.line}", Problem(error.message, convert(error.seems, name)))
        else:
            if not found:
                yield _bad(name, Problem("the file has a header and no rows"))

    def _lines(self, stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes]]:
        lines = iter(lambda: stream.readline(LONGEST_LINE + 1), b"")
        for number, read in enumerate(lines, start=1):
            self._advance(len(read))
            line = read.removeprefix(_BOM) if number == 1 else read
            if number == 1 and (seems := wide(line)):
                raise BadInput(f"{name} is {seems[:6]}", convert(seems, name))
            if len(line) > LONGEST_LINE:
                raise BadInput(f"{name}:{number}: the line is longer than {LONGEST_LINE:,} bytes")
            yield number, line

    def _draft(self, where: str, read: Callable[[Any], dict[str, Any]], raw: Any) -> Draft:
        data: dict[str, Any] = {}
        self._unit = None
        try:
            data = read(raw)
            event = parse_event(data)
            if self._names is not None and isinstance(event, Party):
                self._names.add(event)
            return Draft(self._encoded(event), where, unit=self._unit)
        except BadInput as error:
            return _bad(where, Problem(error.message, error.hint), claims=_claims(data))
        except Refused as error:
            return _bad(where, *error.problems, claims=_claims(data))

    def _encoded(self, event: Event) -> EncodedEvent:
        if event.id is None:
            event = event.model_copy(update={"id": self._content_id(event)})
        return encode(event)

    def _row(self, separator: str, row: Row) -> dict[str, Any]:
        if row.problem is not None:
            raise BadInput(row.problem.message, row.problem.hint)
        cells = dict(row.cells)
        kind = cells.pop("kind", self._kind)
        kind = kind.casefold() if kind and kind.casefold() in KINDS else kind
        if kind not in KINDS:
            raise BadInput(f"unknown kind {shown(kind or '')}", closest(kind or "", KINDS))
        if separator == ";":
            check_separators(kind, cells)
        self._unit = typed_unit(kind, cells)
        said = {"kind": kind, **typed_fields(kind, cells)}
        return said if self._names is None else with_slugs(said, self._names)

    def _content_id(self, event: Event) -> str:
        digest = hashlib.sha256(canonical_bytes(to_json(event))).hexdigest()[:32]
        self._seen[digest] += 1
        again = f".{self._seen[digest]}" if self._seen[digest] > 1 else ""
        return f"c-{digest}{again}"


def _unknown(headings: Mapping[str, str], kind: str | None) -> list[Problem]:
    problems = [
        Problem(f"unknown column {shown(given)}", closest(name, HEADINGS))
        for name, given in headings.items()
        if name not in HEADINGS
    ]
    if "kind" not in headings and kind is None:
        problems.append(Problem("there is no column 'kind'", "add it, or say --kind"))
    return problems


def _bad(where: str, *problems: Problem, claims: frozenset[str] = frozenset()) -> Draft:
    return Draft(None, where, problems, claims)


def _claims(data: dict[str, Any]) -> frozenset[str]:
    """Return what an unreadable line would have defined, so that only it is a problem."""
    claimed = (data.get("id"), data.get("party") if data.get("kind") == "party" else None)
    return frozenset(each for each in claimed if isinstance(each, str))
