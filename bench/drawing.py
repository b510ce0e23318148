"""A large picture, beside Graphviz alone: laying out the same web, and only drawing our DOT text.

Our DOT text says where everything is, so that Graphviz has only to draw it; without these places
the same text is what dot would be given to lay out.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.measuring import Pairs, process
from bench.place import Place, found
from bench.rows import Goal, Result, Skipped, ratio

PARTIES: Final = 60
EDGES: Final = 200
_LAYOUT: Final = re.compile(r"\blayout=\w+")
_AS_OF: Final = ("--as-of", "2025-12-31")


def measure(place: Place) -> Iterator[Result]:
    """Yield row 10."""
    what = f"diagram of {PARTIES} parties and {EDGES} edges, beyond start-up"
    if not found("dot"):
        yield Skipped("10", what, "dot is not installed")
        return
    ledger = _ledger(place)
    text, picture = place.folder / "web.dot", place.folder / "web.svg"
    for each in (text, picture):
        place.deals("--ledger", ledger, "diagram", "--all", *_AS_OF, "-o", each)
    free = place.folder / "free.dot"
    free.write_text(_LAYOUT.sub("", text.read_text()))
    ours, drawing, laying_out = [], [], []
    for _ in range(place.runs):
        picture.unlink()
        drawn = place.timed("--ledger", ledger, "diagram", "--all", *_AS_OF, "-o", picture)
        start = place.timed("--ledger", ledger, "flows", *_AS_OF)
        ours.append(drawn - start)
        drawing.append(_bare(place, text))
        laying_out.append(_bare(place, free))
    pairs = Pairs(tuple(ours), tuple(laying_out))
    yield ratio("10", what, "`dot -Tsvg`, which lays it out", pairs, Goal(1.2))
    pairs = Pairs(tuple(ours), tuple(drawing))
    yield ratio("10", what, "`dot -Tsvg`, which only draws it", pairs, Goal(1.2))


def _bare(place: Place, text: Path) -> float:
    return process(["dot", "-Tsvg", text, "-o", place.folder / "bare.svg"]).seconds


def _ledger(place: Place) -> Path:
    file = place.folder / "web.db"
    if not file.exists():
        lines = place.folder / "web.jsonl"
        lines.write_text("".join(json.dumps(each) + "\n" for each in _web()))
        place.deals("--ledger", file, "init")
        place.deals("--ledger", file, "import", lines)
    return file


def _web() -> Iterator[dict[str, str | list[str]]]:
    chance = random.Random(10)  # noqa: S311  reproducible on purpose
    day = {"effective_on": "2025-01-02"}
    slugs = [f"party-{number:02}" for number in range(PARTIES)]
    for number, slug in enumerate(slugs):
        role = ("outside", "lab", "cloud", "chipmaker")[number % 4]
        yield {"kind": "party", **day, "party": slug, "name": slug.title(), "roles": [role]}
    every = [(one, other) for one in slugs for other in slugs if one != other]
    for payer, payee in chance.sample(every, EDGES):
        amount = str(10 ** chance.randrange(7, 11))
        yield {"kind": "payment", **day, "payer": payer, "payee": payee,
               "amount": amount, "currency": "USD"}  # fmt: skip
