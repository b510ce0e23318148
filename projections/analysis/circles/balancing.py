"""From a flow that nearly balances to one that does: whole minor units, at every party, exactly.

Each amount is rounded. Then, wherever a party gets more than it pays on, a little is taken back
along a path to one that pays more than it gets: there is always one, since what enters a set of
parties from nowhere must leave it. So nothing grows, and what was 0 stays 0.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import Any

from dealledger.projections.analysis.web import Pair


def balanced(flow: Mapping[Pair, Any], amounts: Mapping[Pair, int]) -> dict[Pair, int]:
    """Return *flow* in whole minor units that balance at every party, 0 to *amounts* each."""
    whole = {pair: min(max(round(flow[pair]), 0), amounts[pair]) for pair in sorted(flow)}
    surplus: dict[str, int] = defaultdict(int)
    payers: dict[str, dict[str, None]] = defaultdict(dict)
    for (source, target), minor in whole.items():
        surplus[source] -= minor
        surplus[target] += minor
        if minor:
            payers[target][source] = None
    for party in sorted(surplus):
        while surplus[party] > 0:
            path = _path_back(party, payers, surplus)
            less = min(surplus[party], -surplus[path[0][0]], *(whole[pair] for pair in path))
            surplus[party] -= less
            surplus[path[0][0]] += less
            _lower(whole, payers, path, less)
    return whole


def _path_back(
    party: str, payers: Mapping[str, Iterable[str]], surplus: Mapping[str, int]
) -> list[Pair]:
    """Return the shortest path of flow to *party* from one that pays more than it gets."""
    after: dict[str, str] = {party: ""}
    queue = deque([party])
    while True:
        here = queue.popleft()
        if surplus[here] < 0:
            break
        for payer in payers.get(here, ()):
            if payer not in after:
                after[payer] = here
                queue.append(payer)
    path = []
    while here != party:
        path.append((here, after[here]))
        here = after[here]
    return path


def _lower(
    whole: dict[Pair, int], payers: dict[str, dict[str, None]], path: list[Pair], less: int
) -> None:
    for source, target in path:
        whole[source, target] -= less
        if not whole[source, target]:
            del payers[target][source]
