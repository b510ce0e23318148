"""Eight processes that append one event each time to one PostgreSQL ledger: `bench.postgres`."""

from __future__ import annotations

from collections.abc import Iterator

from bench.place import Place
from bench.rows import Goal, Result, Row, Skipped


def measure(place: Place) -> Iterator[Result]:
    """Yield row 9."""
    what = "8 writers on PostgreSQL"
    try:
        from bench import postgres

        found = postgres.measure(20 if place.runs > 1 else 2)
    except ModuleNotFoundError as error:
        yield Skipped("9", what, f"{error.name} is not installed")
        return
    ours = f"{found.appends / found.seconds:,.0f} appends/s"
    bare = f"bare INSERTs under one row lock: {found.bare_appends / found.bare_seconds:,.0f}/s"
    goal = Goal(0.5, at_most=False)
    yield Row("9", what, ours, bare, found.ratio, found.ratio, found.ratio, goal)
    gaps = 0 if found.gapless else 1
    wrong = found.lost + gaps
    yield Row("9", "lost events and gaps", "–", "–", wrong, wrong, wrong, Goal(0))
