"""The tables of the store: `event` is the truth, the other six can be rebuilt from it.

Dates are ISO texts and instants are integers, so that SQLite (STRICT) and PostgreSQL hold, sort and
compare the same values. The models only define tables: a `table=True` model validates nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, TypeVar, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlmodel import Field, SQLModel

from dealledger.events.text import shown
from dealledger.ledger.errors import Damaged

SCHEMA_VERSION: Final = 2
"""How this Deal Ledger stores a ledger; `head` with a higher one is refused. 1: no segments."""

BIG: Final = BigInteger().with_variant(Integer(), "sqlite")
STRICT: Final = {"sqlite_strict": True}
BY_KEY: Final = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""Of a table that SQLite keeps in the order of its key, so that the key needs no second tree."""

METADATA: Final = MetaData()
Model = TypeVar("Model", bound=SQLModel)


class IsoDate(TypeDecorator[date]):
    """A date as its ISO text, which sorts as the date does under every collation."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Return the text that is stored."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """Return the date that is read."""
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            said = f"{shown(value)} is not a date of a record"
            raise Damaged(said, "run: deals verify") from None


class _Base(SQLModel):
    metadata = METADATA
    model_config = {"defer_build": True}  # they validate nothing, so no validators are built


def _unique(name: str, *columns: str) -> Index:
    """Return a unique index of the rows that have a value there; most have none."""
    said = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, unique=True, sqlite_where=said, postgresql_where=said)


class EventRow(_Base, table=True):
    """One record. body: the exact canonical bytes that leaf is the hash of.

    Each index costs every append; what is recorded when is found by position, since both grow.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("length(body) <= 65535 AND length(leaf) = 32"),
        _unique("event_by_deal", "deal", "deal_version"),
        _unique("event_by_retracted", "retracts"),
        Index("event_by_date", "effective_on", "position"),
        Index("event_by_kind", "kind", "effective_on", "position"),
        STRICT,
    )
    position: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    id: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    deal: str | None = Field(sa_column=Column(Text))
    deal_version: int | None = Field(sa_column=Column(BIG))
    effective_on: date = Field(sa_column=Column(IsoDate, nullable=False))
    announced_on: date = Field(sa_column=Column(IsoDate, nullable=False))
    recorded_at: int = Field(sa_column=Column(BIG, nullable=False))
    actor: str = Field(sa_column=Column(Text, nullable=False))
    retracts: int | None = Field(sa_column=Column(BIG))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    leaf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class EntryRow(_Base, table=True):
    """One signed line of the journal. undisclosed: +1 or -1 where the amount is not known."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("entry_by_date", "effective_on", "position"),
        Index("entry_by_period_end", "period_end",
              sqlite_where=text("period_end IS NOT NULL"),
              postgresql_where=text("period_end IS NOT NULL")),
        BY_KEY,
    )  # fmt: skip
    position: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    line: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    effective_on: date = Field(sa_column=Column(IsoDate, nullable=False))
    announced_on: date = Field(sa_column=Column(IsoDate, nullable=False))
    category: str = Field(sa_column=Column(Text, nullable=False))
    source: str = Field(sa_column=Column(Text, nullable=False))
    target: str = Field(sa_column=Column(Text, nullable=False))
    currency: str | None = Field(sa_column=Column(Text))
    minor: int = Field(sa_column=Column(BIG, nullable=False))
    undisclosed: int = Field(sa_column=Column(Integer, nullable=False))
    confidence: str | None = Field(sa_column=Column(Text))
    period_start: date | None = Field(sa_column=Column(IsoDate))
    period_end: date | None = Field(sa_column=Column(IsoDate))


class MentionRow(_Base, table=True):
    """Which records name a party, by the kind of the record."""

    __tablename__ = "mention"
    __table_args__ = (
        Index("mention_by_party", "party", "kind", "position"),
        BY_KEY,
    )
    position: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    party: str = Field(sa_column=Column(Text, primary_key=True))
    kind: str = Field(sa_column=Column(Text, nullable=False))


class ReferenceRow(_Base, table=True):
    """Which records refer to an event: draws on it, end it, back it or retract it."""

    __tablename__ = "reference"
    __table_args__ = (
        Index("reference_by_referred", "referred", "position"),
        BY_KEY,
    )
    position: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    referred: str = Field(sa_column=Column(Text, primary_key=True))


class RollupRow(_Base, table=True):
    """A sum of the journal over a segment of the record, up to the position in `segment`.

    level: 0 for a segment by month, 1 for a merged one by month, 2 for a merged one by year, each
    by pair; 3 to 5 the same of all pairs together, by confidence. high, low: the sum of minor
    units in halves. What is empty was not said, or is not kept apart.
    """

    __tablename__ = "rollup"
    __table_args__ = (BY_KEY,)
    level: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    segment: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    period: str = Field(sa_column=Column(Text, primary_key=True))
    category: str = Field(sa_column=Column(Text, primary_key=True))
    source: str = Field(sa_column=Column(Text, primary_key=True))
    target: str = Field(sa_column=Column(Text, primary_key=True))
    currency: str = Field(sa_column=Column(Text, primary_key=True))
    confidence: str = Field(sa_column=Column(Text, primary_key=True))
    high: int = Field(sa_column=Column(BIG, nullable=False))
    low: int = Field(sa_column=Column(BIG, nullable=False))
    undisclosed: int = Field(sa_column=Column(BIG, nullable=False))


class SubtreeRow(_Base, table=True):
    """The Merkle root of one whole segment of the record, by its last position."""

    __tablename__ = "subtree"
    __table_args__ = (STRICT,)
    position: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    root: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class HeadRow(_Base, table=True):
    """The one row that an append locks: the size of the log and the frontier of its tree.

    layout: a hash of the definitions of tables, indexes and guards, as they were made (SQLite).
    """

    __tablename__ = "head"
    __table_args__ = (STRICT,)
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    origin: str = Field(sa_column=Column(Text, nullable=False))
    schema_version: int = Field(sa_column=Column(Integer, nullable=False))
    size: int = Field(sa_column=Column(BIG, nullable=False))
    frontier: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_at: int = Field(sa_column=Column(BIG, nullable=False))
    layout: str | None = Field(sa_column=Column(Text))


EVENT: Final[Table] = METADATA.tables["event"]
ENTRY: Final[Table] = METADATA.tables["entry"]
MENTION: Final[Table] = METADATA.tables["mention"]
REFERENCE: Final[Table] = METADATA.tables["reference"]
ROLLUP: Final[Table] = METADATA.tables["rollup"]
SUBTREE: Final[Table] = METADATA.tables["subtree"]
HEAD: Final[Table] = METADATA.tables["head"]


def _columns(model: type[Model]) -> type[Model]:
    """Return the columns of a table, with the types that its model declares.

    They are those of the table itself: the attributes of the model would set up the mapper of
    objects first, which takes longer than most answers, and nothing here is an object.
    """
    return cast("type[Model]", METADATA.tables[str(model.__tablename__)].c)


EVENTS: Final = _columns(EventRow)
ENTRIES: Final = _columns(EntryRow)
MENTIONS: Final = _columns(MentionRow)
REFERENCES: Final = _columns(ReferenceRow)
"""What a typed select names: `select(col(EVENTS.position), col(EVENTS.body))`."""

SINCE_2: Final = (ROLLUP, SUBTREE)
"""What store version 1 has not: the sums and roots of segments."""
