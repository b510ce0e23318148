"""Filling facts from the record: what the rules need to decide about a batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dealledger.events import EncodedEvent, Retraction, Termination
from dealledger.ledger.append.facts import Facts, Known
from dealledger.ledger.record import read_event
from dealledger.ledger.storage import lookups
from dealledger.ledger.storage.engine import Connection
from dealledger.ledger.storage.head import Head
from dealledger.ledger.storage.lookups import KnownRow
from dealledger.ledger.storage.sql_log import names_of

_MOST_USERS = 1_000
"""Who names a party is read up to so many: the first is enough to refuse."""


def gather_locked(connection: Connection, facts: Facts, events: Collection[EncodedEvent]) -> Head:
    """Do as `gather`, and lock the head first, in the same round trip; return it.

    Raises: Damaged, if it is not as it should be.
    """
    head = _gather(connection, facts, events, lock=True)
    assert head is not None
    return head


def gather(connection: Connection, facts: Facts, events: Collection[EncodedEvent]) -> None:
    """Read into *facts* what the rules need to decide about *events*.

    What was gathered before is forgotten: the database knows it, also of this batch.
    """
    _gather(connection, facts, events, lock=False)


def _gather(
    connection: Connection, facts: Facts, events: Collection[EncodedEvent], *, lock: bool
) -> Head | None:
    facts.forget()
    wanted = {event.id for event in events} | {ref for event in events for ref in event.refs}
    slugs = {slug for each in events for slug in each.parties if slug not in facts.parties}
    deals = {each.deal for each in events if each.deal and each.deal not in facts.versions}
    answers = lookups.look_up(connection, wanted, slugs, deals, lock=lock)
    gather_known(connection, facts, _learn(facts, answers.known) - wanted)
    _register(facts, answers.registrations)
    facts.versions.update(answers.versions)
    referring = [event.event for event in events if event.kind in ("termination", "retraction")]
    ended = {ref for event in referring if isinstance(event, Termination) for ref in event.ends}
    for each in sorted(ended):
        _gather_terminations(connection, facts, each)
    for event in referring:
        if isinstance(event, Retraction):
            _gather_dependants(connection, facts, event.retracts)
    return answers.head


def gather_known(connection: Connection, facts: Facts, wanted: Iterable[str]) -> None:
    """Read the wanted events, and on to whatever replaced them."""
    asked: set[str] = set()
    wanted = set(wanted)
    while missing := wanted - asked:
        asked |= missing
        wanted |= _learn(facts, lookups.events_with(connection, missing))


def _learn(facts: Facts, found: Iterable[KnownRow]) -> set[str]:
    """Take in events that are recorded; return the ids of what replaced them."""
    replacing = set()
    for each in found:
        known = Known(each.position, each.version, recorded=each.recorded)
        facts.known[each.id] = known
        if each.retraction is not None:
            known.retracted_by, body, actor = each.retraction
            retraction = read_event(body, actor)
            replaced_by = retraction.replaced_by if isinstance(retraction, Retraction) else None
            known.replaced_by = replaced_by
            replacing |= {replaced_by} if replaced_by else set()
    return replacing


def _register(facts: Facts, registrations: Iterable[tuple[str, str]]) -> None:
    for slug, event_id in registrations:
        facts.parties.setdefault(slug, set()).add(event_id)


def _gather_terminations(connection: Connection, facts: Facts, event_id: str) -> None:
    """Read what cuts or ends an event that is to be cut or ended."""
    target = facts.resolve(event_id)
    if target is None:
        return
    for name in names_of(connection, target.encode().id):
        gather_known(connection, facts, {name})
        found = _take(facts, lookups.terminations_naming(connection, name))
        facts.dependants.setdefault(name, set()).update(found)


def _gather_dependants(connection: Connection, facts: Facts, event_id: str) -> None:
    """Read who refers to an event that is to be retracted, and who names the party it registers."""
    target = facts.known.get(event_id)
    if target is None:
        return
    for name in names_of(connection, event_id):
        gather_known(connection, facts, {name})
        facts.dependants[name] = _take(facts, lookups.dependants_naming(connection, name))
    if target.event.kind != "party":
        return
    _register(facts, lookups.registrations_of(connection, target.event.parties()))
    for slug in target.event.parties():
        facts.users[slug] = _take(facts, lookups.users_of(connection, slug, _MOST_USERS))


def _take(facts: Facts, found: Iterable[KnownRow]) -> set[str]:
    """Take in what stands, as far as it is not known yet; return its ids."""
    ids = set()
    for each in found:
        ids.add(each.id)
        facts.known.setdefault(each.id, Known(each.position, each.version, recorded=each.recorded))
    return ids
