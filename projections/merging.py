"""Two ledgers become one: whose parties are whose, what both tell, and what is new.

A party of the other ledger is ours if a person says so, if it has our slug and a name that is ours
or close, or if one of its names means one of ours. A fact that both tell is told once. Each event
that is new keeps in its note where it comes from: ledger, id, position, moment, who recorded it,
and the hash of its record, by which the other ledger proves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dealledger.events import BadInput, Event, Party, Problem, parse_event, to_json
from dealledger.events.base import REF
from dealledger.events.called import each_party
from dealledger.events.dates import instant_text
from dealledger.events.names import Names, is_close
from dealledger.events.text import LONGEST_TEXT, lookup_key, shown, slug_of
from dealledger.events.typed import anatomies
from dealledger.projections.duplicates import Likely, likely, same_fact, sides
from dealledger.projections.parties import names_of

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.ledger.record import Record

_PARTIES_HINT: Final = "say which in a file: --parties FILE with the columns theirs,ours"


@dataclass(slots=True)
class Merge:
    """What a merge would do.

    parties: slugs of ours by slugs of theirs. new_parties: those of theirs that are nobody here.
    events: to be appended, in order. told: ids of ours by ids of theirs, of facts that both tell.
    likely: of theirs that are likely one of ours; the second of each is theirs. problems: what a
    person must decide before.
    """

    parties: dict[str, str] = field(default_factory=dict)
    new_parties: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    likely: list[Likely] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def merge(
    ours: View, theirs: View, given: Mapping[str, str], *, taken: set[str], leave_likely: bool
) -> Merge:
    """Return what merging *theirs* into *ours* would do; both Views are of all dates.

    given: our slugs by theirs, as a person says. taken: all ids of our record. leave_likely: what
    is likely told here already is not taken.
    """
    found = Merge()
    _match(found, names_of(ours), names_of(theirs), given)
    if found.problems:
        return found
    _Merging(found, ours, theirs, taken, leave_likely=leave_likely).run()
    return found


def _match(found: Merge, ours: Names, theirs: Names, given: Mapping[str, str]) -> None:
    """Find who of theirs is who of ours."""
    for slug in given.keys() - theirs.described.keys():
        found.problems.append(Problem(f"{shown(slug)} is not a party of the other ledger"))
    for slug, descriptions in theirs.described.items():
        names = [name for each in descriptions for name in (each.name, *each.aliases)]
        if slug in given:
            found.parties[slug] = given[slug]
        elif slug in ours.described:
            if not _are_one(names, ours.described[slug]):
                here = ours.described[slug][-1].name
                said = f"{slug} is {shown(names[0])} there and {shown(here)} here"
                found.problems.append(Problem(said, _PARTIES_HINT))
            found.parties[slug] = slug
        else:
            day = descriptions[-1].effective_on
            meant = {each for name in (*names, slug) for each in ours.meant(name, day)}
            if len(meant) > 1:
                said = f"{slug} there may be {' or '.join(sorted(meant))} here"
                found.problems.append(Problem(said, _PARTIES_HINT))
            found.parties[slug] = next(iter(meant), slug)
        if found.parties[slug] not in ours.described:
            found.new_parties.append(slug)


def _are_one(names: list[str], described: list[Party]) -> bool:
    """Tell whether a party of one slug has a name in both ledgers that is the same or close."""
    here = [name for each in described for name in (each.name, *each.aliases)]
    if {lookup_key(name) for name in names} & {lookup_key(name) for name in here}:
        return True
    pairs = [(slug_of(one), slug_of(two)) for one in names for two in here]
    return any(_are_close(*sorted(pair, key=len)) for pair in pairs if all(pair))


def _are_close(short: str, long: str) -> bool:
    """Tell whether two names as slugs could be of one party, the shorter first.

    >>> _are_close("oak", "oak-fund"), _are_close("oak", "oakland-steel")
    (True, False)
    """
    return short == long or long.startswith(f"{short}-") or is_close(short, long)


class _Merging:
    """The merge of events. told: ids of ours by what they say. near: ours by who is involved."""

    def __init__(
        self, found: Merge, ours: View, theirs: View, taken: set[str], *, leave_likely: bool
    ) -> None:
        self._found = found
        self._theirs = theirs
        self._taken = set(taken)
        self._leave_likely = leave_likely
        self._ids: dict[str, str] = {}
        self._told: dict[str, list[str]] = {}
        self._near: dict[tuple[object, ...], list[Event]] = {}
        for record in ours.events():
            self._told.setdefault(same_fact(record.event), []).append(record.id)
            self._near.setdefault(sides(record.event), []).append(record.event)

    def run(self) -> None:
        records = sorted(self._theirs.events(), key=lambda record: record.position)
        for record in records:
            event = record.event
            if isinstance(event, Party) and event.party not in self._found.new_parties:
                continue
            said = self._translated(event)
            plain = parse_event({**said, "id": record.id})
            told = self._told.get(same_fact(plain), [])
            if told:
                self._ids[record.id] = self._found.told[record.id] = told.pop(0)
                continue
            near = list(self._likely(plain))
            if near and self._leave_likely:
                self._ids[record.id] = self._found.told[record.id] = near[0].first
                continue
            self._found.likely += near
            self._take(record, said)

    def _take(self, record: Record, said: dict[str, Any]) -> None:
        """Take in an event that is new, under its own id if that is free."""
        event_id, number = record.id, 1
        while event_id in self._taken:
            number += 1
            event_id = f"{record.id[:56]}.m{number}"
        self._taken.add(event_id)
        self._ids[record.id] = event_id
        moment = instant_text(record.recorded_at)
        origin = (
            f"merged from {self._theirs.origin}: {record.id} at @{record.position}, recorded "
            f"{moment} by {record.actor}, leaf {record.leaf.hex()}"
        )
        note = f"{said['note']}\n{origin}" if said.get("note") else origin
        kept = {**said, "id": event_id, "actor": record.actor}
        if len(note) <= LONGEST_TEXT:
            kept["note"] = note
        self._found.events.append(parse_event(kept))

    def _translated(self, event: Event) -> dict[str, Any]:
        """Return what an event says, of our parties and events."""
        parties = self._found.parties
        said: dict[str, Any] = each_party(to_json(event), lambda _, slug: parties.get(slug, slug))
        if isinstance(event, Party):
            said["party"] = parties.get(event.party, event.party)
        for name, about in anatomies(event.kind).items():
            if REF in about.marks and name in said:
                value = said[name]
                refs = [self._ours(each) for each in value] if about.many else self._ours(value)
                said[name] = refs
        return said

    def _ours(self, ref: str) -> str:
        resolved = self._theirs.resolve(ref)
        return self._ids.get(resolved, self._ids.get(ref, ref))

    def _likely(self, event: Event) -> Iterator[Likely]:
        for known in self._near.get(sides(event), ()):
            yield from likely(known, event)


def parse_parties(text: str, name: str) -> dict[str, str]:
    """Return our slugs by theirs, from CSV with the columns theirs and ours. Raises: BadInput."""
    import csv

    rows = list(csv.reader(text.splitlines()))
    if not rows or [cell.strip().casefold() for cell in rows[0]] != ["theirs", "ours"]:
        raise BadInput(f"{name}:1: the columns are not theirs,ours")
    found = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = [cell.strip() for cell in row]
        if any(cells):
            if len(cells) != 2 or not all(cells):
                raise BadInput(f"{name}:{number}: this is not one party of theirs and one of ours")
            found[cells[0]] = cells[1]
    return found
