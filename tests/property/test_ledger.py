"""Laws of the tree and of a ledger, for whatever history hypothesis thinks of."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.given import ORIGIN
from support.strategies import histories

from dealledger.events import Event, Retraction
from dealledger.ledger import Ledger, View
from dealledger.ledger.proof.merkle import Frontier

LATER = date(2200, 1, 1)
few = settings(max_examples=settings().max_examples // 4)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
leaves = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def mth(hashes: list[bytes]) -> bytes:
    """MTH, word for word as in RFC 6962, section 2.1, over leaves that are hashed already."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


@contextmanager
def ledger_of(*batches: list[Event]) -> Iterator[Ledger]:
    """Make a ledger that holds these batches."""
    with (
        tempfile.TemporaryDirectory(dir=MEMORY) as folder,
        Ledger.create(Path(folder) / "deals.db", origin=ORIGIN) as ledger,
    ):
        for batch in batches:
            ledger.append(batch, actor="ana")
        yield ledger


def answers(view: View) -> list[Any]:
    """Return what can be asked of a view, without places in the record."""
    shown = [view.at(date(2024, 1, 1) + timedelta(days=n)) for n in (0, 10, 20, 40)] + [view]
    cash = ("funding", "payment", "credits", "transfer")
    return [
        (
            [record.event for record in each.events()],
            each.sums(*cash),
            each.sums(*cash, by_day=True),
        )
        for each in shown
    ]


@given(leaves, st.lists(st.integers(0, 70), max_size=5))
def test_root_is_that_of_rfc_6962(hashes: list[bytes], cuts: list[int]) -> None:
    """The frontier has the root of the whole tree, in however many steps it grew."""
    tree = Frontier()
    bounds = [0, *sorted(min(cut, len(hashes)) for cut in cuts), len(hashes)]
    for start, end in pairwise(bounds):
        tree = tree.extended(hashes[start:end])
        tree = Frontier.from_bytes(tree.size, tree.to_bytes())

    assert (len(hashes), mth(hashes)) == (tree.size, tree.root())
    assert len(hashes).bit_count() == len(tree.roots)


@pytest.mark.slow
@few
@given(histories())
def test_view_is_the_ledger_as_it_was(history: list[Event]) -> None:
    """A view at a position answers as a ledger that ends there; the root is the same too."""
    with ledger_of(*([event] for event in history)) as ledger:
        middle = len(history) // 2
        then, now = ledger.at(LATER, middle), ledger.at(LATER)
        with ledger_of(history[:middle]) as shorter, ledger_of(history) as whole:
            assert answers(shorter.at(LATER)) == answers(then)
            assert answers(whole.at(LATER)) == answers(now)
        assert () == ledger.verify().findings


@few
@given(histories())
def test_retraction_of_all_leaves_nothing(history: list[Event]) -> None:
    """What is appended and retracted leaves the answers as they were."""
    parties, rest = history[:4], history[4:]
    gone = {each.retracts for each in rest if isinstance(each, Retraction)}
    kept = [each for each in rest if not isinstance(each, Retraction) and each.id not in gone]
    undone: list[Event] = [
        Retraction.model_validate({"retracts": each.id, "reason": "x", "id": f"u-{each.id}"})
        for each in reversed(kept)
    ]
    with ledger_of(parties) as before, ledger_of(parties, rest, undone) as after:
        assert answers(before.at(LATER)) == answers(after.at(LATER))
        assert () == after.verify().findings


@few
@given(histories(), st.randoms(use_true_random=False))
def test_order_of_recording_does_not_matter(history: list[Event], chance: Any) -> None:
    """Sums are the same in whatever order events were recorded, each retraction after its target."""
    rest = history[4:]
    chance.shuffle(rest)
    rest.sort(key=lambda each: isinstance(each, Retraction))
    with ledger_of(history) as one, ledger_of(history[:4] + rest) as other:
        wanted, found = answers(one.at(LATER)), answers(other.at(LATER))

    assert [each[1:] for each in wanted] == [each[1:] for each in found]


@few
@given(histories())
def test_repeating_a_history_changes_nothing(history: list[Event]) -> None:
    """Every append is safe to repeat, one by one or all at once."""
    with ledger_of(history) as ledger:
        root = ledger.at(LATER).root
        assert not any(each.is_new for each in ledger.append(history))
        for event in history:
            ledger.append([event])
        assert root == ledger.at(LATER).root


@few
@given(histories(), st.dates(date(2023, 12, 30), date(2024, 2, 15)))
def test_announced_by_is_a_filter(history: list[Event], day: date) -> None:
    """The public's view is that of a ledger without what was announced later."""
    secret = {each.id for each in history if each.announced_on > day}
    public = [
        each
        for each in history
        if each.id not in secret and not (isinstance(each, Retraction) and each.retracts in secret)
    ]
    with ledger_of(history) as ledger, ledger_of(public) as other:
        assert answers(other.at(LATER)) == answers(ledger.at(LATER, None, day))
