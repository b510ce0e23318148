"""Which files are to be read and how, and their drafts, in this process or in another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from dealledger.events import Party, parse_event
from dealledger.events.names import Names
from dealledger.ledger.append.account import Account
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.dialect import Dialect
from dealledger.ledger.append.files import Reader, opened
from dealledger.ledger.append.packed import unpacked_name
from dealledger.ledger.append.workbook import ENDINGS
from dealledger.ledger.maps.reading import read_map
from dealledger.ledger.maps.tables import MapReader

_TABLES: Final = (".csv", ".tsv", ".tab")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read.

    names: of the files; - is stdin. kind: of all rows that name none. as_table: read as CSV what
    does not say so by its ending. parties: how parties are called, as JSON of their descriptions;
    None, if nothing is to be looked up, as in JSONL. map: the file of a map, by which tables are
    read. register: make known the parties that their names mean, if they are not.
    """

    names: tuple[str, ...]
    kind: str | None = None
    as_table: bool = False
    dialect: Dialect = field(default_factory=Dialect)
    parties: tuple[dict[str, Any], ...] | None = None
    map: str | None = None
    register: bool = False

    def has_tables(self) -> bool:
        """Tell whether any of the files is a table, in which parties may stand by their names."""
        return any(form_of(name, as_table=self.as_table) != "jsonl" for name in self.names)

    def plain(self) -> dict[str, Any]:
        """Return it as values that another process can be sent."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Order:
        """Return what `plain` gave."""
        dialect = Dialect(**{**plain["dialect"], "head": tuple(plain["dialect"]["head"])})
        return cls(**{**plain, "names": tuple(plain["names"]), "dialect": dialect})


def form_of(name: str, *, as_table: bool = False) -> str:
    """Return what a file holds by its ending: csv, workbook or jsonl."""
    ending = unpacked_name(name).lower()
    if ending.endswith(ENDINGS):
        return "workbook"
    return "csv" if as_table or ending.endswith(_TABLES) else "jsonl"


def read(order: Order, advance: Callable[[int], None], account: Account) -> Iterator[Draft]:
    """Yield the drafts of the files. advance: told the bytes read. account: takes in what to say.

    Raises: BadInput, if a file cannot be read at all; Refused, with all mistakes of a map.
    """
    reader = _reader(order, advance, account)
    for name in order.names:
        form = form_of(name, as_table=order.as_table)
        if isinstance(reader, MapReader):
            reader.look_ahead(name, workbook=form == "workbook")
        if form == "workbook":
            yield from reader.workbook(name)
            continue
        with opened(name, advance) as stream:
            shown = "stdin" if name == "-" else name
            yield from (reader.csv if form == "csv" else reader.jsonl)(stream, shown)
    reader.end()


def _reader(order: Order, advance: Callable[[int], None], account: Account) -> Reader:
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
