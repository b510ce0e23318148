"""Which files are to be read and how, and their drafts, in this process or in another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from dealledger.events import Party, parse_event
from dealledger.events.names import Names
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.dialect import Dialect
from dealledger.ledger.append.event_files import Reader, opened
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.append.packed import unpacked_name
from dealledger.ledger.append.workbook import ENDINGS
from dealledger.ledger.maps.map_reading import read_map
from dealledger.ledger.maps.mapped_tables import MapReader

_TABLES: Final = (".csv", ".tsv", ".tab")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read.

    names: of the files; - is stdin. kind: of all rows that name none. as_table: read as CSV what
    does not say so by its ending. parties: how parties are called, as JSON of their descriptions;
    None, if nothing is to be looked up, as in JSONL. map: the file of a map, by which tables are
    read. register: make known the parties that their names mean, if they are not. form_said: what
    the files hold: jsonl, csv, workbook, ocf, bods, ftm or beancount.
    """

    names: tuple[str, ...]
    kind: str | None = None
    as_table: bool = False
    dialect: Dialect = field(default_factory=Dialect)
    parties: tuple[dict[str, Any], ...] | None = None
    map: str | None = None
    register: bool = False
    form_said: str | None = None

    def has_tables(self) -> bool:
        """Tell whether any of the files is a table, in which parties may stand by their names."""
        return any(self.form(name) != "jsonl" for name in self.names)

    def form(self, name: str) -> str:
        """Return what a file holds: as was said, or by its ending."""
        return self.form_said or form_of(name, as_table=self.as_table)

    def plain(self) -> dict[str, Any]:
        """Return it as values that another process can be sent."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Order:
        """Return what `plain` gave."""
        dialect = Dialect(**{**plain["dialect"], "head": tuple(plain["dialect"]["head"])})
        return cls(**{**plain, "names": tuple(plain["names"]), "dialect": dialect})


_ENDINGS: Final = {
    ".ocf.zip": "ocf", ".ocf.json": "ocf", ".json": "bods", ".ftm": "ftm", ".ijson": "ftm",
    ".ftm.json": "ftm", ".beancount": "beancount", ".bean": "beancount",
}  # fmt: skip


def form_of(name: str, *, as_table: bool = False) -> str:
    """Return what a file holds by its ending; a folder is a cap table."""
    ending = unpacked_name(name).lower()
    if not as_table:
        longest = sorted(_ENDINGS, key=len, reverse=True)
        if Path(name).is_dir():
            return "ocf"
        if found := next((_ENDINGS[each] for each in longest if ending.endswith(each)), None):
            return found
    if ending.endswith(ENDINGS):
        return "workbook"
    return "csv" if as_table or ending.endswith(_TABLES) else "jsonl"


def read(order: Order, advance: Callable[[int], None], account: ImportSummary) -> Iterator[Draft]:
    """Yield the drafts of the files. advance: told the bytes read. account: takes in what to say.

    Raises: BadInput, if a file cannot be read at all; Refused, with all mistakes of a map.
    """
    reader = _reader(order, advance, account)
    for name in order.names:
        form = order.form(name)
        if form in _FOREIGN:
            yield from _foreign(order, name, form, advance, account)
            continue
        if isinstance(reader, MapReader):
            reader.look_ahead(name, workbook=form == "workbook")
        if form == "workbook":
            yield from reader.workbook(name)
            continue
        with opened(name, advance) as stream:
            shown = "stdin" if name == "-" else name
            yield from (reader.csv if form == "csv" else reader.jsonl)(stream, shown)
    reader.end()


_FOREIGN: Final = {
    "ocf": ("ocf", "read_ocf"), "bods": ("bods", "read_bods"), "ftm": ("ftm", "read_ftm"),
    "beancount": ("beancount", "read_journal"),
}  # fmt: skip


def _foreign(
    order: Order, name: str, form: str, advance: Callable[[int], None], account: ImportSummary
) -> Iterator[Draft]:
    """Yield the drafts of a file in a format of others; its reader is loaded only here."""
    module, function = _FOREIGN[form]
    read_it = getattr(import_module(f"dealledger.ledger.foreign.{module}"), function)
    parties = Parties(_names(order.parties or ()), account, register=order.register)
    yield from read_it(name, parties, account, advance)


def _reader(order: Order, advance: Callable[[int], None], account: ImportSummary) -> Reader:
    names = None if order.parties is None else _names(order.parties)
    if order.map is None:
        return Reader(order.kind, advance, names, order.dialect, account)
    return MapReader(
        read_map(Path(order.map)),
        names or Names(),
        register=order.register,
        dialect=order.dialect,
        advance=advance,
        account=account,
    )


def _names(parties: Sequence[dict[str, Any]]) -> Names:
    events = map(parse_event, parties)
    return Names.of(event for event in events if isinstance(event, Party))
