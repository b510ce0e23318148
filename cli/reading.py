"""Files of events: JSONL, and CSV as people keep it; a bad line becomes a problem with its place.

Lines are read one by one, so a file of any length needs the same memory. A byte order mark and CRLF
are accepted; other encodings, over-long lines and empty files are refused.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from dealledger.cli.fields import typed_fields
from dealledger.events import (
    KINDS,
    BadInput,
    EncodedEvent,
    Event,
    Problem,
    Refused,
    canonical_bytes,
    encode,
    parse_event,
    read_object,
    to_json,
)
from dealledger.events.errors import closest
from dealledger.events.text import shown
from dealledger.ledger import Draft

LONGEST_LINE: Final = 1_000_000
_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


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
    two events.
    """

    def __init__(
        self, kind: str | None = None, advance: Callable[[int], None] | None = None
    ) -> None:
        """kind: of all rows of CSV files without a column `kind`. advance: told the bytes read."""
        self._kind = kind
        self._advance = advance or (lambda count: None)
        self._seen: Counter[str] = Counter()

    def jsonl(self, stream: IO[bytes], name: str) -> Iterator[Draft]:
        """Yield one draft per line that is not blank."""
        found = False
        for number, line in self._lines(stream, name):
            if line.strip():
                found = True
                yield self._draft(f"{name}:{number}", read_object, line)
        if not found:
            yield _bad(name, Problem("the file holds no events"))

    def csv(self, stream: IO[bytes], name: str) -> Iterator[Draft]:
        """Yield one draft per row; the first row names the fields."""
        try:
            text = (line.decode("utf-8") for _, line in self._lines(stream, name))
            rows = csv.reader(text, strict=True)
            header = next(rows, None)
            problems = _header_problems(header, self._kind)
            if problems or header is None:
                yield _bad(f"{name}:1", *problems)
                return
            found = False
            for row in rows:
                found = True
                where = f"{name}:{rows.line_num}"
                yield self._draft(where, partial(self._row, header), row)
            if not found:
                yield _bad(name, Problem("the file has a header and no rows"))
        except csv.Error as error:
            yield _bad(f"{name}:{rows.line_num}", Problem(f"this is no CSV: {error}"))
        except UnicodeDecodeError:
            yield _bad(name, Problem("this is no UTF-8"))

    def _lines(self, stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes]]:
        lines = iter(lambda: stream.readline(LONGEST_LINE + 1), b"")
        for number, read in enumerate(lines, start=1):
            self._advance(len(read))
            line = read.removeprefix(_BOM) if number == 1 else read
            if number == 1 and line.startswith(_UTF16):
                raise BadInput(f"{name} is UTF-16", "save it as UTF-8")
            if len(line) > LONGEST_LINE:
                raise BadInput(f"{name}:{number}: the line is longer than {LONGEST_LINE:,} bytes")
            yield number, line

    def _draft(self, where: str, read: Callable[[Any], dict[str, Any]], raw: Any) -> Draft:
        data: dict[str, Any] = {}
        try:
            data = read(raw)
            return Draft(self._encoded(parse_event(data)), where)
        except BadInput as error:
            return _bad(where, Problem(error.message, error.hint), claims=_claims(data))
        except Refused as error:
            return _bad(where, *error.problems, claims=_claims(data))

    def _encoded(self, event: Event) -> EncodedEvent:
        if event.id is None:
            event = event.model_copy(update={"id": self._content_id(event)})
        return encode(event)

    def _row(self, header: list[str], row: list[str]) -> dict[str, Any]:
        if len(row) != len(header):
            raise BadInput(f"{len(row)} cells under {len(header)} headings")
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=True) if cell.strip()}
        kind = cells.pop("kind", self._kind)
        if kind not in KINDS:
            raise BadInput(f"unknown kind {shown(kind or '')}", closest(kind or "", KINDS))
        typed = {name: text for name, text in cells.items() if name not in Event.model_fields}
        said = {name: text for name, text in cells.items() if name in Event.model_fields}
        if "memo" in said:
            typed["memo"] = said.pop("memo")
        return {"kind": kind, **said, **typed_fields(kind, typed)}

    def _content_id(self, event: Event) -> str:
        digest = hashlib.sha256(canonical_bytes(to_json(event))).hexdigest()[:32]
        self._seen[digest] += 1
        again = f".{self._seen[digest]}" if self._seen[digest] > 1 else ""
        return f"c-{digest}{again}"


def _header_problems(header: list[str] | None, kind: str | None) -> list[Problem]:
    if header is None:
        return [Problem("the file is empty")]
    known = {name for model in KINDS.values() for name in model.model_fields}
    problems = [
        Problem(f"unknown column {shown(name)}", closest(name, known))
        for name in header
        if name not in known
    ]
    if "kind" not in header and kind is None:
        problems.append(Problem("there is no column 'kind'", "add it, or say --kind"))
    return problems


def _bad(where: str, *problems: Problem, claims: frozenset[str] = frozenset()) -> Draft:
    return Draft(None, where, problems, claims)


def _claims(data: dict[str, Any]) -> frozenset[str]:
    """Return what an unreadable line would have defined, so that only it is a problem."""
    claimed = (data.get("id"), data.get("party") if data.get("kind") == "party" else None)
    return frozenset(each for each in claimed if isinstance(each, str))
