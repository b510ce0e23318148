"""The analysis commands on the demo's ledger beside `deals flows`; two solvers beside networkx."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bench.measuring import by_turns, process
from bench.place import PYTHON, Place
from bench.rows import Goal, Result, Row, ratio
from dealledger.projections.analysis.circles.bff import peeled
from dealledger.projections.analysis.circles.ceiling import circulation

PARTIES: Final = 200
PAIRS: Final = 2_000
_AS_OF: Final = ("--as-of", "2026-06-30")
_NETWORKX: Final[tuple[tuple[str, ...], ...]] = (
    ("circularity",),
    ("circularity", "microsoft"),
    ("history", "circularity"),
)
"""What solves with networkx; its import is added to the time of `flows`."""

_OTHERS: Final[tuple[tuple[str, ...], ...]] = (
    ("relation", "microsoft", "openai"),
    ("reciprocity",),
    ("cycles",),
    ("exposure", "openai"),
    ("concentration",),
    ("dependencies",),
    ("commitments", "--by", "year"),
    ("commitments", "--by", "bearer"),
    ("stakes", "--look-through"),
    ("history", "concentration", "openai"),
)

Amounts = Mapping[tuple[str, str], int]


def measure(place: Place) -> Iterator[Result]:
    """Yield rows 11 and 12."""
    for words in _NETWORKX:
        yield _command(place, words, _networkx, " + `import networkx`")
    for words in _OTHERS:
        yield _command(place, words, lambda: 0.0, "")
    amounts = _amounts()
    what = f"C* and BFF, {PARTIES} parties, {PAIRS:,} pairs"
    pairs = by_turns(_timed(_both, amounts), _timed(_simplex, amounts), place.runs)
    yield ratio("12", what, "networkx.network_simplex", pairs, Goal(2))


def _networkx() -> float:
    return process([PYTHON, "-c", "import networkx"]).seconds


def _command(place: Place, words: tuple[str, ...], library: Callable[[], float], said: str) -> Row:
    ledger = ("--ledger", place.demo)
    pairs = by_turns(
        lambda: place.timed(*ledger, *words, *_AS_OF),
        lambda: place.timed(*ledger, "flows", *_AS_OF) + library(),
        place.runs,
    )
    return ratio("11", f"`{' '.join(words)}`", f"`flows`{said}", pairs, Goal(1.3))


def _amounts() -> Amounts:
    chance = random.Random(5)  # noqa: S311  reproducible on purpose
    names = [f"p{number:03}" for number in range(PARTIES)]
    every = [(one, other) for one in names for other in names if one != other]
    return {pair: chance.randrange(1, 10**14) for pair in chance.sample(every, PAIRS)}


def _both(amounts: Amounts) -> None:
    circulation(amounts)
    peeled(amounts)


def _simplex(amounts: Amounts) -> None:
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for (source, target), amount in amounts.items():
        graph.add_edge(source, target, capacity=amount, weight=-1)
    nx.network_simplex(graph)


def _timed(solve: Callable[[Amounts], None], amounts: Amounts) -> Callable[[], float]:
    def once() -> float:
        start = time.perf_counter()
        solve(amounts)
        return time.perf_counter() - start

    return once
