"""The events, filtered: the answer of `log`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from dealledger.events import KINDS, BadInput, Json, to_json
from dealledger.events.dates import instant_microseconds, instant_text, last_day, parse_instant
from dealledger.events.errors import closest
from dealledger.events.text import counted
from dealledger.ledger.moments import parse_position
from dealledger.projections.answers.recorded import of_recorded
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.wording import sentence
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dealledger.ledger import Grounds, Record, View
    from dealledger.projections.answers.whereabouts import Opened

Test: TypeAlias = "Callable[[Record], bool]"

COLUMNS: Final = (
    Column("position", "@", kind="count", about="in the record, from 1"),
    Column("id", "Id", rank=3, kind="id", about="of the event"),
    Column(
        "kind",
        "Kind",
        lambda record: record.event.kind,
        rank=5,
        kind="text",
        about="what kind of event it is",
    ),
    Column("deal", exact=lambda record: record.event.deal),
    Column("effective_on", "Effective", kind="day", about="on which it took effect"),
    Column(
        "recorded_at",
        exact=lambda record: instant_text(record.recorded_at),
        kind="time",
        about="when it was recorded",
    ),
    Column("what", "What", shown=lambda record: sentence(record.event), only_shown=True),
    Column("confidence", "Confidence", lambda record: record.event.confidence, rank=6),
)
RECORDED: Final = (
    Column(
        "recorded_at",
        "Recorded",
        lambda record: instant_text(record.recorded_at),
        shown=lambda record: _second(record),
    ),
    Column("late", "Days late", shown=lambda record: _late(record), only_shown=True, right=True,
           rank=4),
    Column("actor", "By", shown=lambda record: record.event.actor or "", only_shown=True, rank=2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventsWanted:
    """Which events somebody wants to see; each field that is given is one test of a record.

    since, until: the first and the last day of effect. text: somewhere in the event. recorded: on
    that day or later (UTC), or behind a position, `@120`. lag: recorded so many days (`30d`) or
    more after it took effect. actor: who recorded it.
    """

    deal: str | None = None
    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    text: str | None = None
    recorded: str | None = None
    lag: str | None = None
    actor: str | None = None

    def of_record(self) -> bool:
        """Tell whether somebody asks when or by whom something was recorded."""
        return any((self.recorded, self.lag, self.actor))

    def tests(self, party: str | None = None) -> list[Test]:
        """Return the tests that a record must pass. party: a slug. Raises: BadInput."""
        for kind in self.kinds:
            if kind not in KINDS:
                raise BadInput(f"unknown kind '{kind}'", closest(kind, KINDS) or ", ".join(KINDS))
        return [*self._tests_of_event(party), *self._tests_of_record()]

    def _tests_of_event(self, party: str | None) -> list[Test]:
        tests: list[Test] = []
        if party is not None:
            tests.append(lambda record: party in record.event.parties())
        if self.deal is not None:
            tests.append(lambda record: record.event.deal == self.deal)
        if self.kinds:
            tests.append(lambda record: record.event.kind in self.kinds)
        if (since := self.since) is not None:
            tests.append(lambda record: record.effective_on >= since)
        if (until := self.until) is not None:
            tests.append(lambda record: record.effective_on <= until)
        if self.text is not None:
            part = self.text.casefold()
            tests.append(lambda record: part in record.body.decode().casefold())
        return tests

    def _tests_of_record(self) -> list[Test]:
        tests: list[Test] = []
        if self.actor is not None:
            tests.append(lambda record: record.event.actor == self.actor)
        if self.recorded is not None:
            tests.append(recorded_since(self.recorded))
        if self.lag is not None:
            tests.append(backdated(self.lag))
        return tests


def answer(
    view: View,
    wanted: EventsWanted,
    party: str | None = None,
    *,
    limit: int | None = None,
    with_record: bool = False,
    everything: bool = False,
    opened: Opened | None = None,
) -> Report:
    """Return the events of everybody or of one party: in JSON and CSV with all their own fields.

    limit: only the last ones. with_record: also in tables when and by whom each was recorded, as if
    *wanted* asks for that. everything: in the order of the record, retractions and all; needs
    *opened*, which opens the ledger.
    Raises: BadInput.
    """
    slug = find_party(view, party) if party else None
    tests = wanted.tests(slug)
    found = _all(view, opened) if everything else view.events(*wanted.kinds, party=slug)
    records = [record for record in found if all(test(record) for test in tests)]
    records = records[-limit:] if limit else records
    is_recorded = with_record or everything or wanted.of_record()
    return Report(
        "Events",
        _columns(view.grounds, with_record=is_recorded),
        records,
        notes=[counted(len(records), "event")],
        own_fields=_own_fields,
    )


def _columns(grounds: Grounds, *, with_record: bool) -> list[Column]:
    """Return the columns. with_record: the record's own stand where only programs saw one."""
    columns = [*COLUMNS]
    if with_record:
        at = next(at for at, column in enumerate(COLUMNS) if column.key == "recorded_at")
        columns[at : at + 1] = RECORDED
    if not grounds.assumed:
        return columns
    is_assumed = Column(
        "assumed",
        exact=lambda record: grounds.is_assumed(record.position),
        kind="yes/no",
        about="it is assumed, and not recorded",
    )
    return [*of_recorded(columns, grounds, lambda record: record), is_assumed]


def _all(view: View, opened: Opened | None) -> Iterable[Record]:
    assert opened is not None, "all of a record is read from its ledger"
    with opened() as ledger:
        return [
            each for each in ledger.read(limit=view.known_at) if each.effective_on <= view.as_of
        ]


def recorded_since(typed: str) -> Test:
    """Return the test for what was recorded at a moment or later, or behind a position (`@120`).

    A date means its start, UTC: what was recorded on that day counts.
    """
    position = parse_position(typed)
    if position is not None:
        return lambda record: record.position > position
    moment = parse_instant(typed)
    if last_day(typed) is not None:
        moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    limit = instant_microseconds(moment)
    return lambda record: record.recorded_at >= limit


def backdated(typed: str) -> Test:
    """Return the test for what was recorded so many days (`30d`) or more after it took effect."""
    match = re.fullmatch(r"([0-9]{1,5})d?", typed)
    if not match:
        raise BadInput(f"--backdated {typed} is not a number of days", "such as 30d")
    lag = timedelta(days=int(match[1]))
    return lambda record: _recorded_on(record) - record.effective_on >= lag


def _recorded_on(record: Record) -> date:
    """Return the day of recording, UTC."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=record.recorded_at)).date()


def _second(record: Record) -> str:
    """Return the second of recording; JSON and CSV have the microsecond."""
    return f"{instant_text(record.recorded_at)[:19]}Z"


def _late(record: Record) -> int:
    """Return how many days after it took effect it was recorded; below 0: before."""
    return (_recorded_on(record) - record.effective_on).days


def _own_fields(record: Record) -> dict[str, Json | None]:
    return dict(to_json(record.event))
