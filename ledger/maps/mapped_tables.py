"""Reads tables by a map: as files of events are read, but for what a row becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from dealledger.events import BadInput, Problem, Refused, encode
from dealledger.events.names import Names
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.dialect import Dialect
from dealledger.ledger.append.event_files import Reader, bad, opened
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.append.sheet import Row, Sheet, SheetHead
from dealledger.ledger.maps.mapped_rows import Mapped
from dealledger.ledger.maps.model import Map

_USUAL: Final = Dialect()


class MapReader(Reader):
    """Reads rows into the events that a map says."""

    def __init__(
        self,
        found: Map,
        names: Names,
        *,
        register: bool,
        dialect: Dialect,
        advance: Callable[[int], None],
        account: ImportSummary,
    ) -> None:
        """names: how parties are called. register: make unknown ones known.

        dialect: what it says goes before what the map says.
        """
        given = {name: getattr(dialect, name) for name in Dialect.__dataclass_fields__
                 if getattr(dialect, name) != getattr(_USUAL, name)}  # fmt: skip
        super().__init__(None, advance, names, replace(found.dialect, **given), account)
        self.known = found.columns.keys()
        self._map = found
        parties = Parties(names, account, register=register, given=found.names)
        self._parties = parties
        self._mapped = Mapped(found, parties, account)
        self._counting = False

    def look_ahead(self, name: str, *, workbook: bool) -> None:
        """Read a table for the first time, where that is needed to share totals among its rows.

        Raises: BadInput, for stdin, which comes once.
        """
        if not self._map.counts_ahead():
            return
        if name == "-":
            said = "a total that several rows share needs the table twice, and stdin comes once"
            raise BadInput(said, "name a file")
        self._counting = True
        told, self._advance = self._advance, lambda count: None
        account, self._account = self._account, ImportSummary()
        if workbook:
            list(self.workbook(name))
        else:
            with opened(name) as stream:
                list(self.csv(stream, name))
        self._advance, self._counting, self._account = told, False, account

    def end(self) -> None:
        """Say what only the end of all files tells."""
        super().end()
        self._mapped.end()

    def _rows(
        self, records: Iterable[tuple[int, list[str]]], name: str, separator: str
    ) -> Iterator[Draft]:
        head = SheetHead(self._dialect.head, self._map.headings)
        sheet = Sheet(records, self.known, separator=separator, head=head)
        headings = sheet.headings
        if problems := self._mapped.check(headings, name):
            raise Refused(problems)
        table = self._table(sheet, name, self._mapped.numbers)
        self._mapped.hand.sign = table.sign
        self._mapped.hand.doubtful = table.sign is None and separator == ";"
        unused = [(each, given) for each, given in headings.items() if each not in self.known]
        for row in table.rows:
            if self._counting:
                self._mapped.count(row.cells)
                continue
            self._account.rows += 1
            for each, given in unused:
                if each in row.cells:
                    self._account.unused[given] += 1
            yield from self._of_row(row, f"{name}:{row.line}")

    def _of_row(self, row: Row, where: str) -> Iterator[Draft]:
        if row.problem is not None:
            yield bad(where, row.problem)
            return
        try:
            for event in self._mapped.events(row.cells):
                yield from self._registered(where)
                if event.kind == "funding" and not self._map.shares():
                    self._totals.take(event)
                yield Draft(self._encoded(event), where)
        except BadInput as error:
            yield bad(where, Problem(error.message, error.hint))
        except Refused as error:
            yield bad(where, *error.problems)
        # Those that a bad row names are known nevertheless: they are no problem of the next rows.
        yield from self._registered(where)

    def _registered(self, where: str) -> Iterator[Draft]:
        for party in self._parties.registrations():
            yield Draft(encode(party), where)
