"""How much of the money goes round, in the web or through one party: `circularity`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.events import BadInput
from dealledger.projections.analysis.tracing.consideration import consideration
from dealledger.projections.answers import circulation, roundtrip
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.answers.report import Report
    from dealledger.projections.answers.webs import Asked

SEED: Final = 1
"""What is drawn from, if nobody says."""


def answer(
    view: View,
    asked: Asked,
    party: str | None = None,
    *,
    shuffle: bool = False,
    seed: int | None = None,
) -> Report:
    """Return what goes round in the web, or where the revenue of a party comes from.

    shuffle: compare with random orders of the same payments, drawn from *seed*.
    Raises: BadInput, for an unknown party, and for options that would change nothing; MissingRate.
    """
    drawn_from = _seed(party, seed, shuffle=shuffle)
    if party is None:
        return circulation.report(asked.web(view))
    slug, web = find_party(view, party), asked.web(view)
    return roundtrip.report(web, slug, consideration(view, web, slug), drawn_from)


def _seed(party: str | None, seed: int | None, *, shuffle: bool) -> int | None:
    """Return the seed to shuffle with, or None; refuse what would change nothing."""
    if shuffle and party is None:
        raise BadInput("--shuffle compares the round trip of a party", "name one")
    if seed is not None and not shuffle:
        raise BadInput("--seed says what --shuffle draws from", "give both, or neither")
    return (SEED if seed is None else seed) if shuffle else None
